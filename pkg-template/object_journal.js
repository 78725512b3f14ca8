// A journal in the storage of a Durable Object.
import { checkMethods, checkName, entryOf, inUse, journal, keyOf, numberOf } from "./journal.js";

const PAGE = 1000;
/** What one call of `delete` takes. */
const DELETED_AT_ONCE = 128;

/** @typedef {import("./journals.js").ObjectStorageLike} ObjectStorageLike */

/**
 * How often each journal was written to. Nobody but this object can write to its storage, so memory is enough.
 *
 * @type {WeakMap<ObjectStorageLike, Map<string, { count: number }>>}
 */
const written = new WeakMap();

/**
 * @param {ObjectStorageLike} storage
 * @param {string} name
 */
function writesOf(storage, name) {
  const ofAll = written.get(storage) ?? new Map();
  written.set(storage, ofAll);
  const writes = ofAll.get(name) ?? { count: 0 };
  ofAll.set(name, writes);
  return writes;
}

/**
 * All [number, line] of a journal in their order, a page at a time: an answer must fit into the object's memory.
 *
 * @param {ObjectStorageLike} storage
 * @param {string} name
 */
async function read(storage, name) {
  const prefix = `${name}:`;
  /** @type {[number: number, line: string][]} */
  const found = [];
  let startAfter = prefix;
  for (;;) {
    const page = [...(await storage.list({ prefix, startAfter, limit: PAGE }))];
    for (const [key, line] of page) {
      const number = numberOf(name, key);
      if (number !== undefined) found.push([number, line]);
    }
    const last = page.at(-1);
    if (last === undefined || page.length < PAGE) break;
    startAfter = last[0];
  }
  return found.sort(([a], [b]) => a - b);
}

/** @type {typeof import("./journals.js").durableObjectJournal} */
export async function durableObjectJournal(storage, prefix) {
  checkMethods("storage", storage, ["list", "put", "delete"], "give the storage of the object's state");
  checkName("prefix", prefix);
  const writes = writesOf(storage, prefix);
  let seen = writes.count;
  const found = await read(storage, prefix);
  let next = (found.at(-1)?.[0] ?? 0) + 1;
  const entries = found.map(([, line]) => entryOf(line));

  const claim = () => {
    if (writes.count !== seen) throw inUse(prefix);
    seen = ++writes.count;
  };
  // What is put before anything is awaited is written at once, as one: the entries of several lanes cost one write.
  const write = async (/** @type {string} */ line) => {
    claim();
    await storage.put(keyOf(prefix, next++), line);
    // `put` alone resolves when the entry is in a buffer.
    await storage.sync?.();
  };
  return journal(entries, write, {
    async clear() {
      claim();
      const keys = Array.from({ length: next - 1 }, (_, index) => keyOf(prefix, index + 1));
      next = 1;
      entries.length = 0;
      // All of it before anything is awaited: what is appended from now on comes after it.
      const deletions = [];
      while (keys.length > 0) deletions.push(storage.delete(keys.splice(0, DELETED_AT_ONCE)));
      await Promise.all(deletions);
      await storage.sync?.();
    },
  });
}
