// The one error class. It lives in JavaScript so that stacks, `instanceof` and `cause` work.

// Copies of this package can meet (ESM, CommonJS, two versions): they know each other by this brand.
const BRAND = Symbol.for("unpool.UnpoolError");

export class UnpoolError extends Error {
  static [Symbol.hasInstance](value) {
    // A subclass of a user's own is told apart the ordinary way.
    if (this !== UnpoolError) return Function.prototype[Symbol.hasInstance].call(this, value);
    try {
      return value?.[BRAND] === true;
    } catch {
      // A cause may be anything that somebody's fetch threw, a proxy included.
      return false;
    }
  }

  constructor({ message, cause, ...details }) {
    super(message, cause === undefined ? undefined : { cause });
    Object.assign(this, details);
  }

  get [BRAND]() {
    return true;
  }

  toJSON() {
    const { name, message, cause } = this;
    // What a runtime threw may hold anything; only our own errors are known to be free of secrets.
    return { name, message, ...this, ...(cause instanceof UnpoolError ? { cause: cause.toJSON() } : {}) };
  }
}
Object.defineProperty(UnpoolError.prototype, "name", { value: "UnpoolError", configurable: true, writable: true });

/** An error that the facade finds by itself, before anything was sent. */
export const unsent = (kind, message, more) => new UnpoolError({ kind, message, retryable: kind === "network", sent: false, ...more });

export const invalid = (field, message, hint, cause) => unsent("invalid-input", message, { hint, field, cause });

/** An error of the module: JSON text, and what the runtime threw, which stands behind the innermost of its causes. */
export const fromCore = (text, foreign) => revive(JSON.parse(text), foreign);

function revive({ cause, attempts, ...details }, foreign) {
  const inner = cause === undefined ? foreign : revive(cause, foreign);
  return new UnpoolError({ ...details, cause: inner, ...(attempts && { attempts: attempts.map((attempt) => revive(attempt)) }) });
}
