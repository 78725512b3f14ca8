// Where an id is looked up, and whether what it names may change now.
import { takeLock } from "../locks.mjs";
import { FAULT_CODES, refusalOf } from "./codes.mjs";
import { Refusal } from "./refusal.mjs";

/** The region decides where an id is looked up, so an id of another region does not exist. */
export function findLoadBalancer(state, parameters) {
  const region = parameters.get("RegionId");
  const lb = state.loadBalancers.find((candidate) => candidate.id === parameters.get("LoadBalancerId") && (!region || candidate.regionId === region));
  if (!lb) throw new Refusal(404, "InvalidLoadBalancerId.NotFound", "The specified LoadBalancerId does not exist.");
  return lb;
}

export function findGroup(state, parameters) {
  for (const lb of state.loadBalancers) {
    if (lb.regionId !== parameters.get("RegionId")) continue;
    const group = lb.vServerGroups.find((candidate) => candidate.id === parameters.get("VServerGroupId"));
    if (group) return { lb, group };
  }
  throw new Refusal(404, "InvalidParameter", "The specified VServerGroupId does not exist.");
}

/** Only load balancers that were asked for have any. */
export const masterSlaveGroups = (lb) => lb.masterSlaveServerGroups ?? [];

export function findMasterSlaveGroup(state, parameters) {
  for (const lb of state.loadBalancers) {
    if (lb.regionId !== parameters.get("RegionId")) continue;
    const group = masterSlaveGroups(lb).find((candidate) => candidate.id === parameters.get("MasterSlaveServerGroupId"));
    if (group) return { lb, group };
  }
  throw new Refusal(404, "InvalidParameter", "The specified MasterSlaveServerGroupId does not exist.");
}

/** One pending change locks the whole load balancer, whichever of its groups it is for. */
export function assertChangeable(lb) {
  const lock = takeLock(lb);
  if (lock) throw refusalOf(lock.code ?? FAULT_CODES.busy);
  if (lb.status !== "active") throw refusalOf("LbStatusNotSupport");
}

/** An ENI may appear once per IP and a server once per port: what the entry leaves out matches all of them. */
export function sameServer(server, entry) {
  return (
    server.serverId === entry.serverId &&
    server.type === entry.type &&
    (entry.serverIp === undefined || server.type === "ecs" || server.serverIp === entry.serverIp) &&
    (entry.port === undefined || server.port === undefined || server.port === entry.port)
  );
}
