// The one error class. It lives in JavaScript so that stacks, `instanceof` and `cause` work.

// Copies of this package can meet (ESM, CommonJS, two versions): they know each other by this brand.
const BRAND = Symbol.for("unpool.UnpoolError");

/**
 * What an error says besides: see index.d.ts.
 *
 * @typedef {{ message: string, cause?: unknown, kind?: string, retryable?: boolean, sent?: boolean | "unknown", hint?: string, field?: string, code?: string, httpStatus?: number, attempts?: UnpoolError[] }} Details
 */

export class UnpoolError extends Error {
  /** @param {any} value */
  static [Symbol.hasInstance](value) {
    // A subclass of a user's own is told apart the ordinary way.
    if (this !== UnpoolError) return super[Symbol.hasInstance](value);
    try {
      return value?.[BRAND] === true;
    } catch {
      // A cause may be anything that somebody's fetch threw, a proxy included.
      return false;
    }
  }

  /** @param {Details} details */
  constructor({ message, cause, ...details }) {
    super(message, cause === undefined ? undefined : { cause });
    Object.assign(this, details);
  }

  get [BRAND]() {
    return true;
  }

  /** @returns {object} */
  toJSON() {
    const { name, message, cause } = this;
    // What a runtime threw may hold anything; only our own errors are known to be free of secrets.
    return { ...{ name, message }, ...this, ...(cause instanceof UnpoolError && { cause: cause.toJSON() }) };
  }
}
Object.defineProperty(UnpoolError.prototype, "name", { value: "UnpoolError", configurable: true, writable: true });

/**
 * An error that the facade finds by itself, before anything was sent.
 *
 * @param {string} kind
 * @param {string} message
 * @param {Partial<Details>} [more]
 */
export const unsent = (kind, message, more) => new UnpoolError({ kind, message, retryable: kind === "network", sent: false, ...more });

/**
 * @param {string} field
 * @param {string} message
 * @param {string} [hint]
 * @param {unknown} [cause]
 */
export const invalid = (field, message, hint, cause) => unsent("invalid-input", message, { hint, field, cause });

/**
 * An error of the module: JSON text, and what the runtime threw, which stands behind the innermost of its causes.
 *
 * @param {string} text
 * @param {unknown} [foreign]
 */
export const fromCore = (text, foreign) => revive(JSON.parse(text), foreign);

/** An error as the module writes it. @typedef {Omit<Details, "cause" | "attempts"> & { cause?: Written, attempts?: Written[] }} Written */

/**
 * @param {Written} written
 * @param {unknown} [foreign]
 * @returns {UnpoolError}
 */
function revive({ cause, attempts, ...details }, foreign) {
  const inner = cause === undefined ? foreign : revive(cause, foreign);
  return new UnpoolError({ ...details, cause: inner, ...(attempts && { attempts: attempts.map((attempt) => revive(attempt)) }) });
}
