// The API gateway of Open Telekom Cloud with the shared load balancer behind it. AK/SK and tokens are both accepted.
import { randomBytes } from "node:crypto";
import { kindOf } from "../kinds.mjs";
import { FAULT_CODES, errorBody, refusalOf } from "./codes.mjs";
import { OPERATIONS, route } from "./operations.mjs";
import { Refusal } from "./refusal.mjs";
import { checkSignature } from "./signature.mjs";
import { otcState, resources } from "./state.mjs";

const PERMISSIONS = { DeleteMember: "delete", UpdateMember: "put", CreateMember: "create" };

export class OtcGateway {
  name = "otc";
  faultCodes = FAULT_CODES;

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

  resources() {
    return resources(this.state);
  }

  balancer(id) {
    return this.state.loadBalancers.find((lb) => lb.id === id);
  }

  operationOf(request) {
    return route(request)?.operation;
  }

  handle(request) {
    const progress = { verified: false };
    try {
      const { status, value } = this.#run(request, progress);
      const answer = value === undefined ? { status, headers: { "x-request-id": requestId() }, body: "" } : json(status, value);
      return { ...answer, verified: true };
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      return refuse(error, progress.verified);
    }
  }

  #run(request, progress) {
    const principal = this.#authenticate(request);
    progress.verified = true;
    const found = route(request);
    if (!found) {
      throw new Refusal(404, "APIGW.0101", "The API does not exist or has not been published in the environment");
    }
    const project = request.headers["x-project-id"] || principal.projectId;
    if (project !== principal.projectId) throw refusalOf("APIGW.0302");
    const { operation, ids } = found;
    if (kindOf(operation) === "write" && principal.readOnly) {
      throw refusalOf("ELB.9802", { message: `Policy doesn't allow elb:members:${PERMISSIONS[operation]} to be performed.` });
    }
    return OPERATIONS[operation](this.state, project, ids, request);
  }

  /** -> { projectId, readOnly } of whoever asks. */
  #authenticate(request) {
    const token = request.headers["x-auth-token"];
    if (token) {
      const found = this.tokens.find(token);
      if (!found) throw refusalOf("APIGW.0301");
      if (!found.projectId) throw new Refusal(403, "ELB.9803", "The token is not scoped to a project.");
      return found;
    }
    if (!request.headers.authorization) throw refusalOf("APIGW.0301", { message: "Incorrect IAM authentication information: x-auth-token not found" });
    const key = checkSignature(request, this.keys, this.clock);
    return { ...key, projectId: key.projectId ?? this.projectId };
  }

  refusal(request, { code, status, message, envelope }) {
    return refuse(refusalOf(code, { status, message, envelope }), false);
  }
}

const requestId = () => randomBytes(16).toString("hex");

function json(status, value, id = requestId()) {
  return { status, headers: { "content-type": "application/json", "x-request-id": id }, body: JSON.stringify(value) };
}

function refuse(refusal, verified) {
  const id = requestId();
  return { ...json(refusal.status, errorBody(refusal, id), id), verified, code: refusal.code };
}
