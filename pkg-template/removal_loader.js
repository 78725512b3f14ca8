// The way to the safe removal, which is a module of its own: it is loaded when the first one is asked for.
import { told } from "./calls.js";
import { UnpoolError, invalid, unsent } from "./errors.js";
import { aborted, checkSignal, isAborted, race, words } from "./exchange.js";
import { seeded, send } from "./sending.js";
import { text } from "./text.js";

/** @typedef {import("./removal.js").Task} Task */
/** @typedef {import("./removal.js").CarryOut} CarryOut */
/** Ends with what starts it: given what it shares -> carryOut of removal.js. @typedef {() => Promise<(shared: import("./shared.js").Shared) => CarryOut | Promise<CarryOut>>} LoadRemoval */

/**
 * @param {LoadRemoval} load
 * @param {boolean} sharesTokens
 */
export function removalOf(load, sharesTokens) {
  /** @type {CarryOut | undefined} */
  let carryOut;

  // A failure is not kept: the next call loads again.
  const loaded = async () => {
    let kind = "network";
    try {
      const open = await load();
      kind = "unsupported";
      // What it needs of all this: see shared.js.
      carryOut ??= await open({ UnpoolError, aborted, checkSignal, invalid, isAborted, race, text, told, words });
    } catch (cause) {
      if (cause instanceof UnpoolError) throw cause;
      throw unsent(kind, "the safe removal could not be loaded", { hint: "see that its file is served and the Content-Security-Policy allows it", cause });
    }
  };

  /**
   * See carryOut.
   *
   * @param {import("./client.js").State} client
   * @param {Task["what"]} what
   * @param {string} given
   * @param {Task["options"]} options
   * @param {Task["of"]} [of]
   */
  return async (client, what, given, options, of) => {
    const core = seeded(client);
    if (carryOut === undefined) {
      const stopped = await race(loaded(), undefined, options.signal);
      if (stopped) throw unsent("aborted", stopped.head, { cause: stopped.cause });
    }
    client.freed ??= new AbortController();
    return /** @type {CarryOut} */ (carryOut)({
      core,
      freed: client.freed.signal,
      what,
      given,
      of,
      options,
      send: (operation, settings) => send(client, () => operation, settings, sharesTokens, 1),
      queues: sharesTokens,
    });
  };
}
