// The classic load balancer (ULB).
import { BACKEND_OPERATIONS } from "./backends.mjs";
import { READS } from "./describe.mjs";
import { POLICY_OPERATIONS } from "./policies.mjs";

/** name -> { required, run(balancers, parameters, failing, state) -> the answer }; `failing` is the fault "item-failure". */
export const OPERATIONS = { ...READS, ...BACKEND_OPERATIONS, ...POLICY_OPERATIONS };

/** Operations of the same gateway that the emulator verifies but does not carry out. */
export const KNOWN = new Set([
  "AllocateBackendBatch", "DeleteULB", "DeleteVServer", "DescribePolicyGroup", "DescribeULBSimple", "DescribeUHostInstance",
  "GetProjectList", "ListRegions", "UpdateBackendAttributeBatch",
]);
