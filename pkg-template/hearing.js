// Errors on their way into the module, and out of it again: in there they are JSON text.

/** @typedef {import("./errors.js").UnpoolError & import("./errors.js").Details} Thrown */
/** @typedef {ReturnType<typeof hearing>} Hearing */

/**
 * What the module hears of errors; and by what it says at the end, the very error, which knows what the runtime said, too.
 * `changes` is whether this is a run or an undo, and no mere look.
 *
 * @param {boolean} changes
 */
export function hearing(changes) {
  /** @type {Map<string, Thrown>} */
  const thrown = new Map();
  /** The lane whose call ended with it. @type {Map<Thrown, number>} */
  const lanes = new Map();
  return {
    /**
     * `sign` is `!` for what failed, and `x` where nothing more may be done; a look knows only of reads that fail.
     *
     * @param {"!" | "x"} sign
     * @param {Thrown} error
     * @param {number} [lane]
     */
    of(sign, error, lane) {
      const text = JSON.stringify(error);
      // Of several that say the same, the first one.
      if (!thrown.has(text)) thrown.set(text, error);
      if (lane !== undefined) lanes.set(error, lane);
      return (changes ? sign : "!") + text;
    },

    /**
     * The error that was heard as this text; undefined where it is one of the module's own. `count` is how many lanes there are.
     *
     * @param {string} text
     * @param {number} count
     */
    behind(text, count) {
      const error = thrown.get(text);
      // Of several places one is meant; the request itself names none.
      if (error && count > 1 && lanes.has(error)) {
        const place = `from[${lanes.get(error)}]`;
        error.message = `${place}: ${error.message}`;
        if (error.field) error.field = `${place}.${error.field}`;
      }
      return error;
    },
  };
}
