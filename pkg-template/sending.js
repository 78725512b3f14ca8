// A call from its beginning to its end: the module says what to do, and is told what came of it.
import { told } from "./calls.js";
import { unsent } from "./errors.js";
import { aborted, checkSignal, exchange, isAborted, race } from "./exchange.js";
import { READY, SEED, SEND, STEP } from "./numbers.js";

/** @typedef {import("./client.js").State} State */
/** @typedef {import("./exchange.js").Outcome} Outcome */

/** Nothing has come yet. @type {Outcome} */
const BEGIN = { came: READY, head: "" };

/**
 * The random part of a client's nonces is drawn at the first use: Workers have no randomness before a request.
 *
 * @param {State} client
 */
export function seeded(client) {
  if (!client.seeded) {
    let random;
    try {
      random = crypto.getRandomValues(new Uint32Array(3));
    } catch (cause) {
      throw unsent("unsupported", "this runtime gives no random numbers here", {
        hint: "in a Worker, sign inside a request handler, not at the top level",
        cause,
      });
    }
    client.core.call(SEED, Array.from(random, (number) => number.toString(16)).join(""));
    client.seeded = true;
  }
  return client.core;
}

/**
 * -> the answer's JSON text. `once` is 1 for a single attempt.
 *
 * @param {State} client
 * @param {() => string} operation
 * @param {import("./index.js").SendOptions} options
 * @param {boolean} sharesTokens
 * @param {1} [once]
 * @returns {Promise<string>}
 */
export async function send(client, operation, { signal, timeoutMs }, sharesTokens, once) {
  checkSignal(signal);
  const module = seeded(client);
  const number = Number(told(module.call(SEND, operation(), undefined, numberOf(timeoutMs), once)));
  let outcome = BEGIN;
  // What a fetch threw, behind the error that it led to.
  let cause;
  for (;;) {
    if (isAborted(signal) && outcome.came === READY) {
      outcome = aborted(signal);
    }
    if (outcome.came !== READY) cause = outcome.cause;
    const action = told(module.call(STEP, outcome.head, outcome.body, number, outcome.came, Date.now(), Math.random()), cause);
    const tag = action[0];
    const rest = action.slice(1);
    if (tag === "=") return rest;
    if (tag === "~") {
      outcome = BEGIN;
      if (rest !== "0") outcome = await race(undefined, Number(rest), signal, outcome);
      continue;
    }
    const [limit, names] = rest.split("\n", 2);
    const shares = tag === "@" && sharesTokens;
    if (shares && client.token) {
      // Somebody else is getting one. Whatever becomes of that, this call then looks again.
      outcome = await race(client.token, Number(limit), signal, BEGIN);
      continue;
    }
    /** @type {(outcome: Outcome) => void} */
    let done;
    if (shares) client.token = new Promise((resolve) => (done = resolve));
    outcome = await exchange(request(rest), names, Number(limit), client.fetch, signal);
    // Those who wait find the token only after this call has handed it in.
    if (shares) {
      queueMicrotask(() => {
        client.token = undefined;
        done(BEGIN);
      });
    }
  }
}

/**
 * NaN stands for "not given"; what is given and no number from 0 on becomes one that is refused.
 *
 * @param {unknown} given
 */
export function numberOf(given) {
  if (given === undefined) return NaN;
  return typeof given === "number" && given >= 0 ? given : -1;
}

/**
 * Splits a signed request's lines, two of whatever in front; see Core::call.
 *
 * @param {string} lines
 * @returns {import("./index.js").SignedRequest}
 */
export function request(lines) {
  let at = 0;
  // Line by line: a list of lines would take twice the time.
  const line = () => {
    const from = at;
    at = lines.indexOf("\n", from) + 1;
    return lines.slice(from, at - 1);
  };
  const [vendor, operation, method, url] = /** @type {[import("./index.js").VendorName, string, string, string]} */ ([line(), line(), line(), line()]);
  /** @type {Record<string, string>} */
  const headers = {};
  for (let name = line(); name !== ""; name = line()) {
    // A name that stands in the source is found several times as fast as one that was just cut out.
    if (name === "content-type") headers["content-type"] = line();
    else headers[name] = line();
  }
  /** @type {import("./index.js").SignedRequest} */
  const made = { method, url, headers, redirect: "manual", operation, vendor };
  if (at < lines.length) made.body = lines.slice(at);
  return made;
}
