// The emulator in this process, reset before each test, and clients of its clouds.
import { after, before, beforeEach } from "node:test";
import { start } from "../emulator/main.mjs";
import { Client } from "./support.mjs";

/** Starts it around all tests of a file. -> { info, control, client(kind, more) }, filled in before the first test. */
export function emulator(options) {
  const cloud = { client };
  let close;
  before(async () => {
    const started = await start({ port: 0, ...options });
    close = started.close;
    cloud.info = started.info;
    cloud.control = started.control;
  });
  beforeEach(() => void cloud.control.reset());
  after(() => close());

  /** kind: a cloud's name, with " sts" for temporary credentials or " reader" for those that may only read. */
  function client(kind, more = {}) {
    const [name, role] = kind.split(" ");
    const { url, region, projectId, identityEndpoint, ...credentials } = cloud.info[name];
    const field = { sts: "stsCredentials", reader: "readOnlyCredentials" }[role] ?? "credentials";
    const where = identityEndpoint ? { vendor: "openstack", identityEndpoint } : { vendor: name, endpoint: url };
    const project = name === "ucloud" || name === "scloud" ? { projectId } : {};
    return new Client({ ...where, region, ...project, credentials: credentials[field], allowHttp: true, ...more });
  }
  return cloud;
}

/** Ids of the emulator's first state. */
export const IDS = {
  loadBalancer: "lb-bp15lbk8uja8rvm4a0001",
  group: "rsp-cige6j5e7p",
  ulb: "ulb-5xyz",
  pool: "5a9a3e9e-d1aa-448e-af37-a70171f2a332",
  member: "cf024846-7516-4e3a-b0fb-6590322c836f",
};

/** A removal and a read of each cloud that the emulator's first state can carry out. */
const alibaba = {
  removal: { operation: "RemoveBackendServers", loadBalancerId: IDS.loadBalancer, backendServers: [{ serverId: "i-bp1fq61enf4loa5i0001" }] },
  read: { operation: "DescribeLoadBalancerAttribute", loadBalancerId: IDS.loadBalancer },
};
const ucloud = {
  removal: { operation: "ReleaseBackend", ulbId: IDS.ulb, backendId: "backend-1a2b" },
  read: { operation: "DescribeVServer", ulbId: IDS.ulb },
};
const openstack = {
  removal: { operation: "DeleteMember", poolId: IDS.pool, memberId: IDS.member },
  read: { operation: "ListMembers", poolId: IDS.pool },
};
export const CALLS = { alibaba, ucloud, scloud: ucloud, otc: openstack, keystone: openstack };

/** The clouds that a test of one transport is run against, with the options that give each its other form. */
export const FORMS = [
  ["alibaba", {}],
  ["alibaba", { signature: "acs3", format: "xml" }],
  ["ucloud", {}],
  ["scloud", { encoding: "form" }],
  ["otc", {}],
  ["otc", { signature: "scoped" }],
  ["keystone", {}],
];

export const named = (kind, more) => [kind, ...Object.values(more)].join(" ");
