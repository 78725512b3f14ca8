// Locks for removals: one run at a time for each load balancer.
export { webLocks } from "./web_locks.js";
export { leaseLock } from "./lease_lock.js";
export { BalancerLease } from "./lease.js";
