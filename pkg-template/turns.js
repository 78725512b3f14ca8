// One at a time on each load balancer: within this program always, beyond it by the caller's lock.
import { UnpoolError } from "./errors.js";
import { isAborted, race, words } from "./exchange.js";

/** The last in the queue of each load balancer. */
const queues = new Map();

/** Calls `work` once those before it are through, or `wait` does not wait for them any longer. */
export async function inTurn(key, wait, work) {
  const before = queues.get(key);
  let done;
  const own = new Promise((resolve) => (done = resolve));
  // Who gives up in the queue lets nobody pass those that were before him.
  const tail = Promise.resolve(before).then(() => own);
  queues.set(key, tail);
  void tail.then(() => queues.get(key) === tail && queues.delete(key));
  try {
    if (before !== undefined) await wait(before);
    await work();
  } finally {
    done();
  }
}

/** Why nothing may be done on a load balancer: what a lock threw, or that the caller's journal failed. */
export function refusal(thrown, message) {
  if (thrown instanceof UnpoolError) return thrown;
  return new UnpoolError({ kind: "refused", message: `${message}: ${words(thrown)}`, code: "locked", retryable: true, sent: false, cause: thrown });
}

/**
 * Calls `work` with what checks the lease, while `lock` holds `key`, and ends as that does. `stopped` is told where it
 * is never called, and why; where the caller aborts before it is, without a reason. A lock that is lost meanwhile stops
 * the work before its next change.
 */
export async function under(lock, key, signal, work, stopped) {
  let working;
  let lost;
  let over = false;
  const held = (lease) => {
    const check = async () => {
      if (lost) throw lost.thrown;
      await lease?.check?.();
    };
    // Whoever calls it twice gets the same work; who calls it too late, none.
    if (!over) working ??= work(check);
    return working ?? Promise.resolve();
  };
  const locking = (async () => lock(key, held))().catch((thrown) => (lost = { thrown }));
  await race(locking, undefined, signal, {});
  if (working === undefined) {
    over = true;
    if (isAborted(signal)) stopped();
    else stopped(refusal(lost ? lost.thrown : "it ended without having begun", "the lock was not given"));
    return;
  }
  await working;
  // Not before others may have it.
  await locking;
}
