// One operation of each effect for each cloud of the emulator, and clients that send them.

const LOAD_BALANCER = "lb-bp15lbk8uja8rvm4a0001";
const ULB = "ulb-5xyz";
const POOL = "5a9a3e9e-d1aa-448e-af37-a70171f2a332";
const MEMBER = "cf024846-7516-4e3a-b0fb-6590322c836f";

const alibaba = {
  read: { operation: "DescribeLoadBalancerAttribute", loadBalancerId: LOAD_BALANCER },
  "idempotent write": { operation: "SetBackendServers", loadBalancerId: LOAD_BALANCER, backendServers: [{ serverId: "i-bp1fq61enf4loa5i0001", type: "ecs", weight: 0 }] },
  "non-idempotent write": { operation: "AddBackendServers", loadBalancerId: LOAD_BALANCER, backendServers: [{ serverId: "i-bp1fq61enf4loa5i0099", type: "ecs", weight: 100 }] },
  removal: { operation: "RemoveBackendServers", loadBalancerId: LOAD_BALANCER, backendServers: [{ serverId: "i-bp1fq61enf4loa5i0001" }] },
  absent: { operation: "RemoveBackendServers", loadBalancerId: LOAD_BALANCER, backendServers: [{ serverId: "i-bp1fq61enf4loa5i0404" }] },
};

const ucloud = {
  read: { operation: "DescribeVServer", ulbId: ULB },
  "idempotent write": { operation: "UpdateBackendAttribute", ulbId: ULB, backendId: "backend-1a2b", enabled: 0 },
  "non-idempotent write": { operation: "AllocateBackend", ulbId: ULB, vServerId: "vserver-tcp", resourceType: "UHost", resourceId: "uhost-web3", port: 3306 },
  removal: { operation: "ReleaseBackend", ulbId: ULB, backendId: "backend-1a2b" },
  absent: { operation: "ReleaseBackend", ulbId: ULB, backendId: "backend-404" },
};

const otc = {
  read: { operation: "ListMembers", poolId: POOL },
  "idempotent write": { operation: "UpdateMember", poolId: POOL, memberId: MEMBER, weight: 0 },
  "non-idempotent write": { operation: "CreateMember", poolId: POOL, address: "10.0.0.99", protocolPort: 80, subnetId: "823d5866-6e30-45c2-9b1a-a1ebc3757fdb", weight: 1 },
  removal: { operation: "DeleteMember", poolId: POOL, memberId: MEMBER },
  absent: { operation: "DeleteMember", poolId: POOL, memberId: "cf024846-7516-4e3a-b0fb-000000000404" },
};

const GROUP = { regionId: "cn-hangzhou", vServerGroupId: "rsp-cige6j5e7p" };
const group = {
  read: { operation: "DescribeVServerGroupAttribute", ...GROUP },
  "idempotent write": { operation: "SetVServerGroupAttribute", ...GROUP, backendServers: [{ serverId: "i-bp1fq61enf4loa5i0001", port: 80, type: "ecs", weight: 0 }] },
  // The same server as another entry: what tells them apart is the port.
  "non-idempotent write": { operation: "AddVServerGroupBackendServers", ...GROUP, backendServers: [{ serverId: "i-bp1fq61enf4loa5i0001", port: 8081, type: "ecs", weight: 100 }] },
  removal: { operation: "RemoveVServerGroupBackendServers", ...GROUP, backendServers: [{ serverId: "i-bp1fq61enf4loa5i0001", port: 80, type: "ecs" }] },
};

const HTTP = { ulbId: ULB, vServerId: "vserver-http" };
const rules = {
  read: { operation: "DescribeULB", ulbId: ULB },
  "idempotent write": { operation: "UpdatePolicy", ...HTTP, policyId: "policy-api", type: "Path", match: "/api", backendIds: ["backend-3c4d", "backend-5e6f"] },
  "non-idempotent write": { operation: "CreatePolicy", ...HTTP, type: "Path", match: "/new", backendIds: ["backend-1a2b"] },
};

/** api -> effect -> operation. A client of Keystone calls the same gateway as one of OTC. */
export const OPERATIONS = { alibaba, "alibaba vServer group": group, ucloud, "ucloud rules": rules, scloud: ucloud, otc, keystone: otc };

/** The emulator's name of the cloud that carries it out. */
export const target = (cloud) => (cloud === "keystone" ? "otc" : cloud);

/** Client options for a cloud of an emulator. */
export function clientOptions(info, cloud, more = {}) {
  const { url, region, projectId, identityEndpoint, credentials } = info[cloud];
  if (cloud === "keystone") return { vendor: "otc", region, endpoint: info.otc.url, identityEndpoint, allowHttp: true, credentials, ...more };
  const own = { ucloud: { projectId }, scloud: { projectId, encoding: "form" } }[cloud];
  return { vendor: cloud, region, endpoint: url, allowHttp: true, credentials, ...own, ...more };
}

export const SECRET_OF = { alibaba: "accessKeySecret", ucloud: "privateKey", scloud: "privateKey", otc: "secretKey", keystone: "password" };
