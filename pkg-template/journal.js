// What all journals have in common. Entries are kept as JSON text, each under a number of its own, in the order of the calls.
import { UnpoolError, invalid } from "./errors.js";
import { text } from "./text.js";

/** @typedef {import("./index.js").JournalEntry} JournalEntry */
/** What is kept: entries, and a text for a line that is none. @typedef {(JournalEntry | string)[]} Entries */

/**
 * `write` keeps a line and resolves once it is durable. `entries` is what the medium holds, so a run that was paused
 * goes on with the same journal.
 *
 * @template {{ clear?: () => Promise<void>, close?: () => Promise<void> }} More
 * @param {Entries} entries
 * @param {(line: string) => Promise<void>} write
 * @param {More} [more]
 */
export const journal = (entries, write, more = /** @type {More} */ ({})) => ({
  entries,
  async append(/** @type {JournalEntry} */ entry) {
    if (typeof entry !== "object" || entry === null || Array.isArray(entry)) {
      throw invalid("entry", "entry must be an object", "append what a run gives");
    }
    // Taken at once: what becomes of the object afterwards is not what was to be written.
    const line = text(entry, "entry");
    await write(line);
    entries.push(JSON.parse(line));
  },
  ...more,
  ...(more.close && Symbol.asyncDispose && { [Symbol.asyncDispose]: more.close }),
});

/**
 * -> does what it is given, one after another: each begins when the one before it has ended, well or not.
 *
 * @returns {<T>(work: () => T | Promise<T>) => Promise<T>}
 */
export function queue() {
  /** @type {Promise<unknown>} */
  let last = Promise.resolve();
  return (work) => {
    const now = last.then(work);
    // Whoever asked for that hears how it ended; the next one only waits.
    last = now.catch(() => {});
    return now;
  };
}

/**
 * A kept line as an entry. One that is none stays text: whether it may be left out is judged by who reads the journal.
 *
 * @param {string} line
 * @returns {JournalEntry | string}
 */
export function entryOf(line) {
  try {
    const entry = JSON.parse(line);
    if (typeof entry === "object" && entry !== null && !Array.isArray(entry)) return entry;
  } catch {
    // Told by what is returned.
  }
  return line;
}

/**
 * Keys sort as their numbers do, up to a million.
 *
 * @param {string} name
 * @param {number} number
 */
export const keyOf = (name, number) => `${name}:${String(number).padStart(6, "0")}`;

/**
 * The number in a key of this journal; undefined of any other key.
 *
 * @param {string} name
 * @param {string} key
 */
export function numberOf(name, key) {
  const digits = key.startsWith(`${name}:`) ? key.slice(name.length + 1) : "";
  return /^\d{6,}$/.test(digits) ? Number(digits) : undefined;
}

/**
 * @param {string} field
 * @param {unknown} name
 */
export function checkName(field, name) {
  if (typeof name !== "string" || name === "") throw invalid(field, `${field} must be a text`, "give each run a name of its own");
}

/**
 * @param {string} field
 * @param {any} given
 * @param {readonly string[]} names
 * @param {string} hint
 */
export const checkMethods = (field, given, names, hint) => {
  for (const name of names) if (typeof given?.[name] !== "function") throw invalid(field, `${field} has no ${name}()`, hint);
};

/**
 * @param {string} message
 * @param {string} hint
 */
export const unsupported = (message, hint) => new UnpoolError({ kind: "unsupported", message, retryable: false, sent: false, hint });

/**
 * @param {string} code
 * @param {string} message
 * @param {string} hint
 * @param {unknown} [cause]
 */
const refused = (code, message, hint, cause, retryable = false) =>
  new UnpoolError({ kind: "refused", code, message, retryable, sent: false, hint, cause });

/**
 * Two runs would each carry on from a state that the other one changes.
 *
 * @param {string} name
 * @param {unknown} [cause]
 */
export const inUse = (name, cause) =>
  refused("journal-in-use", `somebody else appends to the journal ${name}`, "one run at a time: open it again when the other one has ended, and use a lock", cause);

/**
 * It may be another one's by now.
 *
 * @param {string} name
 */
export const closed = (name) => refused("journal-closed", `the journal ${name} is closed`, "open it again");

/**
 * What came after would stand behind a gap, or behind half an entry.
 *
 * @param {string} name
 * @param {unknown} cause
 */
export const broken = (name, cause) =>
  refused("journal-broken", `an earlier entry of the journal ${name} may or may not be written`, "open the journal again: it shows what is there", cause);

/**
 * @param {string} name
 * @param {string} message
 * @param {string} hint
 */
export const incomplete = (name, message, hint) => refused("journal-incomplete", `the journal ${name} is not complete: ${message}`, hint, undefined, true);

/**
 * @param {string} name
 * @param {string} message
 * @param {string} hint
 */
export const forked = (name, message, hint) => refused("journal-forked", `the journal ${name} has two ends: ${message}`, hint);
