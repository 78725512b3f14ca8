/** An answer with a RetCode other than 0. HTTP says 200 all the same. */
export class Refusal extends Error {
  constructor(retCode, message) {
    super(message);
    this.retCode = retCode;
  }
}
