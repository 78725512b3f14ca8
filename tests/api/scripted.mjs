// A cloud that answers from a list, and pauses that take no time: for what is repeated, and when.
import { Client, OPTIONS } from "./support.mjs";

/** Every exchange has this limit, so that a pause can be told from it. */
const LIMIT_MS = 54_321;

/**
 * Whoever waits between attempts waits no longer: -> the pauses asked for, in milliseconds. `random` is what chance says,
 * from 0 to 1; at 0 a pause that nobody asked for is none.
 */
export function pauses(t, random = 0) {
  const asked = [];
  const { setTimeout: real } = globalThis;
  t.mock.method(Math, "random", () => random);
  t.mock.method(globalThis, "setTimeout", (work, ms, ...rest) => {
    if (ms === LIMIT_MS) return real(work, ms, ...rest);
    asked.push(ms);
    return real(work, 0, ...rest);
  });
  return asked;
}

/** A `fetch` that gives one of `answers` after the other, the last one for ever. An error is thrown, a function called. */
export function scripted(...answers) {
  const fetch = async (url, init) => {
    const next = answers[Math.min(fetch.sent.length, answers.length - 1)];
    fetch.sent.push({ url, ...init });
    if (next instanceof Error) throw next;
    if (typeof next === "function") return next(url, init);
    const { status = 200, body = "", headers } = next;
    return new Response(status === 204 ? null : typeof body === "string" ? body : JSON.stringify(body), { status, headers });
  };
  fetch.sent = [];
  return fetch;
}

export const clientOf = (name, fetch, more) => new Client({ ...OPTIONS[name], timeoutMs: LIMIT_MS, fetch, ...more });

/** What Alibaba answers. */
export const ALIBABA = {
  done: { body: { RequestId: "r-done" } },
  throttled: { status: 400, body: { Code: "Throttling.User", Message: "slow down", RequestId: "r-1" } },
  busy: { status: 400, body: { Code: "BackendServer.configuring", Message: "locked", RequestId: "r-2" } },
  away: { status: 503, body: { Code: "ServiceUnavailable", Message: "later", RequestId: "r-3" } },
  failed: { status: 500, body: { Code: "InternalError", Message: "oops", RequestId: "r-4" } },
  silent: { status: 502 },
  page: { status: 200, body: "<html>", headers: { "content-type": "text/html" } },
  forbidden: { status: 403, body: { Code: "Forbidden.RAM", Message: "no", RequestId: "r-5" } },
  expired: { status: 400, body: { Code: "InvalidTimeStamp.Expired", Message: "expired", RequestId: "r-6" } },
};

export const after = (answer, seconds, headers = {}) => ({ ...answer, headers: { ...headers, "retry-after": String(seconds) } });
