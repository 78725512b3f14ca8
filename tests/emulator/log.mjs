// What arrived, without anything that could be replayed or would give a secret away.
import { formDecode } from "./encoding.mjs";

const SECRET_PARAMETERS = /^(Signature|SecurityToken|PublicKey|AccessKeyId)$/i;

/** Entries numbered for the emulator's whole life: neither a reset nor a cleared list makes a number come twice. */
export class NumberedList {
  #entries = [];
  #last = 0;

  constructor(limit) {
    this.limit = limit;
  }

  add(entry) {
    const numbered = { seq: (this.#last += 1), ...entry };
    this.#entries.push(numbered);
    // The oldest tenth goes at once: taking out one by one would move the whole list for every request of a long run.
    if (this.#entries.length > this.limit) this.#entries.splice(0, Math.max(1, Math.floor(this.limit / 10)));
    return numbered;
  }

  /** The list itself, oldest first. */
  list() {
    return this.#entries;
  }

  since(seq) {
    return this.#entries.filter((entry) => entry.seq > seq);
  }

  clear() {
    this.#entries = [];
  }
}

/** The request target with the values of keys, tokens and signatures taken out. */
export function redactTarget(target) {
  const at = target.indexOf("?");
  if (at < 0) return target;
  const query = target
    .slice(at + 1)
    .split("&")
    .map((pair) => {
      const name = pair.split("=", 1)[0];
      return SECRET_PARAMETERS.test(formDecode(name)) ? `${name}=<redacted>` : pair;
    });
  return `${target.slice(0, at)}?${query.join("&")}`;
}
