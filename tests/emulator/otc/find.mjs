// Where an id is looked up, and whether what it names may change now.
import { isLocked, takeLock } from "../locks.mjs";
import { FAULT_CODES, refusalOf } from "./codes.mjs";

export function findPool(state, poolId, projectId) {
  return owned(state.pools.find(({ id }) => id === poolId), `Pool ${poolId}`, projectId);
}

export function findLoadBalancer(state, id, projectId) {
  return owned(state.loadBalancers.find((candidate) => candidate.id === id), `Load Balancer ${id}`, projectId);
}

export function findMember(pool, memberId) {
  const member = pool.members.find(({ id }) => id === memberId);
  if (!member) throw refusalOf("ELB.8904", { message: `Member ${memberId} could not be found.` });
  return member;
}

/** What another project owns is forbidden, not missing. */
function owned(found, name, projectId) {
  if (!found) throw refusalOf("ELB.8904", { message: `${name} could not be found.` });
  if (found.project !== projectId) throw refusalOf("ELB.9803");
  return found;
}

/** One pending change locks the load balancer with all its pools; in ERROR it stays locked. */
export function assertChangeable(state, pool) {
  const lb = state.loadBalancers.find(({ id }) => id === pool.loadBalancerId);
  const lock = takeLock(lb) ?? (lb.provisioningStatus === "ACTIVE" ? undefined : { envelope: lb.envelope });
  if (!lock) return;
  const message = `Load Balancer ${lb.id} is immutable and cannot be updated.`;
  throw refusalOf(lock.code ?? FAULT_CODES.busy, lock.code ? lock : { message, envelope: lock.envelope });
}

/** Shared load balancers say ACTIVE whatever goes on; a lock in Octavia's words shows as Octavia shows it. */
export function provisioningStatus(lb) {
  return isLocked(lb) && lb.lock.envelope === "octavia" ? "PENDING_UPDATE" : lb.provisioningStatus;
}

export const invalid = (message) => refusalOf("ELB.8902", { message });
