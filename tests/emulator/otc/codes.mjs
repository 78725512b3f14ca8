// Error codes with their HTTP status and message, and the envelopes that errors of this API come in.
import { Refusal } from "./refusal.mjs";

const CODES = {
  "APIGW.0301": [401, "Incorrect IAM authentication information: decrypt token fail"],
  "APIGW.0302": [403, "The IAM user is not authorized to access the project"],
  "APIGW.0303": [401, "Incorrect IAM authentication information: signature expired"],
  "APIGW.0308": [429, "The throttling threshold has been reached: wait up to one minute"],
  "ELB.8902": [400, "Invalid input."],
  "ELB.8904": [404, "The resource could not be found."],
  "ELB.8905": [409, "Quota exceeded for resources."],
  "ELB.8906": [500, "An internal error occurred."],
  "ELB.8907": [409, "Load Balancer is immutable and cannot be updated."],
  "ELB.2012": [400, "The member does not exist."],
  "ELB.9802": [403, "Policy doesn't allow the operation to be performed."],
  "ELB.9803": [403, "The token is not scoped to the project of the resource."],
};

export const FAULT_CODES = { throttle: "APIGW.0308", busy: "ELB.8907", server: "ELB.8906" };

/** envelope: undefined (gateway and ELB), "octavia", "pecan", "keystone", "neutron" or "camel". */
export function refusalOf(code, { status, message, envelope } = {}) {
  const [usual, text] = CODES[code] ?? [400, "Invalid input."];
  return Object.assign(new Refusal(status ?? usual, code, message ?? text), { envelope });
}

/** The body of an error, as the part that made it writes it. */
export function errorBody({ status, code, message, envelope }, requestId) {
  switch (envelope) {
    case "octavia":
      return { faultcode: status < 500 ? "Client" : "Server", faultstring: message, debuginfo: null };
    case "pecan":
      // The title is the same for every status.
      return { code: status, title: "Bad Request", description: message };
    case "keystone":
      return { error: { code: status, title: "Error", message } };
    case "neutron":
      return { NeutronError: { type: "Error", message, detail: "" } };
    case "camel":
      return { errorCode: code, errorMsg: message, requestId };
    default:
      return { error_msg: message, error_code: code, request_id: requestId };
  }
}
