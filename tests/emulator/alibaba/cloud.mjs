// The gateway in front of the Classic Load Balancer API: which scheme, which format, which operation.
import { randomUUID } from "node:crypto";
import { writeAnswer } from "./answers.mjs";
import { FAULT_CODES, refusalOf } from "./codes.mjs";
import { KNOWN, OPERATIONS } from "./operations.mjs";
import { Refusal } from "./refusal.mjs";
import { SignatureCheck, formParameters } from "./signature.mjs";
import { alibabaState, resources } from "./state.mjs";

const VERSION = "2014-05-15";
const HOST_ID = "slb-pop.aliyuncs.com";

export class AlibabaCloud {
  name = "alibaba";
  faultCodes = FAULT_CODES;

  constructor({ keys, clock, extraOperations = [] }) {
    this.keys = keys;
    this.known = new Set([...KNOWN, ...extraOperations]);
    this.check = new SignatureCheck(keys, clock);
    this.reset();
  }

  reset() {
    this.state = alibabaState();
    this.check.reset();
  }

  resources() {
    return resources(this.state);
  }

  balancer(id) {
    return this.state.loadBalancers.find((lb) => lb.id === id);
  }

  operationOf(request) {
    if (isAcs3(request)) return request.headers["x-acs-action"];
    return new Map(pool(request)).get("Action");
  }

  handle(request) {
    const requestId = randomUUID().toUpperCase();
    const progress = { verified: false };
    try {
      const { operation, answer } = this.#run(request, progress);
      return this.#answer(request, 200, `${operation}Response`, { RequestId: requestId, ...answer }, { verified: true });
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      return this.#refuse(request, error, requestId, progress.verified);
    }
  }

  #run(request, progress) {
    const acs3 = isAcs3(request);
    const pairs = pool(request);
    const parameters = new Map(pairs);
    const operation = this.operationOf(request);
    const version = acs3 ? request.headers["x-acs-version"] : parameters.get("Version");
    if (request.path !== "/" || !["GET", "POST"].includes(request.method)) {
      throw new Refusal(404, "InvalidAction.NotFound", "Specified api is not found, please check your url and method.");
    }
    if (!operation) throw new Refusal(400, "MissingAction", "Action is mandatory for this action.");
    if (version !== VERSION) throw new Refusal(400, "InvalidVersion", "Specified parameter Version is not valid.");
    const known = Object.hasOwn(OPERATIONS, operation);
    if (!known && !this.known.has(operation)) {
      throw new Refusal(404, "InvalidAction.NotFound", "Specified api is not found, please check your url and method.");
    }
    if (acs3) this.check.acs3(request);
    else this.check.rpc(request, pairs);
    progress.verified = true;
    if (!known) throw new Refusal(400, "UnsupportedOperation", `The emulator does not carry out ${operation}.`);
    const { required, run } = OPERATIONS[operation];
    for (const name of required) {
      if (!parameters.get(name)) {
        throw new Refusal(400, "MissingParameter", `The input parameter "${name}" that is mandatory for processing this request is not supplied.`);
      }
    }
    return { operation, answer: run(this.state, parameters) };
  }

  #refuse(request, { status, code, message }, requestId, verified) {
    const value = { RequestId: requestId, HostId: HOST_ID, Code: code, Message: message };
    return this.#answer(request, status, "Error", value, { verified, code });
  }

  #answer(request, status, root, value, notes) {
    const { headers, body } = writeAnswer(formatOf(request), root, value);
    return { status, headers: { ...headers, "x-acs-request-id": value.RequestId }, body, ...notes };
  }

  refusal(request, { code, status, message }) {
    return this.#refuse(request, refusalOf(code, { status, message }), randomUUID().toUpperCase(), false);
  }

  corsHeaders() {
    return { "access-control-allow-origin": "*", "access-control-expose-headers": "*" };
  }

  /** The last known list of the vendor's gateways. Authorization is not on it, so ACS3 cannot pass from a page; x-test-call is our own. */
  preflightHeaders() {
    return {
      "access-control-allow-origin": "*",
      "access-control-allow-methods": "POST, GET, OPTIONS, PUT, DELETE",
      "access-control-allow-headers": "X-Requested-With, X-Sequence, _aop_secret, _aop_signature, x-acs-action, x-acs-version, x-acs-date, Content-Type, x-test-call",
      "access-control-max-age": "172800",
    };
  }
}

const isAcs3 = (request) => (request.headers.authorization ?? "").startsWith("ACS3-");

/** Query and form body are one pool; a name in both counts once, as the query has it. */
function pool(request) {
  const parameters = new Map();
  for (const [name, value] of [...request.query, ...formParameters(request)]) {
    if (!parameters.has(name)) parameters.set(name, value);
  }
  return [...parameters];
}

/** RPC says it by Format, ACS3 by Accept; XML where neither asks for JSON. */
function formatOf(request) {
  const wish = isAcs3(request) ? (request.headers.accept ?? "") : (new Map(pool(request)).get("Format") ?? "");
  return /json/i.test(wish) ? "json" : "xml";
}
