// A light Keystone: a token for a password, scoped to a project, with a catalogue. Real Keystone is tested elsewhere.
import { randomBytes } from "node:crypto";

export class Keystone {
  name = "keystone";

  constructor({ users, projects, domain, tokens, endpoints, region }) {
    Object.assign(this, { users, projects, domain, tokens, endpoints, region });
  }

  reset() {
    this.tokens.revokeAll();
  }

  operationOf({ method, path }) {
    if (path !== "/v3/auth/tokens") return undefined;
    return { POST: "CreateToken", GET: "ValidateToken", DELETE: "RevokeToken" }[method];
  }

  handle(request) {
    if (request.method === "GET" && /^\/(v3\/?)?$/.test(request.path)) return this.#version();
    if (this.operationOf(request) !== "CreateToken") return failure(404, "Not Found", "The resource could not be found.");
    let auth;
    try {
      auth = JSON.parse(request.body.toString("utf8")).auth;
    } catch {
      return failure(400, "Bad Request", "Invalid input for field 'auth'.");
    }
    const methods = auth?.identity?.methods;
    if (!Array.isArray(methods)) return failure(400, "Bad Request", "Invalid input for field 'identity': 'methods' is a required property.");
    const user = methods.join() === "password" ? this.#passwordUser(auth.identity.password?.user) : undefined;
    const project = this.#project(auth.scope);
    // Wrong password, unknown project and project without a role look the same, on purpose.
    if (!user || project === null || (project && !user.projects.includes(project.id))) return unauthorized(this.endpoints().identity);
    return this.#issue(user, project, new Map(request.query));
  }

  #passwordUser(given) {
    if (typeof given?.password !== "string") return undefined;
    return this.users.find((user) => {
      const named = given.id ? given.id === user.id : given.name === user.name && this.#isDomain(given.domain);
      return named && user.password === given.password;
    });
  }

  #isDomain(given) {
    return given?.id === this.domain.id || given?.name === this.domain.name;
  }

  /** undefined: not asked for; null: asked for and not there. A bare name is taken as OTC takes it. */
  #project(scope) {
    if (scope === undefined || scope === "unscoped") return undefined;
    const given = scope?.project;
    if (given?.id) return this.projects.find(({ id }) => id === given.id) ?? null;
    if (!given?.name || (given.domain && !this.#isDomain(given.domain))) return null;
    return this.projects.find(({ name }) => name === given.name) ?? null;
  }

  #issue(user, project, query) {
    const { token, record } = this.tokens.issue({ projectId: project?.id, userId: user.id, readOnly: user.readOnly ?? false });
    const described = {
      methods: ["password"],
      user: { id: user.id, name: user.name, domain: this.domain, password_expires_at: null },
      audit_ids: [randomBytes(16).toString("base64url")],
      expires_at: keystoneTime(record.expiresAt),
      issued_at: keystoneTime(record.issuedAt),
    };
    if (project) {
      described.project = { id: project.id, name: project.name, domain: this.domain };
      described.is_domain = false;
      described.roles = [{ id: "e7c1f0a86c3d4b8e9d1d8d9f0a1b2c3d", name: user.readOnly ? "reader" : "load-balancer_member" }];
      if (!query.has("nocatalog")) described.catalog = this.#catalog();
    }
    return {
      ...json(201, { token: described }),
      verified: true,
      headers: { ...json(201, {}).headers, "x-subject-token": token, vary: "X-Auth-Token" },
    };
  }

  #catalog() {
    const { identity, loadBalancer } = this.endpoints();
    const service = (type, name, url) => ({
      id: Buffer.from(`${type}................`).toString("hex").slice(0, 32),
      type,
      name,
      endpoints: ["public", "internal"].map((face, index) => ({
        id: Buffer.from(`${index}${type}................`).toString("hex").slice(0, 32),
        interface: face,
        region: this.region,
        region_id: this.region,
        url,
      })),
    });
    return [
      service("identity", "keystone", identity),
      // Upstream OpenStack and Open Telekom Cloud name the same service differently.
      service("load-balancer", "octavia", loadBalancer),
      service("elb", "elb", `${loadBalancer}/v1.0`),
    ];
  }

  #version() {
    const version = { id: "v3.14", status: "stable", updated: "2020-04-07T00:00:00Z", links: [{ rel: "self", href: `${this.endpoints().identity}/` }], "media-types": [{ base: "application/json", type: "application/vnd.openstack.identity-v3+json" }] };
    return { ...json(200, { version, versions: { values: [version] } }), verified: false };
  }

  throttle() {
    return failure(429, "Too Many Requests", "Too many requests.");
  }

  busy() {
    return failure(503, "Service Unavailable", "The service is currently unable to handle the request.");
  }
}

const keystoneTime = (ms) => new Date(ms).toISOString().replace("Z", "000Z");

function json(status, value) {
  const id = `req-${crypto.randomUUID()}`;
  return { status, headers: { "content-type": "application/json", "x-openstack-request-id": id }, body: JSON.stringify(value) };
}

function failure(status, title, message) {
  return { ...json(status, { error: { code: status, message, title } }), verified: false, code: status };
}

function unauthorized(identity) {
  const answer = failure(401, "Unauthorized", "The request you have made requires authentication.");
  return { ...answer, headers: { ...answer.headers, "www-authenticate": `Keystone uri="${identity}"` } };
}
