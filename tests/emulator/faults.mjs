// What can go wrong between a client and a cloud. A rule waits for matching requests and is used up by them.

/** Effects, and whether the operation is carried out before the effect shows. */
export const EFFECTS = {
  "drop-before": { applies: false }, // connection destroyed, nothing done
  "drop-after": { applies: true }, // done, connection destroyed without an answer
  hang: { applies: false }, // nothing done, no answer, connection kept open
  "hang-after": { applies: true }, // done, no answer, connection kept open
  delay: { applies: true }, // waits `ms`, then answers as usual
  status: { applies: false }, // answers `status`, `body`, `contentType`, `headers` instead
  truncate: { applies: true }, // answers with a longer content-length than is sent
  redirect: { applies: false }, // `status` (307) to `location`
  "content-type": { applies: true }, // the right answer under the wrong `contentType`
  "big-body": { applies: true }, // an answer of `bytes` (default 5 MiB)
  throttle: { applies: false }, // the cloud's own "too many requests"
  busy: { applies: false }, // the cloud's own "locked, try later"
};

export class Faults {
  #rules = [];

  /** Replaces all rules. Each: { cloud?, operation?, times?, effect, apply?, ... }; "*" or absent matches everything. */
  set(rules) {
    if (!Array.isArray(rules)) throw new TypeError("faults: an array of rules is expected");
    this.#rules = rules.map((rule) => {
      if (!Object.hasOwn(EFFECTS, rule?.effect)) {
        throw new TypeError(`faults: effect must be one of ${Object.keys(EFFECTS).join(", ")}`);
      }
      const times = rule.times === undefined ? 1 : Number(rule.times);
      return { apply: EFFECTS[rule.effect].applies, ...rule, left: times };
    });
  }

  /** The first rule that matches, counted down; `skip` lets the first N matching requests pass. */
  take(cloud, operation) {
    for (const rule of this.#rules) {
      const matches = (rule.cloud ?? "*") === "*" || rule.cloud === cloud;
      if (!matches || !((rule.operation ?? "*") === "*" || rule.operation === operation) || rule.left <= 0) continue;
      if (rule.skip > 0) {
        rule.skip -= 1;
        continue;
      }
      rule.left -= 1;
      return rule;
    }
    return undefined;
  }

  list() {
    return this.#rules.map((rule) => ({ ...rule }));
  }
}
