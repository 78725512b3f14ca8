// A journal in localStorage or sessionStorage.
import { checkMethods, checkName, entryOf, inUse, journal, keyOf, numberOf, queue } from "./journal.js";

/** The numbers of a journal's items, the lowest first. */
function numbers(storage, name) {
  const found = Array.from({ length: storage.length }, (_, index) => numberOf(name, storage.key(index) ?? ""));
  return found.filter((number) => number !== undefined).sort((a, b) => a - b);
}

export function storageJournal(storage, key) {
  checkMethods("storage", storage, ["getItem", "setItem", "removeItem", "key"], "give localStorage or sessionStorage");
  checkName("key", key);
  const found = numbers(storage, key);
  let next = (found.at(-1) ?? 0) + 1;
  const entries = found.map((number) => entryOf(storage.getItem(keyOf(key, number))));

  const inTurn = queue();
  const write = (line) =>
    inTurn(() => {
      const item = keyOf(key, next);
      if (storage.getItem(item) !== null) throw inUse(key);
      // All or nothing: without room for it, this throws and nothing is changed.
      storage.setItem(item, line);
      next++;
    });
  const clear = () =>
    inTurn(() => {
      for (const number of numbers(storage, key)) storage.removeItem(keyOf(key, number));
      next = 1;
      entries.length = 0;
    });
  return journal(entries, write, { clear });
}
