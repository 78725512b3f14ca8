// Error codes of the load balancer with the HTTP status and message that they come with.
import { Refusal } from "./refusal.mjs";

const CODES = {
  "BackendServer.configuring": [409, "A previous configuration of the load balancer is pending; please try again later."],
  ServiceIsConfiguring: [400, "The service is being configured."],
  VServerGroupProcessing: [400, "The VServerGroup is being processed; please try again later."],
  ServiceIsStopping: [409, "A previous configuration of the load balancer is pending; please try again later."],
  OperationBusy: [400, "The operation is busy; please try again later."],
  ProcessingSameRequest: [400, "The same request is being processed."],
  SystemBusy: [449, "The system is busy; please try again later."],
  "Operation.Conflict": [400, "The operation conflicts with another one."],
  Throttling: [400, "Request was denied due to request throttling."],
  "Throttling.User": [400, "Request was denied due to user flow control."],
  "Throttling.Api": [400, "Request was denied due to api flow control."],
  "Rejected.Throttling": [400, "Request was rejected due to flow control."],
  InternalError: [500, "The request processing has failed due to some unknown error."],
  ServiceUnavailable: [503, "The request has failed due to a temporary failure of the server."],
  ObtainIpFail: [400, "Obtain the IP address of the backend server failed."],
  "InvalidServerId.NotFound": [400, "The specified ServerId does not exist."],
  LbStatusNotSupport: [400, "The current load balancer status does not support this operation."],
  "InvalidTimeStamp.Expired": [400, "Specified time stamp or date value is expired."],
  SignatureNonceUsed: [400, "Specified signature nonce was used already."],
  "Forbidden.RAM": [403, "User not authorized to operate on the specified resource, or this API doesn't support RAM."],
  Forbidden: [403, "User not authorized to operate on the specified resource."],
};

export const FAULT_CODES = { throttle: "Throttling.User", busy: "BackendServer.configuring", server: "InternalError" };

/** What is not in the table is a bad request. */
export function refusalOf(code, { status, message } = {}) {
  const [usual, text] = CODES[code] ?? [400, "The specified parameter is not valid."];
  return new Refusal(status ?? usual, code, message ?? text);
}
