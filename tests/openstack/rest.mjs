// Keystone and Octavia by plain fetch: what the tests seed and check with must not be what they test.

/** Tells these requests from those of the client under test in the services' logs. */
const AGENT = "unpool-lab";

async function call(url, { method = "GET", token, headers, body, accept = [200, 201, 202, 204] } = {}) {
  const response = await fetch(url, {
    method,
    headers: {
      "User-Agent": AGENT,
      ...(token && { "X-Auth-Token": token }),
      ...(body && { "Content-Type": "application/json" }),
      ...headers,
    },
    body: body && JSON.stringify(body),
  });
  const text = await response.text();
  if (accept !== "any" && !accept.includes(response.status)) {
    throw new Error(`${method} ${new URL(url).pathname} answered ${response.status}: ${text.slice(0, 300)}`);
  }
  return { status: response.status, headers: response.headers, json: text ? JSON.parse(text) : undefined };
}

/** Keystone at one address. */
export function keystone(identityEndpoint) {
  const post = (identity, scope, accept) =>
    call(`${identityEndpoint}/auth/tokens`, {
      method: "POST",
      body: { auth: { identity, ...(scope && { scope: { project: scope } }) } },
      accept,
    });
  const self = {
    /** One of the lab's users with a token: `{ token, userId }`. Without a project the token has none. */
    async session({ username, password, userDomain, project, projectDomain }) {
      const user = { name: username, domain: { name: userDomain }, password };
      const scope = project && { name: project, domain: { name: projectDomain } };
      const { headers, json } = await post({ methods: ["password"], password: { user } }, scope);
      return { token: headers.get("x-subject-token"), userId: json.token.user.id };
    },
    token: async (user) => (await self.session(user)).token,

    revoke: (token) =>
      call(`${identityEndpoint}/auth/tokens`, { method: "DELETE", token, headers: { "X-Subject-Token": token } }),

    /** A new application credential of the session's user, with these roles only if any are named. */
    async applicationCredential({ token, userId }, { name, roles }) {
      const url = `${identityEndpoint}/users/${userId}/application_credentials`;
      const { json } = await call(url, {
        method: "POST",
        token,
        body: { application_credential: { name, ...(roles && { roles: roles.map((role) => ({ name: role })) }) } },
      });
      const { id, secret } = json.application_credential;
      return { id, secret, remove: () => call(`${url}/${id}`, { method: "DELETE", token }) };
    },
    /** Asks for a token with one: `{ status }`, whatever it is. */
    withApplicationCredential: (id, secret) =>
      post({ methods: ["application_credential"], application_credential: { id, secret } }, undefined, "any"),
  };
  return self;
}

/** The load balancer API of one Octavia, with one token. */
export function octavia(endpoint, token) {
  const url = (path) => `${endpoint}/v2.0/lbaas/${path}`;
  const self = {
    /** Any call, whatever it answers: `{ status, json }`. */
    ask: (method, path, body) => call(url(path), { method, token, body, accept: "any" }),
    create: async (kind, path, body) =>
      (await call(url(path), { method: "POST", token, body: { [kind]: body } })).json[kind],
    loadBalancer: async (id) => (await call(url(`loadbalancers/${id}`), { token })).json.loadbalancer,
    members: async (poolId) => (await call(url(`pools/${poolId}/members`), { token })).json.members,
    member: async (poolId, memberId) =>
      (await call(url(`pools/${poolId}/members/${memberId}`), { token })).json.member,
    memberStatus: async (poolId, memberId) => (await self.ask("GET", `pools/${poolId}/members/${memberId}`)).status,
    removeMember: (poolId, memberId) => call(url(`pools/${poolId}/members/${memberId}`), { method: "DELETE", token }),
    /** Puts all of them in at once. */
    addMembers: (poolId, members) =>
      call(url(`pools/${poolId}/members?additive_only=True`), { method: "PUT", token, body: { members } }),

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
