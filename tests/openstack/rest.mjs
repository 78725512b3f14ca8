// Keystone and Octavia by plain fetch: what the tests seed and check with must not be what they test.

async function call(url, { method = "GET", token, body, accept = [200, 201, 202, 204] } = {}) {
  const response = await fetch(url, {
    method,
    headers: {
      ...(token && { "X-Auth-Token": token }),
      ...(body && { "Content-Type": "application/json" }),
    },
    body: body && JSON.stringify(body),
  });
  const text = await response.text();
  if (!accept.includes(response.status)) {
    throw new Error(`${method} ${new URL(url).pathname} answered ${response.status}: ${text.slice(0, 300)}`);
  }
  return { status: response.status, headers: response.headers, json: text ? JSON.parse(text) : undefined };
}

/** A project-scoped token of one of the lab's users. */
export async function passwordToken(identityEndpoint, { username, password, userDomain, project, projectDomain }) {
  const { headers } = await call(`${identityEndpoint}/auth/tokens`, {
    method: "POST",
    body: {
      auth: {
        identity: {
          methods: ["password"],
          password: { user: { name: username, domain: { name: userDomain }, password } },
        },
        scope: { project: { name: project, domain: { name: projectDomain } } },
      },
    },
  });
  return headers.get("x-subject-token");
}

/** The load balancer API of one Octavia, with one token. */
export function octavia(endpoint, token) {
  const url = (path) => `${endpoint}/v2.0/lbaas/${path}`;
  const self = {
    create: async (kind, path, body) =>
      (await call(url(path), { method: "POST", token, body: { [kind]: body } })).json[kind],
    loadBalancer: async (id) => (await call(url(`loadbalancers/${id}`), { token })).json.loadbalancer,
    members: async (poolId) => (await call(url(`pools/${poolId}/members`), { token })).json.members,
    memberStatus: async (poolId, memberId) =>
      (await call(url(`pools/${poolId}/members/${memberId}`), { token, accept: [200, 404] })).status,

    /** Every change locks the whole load balancer; the next one has to wait for ACTIVE. */
    async settled(loadBalancerId, timeoutMs = 30_000) {
      const deadline = Date.now() + timeoutMs;
      for (;;) {
        const { provisioning_status: status } = await self.loadBalancer(loadBalancerId);
        if (status === "ACTIVE") return;
        if (status === "ERROR" || Date.now() > deadline) {
          throw new Error(`load balancer ${loadBalancerId} is ${status}`);
        }
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
    },
  };
  return self;
}
