// What ends a removal at once: the caller's signal, or the end of its client.
import { UnpoolError, aborted, isAborted } from "./shared.js";

/** @typedef {import("./index.js").SignalLike} SignalLike */
/** @typedef {ReturnType<typeof stopOf>} Stop */

/**
 * `signal` is the caller's, if any; `freed` says that the client has been freed, and `setting` then throws that as an error.
 * `heard` is how the module hears of errors.
 *
 * @param {{ signal?: SignalLike, freed: AbortSignal, setting: () => string, heard: import("./hearing.js").Hearing }} given
 */
export function stopOf({ signal, freed, setting, heard }) {
  // The caller's own comes last: anybody's object may be one, and it may throw.
  /** @type {(method: "addEventListener" | "removeEventListener") => SignalLike["addEventListener"]} */
  const both = (method) => (type, listener) => {
    for (const one of [freed, signal]) one?.[method](type, listener);
  };
  const isOn = () => freed.aborted || isAborted(signal);
  return {
    isOn,
    isFreed: () => freed.aborted,
    /** Either of them, for those who wait. */
    signal: {
      get aborted() {
        return isOn();
      },
      addEventListener: both("addEventListener"),
      removeEventListener: both("removeEventListener"),
    },

    /** Why nothing more may be done, as the module hears it; undefined while it may. */
    why() {
      if (isAborted(signal)) {
        const { head: message, cause } = aborted(signal);
        return heard.of("!", new UnpoolError({ kind: "aborted", message, retryable: false, sent: false, cause }));
      }
      try {
        if (freed.aborted) setting();
      } catch (error) {
        return heard.of("x", /** @type {import("./hearing.js").Thrown} */ (error));
      }
      return undefined;
    },
  };
}
