// A light Keystone: a token for a password or an application credential, with a catalogue. Real Keystone is tested elsewhere.
import { randomBytes } from "node:crypto";

export class Keystone {
  name = "keystone";
  faultCodes = { throttle: 429, busy: 503, server: 500 };

  constructor({ users, applicationCredentials, projects, domain, tokens, endpoints, region }) {
    Object.assign(this, { users, applicationCredentials, projects, domain, tokens, endpoints, region });
  }

  reset() {
    this.tokens.reset();
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
    if (methods.join() === "application_credential") return this.#byApplicationCredential(auth, request);
    const user = methods.join() === "password" ? this.#passwordUser(auth.identity.password?.user) : undefined;
    const project = this.#project(auth.scope);
    // Wrong password, unknown project and project without a role look the same, on purpose.
    if (!user || project === null || (project && !user.projects.includes(project.id))) return unauthorized(this.endpoints().identity);
    return this.#issue("password", user, project, new Map(request.query));
  }

  /** It belongs to one project already, so that asking for a scope is an error. */
  #byApplicationCredential(auth, request) {
    const given = auth.identity.application_credential;
    const found = this.applicationCredentials.find(({ id, secret }) => id === given?.id && secret === given?.secret);
    if (!found) return unauthorized(this.endpoints().identity);
    if (auth.scope !== undefined) return unauthorized(this.endpoints().identity, "Application credentials cannot request a scope.");
    const user = this.users.find(({ id }) => id === found.userId);
    const project = this.projects.find(({ id }) => id === found.projectId);
    return this.#issue("application_credential", user, project, new Map(request.query));
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

  #issue(method, user, project, query) {
    const { token, record } = this.tokens.issue({ projectId: project?.id, userId: user.id, readOnly: user.readOnly ?? false });
    const described = {
      methods: [method],
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
    const hex = (text) => Buffer.from(`${text}................`).toString("hex").slice(0, 32);
    const service = (type, name, endpoints) => ({
      id: hex(type),
      type,
      name,
      endpoints: endpoints.map(([face, region, url], index) => ({ id: hex(`${index}${type}`), interface: face, region, region_id: region, url })),
    });
    const { region } = this;
    // What the load balancer offers elsewhere leads to a gateway that does not know the path.
    const elsewhere = ["public", `${region}-elsewhere`, `${loadBalancer}/elsewhere`];
    return [
      service("identity", "keystone", [["public", region, identity], ["internal", region, identity]]),
      // Upstream OpenStack and Open Telekom Cloud name the same service differently.
      service("load-balancer", "octavia", [["public", region, loadBalancer], ["internal", region, `${loadBalancer}/internal`], elsewhere]),
      service("elb", "elb", [["public", region, `${loadBalancer}/v1.0`], ["internal", region, `${loadBalancer}/internal/v1.0`], elsewhere]),
    ];
  }

  #version() {
    const version = { id: "v3.14", status: "stable", updated: "2020-04-07T00:00:00Z", links: [{ rel: "self", href: `${this.endpoints().identity}/` }], "media-types": [{ base: "application/json", type: "application/vnd.openstack.identity-v3+json" }] };
    return { ...json(200, { version, versions: { values: [version] } }), verified: false };
  }

  refusal(request, { code, status, message }) {
    const number = Number(status ?? code);
    const [title, text] = FAULTS[number] ?? ["Error", "The request failed."];
    return failure(number, title, message ?? text);
  }
}

const FAULTS = {
  401: ["Unauthorized", "The request you have made requires authentication."],
  403: ["Forbidden", "You are not authorized to perform the requested action."],
  429: ["Too Many Requests", "Too many requests."],
  500: ["Internal Server Error", "An unexpected error prevented the server from fulfilling your request."],
  503: ["Service Unavailable", "The service is currently unable to handle the request."],
};

const keystoneTime = (ms) => new Date(ms).toISOString().replace("Z", "000Z");

function json(status, value) {
  const id = `req-${crypto.randomUUID()}`;
  return { status, headers: { "content-type": "application/json", "x-openstack-request-id": id }, body: JSON.stringify(value) };
}

function failure(status, title, message) {
  return { ...json(status, { error: { code: status, message, title } }), verified: false, code: status };
}

function unauthorized(identity, message = "The request you have made requires authentication.") {
  const answer = failure(401, "Unauthorized", message);
  return { ...answer, headers: { ...answer.headers, "www-authenticate": `Keystone uri="${identity}"` } };
}
