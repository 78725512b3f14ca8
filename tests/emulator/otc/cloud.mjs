// The API gateway of Open Telekom Cloud with the shared load balancer behind it. AK/SK and tokens are both accepted.
import { randomBytes } from "node:crypto";
import { describeMember, findMember, findPool, listMembers } from "./members.mjs";
import { Refusal } from "./refusal.mjs";
import { checkSignature } from "./signature.mjs";
import { otcState } from "./state.mjs";

const MEMBERS = /^\/v2\.0\/lbaas\/pools\/([^/]+)\/members(?:\/([^/]+))?$/;

export class OtcGateway {
  name = "otc";

  constructor({ keys, tokens, clock, projectId }) {
    this.keys = keys;
    this.tokens = tokens;
    this.clock = clock;
    this.projectId = projectId;
    this.reset();
  }

  reset() {
    this.state = otcState(this.projectId);
  }

  operationOf({ method, path }) {
    const route = MEMBERS.exec(path);
    if (!route) return undefined;
    if (method === "DELETE" && route[2]) return "DeleteMember";
    if (method === "GET") return route[2] ? "GetMember" : "ListMembers";
    return undefined;
  }

  handle(request) {
    const progress = { verified: false };
    try {
      return { verified: true, applied: false, ...this.#run(request, progress) };
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      return refuse(error, progress.verified);
    }
  }

  #run(request, progress) {
    const principal = this.#authenticate(request);
    progress.verified = true;
    const operation = this.operationOf(request);
    if (!operation) {
      throw new Refusal(404, "APIGW.0101", "The API does not exist or has not been published in the environment");
    }
    const project = request.headers["x-project-id"] || principal.projectId;
    if (project !== principal.projectId) throw new Refusal(403, "APIGW.0302", "The IAM user is not authorized to access the project");
    if (operation === "DeleteMember" && principal.readOnly) {
      throw new Refusal(403, "ELB.9802", "Policy doesn't allow elb:members:delete to be performed.");
    }
    const [, poolId, memberId] = MEMBERS.exec(request.path);
    const pool = findPool(this.state, poolId, project);
    if (operation === "ListMembers") return json(200, listMembers(pool, request.query));
    const member = findMember(pool, memberId);
    if (operation === "GetMember") return json(200, { member: describeMember(pool, member) });
    pool.members = pool.members.filter((other) => other !== member);
    return { status: 204, headers: { "x-request-id": requestId() }, body: "", applied: true };
  }

  /** -> { projectId, readOnly } of whoever asks. */
  #authenticate(request) {
    const token = request.headers["x-auth-token"];
    if (token) {
      const found = this.tokens.find(token);
      if (!found) throw new Refusal(401, "APIGW.0301", "Incorrect IAM authentication information: decrypt token fail");
      if (!found.projectId) throw new Refusal(403, "ELB.9803", "The token is not scoped to a project.");
      return found;
    }
    if (request.headers.authorization) return { projectId: this.projectId, ...checkSignature(request, this.keys, this.clock) };
    throw new Refusal(401, "APIGW.0301", "Incorrect IAM authentication information: x-auth-token not found");
  }

  throttle() {
    return refuse(new Refusal(429, "APIGW.0308", "The throttling threshold has been reached: wait up to one minute"), false);
  }

  busy() {
    return refuse(new Refusal(409, "ELB.8907", "Load Balancer is immutable and cannot be updated."), false);
  }
}

const requestId = () => randomBytes(16).toString("hex");

function json(status, value, id = requestId()) {
  return { status, headers: { "content-type": "application/json", "x-request-id": id }, body: JSON.stringify(value) };
}

function refuse({ status, code, message }, verified) {
  const id = requestId();
  return { ...json(status, { error_msg: message, error_code: code, request_id: id }, id), verified, applied: false, code };
}
