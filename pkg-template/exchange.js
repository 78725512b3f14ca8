// Doing what a call under way asks for: fetch, timers, abort signals. What follows what is decided in the module.
import { invalid } from "./errors.js";
import { ABORTED, ABORTED_BEFORE, BROKEN, NETWORK, NEVER_LEFT, NO_RESPONSE, READY, TIMEOUT, UNREADABLE } from "./numbers.js";

/** No vendor sends 4 MiB to any of these calls. */
const MAX_BODY = 4 << 20;

/** @typedef {import("./index.js").SignalLike} SignalLike */
/** @typedef {import("./index.js").FetchLike} FetchLike */
/** A request's method, URL, headers and body. @typedef {{ method: string, url: string, headers: Record<string, string>, body?: string }} Request */
/** What came of an exchange: a status or one of the numbers, lines or words, a body. @typedef {{ came: number, head: string, body?: string, cause?: unknown }} Outcome */

/**
 * A property of whatever was thrown or returned: reading it may throw again.
 *
 * @param {any} value
 * @param {string} name
 */
function part(value, name) {
  try {
    return value?.[name];
  } catch {
    return undefined;
  }
}

/**
 * @param {unknown} value
 * @returns {value is string}
 */
const isText = (value) => typeof value === "string" && value !== "";

/**
 * What was thrown, in words.
 *
 * @param {unknown} thrown
 */
export function words(thrown) {
  if (typeof thrown === "string") return thrown;
  const found = [part(thrown, "name"), part(thrown, "message")].filter(isText);
  return found.join(": ") || "something was thrown that is no Error";
}

// Only Node says that no connection was made, also for ports that fetch blocks; a page's TypeError never tells.
// Whatever it says of a certificate is said before the request.
const UNCONNECTED = /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|UND_ERR_CONNECT_TIMEOUT|UNABLE_TO_VERIFY_LEAF_SIGNATURE)$|CERT/;

/**
 * Whether a signal has fired; anybody's object may be one.
 *
 * @param {SignalLike | undefined} signal
 */
export const isAborted = (signal) => !!part(signal, "aborted");

/**
 * What the caller's signal says: AbortSignal.timeout() is nobody's doing.
 *
 * @param {number} came
 * @param {SignalLike | undefined} signal
 * @returns {Outcome}
 */
const abortOf = (came, signal) => {
  const cause = part(signal, "reason");
  return { came, head: part(cause, "name") === "TimeoutError" ? "the caller's signal timed out" : "the caller aborted", cause };
};
/**
 * Told while nothing is under way.
 *
 * @param {SignalLike | undefined} signal
 */
export const aborted = (signal) => abortOf(ABORTED_BEFORE, signal);

/** @param {unknown} signal */
export function checkSignal(signal) {
  if (signal === undefined || signal === null) return;
  for (const name of ["addEventListener", "removeEventListener"]) {
    if (typeof part(signal, name) !== "function") throw invalid("signal", "signal must be an AbortSignal", "give controller.signal, or leave it out");
  }
}

/**
 * The first of: what `work` ends with, `millis` (if any), the caller's abort. A fetch need not obey its signal.
 * `late` says what it is then, and `stopped` what an abort is: an outcome, or a number.
 *
 * @param {Promise<unknown> | undefined} work
 * @param {number} [millis]
 * @param {SignalLike} [signal]
 * @param {unknown} [late]
 * @param {unknown} [stopped]
 * @returns {Promise<any>}
 */
export function race(work, millis, signal, late, stopped = ABORTED_BEFORE) {
  return new Promise((resolve) => {
    const end = (/** @type {unknown} */ outcome) => {
      clearTimeout(timer);
      listen("removeEventListener");
      resolve(outcome);
    };
    const listen = (/** @type {"addEventListener" | "removeEventListener"} */ method) => {
      try {
        signal?.[method]("abort", abort);
      } catch {
        // A signal that cannot be listened to just never fires.
      }
    };
    const abort = () => end(typeof stopped === "number" ? abortOf(stopped, signal) : stopped);
    const timer = millis === undefined ? undefined : setTimeout(() => end(late), millis);
    listen("addEventListener");
    work?.then(end, () => end(work));
  });
}

/**
 * Sends a request and reads its answer. Never rejects.
 *
 * @param {Request} request
 * @param {string} names
 * @param {number} millis
 * @param {FetchLike | undefined} fetch
 * @param {SignalLike | undefined} signal
 * @returns {Promise<Outcome>}
 */
export async function exchange(request, names, millis, fetch, signal) {
  const abort = new AbortController();
  const outcome = await race(
    answer(request, names, fetch, abort.signal),
    millis,
    signal,
    { came: TIMEOUT, head: `no complete answer within ${millis} ms` },
    ABORTED,
  );
  // Without a reason, since some runtimes cannot carry one.
  if (outcome.came < READY) abort.abort();
  return outcome;
}

/**
 * @param {Request} request
 * @param {string} names
 * @param {FetchLike | undefined} fetch
 * @param {AbortSignal} signal
 * @returns {Promise<Outcome>}
 */
async function answer({ method, url, headers, body }, names, fetch, signal) {
  let given;
  try {
    // Signed headers and bodies follow nobody, and no cookie goes along. A given fetch has no receiver, so that
    // a bare window.fetch works; the global one is looked up now, so that tests can replace it.
    /** @type {RequestInit} */
    const init = { method, headers, signal, redirect: "manual", credentials: "omit" };
    if (body !== undefined) init.body = body;
    given = await (fetch ?? globalThis.fetch)(url, init);
  } catch (cause) {
    const inner = part(cause, "cause");
    const came = UNCONNECTED.test(part(inner, "code")) || part(inner, "message") === "bad port" ? NEVER_LEFT : NETWORK;
    // Node's fetch says what it was only one error further in.
    return { came, head: `no answer: ${words(cause)}${inner ? ` (${words(inner)})` : ""}`, cause };
  }
  let failed = UNREADABLE;
  try {
    // A mock may return and hold anything.
    const { status, headers: source } = Object(given);
    if (!(typeof status === "number" && status >= 0 && status < 600)) return { came: NO_RESPONSE, head: "fetch returned something that is no Response" };
    const get = (/** @type {string} */ name) => (typeof source === "object" ? source?.get(name) : undefined);
    let head = "";
    for (const name of names.split(" ")) {
      const value = get(name);
      if (typeof value === "string") head += `${name}\n${value.replace(/[\r\n]/g, " ")}\n`;
    }
    const came = Math.trunc(status);
    if (Number(get("content-length")) > MAX_BODY) {
      return { came, head };
    }
    const reading = given.text();
    // From here on it is the connection that fails.
    failed = BROKEN;
    const text = await reading;
    if (typeof text !== "string") return { came: UNREADABLE, head: "the answer's text is no text" };
    return { came, head, body: text.length > MAX_BODY ? undefined : text };
  } catch (cause) {
    return { came: failed, head: `the answer could not be read: ${words(cause)}`, cause };
  }
}
