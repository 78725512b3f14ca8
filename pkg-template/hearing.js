// Errors on their way into the module, and out of it again: in there they are JSON text.

/**
 * What the module hears of errors; and by what it says at the end, the very error, which knows what the runtime said, too.
 * `changes` is whether this is a run or an undo, and no mere look.
 */
export function hearing(changes) {
  const thrown = new Map();
  /** The lane whose call ended with it. */
  const lanes = new Map();
  return {
    /** `sign` is `!` for what failed, and `x` where nothing more may be done; a look knows only of reads that fail. */
    of(sign, error, lane) {
      const text = JSON.stringify(error);
      // Of several that say the same, the first one.
      if (!thrown.has(text)) thrown.set(text, error);
      if (lane !== undefined) lanes.set(error, lane);
      return (changes ? sign : "!") + text;
    },

    /** The error that was heard as this text; undefined where it is one of the module's own. */
    behind(text, count) {
      const error = thrown.get(text);
      // Of several places one is meant; the request itself names none.
      if (count > 1 && lanes.has(error)) {
        const place = `from[${lanes.get(error)}]`;
        error.message = `${place}: ${error.message}`;
        if (error.field) error.field = `${place}.${error.field}`;
      }
      return error;
    },
  };
}
