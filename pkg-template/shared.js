// What the safe removal shares with the entry. It is handed over and not imported: were it imported by both, a bundler
// would make one more file of it, which each program would load.

/** @typedef {typeof import("./calls.js") & typeof import("./errors.js") & typeof import("./exchange.js") & typeof import("./text.js")} All */
/** @typedef {Pick<All, "UnpoolError" | "aborted" | "checkSignal" | "invalid" | "isAborted" | "race" | "text" | "told" | "words">} Shared */

export let /** @type {Shared["UnpoolError"]} */ UnpoolError,
  /** @type {Shared["aborted"]} */ aborted,
  /** @type {Shared["checkSignal"]} */ checkSignal,
  /** @type {Shared["invalid"]} */ invalid,
  /** @type {Shared["isAborted"]} */ isAborted,
  /** @type {Shared["race"]} */ race,
  /** @type {Shared["text"]} */ text,
  /** @type {Shared["told"]} */ told,
  /** @type {Shared["words"]} */ words;

/**
 * Takes what removal_loader.js gives, each by its name.
 *
 * @param {Shared} given
 */
export function share(given) {
  ({ UnpoolError, aborted, checkSignal, invalid, isAborted, race, text, told, words } = given);
}
