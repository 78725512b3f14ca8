/** An error in the envelope of the gateway and of ELB: error_code, error_msg, request_id. */
export class Refusal extends Error {
  constructor(status, code, message) {
    super(message);
    this.status = status;
    this.code = code;
  }
}
