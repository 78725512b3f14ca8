// Every fault, in words, with the rule of the contract that says what must come of it. How each is made is in setups.mjs.
import { byCloud, byEffect, byRuntime, lost, lostForEver, refusal, repeated, success, unreadable, unsent } from "./contract.mjs";

const WRITES = ["idempotent write", "non-idempotent write", "removal"];
const ADDS = ["non-idempotent write"];
const LIKE_ADDS_ONLY_ONCE = (rule, once) => byEffect({ "non-idempotent write": once }, rule);

/** `attempts`: 1 where it is about one request; else the client's default of 3. Clouds and effects: all, where none is named. */
const once = (name, about, rule, more) => ({ name, about, attempts: 1, rule, ...more });
const retried = (name, about, rule, more) => ({ name, about, attempts: 3, rule, ...more });
/** Where operations differ in how they are repeated. */
const repeats = (name, about, rule, more) => retried(name, about, rule, { otherApis: true, ...more });

const CONNECTION = [
  once("none", "nothing goes wrong", success(), { otherApis: true }),
  once("refused", "nobody listens at the endpoint; only Node can tell that nothing left", byRuntime({ node: unsent("network") }, lost("network", { arrived: 0 }))),
  once("drop-before", "the connection breaks before the request is carried out", lost("network")),
  once("drop-after", "the connection breaks after it was carried out", lost("network", { applied: true })),
  once("hang-before", "no answer ever, not carried out", lost("timeout")),
  once("hang-after", "no answer ever, carried out", lost("timeout", { applied: true })),
  once("slow", "the answer is late, within the timeout", success()),
  once("too-slow", "the change and its answer come after the timeout", lost("timeout", { applied: true })),
  once("no-cors", "the cloud allows no other origin, as in reality", byRuntime(
    {
      // A JSON body is asked for by a preflight, whose refusal means that nothing was sent; a form is sent, and the answer withheld.
      page: byCloud({ alibaba: success(), scloud: lost("network", { applied: true }) }, lost("network", { arrived: 0 })),
    },
    success(),
  ), { clouds: ["alibaba", "ucloud", "scloud", "otc"] }),
];

const ANSWERS = [
  once("empty-502", "502 without a body", lost("server", { sent: true })),
  once("html-502", "502 with a page of HTML", unreadable({ retryable: true })),
  once("html-502-after", "502 with a page of HTML from a gateway; the change was made", unreadable({ retryable: true, applied: true })),
  once("text-500", "500 with a word of text", unreadable({ retryable: true })),
  once("coded-503", "the cloud's own code for a service that is away: ServiceUnavailable, RetCode 150; OpenStack has none, only 503 and words",
    byCloud({ otc: lost("server", { sent: true }) }, refusal("server"))),
  once("coded-500", "the cloud's own words for a failure inside: whether before or after the change, they do not say", lost("server", { sent: true, cause: undefined })),
  once("coded-500-after", "the same, after the change was made", lost("server", { sent: true, applied: true, cause: undefined })),
  once("gateway-gave-up", "RetCode 110: the gateway stopped waiting, the change is made", lost("server", { sent: true, applied: true, cause: undefined }), { clouds: ["ucloud"] }),
  once("html-200", "200 with a page of HTML", unreadable()),
  once("empty-200", "200 without a body", unreadable()),
  once("other-200", "200 with JSON that is no answer of this cloud", unreadable()),
  once("half-json", "200 with JSON that ends early", unreadable()),
  once("deep-json", "200 with 100,000 brackets", unreadable()),
  once("truncated", "half of the right answer, then the connection breaks", unreadable({ applied: true, retryable: true })),
  once("huge", "the right answer in a body of more than 4 MiB", unreadable({ applied: true })),
  once("wrong-type", "the right answer as text/plain", success()),
  once("numbers-as-text", "the right answer, each number as a string", success()),
  once("code-in-200", "200 with an error code in the body", byCloud(
    { alibaba: refusal("forbidden"), ucloud: refusal("forbidden") },
    // Where the status is the verdict, the two contradict each other.
    unreadable(),
  )),
  once("item-failed", "RetCode 0, and a SubRetCode that is not, for the backend asked for", refusal("not-found"), { clouds: ["ucloud"], effects: ["idempotent write", "removal"] }),
  once("redirect-307", "307 to another host, which must get nothing", unreadable()),
  once("redirect-302", "302 to another host, which must get nothing", unreadable()),
  once("unasked-304", "304", unreadable()),
  once("throttled", "the cloud's own words for too many requests", refusal("throttled")),
  once("bare-429", "429 without a body", refusal("throttled")),
  once("busy", "the cloud's own words for locked", byCloud({ ucloud: refusal("server") }, refusal("busy"))),
  once("stopped-server", "ObtainIpFail: one of the servers is stopped or gone, and the whole call is refused", refusal("not-found"), { clouds: ["alibaba"], effects: WRITES }),
  once("nonce-used", "SignatureNonceUsed on an Add: an earlier copy of this request may have been carried out", lost(undefined, { sent: true }), { clouds: ["alibaba"], effects: ADDS }),
  once("gone-already", "the backend is not there (Alibaba ignores that without an error)", byCloud({ alibaba: success({ applied: false }) }, refusal("not-found")), { effects: ["removal"] }),
];

const CREDENTIALS = [
  once("wrong-secret", "the key's secret is another", refusal("auth")),
  once("expired-token", "a temporary token, or a given Keystone token, that lives no more", refusal("auth")),
  once("wrong-project", "the credentials are of another project", byCloud({ ucloud: refusal("not-found") }, refusal("forbidden")), { clouds: ["ucloud", "otc"] }),
  once("reader", "credentials that may only read", byEffect({ read: success() }, refusal("forbidden"))),
  once("keystone-refused", "nobody listens at the identity endpoint", unsent("network"), { clouds: ["keystone"] }),
  once("keystone-drop", "Keystone's connection breaks: the call itself never left", unsent("network"), { clouds: ["keystone"] }),
  once("keystone-hang", "Keystone never answers", unsent("timeout"), { clouds: ["keystone"] }),
  once("keystone-html", "Keystone answers 502 in HTML", unsent("unexpected-answer", { retryable: true }), { clouds: ["keystone"] }),
  once("keystone-password", "the password is wrong", unsent("auth"), { clouds: ["keystone"] }),
  retried("token-revoked", "the client's token was revoked: once more with a new one", success({ arrived: 2, tokens: 2 }), { clouds: ["keystone"] }),
  retried("token-never-good", "every token is refused: once more with a new one, and no further", refusal("auth", { arrived: 2, tokens: 2 }), { clouds: ["keystone"] }),
  retried("token-near-its-end", "the client's token is near its end: a new one is got before the call", success({ tokens: 2 }), { clouds: ["keystone"] }),
  retried("keystone-drop-once", "Keystone's connection breaks once", success({ tokens: 2 }), { clouds: ["keystone"] }),
];

/** What a caller may give as a reason; nothing of it may be lost or trap. */
export const REASONS = ["none", "error", "text", "null", "object"];

const ABORTS = [
  ...REASONS.map((reason) => retried(`abort-before-${reason}`, "aborted before the call", unsent("aborted"), { reason })),
  ...REASONS.map((reason) => retried(`abort-waiting-${reason}`, "aborted while the cloud does not answer and does nothing", lost("aborted"), { reason })),
  retried("abort-waiting-after", "aborted while the cloud does not answer, having carried it out", lost("aborted", { applied: true }), { reason: "text" }),
  retried("abort-body", "aborted while the body comes, having been carried out", lost("aborted", { applied: true }), { reason: "text" }),
  retried("abort-after", "aborted after the answer", success(), { reason: "text" }),
  // It answered, and was certainly not carried out; the repetition never left.
  retried("abort-pause", "aborted during the pause that the cloud asked for", refusal("aborted", { sent: undefined, attempts: ["throttled"] }), { clouds: ["alibaba", "otc"], reason: "text" }),
  retried("abort-pause-unsure", "carried out and lost; aborted during the pause that the cloud asked for then", byEffect(
    { read: refusal("aborted", { sent: undefined, arrived: 2 }) },
    lost(undefined, { sent: undefined, arrived: 2, applied: true }),
  ), { clouds: ["alibaba", "otc"], effects: ["read", "idempotent write", "removal"], reason: "text" }),
];

const FETCHES = [
  once("fetch-throws-text", "the caller's fetch throws a string at once", lost("network", { arrived: 0 })),
  once("fetch-throws-undefined", "the caller's fetch throws undefined at once", lost("network", { arrived: 0 })),
  once("fetch-rejects-text", "the caller's fetch sends, then rejects with a string", lost("network", { applied: true })),
  once("fetch-undefined", "the caller's fetch sends, then gives undefined", lost("unexpected-answer", { applied: true })),
  once("fetch-no-answer", "the caller's fetch sends, then gives an empty object", lost("unexpected-answer", { applied: true })),
  once("fetch-mock", "the caller's fetch sends, and gives a plain object with status, headers and text()", success()),
  once("fetch-mock-at-once", "the same, as a thenable of the caller's own", success()),
  once("fetch-other-realm", "an answer of another realm: a vm context's in Node, an iframe's in a page, a service binding's in a Worker", success()),
  once("fetch-text-throws", "an answer whose text() throws a string", unreadable({ applied: true })),
  once("fetch-text-hangs", "an answer whose text() never ends", lost("timeout", { applied: true })),
  once("fetch-deaf", "the caller's fetch ignores its signal, and the cloud hangs", lost("timeout")),
];

/** `server` is no lock: an Add is not repeated for it. */
const NOT_BUSY = LIKE_ADDS_ONLY_ONCE(success({ arrived: 2 }), refusal("server"));

const REPEATS = [
  repeats("drop-before-once", "the connection breaks once, before anything was done", repeated()),
  repeats("drop-after-once", "the connection breaks once, after it was done", repeated({ applied: true })),
  repeats("drop-before-always", "it breaks each time, before anything was done", lostForEver("network")),
  repeats("drop-after-always", "it breaks each time, after it was done", lostForEver("network", { applied: true })),
  repeats("hang-before-once", "no answer once, nothing done", repeated()),
  repeats("hang-after-once", "no answer once, done", repeated({ applied: true })),
  repeats("empty-502-once", "502 without a body once", repeated()),
  repeats("html-502-once", "502 in HTML once", repeated()),
  repeats("html-502-after-once", "502 in HTML once, the change made", repeated({ applied: true })),
  repeats("truncated-once", "half of the right answer once", repeated({ applied: true })),
  repeats("refused-always", "nobody listens, each time", byRuntime(
    { node: unsent("network", { attempts: ["network", "network"] }) },
    byEffect(
      { read: lost("network", { arrived: 0, attempts: ["network", "network"] }), "non-idempotent write": lost("network", { arrived: 0 }) },
      lost("network", { arrived: 0, attempts: ["outcome-unknown", "outcome-unknown"] }),
    ),
  )),
  repeats("busy-once", "locked once: certainly not carried out, so repeated whatever it is", byCloud({ ucloud: NOT_BUSY }, success({ arrived: 2 }))),
  repeats("busy-always", "locked each time", byCloud(
    { ucloud: LIKE_ADDS_ONLY_ONCE(refusal("server", { arrived: 3, attempts: ["server", "server"] }), refusal("server")) },
    refusal("busy", { arrived: 3, attempts: ["busy", "busy"] }),
  )),
  repeats("throttled-once", "too many requests once", success({ arrived: 2 })),
  repeats("throttled-pause", "too many requests once, with the pause that is asked for", success({ arrived: 2, atLeastMs: 1_500 }), { clouds: ["alibaba", "otc"] }),
  repeats("throttled-always", "too many requests each time", refusal("throttled", { arrived: 3, attempts: ["throttled", "throttled"] })),
  repeats("coded-503-once", "the service is away once", byCloud({ otc: repeated() }, NOT_BUSY)),
  repeats("forbidden", "may not: repeating cannot help", refusal("forbidden")),
  repeats("bad-input", "the cloud does not like a parameter: repeating cannot help", refusal("invalid-input")),
  repeats("already-there", "added already: a conflict that stays", refusal("invalid-input"), { clouds: ["ucloud", "otc"], effects: ADDS }),
  repeats("nonce-used-once", "SignatureNonceUsed once: signed anew", success({ arrived: 2 }), { clouds: ["alibaba"], effects: ["read", "idempotent write", "removal"] }),
  repeats("clock-behind", "this machine's clock is 20 minutes behind: learnt from Date, signed once more", byCloud({ ucloud: success() }, success({ arrived: 2 }))),
  repeats("clock-ahead", "this machine's clock is 20 minutes ahead", byCloud({ ucloud: success() }, success({ arrived: 2 }))),
  repeats("clock-no-date", "the clock is wrong and no Date can be read", refusal("auth"), { clouds: ["alibaba", "otc"] }),
];

/** One lost answer and then another trouble: what became of the first request stays unknown, whatever the second was told. */
const AFTERMATHS = [
  repeats("lost-then-busy", "carried out and lost, then locked each time", byEffect(
    { read: byCloud({ ucloud: refusal("server", { arrived: 3 }) }, refusal("busy", { arrived: 3 })), "non-idempotent write": success({ looks: true }) },
    lost(undefined, { sent: undefined, arrived: 3, applied: true }),
  )),
  repeats("lost-then-forbidden", "carried out and lost, then no longer allowed", byEffect(
    { read: refusal("forbidden", { arrived: 2 }), "non-idempotent write": success({ looks: true }) },
    lost(undefined, { sent: undefined, arrived: 2, applied: true }),
  )),
  repeats("lost-then-stopped-server", "not carried out and lost, then ObtainIpFail: that is no proof that anything is gone",
    lost(undefined, { sent: undefined, arrived: 2 }), { clouds: ["alibaba"], effects: ["removal"] }),
  repeats("lost-unseen", "an Add is carried out and lost, and every look fails", lost("network", { applied: true, looks: true }), { effects: ADDS }),
  repeats("lost-before-unseen", "an Add is lost before it was carried out, and every look fails", lost("network", { looks: true }), { effects: ADDS }),
  repeats("lost-visible-late", "an Add is carried out and lost, and the first look does not show it yet", success({ looks: true }), { effects: ADDS }),
  repeats("lost-applied-late", "an Add is given up, and carried out more than a second later", success({ looks: true }), { effects: ADDS }),
];

export const FAULTS = [...CONNECTION, ...ANSWERS, ...CREDENTIALS, ...ABORTS, ...FETCHES, ...REPEATS, ...AFTERMATHS];
