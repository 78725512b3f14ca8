// Tokens that were handed out, shared by the identity service and the gateway that accepts them.
import { randomBytes } from "node:crypto";

export class Tokens {
  #issued = new Map();

  constructor(clock, ttlMs) {
    this.clock = clock;
    this.ttlMs = ttlMs;
  }

  issue(principal) {
    // As long as a real one, and recognisably not one.
    const token = `EMULATOR-${randomBytes(120).toString("base64url")}`;
    const issuedAt = this.clock.now();
    const record = { ...principal, issuedAt, expiresAt: issuedAt + this.ttlMs };
    this.#issued.set(token, record);
    return { token, record };
  }

  find(token) {
    const record = this.#issued.get(token);
    return record && record.expiresAt > this.clock.now() ? record : undefined;
  }

  revokeAll() {
    this.#issued.clear();
  }
}
