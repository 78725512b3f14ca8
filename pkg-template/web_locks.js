// Locks between the tabs and workers of one browser profile. They end with their tab, whatever becomes of it.
import { checkSignal } from "./exchange.js";
import { invalid } from "./errors.js";
import { unsupported } from "./journal.js";
import { checkHolder, checkNotAborted, locked } from "./locked.js";
import { settings } from "./text.js";

const lockName = (/** @type {string} */ key) => `unpool:${key}`;
// A lock can tell nothing but its name, so whoever holds one holds another one, which says who that is.
const holderPrefix = (/** @type {string} */ key) => `unpool-holder:${JSON.stringify(key)}:`;
const ID_LENGTH = 36;

/**
 * @param {LockManager} locks
 * @param {string} key
 */
async function holderOf(locks, key) {
  const prefix = holderPrefix(key);
  const { held = [] } = await locks.query();
  const found = held.find(({ name }) => name?.startsWith(prefix));
  return found?.name?.slice(prefix.length + ID_LENGTH + 1) ?? "another tab";
}

/** @type {typeof import("./locks.js").webLocks} */
export function webLocks(options) {
  const { holder = "another tab", wait = true, signal } = settings(options, ["holder", "wait", "signal"]);
  checkHolder(holder);
  if (typeof wait !== "boolean") throw invalid("wait", "wait must be true or false", "false refuses at once");
  checkSignal(signal);

  return async (key, work) => {
    const locks = globalThis.navigator?.locks;
    if (!locks) throw unsupported("this runtime has no Web Locks", "they are there in pages that were loaded over https or from localhost; elsewhere use leaseLock");
    checkNotAborted(signal);
    let isRefused = false;
    let isHeld = false;
    const hold = (/** @type {Lock | null} */ lock) => {
      isRefused = lock === null;
      if (isRefused) return undefined;
      isHeld = true;
      return locks.request(`${holderPrefix(key)}${crypto.randomUUID()}:${holder}`, () => work());
    };
    /** @type {any} */
    let done;
    try {
      done = await locks.request(lockName(key), wait ? { ...(signal && { signal }) } : { ifAvailable: true }, hold);
    } catch (error) {
      if (!isHeld) checkNotAborted(signal);
      throw error;
    }
    if (isRefused) throw locked(key, await holderOf(locks, key));
    return done;
  };
}
