// The options of `inspect`, `plan`, `run` and `undo`, checked before anything is done.
import { checkSignal, invalid } from "./shared.js";

/** @typedef {import("./index.js").RunOptions} RunOptions */

/**
 * @template {number | undefined} Otherwise
 * @param {string} name
 * @param {number | undefined} given
 * @param {Otherwise} otherwise
 * @param {number} most
 */
function whole(name, given, otherwise, most) {
  if (given === undefined) return otherwise;
  if (Number.isInteger(given) && given >= 1 && given <= most) return given;
  throw invalid(name, `${name} must be an integer from 1 to ${most}`, "leave it out for the default");
}

/** @param {RunOptions["deadline"]} given */
function moment(given) {
  if (given === undefined) return Infinity;
  const time = given instanceof Date ? Date.prototype.getTime.call(given) : given;
  if (typeof time === "number" && !Number.isNaN(time)) return time;
  throw invalid("deadline", "deadline must be a time", "give a Date or milliseconds since 1970");
}

/**
 * -> the options with their defaults; the journal is checked where it is read.
 *
 * @param {RunOptions} options
 */
export function checkedOptions({ signal, timeoutMs, concurrency, maxCalls, deadline, onEvent, journal, lock }) {
  checkSignal(signal);
  for (const [name, hook] of /** @type {const} */ ([["onEvent", onEvent], ["lock", lock]])) {
    if (hook !== undefined && typeof hook !== "function") throw invalid(name, `${name} must be a function`, "leave it out to do without");
  }
  return {
    signal,
    timeoutMs: whole("timeoutMs", timeoutMs, undefined, 600_000),
    concurrency: whole("concurrency", concurrency, 4, 100),
    maxCalls: whole("maxCalls", maxCalls, Infinity, 1e9),
    deadline: moment(deadline),
    onEvent,
    journal,
    lock,
  };
}
