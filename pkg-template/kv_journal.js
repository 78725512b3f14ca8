// A journal in Workers KV, which shows what was written late, and elsewhere even later. Nothing in it is ever overwritten:
// each opener adds an id of its own to its keys, so that two of them are found out when the journal is opened again.
import { broken, checkMethods, checkName, entryOf, forked, incomplete, journal, keyOf, numberOf, queue } from "./journal.js";
import { invalid } from "./errors.js";
import { settings } from "./text.js";

/** What one call of `get` takes. */
const READ_AT_ONCE = 100;
const LATE = "KV shows some entries a minute or more after they were written: open it again later; if expirationTtl has passed, plan anew";

/** @typedef {import("./journals.js").KvNamespaceLike} KvNamespaceLike */

/**
 * The names of a journal's keys, in their order.
 *
 * @param {KvNamespaceLike} namespace
 * @param {string} key
 */
async function names(namespace, key) {
  /** @type {{ name: string, number: number, writer: string | undefined }[]} */
  const found = [];
  /** @type {string | undefined} */
  let cursor;
  do {
    /** @type {Awaited<ReturnType<KvNamespaceLike["list"]>>} */
    const page = await namespace.list({ prefix: `${key}:`, cursor });
    for (const { name } of page.keys) {
      const [, stem, writer] = /^(.*):([0-9a-f]{8})$/s.exec(name) ?? [];
      const number = stem === undefined ? undefined : numberOf(key, stem);
      if (number !== undefined) found.push({ name, number, writer });
    }
    cursor = page.list_complete ? undefined : page.cursor;
  } while (cursor !== undefined);
  found.sort((a, b) => a.number - b.number);
  found.forEach(({ number }, index) => {
    if (number === found[index - 1]?.number) {
      throw forked(key, `entry ${number} was written twice`, "two runs used it at the same time; plan anew, and use a lock that is none of KV");
    }
    if (number !== index + 1) throw incomplete(key, `entry ${index + 1} is not there`, LATE);
  });
  return found.map(({ name }) => name);
}

/**
 * @param {KvNamespaceLike} namespace
 * @param {string} key
 * @param {string[]} names
 */
async function lines(namespace, key, names) {
  /** @type {string[]} */
  const found = [];
  for (let at = 0; at < names.length; at += READ_AT_ONCE) {
    const part = names.slice(at, at + READ_AT_ONCE);
    const values = await namespace.get(part);
    for (const name of part) {
      const line = values.get(name) ?? undefined;
      if (line === undefined) throw incomplete(key, `entry ${found.length + 1} cannot be read`, LATE);
      found.push(line);
    }
  }
  return found;
}

/** @type {typeof import("./journals.js").kvJournal} */
export async function kvJournal(namespace, key, options) {
  checkMethods("namespace", namespace, ["list", "put", "get"], "give a binding of Workers KV");
  checkName("key", key);
  const { expirationTtl } = settings(options, ["expirationTtl"]);
  if (expirationTtl !== undefined && !(Number.isInteger(expirationTtl) && expirationTtl >= 60)) {
    throw invalid("expirationTtl", "expirationTtl must be whole seconds, at least 60", "leave it out to keep the entries");
  }
  const entries = (await lines(namespace, key, await names(namespace, key))).map(entryOf);
  const writer = crypto.randomUUID().slice(0, 8);
  let next = entries.length + 1;
  /** @type {{ error: unknown } | undefined} */
  let failure;

  const inTurn = queue();
  const write = (/** @type {string} */ line) =>
    inTurn(async () => {
      if (failure !== undefined) throw broken(key, failure.error);
      try {
        await namespace.put(`${keyOf(key, next)}:${writer}`, line, expirationTtl === undefined ? {} : { expirationTtl });
      } catch (error) {
        // It may have been written all the same.
        failure = { error };
        throw error;
      }
      next++;
    });
  return journal(entries, write);
}
