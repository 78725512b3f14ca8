// Tokens that were handed out, shared by the identity service and the gateway that accepts them.
import { randomBytes } from "node:crypto";

export class Tokens {
  #issued = new Map();
  #counts = { issued: 0, accepted: 0, rejected: 0 };

  constructor(clock, ttlMs) {
    this.clock = clock;
    this.ttlMs = ttlMs;
    this.firstTtlMs = ttlMs;
  }

  issue(principal) {
    this.#counts.issued += 1;
    // As long as a real one, and recognisably not one.
    const token = `EMULATOR-${randomBytes(120).toString("base64url")}`;
    const issuedAt = this.clock.now();
    const record = { ...principal, issuedAt, expiresAt: issuedAt + this.ttlMs };
    this.#issued.set(token, record);
    return { token, record };
  }

  find(token) {
    const record = this.#issued.get(token);
    const live = record && record.expiresAt > this.clock.now();
    this.#counts[live ? "accepted" : "rejected"] += 1;
    return live ? record : undefined;
  }

  revoke(token) {
    this.#issued.delete(token);
  }

  revokeAll() {
    this.#issued.clear();
  }

  /** From now on; a token that is out keeps its end. */
  setTtl(ttlMs) {
    if (!(Number(ttlMs) > 0)) throw new RangeError("tokens: ttlMs must be a number of milliseconds");
    this.ttlMs = Number(ttlMs);
  }

  reset() {
    this.#issued.clear();
    this.#counts = { issued: 0, accepted: 0, rejected: 0 };
    this.ttlMs = this.firstTtlMs;
  }

  describe() {
    const now = this.clock.now();
    const live = [...this.#issued.values()].filter(({ expiresAt }) => expiresAt > now).length;
    return { ttlMs: this.ttlMs, live, ...this.#counts };
  }
}
