// Searches texts for secrets. A few are looked for everywhere; thousands of signatures and tokens by their length.

/** In which forms a secret may be written. */
const forms = (secret) => [secret, JSON.stringify(secret).slice(1, -1), encodeURIComponent(secret)];

export class Search {
  #fixed;
  #byLength = new Map();
  #runs = new Set();
  #texts = 0;
  #found = [];

  constructor(secrets) {
    this.#fixed = [...new Set(secrets.flatMap(forms))];
  }

  /** Signatures and tokens that went over the wire. */
  forbid(secrets) {
    for (const secret of secrets.flatMap(forms)) {
      if (!this.#byLength.has(secret.length)) this.#byLength.set(secret.length, new Set());
      this.#byLength.get(secret.length).add(secret);
    }
  }

  add(text) {
    this.#texts += 1;
    for (const secret of this.#fixed) if (text.includes(secret)) this.#found.push(`a secret that begins with ${secret.slice(0, 4)}`);
    for (const [run] of text.matchAll(/[A-Za-z0-9+/=%_.~-]{20,}/g)) this.#runs.add(run);
  }

  /** -> { texts, secrets, found } */
  result() {
    for (const run of this.#runs) {
      for (const [length, secrets] of this.#byLength) {
        for (let at = 0; at + length <= run.length; at += 1) {
          if (secrets.has(run.slice(at, at + length))) this.#found.push(`a signature or token in ${run.slice(0, 10)}...`);
        }
      }
    }
    const sent = [...this.#byLength.values()].reduce((sum, { size }) => sum + size, 0);
    return { texts: this.#texts, secrets: this.#fixed.length + sent, found: this.#found };
  }
}

const SECRET = /secret|privateKey|password|token/i;

/** The secrets among the emulator's credentials. */
export function secretsOf(info) {
  const given = Object.values(info).flatMap(({ credentials, stsCredentials, readOnlyCredentials } = {}) => [credentials, stsCredentials, readOnlyCredentials]);
  return given.flatMap((record) => Object.entries(record ?? {}).filter(([name]) => SECRET.test(name)).map(([, value]) => value));
}
