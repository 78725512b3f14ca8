// How each fault of the table is made: rules for the emulator, options of the client, and what the player does. Nothing here expects anything.
import { SECRET_OF } from "./clouds.mjs";
import { REASONS } from "./table.mjs";

const TIMEOUT = { timeoutMs: 1_000 };
const ALWAYS = 99;
const MINUTES_20 = 20 * 60_000;

/** A fault of the operation itself. */
const rule = (effect, more) => ({ rules: [{ effect, ...more }] });
const status = (code, body, more) => rule("status", { status: code, body, ...(typeof body === "string" && { contentType: "text/html" }), ...more });
const always = (setup) => ({ ...setup, rules: setup.rules.map((one) => ({ ...one, times: ALWAYS })) });
const then = (...setups) => ({ rules: setups.flatMap(({ rules }) => rules) });

const HTML = (title) => `<html><head><title>${title}</title></head><body><h1>${title}</h1></body></html>`;

/** The same in each cloud's own words: [status, body]. */
const WORDS = {
  unavailable: {
    alibaba: [503, { RequestId: "r-1", Code: "ServiceUnavailable", Message: "The request has failed due to a temporary failure of the server." }],
    ucloud: [200, { RetCode: 150, Message: "Service unavailable" }],
    otc: [503, { faultcode: "Server", faultstring: "The service is unavailable.", debuginfo: null }],
  },
  internal: {
    alibaba: [500, { RequestId: "r-1", Code: "InternalError", Message: "The request processing has failed due to some unknown error." }],
    ucloud: [200, { RetCode: 130, Message: "Gateway error" }],
    otc: [500, { error_code: "ELB.8906", error_msg: "Internal error" }],
  },
  forbidden: {
    alibaba: [403, { RequestId: "r-1", Code: "Forbidden.RAM", Message: "User not authorized to operate on the specified resource." }],
    ucloud: [200, { RetCode: 299, Message: "IAM permission error" }],
    otc: [403, { faultcode: "Client", faultstring: "Policy does not allow this request to be performed.", debuginfo: null }],
  },
  parameter: {
    alibaba: [400, { RequestId: "r-1", Code: "InvalidParameter", Message: "The specified parameter is not valid." }],
    ucloud: [200, { RetCode: 230, Message: "Params [X] not available" }],
    otc: [400, { faultcode: "Client", faultstring: "Invalid input for field/attribute weight.", debuginfo: null }],
  },
  conflict: {
    ucloud: [200, { RetCode: 4109, Message: "backend is in the pool already" }],
    otc: [409, { faultcode: "Client", faultstring: "Another member on this pool is already using ip 10.0.0.99 on protocol_port 80", debuginfo: null }],
  },
};
const says = (words, more) => ({ cloud }) => status(...WORDS[words][cloud], more);
const saysAlways = (words) => (cell) => always(says(words)(cell));
const obtainIpFail = status(400, { RequestId: "r-1", Code: "ObtainIpFail", Message: "Obtain the IP address of the backend server failed." });
const nonceUsed = status(400, { RequestId: "r-1", Code: "SignatureNonceUsed", Message: "Specified signature nonce was used already." });

/** The pause that each cloud asks for, in its own header and unit. */
const pauseOf = (seconds) => ({ cloud }) => rule("throttle", { headers: { alibaba: { "x-acs-retry-after": String(seconds * 1_000) }, otc: { "retry-after": String(seconds) } }[cloud] });

const credentials = (change) => ({ info, cloud }) => ({ client: { credentials: change(info[cloud], cloud) } });
const ofKeystone = (effect, more) => ({ rules: [{ cloud: "keystone", effect, ...more }] });
const aborts = (when, more) => ({ fault }) => ({ abort: { when, reason: fault.reason }, ...more });
const byFetch = (fetch, more) => ({ fetch, ...more });
const clock = (offsetMs, more) => ({ clock: { offsetMs }, ...more });
/** Whatever else is asked of the cloud while an Add is being looked for. */
const blind = (effect) => ({ fault, operation }) => ({
  rules: [{ effect, operation }, { effect: "status", status: 500, body: "", operation: "*", times: ALWAYS }],
});

/** name -> setup, or a function of { cloud, effect, fault, info, operation, elsewhere, nowhere } that gives it. */
export const SETUPS = {
  none: {},
  refused: ({ nowhere }) => ({ client: { endpoint: nowhere } }),
  "drop-before": rule("drop-before"),
  "drop-after": rule("drop-after"),
  "hang-before": { ...rule("hang"), how: TIMEOUT },
  "hang-after": { ...rule("hang-after"), how: TIMEOUT },
  slow: rule("delay", { ms: 400 }),
  "too-slow": { ...rule("delay", { ms: 1_500 }), how: TIMEOUT, settleMs: 1_200 },
  "no-cors": { closed: true },

  "empty-502": status(502, ""),
  "html-502": status(502, HTML("502 Bad Gateway")),
  "html-502-after": status(502, HTML("502 Bad Gateway"), { apply: true }),
  "text-500": status(500, "oops", { contentType: "text/plain" }),
  "coded-503": says("unavailable"),
  "coded-500": says("internal"),
  "coded-500-after": says("internal", { apply: true }),
  "gateway-gave-up": status(200, { RetCode: 110, Message: "API response timeout" }, { apply: true }),
  "html-200": status(200, HTML("Log in")),
  "empty-200": status(200, ""),
  "other-200": status(200, { hello: "world" }),
  "half-json": status(200, '{"RequestId":"x","RetCode":0,"memb', { contentType: "application/json" }),
  "deep-json": status(200, "[".repeat(100_000), { contentType: "application/json" }),
  truncated: rule("truncate"),
  huge: rule("big-body"),
  "wrong-type": rule("content-type", { contentType: "text/plain" }),
  "numbers-as-text": rule("numbers-as-strings"),
  "code-in-200": ({ cloud }) => status(200, WORDS.forbidden[cloud][1]),
  "item-failed": status(200, { RetCode: 0, BackendSet: [{ BackendId: "backend-1a2b", SubRetCode: 4093, SubMessage: "backend not exists" }] }),
  "redirect-307": ({ elsewhere }) => rule("redirect", { status: 307, location: elsewhere }),
  "redirect-302": ({ elsewhere }) => rule("redirect", { status: 302, location: elsewhere }),
  "unasked-304": status(304, ""),
  throttled: rule("throttle"),
  "bare-429": status(429, ""),
  busy: rule("busy"),
  "stopped-server": obtainIpFail,
  "nonce-used": nonceUsed,
  "gone-already": { operation: "absent" },

  "wrong-secret": credentials(({ credentials: own }, cloud) => ({ ...own, [SECRET_OF[cloud]]: "another-secret-than-the-right-one" })),
  "expired-token": credentials(({ stsCredentials }, cloud) => (cloud === "otc" ? { token: "gAAAAABexpired-token-of-nobody" } : { ...stsCredentials, securityToken: "expired+token/of-nobody==" })),
  "wrong-project": ({ cloud }) => (cloud === "ucloud" ? { client: { projectId: "org-of-others" } } : says("forbidden")({ cloud })),
  reader: ({ cloud, effect, info }) => {
    if (cloud === "otc") return { client: { credentials: info.otc.readOnlyCredentials } };
    return effect === "read" ? {} : says("forbidden")({ cloud });
  },
  "keystone-refused": ({ nowhere }) => ({ client: { identityEndpoint: `${nowhere}/v3` } }),
  "keystone-drop": ofKeystone("drop-before"),
  "keystone-hang": { ...ofKeystone("hang"), how: TIMEOUT },
  "keystone-html": ofKeystone("status", { status: 502, body: HTML("502 Bad Gateway"), contentType: "text/html" }),
  "keystone-password": credentials(({ credentials: own }) => ({ ...own, password: "another-password-than-the-right-one" })),
  "token-revoked": rule("revoke-token"),
  "token-never-good": always(rule("revoke-token")),
  "token-near-its-end": { tokens: { ttlMs: 2_000 }, authenticate: { restMs: 1_600 } },
  "keystone-drop-once": ofKeystone("drop-before"),

  ...Object.fromEntries(REASONS.map((reason) => [`abort-before-${reason}`, aborts("before")])),
  ...Object.fromEntries(REASONS.map((reason) => [`abort-waiting-${reason}`, aborts("waiting", always(rule("hang")))])),
  "abort-waiting-after": aborts("waiting", always(rule("hang-after"))),
  "abort-body": aborts("body", byFetch("text hangs")),
  "abort-after": aborts("after"),
  "abort-pause": (cell) => ({ ...always(pauseOf(5)(cell)), abort: { when: "waiting", reason: cell.fault.reason, afterMs: 300 } }),
  "abort-pause-unsure": (cell) => ({ ...then(rule("drop-after"), always(pauseOf(5)(cell))), abort: { when: "waiting", reason: cell.fault.reason, arrivals: 2, afterMs: 300 } }),

  "fetch-throws-text": byFetch("throws text"),
  "fetch-throws-undefined": byFetch("throws undefined"),
  "fetch-rejects-text": byFetch("rejects with text"),
  "fetch-undefined": byFetch("gives undefined"),
  "fetch-no-answer": byFetch("gives an empty object"),
  "fetch-mock": byFetch("mock"),
  "fetch-mock-at-once": byFetch("thenable"),
  "fetch-other-realm": byFetch("other realm"),
  "fetch-text-throws": byFetch("text throws"),
  "fetch-text-hangs": byFetch("text hangs", { how: TIMEOUT }),
  // What nobody can stop stays open: the emulator is another one afterwards.
  "fetch-deaf": byFetch("ignores its signal", { ...rule("hang"), how: TIMEOUT, spoils: true }),

  "drop-before-once": rule("drop-before"),
  "drop-after-once": rule("drop-after"),
  "drop-before-always": always(rule("drop-before")),
  "drop-after-always": always(rule("drop-after")),
  "hang-before-once": { ...rule("hang"), how: TIMEOUT },
  "hang-after-once": { ...rule("hang-after"), how: TIMEOUT },
  "empty-502-once": status(502, ""),
  "html-502-once": status(502, HTML("502 Bad Gateway")),
  "html-502-after-once": status(502, HTML("502 Bad Gateway"), { apply: true }),
  "truncated-once": rule("truncate"),
  "refused-always": ({ nowhere }) => ({ client: { endpoint: nowhere } }),
  "busy-once": rule("busy"),
  "busy-always": always(rule("busy")),
  "throttled-once": rule("throttle"),
  "throttled-pause": ({ cloud }) => pauseOf(2)({ cloud }),
  "throttled-always": always(rule("throttle")),
  "coded-503-once": says("unavailable"),
  forbidden: saysAlways("forbidden"),
  "bad-input": saysAlways("parameter"),
  "already-there": saysAlways("conflict"),
  "nonce-used-once": nonceUsed,
  "clock-behind": clock(MINUTES_20),
  "clock-ahead": clock(-MINUTES_20),
  "clock-no-date": clock(MINUTES_20, byFetch("hides Date")),

  "lost-then-busy": then(rule("drop-after"), always(rule("busy"))),
  "lost-then-forbidden": (cell) => then(rule("drop-after"), saysAlways("forbidden")(cell)),
  "lost-then-stopped-server": then(rule("drop-before"), always(obtainIpFail)),
  "lost-unseen": blind("drop-after"),
  "lost-before-unseen": blind("drop-before"),
  "lost-visible-late": rule("drop-after", { reads: 1 }),
  "lost-applied-late": { ...rule("delay", { ms: 2_200 }), how: TIMEOUT, settleMs: 1_400 },
};
