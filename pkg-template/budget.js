// How far a removal may go: so many calls, until a time, and so many load balancers at once. Where one of the first two is
// used up it pauses: nothing more is begun, and things stay as they are.
import { race } from "./shared.js";

/** The longest that a timer can wait. */
const LONGEST_PAUSE = 2 ** 31 - 1;
/** How long the caller's journal and lock may still take to end, when the run is to end. */
const GRACE_MS = 5_000;
const LATE = { late: true };

/** @typedef {import("./turns.js").Awaited} Awaited */
/** @typedef {ReturnType<typeof budgetOf>} Budget */

/**
 * @param {{ maxCalls: number, deadline: number, concurrency: number }} bounds
 * @param {import("./stop.js").Stop} stop
 */
export function budgetOf({ maxCalls, deadline, concurrency }, stop) {
  let calls = 0;
  let isPaused = false;

  /** Whether what takes so long ends in time; if not, the rest is not begun either. */
  const lasts = (/** @type {number} */ millis) => {
    isPaused ||= Date.now() + millis > deadline;
    return !isPaused;
  };
  /**
   * -> what a promise that never rejects ends with, or `late` where the run is to end before that.
   *
   * @type {import("./turns.js").Waiting}
   */
  const waited = (promise) => {
    if (stop.isOn()) return LATE;
    const left = deadline === Infinity ? undefined : Math.min(Math.max(deadline - Date.now(), 0), LONGEST_PAUSE);
    return race(promise, left, stop.signal, LATE, LATE);
  };

  return {
    isPaused: () => isPaused,
    isLate: () => Date.now() > deadline,
    lasts,
    pause() {
      isPaused = true;
    },

    /** Whether another call may be made. It is counted now: others may send while a hook is waited for. */
    claims() {
      if (calls >= maxCalls) isPaused = true;
      if (!lasts(0)) return false;
      calls++;
      return true;
    },
    /** A call that was counted is not made. */
    unclaims() {
      calls--;
    },

    waited,
    /** The same; what has not ended by then is given some seconds more. @type {import("./turns.js").Waiting} */
    async waitedPatiently(promise) {
      const came = await waited(promise);
      return came.late ? race(promise, GRACE_MS, undefined, LATE) : came;
    },
    sleep: (/** @type {number} */ millis) => race(undefined, Math.min(millis, LONGEST_PAUSE), stop.signal),

    /**
     * Does `work` with each number below `count`, as many at once as there may be.
     *
     * @param {number} count
     * @param {(number: number) => Promise<void>} work
     */
    async each(count, work) {
      let next = 0;
      const worker = async () => {
        while (next < count && !isPaused) await work(next++);
      };
      await Promise.all(Array.from({ length: Math.min(concurrency, count) }, worker));
    },
  };
}
