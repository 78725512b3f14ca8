// Where the journal of a removal can be kept. What is in Node's files is in node.js.
import { invalid } from "./errors.js";
import { entryOf, journal } from "./journal.js";

/**
 * In memory.
 *
 * @type {typeof import("./journals.js").arrayJournal}
 */
export function arrayJournal(entries = []) {
  if (!Array.isArray(entries)) throw invalid("entries", "entries must be an array", "leave it out for a new journal");
  const write = async () => {
    // A line that was cut off may only be the last.
    const last = entries.at(-1);
    if (typeof last === "string" && typeof entryOf(last) === "string") entries.pop();
  };
  return journal(entries, write, { clear: async () => void (entries.length = 0) });
}

export { storageJournal } from "./storage_journal.js";
export { indexedDbJournal } from "./indexeddb_journal.js";
export { durableObjectJournal } from "./object_journal.js";
export { kvJournal } from "./kv_journal.js";
