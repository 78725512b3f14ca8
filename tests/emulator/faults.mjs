// What can go wrong between a client and a cloud. A rule waits for matching requests and is used up by them.
import { formDecode } from "./encoding.mjs";

/** Effects, and whether the operation is carried out before the effect shows. */
export const EFFECTS = {
  "drop-before": { applies: false }, // connection destroyed, nothing done
  "drop-after": { applies: true }, // done, connection destroyed without an answer
  hang: { applies: false }, // nothing done, no answer, connection kept open
  "hang-after": { applies: true }, // done, no answer, connection kept open
  stall: { applies: true }, // done, headers and half of the body, then silence
  delay: { applies: true }, // waits `ms`, then answers as usual
  answer: { applies: true }, // as usual: for rules that only count, wait, lock or hide
  "visible-after": { applies: true, needs: "reads" }, // done; the next `reads` reads still show the state before
  lock: { applies: true, needs: "lock" }, // done; then the load balancer is locked, `lock`: { requests?, forMs?, code?, envelope? }
  status: { applies: false }, // answers `status`, `body`, `contentType`, `headers` instead
  html: { applies: false }, // a gateway's HTML page with `status` (502)
  refuse: { applies: false, needs: "code" }, // the cloud's own error with `code`; `status`, `message`, `envelope` by wish
  throttle: { applies: false }, // the cloud's own "too many requests"; another `code` by wish
  busy: { applies: false }, // the cloud's own "locked, try later"; another `code` by wish
  server: { applies: false }, // the cloud's own "internal error"; another `code` by wish
  "item-failure": { applies: true, clouds: ["ucloud", "scloud"] }, // RetCode 0, and a SubRetCode for the backend
  truncate: { applies: true }, // answers with a longer content-length than is sent
  "half-body": { applies: true }, // half of the body under a content-length that fits
  "empty-body": { applies: true }, // the right status without a body
  redirect: { applies: false }, // `status` (307) to `location`
  "content-type": { applies: true }, // the right answer under the wrong `contentType`
  "big-body": { applies: true }, // an answer of `bytes` (default 5 MiB)
  "numbers-as-strings": { applies: true }, // every number of a JSON answer in quotes
  "without-headers": { applies: true, needs: "names" }, // the right answer less the headers in `names`
  "clock-skew": { applies: true, needs: "offsetMs" }, // the cloud's clock is off by `offsetMs` for this request
  "revoke-token": { applies: true }, // the token that the request carries is revoked before it is looked at
};

export class Faults {
  #rules = [];

  /** Replaces all rules. Each: { cloud?, operation?, kind?, testCall?, contains?, times?, forMs?, skip?, effect, ... }. */
  set(rules) {
    this.#rules = checked(rules);
  }

  /** Puts rules behind those that are there; the used-up ones go, so that a long run may add one per call. */
  add(rules) {
    this.#rules = [...this.#rules.filter((rule) => !isSpent(rule)), ...checked(rules)];
  }

  /** The first rule that matches, counted down; `skip` lets the first N matching requests pass. */
  take(call) {
    for (const rule of this.#rules) {
      if (isSpent(rule) || !matches(rule, call)) continue;
      if (rule.skip > 0) {
        rule.skip -= 1;
        continue;
      }
      if (rule.forMs === undefined) rule.left -= 1;
      else rule.until ??= Date.now() + Number(rule.forMs);
      return rule;
    }
    return undefined;
  }

  list() {
    return this.#rules.map((rule) => ({ ...rule, left: rule.left === Infinity ? "always" : rule.left }));
  }
}

function checked(rules) {
  if (!Array.isArray(rules)) throw new TypeError("faults: an array of rules is expected");
  return rules.map((rule) => {
    if (!Object.hasOwn(EFFECTS, rule?.effect)) {
      throw new TypeError(`faults: effect must be one of ${Object.keys(EFFECTS).join(", ")}`);
    }
    const { applies, needs, clouds } = EFFECTS[rule.effect];
    if (needs && rule[needs] === undefined) throw new TypeError(`faults: ${rule.effect} needs ${needs}`);
    if (clouds && !clouds.includes(rule.cloud)) throw new TypeError(`faults: ${rule.effect} needs cloud, one of ${clouds.join(", ")}`);
    const left = rule.times === "always" ? Infinity : Number(rule.times ?? 1);
    if (!(left >= 0)) throw new TypeError('faults: times must be a number or "always"');
    return { apply: applies, ...rule, left };
  });
}

function isSpent({ left, until }) {
  return left <= 0 || Date.now() >= until;
}

function matches({ cloud = "*", operation = "*", kind = "*", testCall = "*", contains }, call) {
  const wanted = [[cloud, call.cloud], [operation, call.operation], [kind, call.kind], [testCall, call.testCall]];
  if (!wanted.every(([rule, actual]) => rule === "*" || rule === actual)) return false;
  return contains === undefined || formDecode(`${call.request.target}\n${call.request.body.toString("utf8")}`).includes(contains);
}
