// What may go wrong with one call of the soak: a rule for the emulator, and what the caller does to himself.

const HTML = "<html><body><h1>502 Bad Gateway</h1></body></html>";
const HANG = { timeoutMs: 500 };
const FORBIDDEN = { alibaba: "Forbidden.RAM", ucloud: "299", otc: "ELB.9802", keystone: "ELB.9802" };
const INTERNAL = { alibaba: "InternalError", ucloud: "130", otc: "ELB.8906", keystone: "ELB.8906" };

const rule = (effect, more) => () => ({ rule: { effect, ...more } });
const status = (code, more) => rule("status", { status: code, body: "", ...more });

/** name -> [how often it is chosen, what it does to a call of `cloud`]. */
export const FAULTS = {
  none: [60, () => ({})],
  "drop-before": [5, rule("drop-before")],
  "drop-after": [5, rule("drop-after")],
  "hang-before": [2, () => ({ rule: { effect: "hang" }, how: HANG })],
  "hang-after": [2, () => ({ rule: { effect: "hang-after" }, how: HANG, lateMs: 3_000 })],
  "too-slow": [1, () => ({ rule: { effect: "delay", ms: 900 }, how: HANG, lateMs: 3_000 })],
  slow: [1, rule("delay", { ms: 60 })],
  "html-502": [2, status(502, { body: HTML, contentType: "text/html" })],
  "html-502-after": [2, status(502, { body: HTML, contentType: "text/html", apply: true })],
  "empty-503": [2, status(503)],
  "empty-503-after": [1, status(503, { apply: true })],
  internal: [2, (cloud) => ({ rule: { effect: "refuse", code: INTERNAL[cloud] } })],
  "internal-after": [1, (cloud) => ({ rule: { effect: "refuse", code: INTERNAL[cloud], apply: true } })],
  "html-200": [1, status(200, { body: HTML, contentType: "text/html" })],
  truncated: [2, rule("truncate")],
  "half-body": [1, rule("half-body")],
  huge: [0.3, rule("big-body")],
  redirect: [1, rule("redirect", { location: "/elsewhere" })],
  "wrong-type": [1, rule("content-type")],
  "numbers-as-text": [1, rule("numbers-as-strings")],
  throttled: [3, rule("throttle")],
  busy: [3, rule("busy")],
  forbidden: [2, (cloud) => ({ rule: { effect: "refuse", code: FORBIDDEN[cloud] } })],
  // For the whole call: a clock that is right again between two attempts is none that anybody has.
  "wrong-clock": [2, rule("clock-skew", { offsetMs: 20 * 60_000, times: "always" })],
  "token-revoked": [1, (cloud) => (cloud === "keystone" ? { rule: { effect: "revoke-token" } } : {})],
  aborted: [3, (_, random) => ({ rule: { effect: "delay", ms: 30 }, abortAfterMs: random.below(60), lateMs: 3_000 })],
  "fetch-rejects": [2, () => ({ fetch: "rejects with text" })],
  "fetch-unsent": [1, () => ({ fetch: "throws text" })],
};

/** How often the rule acts: once, twice, or on every attempt. */
export const TIMES = [[1, 6], [2, 2], ["always", 2]];
