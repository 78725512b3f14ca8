// Driving the lanes of a removal: each is asked what is next, that is carried out, and what came of it is told. What
// follows what is decided in the module; see Job::next in src/js/job.rs for the signs.
import { UnpoolError } from "./shared.js";
import { ended, refusal } from "./turns.js";

/** @typedef {import("./turns.js").Check} Check */

/**
 * `advance` tells the module what came in a lane, and answers with what is next there. `changes` is whether this is a run
 * or an undo; the others have no journal.
 *
 * @param {object} given
 * @param {(number: number, came: string) => string} given.advance
 * @param {boolean} given.changes
 * @param {(operation: string) => Promise<string>} given.send
 * @param {import("./index.js").RunOptions["onEvent"]} given.onEvent
 * @param {import("./budget.js").Budget} given.budget
 * @param {import("./stop.js").Stop} given.stop
 * @param {import("./journal_writer.js").Writer} given.writer
 * @param {import("./hearing.js").Hearing} given.heard
 */
export function lanesOf({ advance, changes, send, onEvent, budget, stop, writer, heard }) {
  /**
   * A lane that has not begun does not: because of `error`, or since the run is to end.
   *
   * @param {number} number
   * @param {import("./errors.js").UnpoolError} [error]
   */
  const leave = (number, error) => {
    const why = error ? heard.of("x", error) : stop.why();
    if (why === undefined) budget.pause();
    advance(number, why ?? "-");
  };

  /** -> what is next, and the entry that announces it, if it changes something. What came before that is told and written. */
  const next = async (/** @type {number} */ number, /** @type {string} */ came) => {
    const lines = advance(number, came).split("\n");
    const action = /** @type {string} */ (lines.pop());
    let intent;
    for (const line of lines) {
      if (line[0] === "+") intent = line.slice(1);
      else if (line[0] === "#") await writer.write(line.slice(1));
      // A listener that throws, or whose promise is rejected, stops no removal: it was told, and is on its own.
      else if (onEvent) ended(() => onEvent(JSON.parse(line)));
    }
    return { action, intent };
  };

  /** What was announced and not written is no entry, or those behind it would stand behind a gap. */
  const takeBack = async (/** @type {number} */ number) => {
    for (const line of advance(number, "-").split("\n")) if (line[0] === "#") await writer.write(line.slice(1));
  };

  /** -> what the module hears of a lock that is lost. One whose check did not end is not known to be held. */
  const checked = async (/** @type {Check | undefined} */ check) => {
    const { late, failed } = await budget.waited(ended(check));
    if (late && !stop.isOn()) budget.pause();
    return failed && heard.of("x", refusal(failed.thrown, "the lock was lost"));
  };

  /** Writes down a change that is about to be made -> what the module hears where it must not be made. */
  const announced = async (/** @type {string | undefined} */ intent, /** @type {Check | undefined} */ check) =>
    (intent && (await writer.write(intent))) || stop.why() || (await checked(check)) || stop.why();

  /** -> what came of an action, as the module hears it. */
  const carried = async (/** @type {string} */ action, /** @type {number} */ number) => {
    const rest = action.slice(1);
    if (action[0] === "~") {
      await budget.sleep(Number(rest));
      return "";
    }
    try {
      return `=${await send(rest)}`;
    } catch (/** @type {any} */ error) {
      // Without the client nothing can be done any more, nor put back: as if the caller had aborted.
      const isFreed = error.sent === false && stop.isFreed();
      return heard.of(isFreed ? "x" : "!", error, number);
    }
  };

  /** `check` says whether the lock is still held. @type {(number: number, check?: Check) => Promise<void>} */
  const drive = async (number, check) => {
    if (changes && writer.isStale()) {
      const message = "the journal was written to since it was read";
      const hint = "call it again, once the other run has ended";
      leave(number, new UnpoolError({ kind: "refused", code: "journal-in-use", message, retryable: true, sent: false, hint }));
      return;
    }
    /** @type {string | undefined} */
    let came;
    for (;;) {
      // Between two actions nobody else looks whether it is to stop. An answer is heard all the same.
      came ||= stop.why() ?? "";
      const { action, intent } = await next(number, came);
      if (action === ".") return;
      const why = writer.failure() ?? stop.why();
      if (why) {
        if (intent) await takeBack(number);
        came = writer.failure() ?? why;
        continue;
      }
      const sign = action[0];
      const mayBegin = sign === "~" ? budget.lasts(Number(action.slice(1))) : budget.claims();
      if (sign === "*" && mayBegin) {
        came = await announced(intent, check);
        if (came) {
          budget.unclaims();
          continue;
        }
        budget.lasts(0);
      }
      // What is not finished stays as it is; the report says how that is.
      if (budget.isPaused()) {
        advance(number, "-");
        return;
      }
      came = await carried(action, number);
    }
  };

  return { drive, leave };
}
