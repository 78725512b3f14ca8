// One at a time on each load balancer: within this program always, beyond it by the caller's lock.
import { UnpoolError, words } from "./shared.js";

/** How what a caller gave ended: `failed` if it threw. @typedef {{ failed?: { thrown: unknown } }} Ended */
/** The same, or `late` where the run is to end before that. @typedef {Ended & { late?: boolean }} Awaited */
/** Waits for what a caller gave, but not beyond the end of the run. @typedef {(ended: Promise<Ended>) => Awaited | Promise<Awaited>} Waiting */
/** Throws where the lock is not held any more. @typedef {() => Promise<void>} Check */

/** The last in the queue of each load balancer. @type {Map<string, Promise<unknown>>} */
const queues = new Map();

/**
 * Calls what a caller gave -> a promise that never rejects.
 *
 * @type {(hook?: () => unknown) => Promise<Ended>}
 */
export const ended = (hook) => (async () => hook?.())().then(() => ({}), (thrown) => ({ failed: { thrown } }));

/**
 * Calls `work` once those before it are through; or `late`, if `waited` does not wait for them so long.
 *
 * @param {string} key
 * @param {Waiting} waited
 * @param {() => Promise<void>} work
 * @param {() => void} late
 */
export async function inTurn(key, waited, work, late) {
  const before = queues.get(key);
  /** @type {(value?: unknown) => void} */
  let done = () => {};
  const own = new Promise((resolve) => (done = resolve));
  // Who gives up in the queue lets nobody pass those that were before him.
  const tail = Promise.resolve(before).then(() => own);
  queues.set(key, tail);
  void tail.then(() => queues.get(key) === tail && queues.delete(key));
  try {
    if (before !== undefined && (await waited(before.then(() => ({})))).late) late();
    else await work();
  } finally {
    done();
  }
}

/**
 * Why nothing may be done on a load balancer, by what a lock threw.
 *
 * @param {unknown} thrown
 * @param {string} message
 */
export function refusal(thrown, message) {
  if (thrown instanceof UnpoolError) return thrown;
  return new UnpoolError({ kind: "refused", message: `${message}: ${words(thrown)}`, code: "locked", retryable: true, sent: false, cause: thrown });
}

/**
 * Calls `work` with what checks the lease, while `lock` holds `key`, and ends as that does. `stopped` is told where it
 * is never called, and why; without a reason where the run is to end before it is. A lock that ends meanwhile, in
 * whatever way, stops the work before its next change.
 *
 * @param {{ lock: import("./index.js").Lock, key: string, waited: Waiting, waitedPatiently: Waiting }} lock
 * @param {(check: Check) => Promise<void>} work
 * @param {(error?: import("./errors.js").UnpoolError) => void} stopped
 */
export async function under({ lock, key, waited, waitedPatiently }, work, stopped) {
  /** @type {Promise<void> | undefined} */
  let working;
  let end = /** @type {Ended | undefined} */ (undefined);
  let isOver = false;
  const held = (/** @type {import("./index.js").Lease | undefined} */ lease) => {
    const check = async () => {
      if (end?.failed) throw end.failed.thrown;
      if (end) throw "it ended before the work did";
      await lease?.check?.();
    };
    // Whoever calls it twice gets the same work; who calls it too late, none.
    if (!isOver) working ??= work(check);
    return working ?? Promise.resolve();
  };
  const locking = ended(() => lock(key, held));
  void locking.then((came) => {
    end = came;
    isOver = true;
  });
  await waited(locking);
  isOver = true;
  if (working === undefined) {
    if (end === undefined) stopped();
    else stopped(refusal(end.failed ? end.failed.thrown : "it ended without having begun", "the lock was not given"));
    return;
  }
  await working;
  // Not before others may have it.
  await waitedPatiently(locking);
}
