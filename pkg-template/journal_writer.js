// The caller's journal in a run: what is in it at the beginning, and what is appended.
import { UnpoolError, invalid, text, words } from "./shared.js";
import { ended } from "./turns.js";

/** @typedef {import("./index.js").Journal} Journal */
/** A journal that is only read, or its entries alone. @typedef {Pick<Journal, "entries"> | NonNullable<Journal["entries"]>} Source */
/** @typedef {ReturnType<typeof writerOf>} Writer */

/**
 * The text of a plan, or of what is to be undone, with what is in its journal so far, if it has one.
 *
 * @param {"run" | "undo"} what
 * @param {string} given
 * @param {Journal} [journal]
 */
export function withJournal(what, given, journal) {
  if (journal === undefined && what === "run") return given;
  let entries = "";
  if (journal !== undefined) {
    if (typeof journal !== "object" || journal === null || typeof journal.append !== "function") {
      throw invalid("journal", "journal must have a function append", "give { entries, append }, or one of unpool/journals");
    }
    entries = `,"entries":${journal.entries === undefined ? "[]" : text(journal.entries, "journal.entries")}`;
  }
  return `{"${what === "run" ? "plan" : "of"}":${given}${entries}}`;
}

/**
 * How many entries it has by now; undefined where that cannot be told.
 *
 * @param {Source} [journal]
 */
function lengthOf(journal) {
  try {
    return (Array.isArray(journal) ? journal : journal?.entries)?.length;
  } catch {
    return undefined;
  }
}

/**
 * To be made when the journals were read. `source` is the journal of what is to be undone, if there is one.
 *
 * @param {{ journal?: Journal, source?: Source, budget: import("./budget.js").Budget, heard: import("./hearing.js").Hearing }} given
 */
export function writerOf({ journal, source, budget, heard }) {
  const [own, others] = [lengthOf(journal) ?? 0, lengthOf(source)];
  let appended = 0;
  // Once an entry is missing, those behind it are worth nothing: none is written any more, and nothing sent.
  /** @type {string | undefined} */
  let failure;

  return {
    /** What the module hears once an entry could not be written; undefined before. */
    failure: () => failure,

    /**
     * Whether somebody else has written to them since they were read: what is done goes by what they told then, and since
     * then this run may have waited for another one, or for a lock. Where a journal's own list grows, what this run has
     * appended may be in it by now, or not yet.
     */
    isStale() {
      const grown = (lengthOf(journal) ?? 0) - own;
      return grown < 0 || grown > appended || lengthOf(source) !== others;
    },

    /**
     * Writes an entry -> nothing, or what the module hears where that, or an earlier one, failed.
     *
     * @param {string} entry
     */
    async write(entry) {
      // The module announces entries only where there is a journal.
      if (failure) return failure;
      appended++;
      const { late, failed } = await budget.waitedPatiently(ended(() => /** @type {Journal} */ (journal).append(JSON.parse(entry))));
      if (late || failed) {
        const message = `the journal could not be written: ${failed ? words(failed.thrown) : "append did not end"}`;
        const hint = "nothing more was sent; see to the journal, then run the plan again with it";
        failure ??= heard.of("x", new UnpoolError({ kind: "aborted", message, retryable: false, sent: false, hint, cause: failed?.thrown }));
      }
      return failure;
    },
  };
}
