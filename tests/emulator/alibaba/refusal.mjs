/** An answer that is an error: HTTP status, Code and Message of the vendor. */
export class Refusal extends Error {
  constructor(status, code, message) {
    super(message);
    this.status = status;
    this.code = code;
  }
}
