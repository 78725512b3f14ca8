// A journal in localStorage or sessionStorage.
import { checkMethods, checkName, entryOf, inUse, journal, keyOf, numberOf, queue } from "./journal.js";

/** @typedef {import("./journals.js").StorageLike} StorageLike */

/**
 * The numbers of a journal's items, the lowest first.
 *
 * @param {StorageLike} storage
 * @param {string} name
 */
function numbers(storage, name) {
  const found = Array.from({ length: storage.length }, (_, index) => numberOf(name, storage.key(index) ?? ""));
  return found.filter(/** @returns {number is number} */ (number) => number !== undefined).sort((a, b) => a - b);
}

/** @type {typeof import("./journals.js").storageJournal} */
export function storageJournal(storage, key) {
  checkMethods("storage", storage, ["getItem", "setItem", "removeItem", "key"], "give localStorage or sessionStorage");
  checkName("key", key);
  const found = numbers(storage, key);
  let last = found.at(-1);
  let next = (last ?? 0) + 1;
  const entries = found.map((number) => entryOf(storage.getItem(keyOf(key, number)) ?? ""));

  const inTurn = queue();
  const write = (/** @type {string} */ line) =>
    inTurn(() => {
      const item = keyOf(key, next);
      // Written by somebody, or cleared by somebody and begun anew.
      if (storage.getItem(item) !== null || (last !== undefined && storage.getItem(keyOf(key, last)) === null)) throw inUse(key);
      // All or nothing: without room for it, this throws and nothing is changed.
      storage.setItem(item, line);
      last = next++;
    });
  const clear = () =>
    inTurn(() => {
      for (const number of numbers(storage, key)) storage.removeItem(keyOf(key, number));
      // The next number stays: whoever still has the old ones open finds them gone.
      last = undefined;
      entries.length = 0;
    });
  return journal(entries, write, { clear });
}
