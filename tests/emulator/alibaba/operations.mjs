// Classic Load Balancer, version 2014-05-15.
import { READS } from "./reads.mjs";
import { WRITES } from "./writes.mjs";

/** name -> { required, run(state, parameters) -> the answer }. Names that exist but do nothing here are in KNOWN. */
export const OPERATIONS = { ...READS, ...WRITES };

/** Operations of the same API that the emulator verifies but does not carry out. */
export const KNOWN = new Set([
  "DescribeLoadBalancers", "DescribeRegions", "ModifyVServerGroupBackendServers",
]);
