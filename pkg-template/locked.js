// What the locks say when they refuse, and how they are asked.
import { UnpoolError, invalid } from "./errors.js";
import { aborted, isAborted } from "./exchange.js";

/** @param {import("./errors.js").Details} details @param {unknown} [cause] */
const error = (details, cause) => new UnpoolError({ retryable: true, sent: false, ...details, cause });

/**
 * `until`: milliseconds since 1970, where it is known.
 *
 * @param {string} key
 * @param {string} holder
 * @param {number} [until]
 */
export function locked(key, holder, until) {
  const end = until === undefined ? "" : ` until ${new Date(until).toISOString()}`;
  const hint = `wait until that run has ended, or ask ${holder}`;
  return error({ kind: "refused", code: "locked", message: `${key} is being changed by ${holder}${end}`, hint });
}

/**
 * Held once, and no longer.
 *
 * @param {string} key
 * @param {string} [holder]
 * @param {unknown} [cause]
 */
export function lost(key, holder, cause) {
  const who = holder === undefined ? "somebody else may change it" : `${holder} is changing it`;
  const hint = "what this run has done is in its journal: look how things are, then go on from there";
  return error({ kind: "refused", code: "locked", message: `the lease on ${key} is lost, ${who} now`, hint }, cause);
}

/** @param {import("./index.js").SignalLike | undefined} signal */
export function checkNotAborted(signal) {
  if (!isAborted(signal)) return;
  const { head, cause } = aborted(signal);
  throw error({ kind: "aborted", message: head, retryable: false }, cause);
}

/** @param {unknown} holder */
export function checkHolder(holder) {
  if (typeof holder === "string" && holder !== "" && holder.length <= 200) return;
  throw invalid("holder", "holder must be a text of at most 200 characters", "who is to be asked when somebody else has to wait");
}
