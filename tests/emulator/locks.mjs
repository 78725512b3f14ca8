// A load balancer that another change keeps busy: changes to it are refused, reads are not.

/** { requests?, forMs?, ...rest }: ends after so many refusals or so much time, whichever comes first; with neither it stays. */
export function newLock({ requests, forMs, ...rest } = {}) {
  return {
    ...rest,
    left: requests === undefined ? Infinity : Number(requests),
    // Real time, not the emulator's clock: a wrong clock must not make a lock longer.
    until: forMs === undefined ? Infinity : Date.now() + Number(forMs),
  };
}

export function isLocked({ lock }) {
  return lock !== undefined && lock.left > 0 && Date.now() < lock.until;
}

/** The lock that refuses one change now, counted down; undefined when the change may go on. */
export function takeLock(balancer) {
  if (!isLocked(balancer)) return undefined;
  balancer.lock.left -= 1;
  return balancer.lock;
}
