// What arrived, without anything that could be replayed or would give a secret away.
import { formDecode } from "./encoding.mjs";

const SECRET_PARAMETERS = /^(Signature|SecurityToken|PublicKey|AccessKeyId)$/i;
const LIMIT = 2000;

export class RequestLog {
  #entries = [];

  add(entry) {
    this.#entries.push(entry);
    if (this.#entries.length > LIMIT) this.#entries.shift();
    return entry;
  }

  list() {
    return this.#entries;
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
