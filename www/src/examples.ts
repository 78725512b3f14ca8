// Safe removals to start from, filled in with the values of the emulator's first state.

import type { PlanRequest } from "unpool";
import { lab } from "./emulator.ts";

export interface Example {
  id: string;
  label: string;
  /** What is worth seeing in it. */
  note: string;
  request: PlanRequest;
}
export type Examples = readonly [Example, ...Example[]];

const drain = { waitMs: 10_000 };
const balancer = "lb-bp15lbk8uja8rvm4a0001";
const pool = "5a9a3e9e-d1aa-448e-af37-a70171f2a332";
const apiPool = "5a9a3e9e-d1aa-448e-af37-a70171f2a333";

const alibaba: Examples = [
  {
    id: "server",
    label: "One server",
    note: "It is in the default group and in a vServer group: two backends",
    request: { from: { loadBalancerId: balancer }, remove: { serverId: "i-bp1fq61enf4loa5i0001" }, drain },
  },
  {
    id: "port",
    label: "One port of a server",
    note: "From a vServer group; its other port stays",
    request: { from: { vServerGroupId: "rsp-cige6j5e7p" }, remove: { serverId: "i-bp1fq61enf4loa5i0000", port: 8080 }, drain },
  },
  {
    id: "most",
    label: "More than half of a group",
    note: "Refused until it is allowed by name",
    request: {
      from: { vServerGroupId: "rsp-cige6j5e7p" },
      remove: [{ serverId: "i-bp1fq61enf4loa5i0000" }, { serverId: "eni-2ze1sdp50000" }],
      drain,
    },
  },
];

const ucloud: Examples = [
  {
    id: "backend",
    label: "One backend of a listener",
    note: "By the load balancer's own id of it",
    request: { from: { ulbId: "ulb-5xyz", vServerId: "vserver-http" }, remove: { backendId: "backend-1a2b" }, drain },
  },
  {
    id: "server",
    label: "One server",
    note: "It is behind two listeners, and the only one of a forwarding rule, which goes with it",
    request: { from: { ulbId: "ulb-5xyz" }, remove: { resourceId: "uhost-web2" }, drain, onEmptyRule: "delete-rule" },
  },
  {
    id: "rule",
    label: "The only backend of a rule",
    note: "Refused until it is said what becomes of the rule",
    request: { from: { ulbId: "ulb-5xyz", vServerId: "vserver-http" }, remove: { backendId: "backend-3c4d" }, drain },
  },
];

const openstack: Examples = [
  {
    id: "member",
    label: "One member",
    note: "By its id",
    request: { from: { poolId: pool }, remove: { memberId: "cf024846-7516-4e3a-b0fb-6590322c836f" }, drain },
  },
  {
    id: "addresses",
    label: "Two members",
    note: "By address; half of the servers in service must stay",
    request: { from: { poolId: pool }, remove: [{ address: "10.0.0.11" }, { address: "10.0.0.14" }], drain, keepAtLeast: 2 },
  },
  {
    id: "last",
    label: "The last member of a pool",
    note: "Refused: nobody would serve",
    request: { from: { poolId: apiPool }, remove: { address: "10.0.1.11" }, drain },
  },
];

/** At the real servers, if they were asked for. */
const octavia: Examples | undefined = lab && [
  {
    id: "member",
    label: "One member",
    note: "By its id",
    request: { from: { poolId: lab.poolId }, remove: { memberId: lab.members[0]?.id ?? "" }, drain },
  },
];

const ofVendor: Record<string, Examples> = { alibaba, ucloud, scloud: ucloud, otc: openstack, openstack };

export function examplesOf(cloud: { id: string; vendor: string }): Examples {
  const examples = (cloud.id === "octavia" && octavia) || ofVendor[cloud.vendor];
  if (!examples) throw new Error(`no examples for ${cloud.vendor}`);
  return examples;
}
