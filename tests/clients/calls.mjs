// The operations around a removal, as every client of a vendor must be able to call them: what is sent, and what must have changed.

const LB = "lb-bp15lbk8uja8rvm4a0001";
const group = { RegionId: "cn-hangzhou", VServerGroupId: "rsp-cige6j5e7p" };
const json = (...servers) => JSON.stringify(servers);
const servers = ({ BackendServers }) => BackendServers.BackendServer;

// Each row: action, parameters, what the change log must say, and where the answer says something, a look at it with what is to be seen.
export const ALIBABA = [
  ["DescribeVServerGroups", { RegionId: "cn-hangzhou", LoadBalancerId: LB, IncludeRule: true, IncludeListener: true }, [],
    ({ VServerGroups }) => VServerGroups.VServerGroup.map((one) => [one.VServerGroupId, one.AssociatedObjects.Rules.Rule[0].RuleName]), [["rsp-cige6j5e7p", "checkout"]]],
  ["DescribeMasterSlaveServerGroups", { RegionId: "cn-hangzhou", LoadBalancerId: LB, IncludeListener: true }, [],
    ({ MasterSlaveServerGroups }) => MasterSlaveServerGroups.MasterSlaveServerGroup ?? [], []],
  ["DescribeHealthStatus", { RegionId: "cn-hangzhou", LoadBalancerId: LB, ListenerPort: 443, ListenerProtocol: "tcp" }, [],
    (answer) => servers(answer).map(({ ServerHealthStatus }) => ServerHealthStatus), Array(6).fill("normal")],
  ["SetBackendServers", { RegionId: "cn-hangzhou", LoadBalancerId: LB, BackendServers: json({ ServerId: "i-bp1fq61enf4loa5i0000", Weight: "0", Type: "ecs", Description: "BackendServer1" }) },
    ["SetBackendServers: changed backendServer"], (answer) => String(servers(answer)[0].Weight), "0"],
  ["SetVServerGroupAttribute", { ...group, BackendServers: json({ ServerId: "eni-2ze1sdp50000", ServerIp: "172.16.6.1", Port: "80", Weight: "0", Type: "eni", Description: "测试 +~!*" }) },
    ["SetVServerGroupAttribute: changed backendServer"], (answer) => [answer.VServerGroupName, servers(answer)[4].Weight, servers(answer)[4].Description], ["checkout", 0, "测试 +~!*"]],
  ["AddBackendServers", { RegionId: "cn-hangzhou", LoadBalancerId: LB, BackendServers: json({ ServerId: "i-bp1new", Weight: "100", Type: "ecs" }) },
    ["AddBackendServers: added backendServer"], (answer) => servers(answer).at(-1).ServerId, "i-bp1new"],
  ["AddVServerGroupBackendServers", { ...group, BackendServers: json({ ServerId: "i-bp1new", Port: "80", Weight: "100", Type: "ecs" }) },
    ["AddVServerGroupBackendServers: added backendServer"], (answer) => [servers(answer).at(-1).ServerId, servers(answer).at(-1).Port], ["i-bp1new", 80]],
].map(([action, parameters, changes, look = () => undefined, expected]) => ({ action, parameters, changes, look, expected }));

const http = { ULBId: "ulb-5xyz", VServerId: "vserver-http" };

/** In this order each finds what the one before left; `$PolicyId` stands for the id that CreatePolicy gave. */
export const UCLOUD = [
  ["DescribeULB", { ULBId: "ulb-5xyz" }, [], ({ TotalCount, DataSet }) => [TotalCount, DataSet[0].VServerSet.length], [1, 3]],
  ["UpdateBackendAttribute", { ULBId: "ulb-5xyz", BackendId: "backend-1a2b", Enabled: 0, Weight: 0 }, ["UpdateBackendAttribute: changed backend"]],
  ["UpdateBackendBatch", { ULBId: "ulb-5xyz", Attributes: [{ BackendId: "backend-1a2b", Enabled: 1 }, { BackendId: "backend-none", Enabled: 1 }] }, ["UpdateBackendBatch: changed backend"],
    ({ BackendSet }) => BackendSet.map(({ SubRetCode }) => SubRetCode), [0, 4093]],
  ["UpdatePolicy", { ...http, PolicyId: "policy-api", Type: "Path", Match: "/api", PolicyPriority: 1, BackendId: ["backend-3c4d", "backend-5e6f"] }, ["UpdatePolicy: changed policy"]],
  ["UpdatePolicy", { ...http, PolicyId: "policy-api", Type: "Path", Match: "/api", PolicyPriority: 1 }, ["UpdatePolicy: changed policy"]],
  ["CreatePolicy", { ...http, Type: "Domain", Match: "www.example.com", BackendId: ["backend-5e6f"] }, ["CreatePolicy: added policy"], ({ PolicyId }) => /^policy-/.test(PolicyId), true],
  ["DeletePolicy", { PolicyId: "policy-api", VServerId: "vserver-http" }, ["DeletePolicy: removed policy"]],
  ["AllocateBackend", { ...http, ResourceType: "UHost", ResourceId: "uhost-web4", Port: 80, Weight: 2 }, ["AllocateBackend: changed policy", "AllocateBackend: added backend"], ({ BackendId }) => /^backend-/.test(BackendId), true],
].map(([action, parameters, changes, look = () => undefined, expected]) => ({ action, parameters, changes, look, expected }));

const POOL = "/v2.0/lbaas/pools/5a9a3e9e-d1aa-448e-af37-a70171f2a332";
const MEMBER = `${POOL}/members/cf024846-7516-4e3a-b0fb-6590322c836f`;
const LOAD_BALANCER = "/v2.0/lbaas/loadbalancers/38278031-cfca-44be-81be-a412f618773b";
const fresh = { address: "10.0.0.99", protocol_port: 80, subnet_id: "823d5866-6e30-45c2-9b1a-a1ebc3757fdb", name: "web-9" };

export const OTC = [
  ["GET", MEMBER, undefined, [], 200, ({ member }) => member.name, "web-1"],
  ["PUT", MEMBER, { member: { weight: 0 } }, ["UpdateMember: changed member"], 200, ({ member }) => member.weight, 0],
  ["POST", `${POOL}/members`, { member: fresh }, ["CreateMember: added member"], 201, ({ member }) => [member.name, member.weight], ["web-9", 1]],
  ["GET", POOL, undefined, [], 200, ({ pool }) => pool.members.length, 6],
  ["GET", LOAD_BALANCER, undefined, [], 200, ({ loadbalancer }) => loadbalancer.provisioning_status, "ACTIVE"],
  ["GET", `${LOAD_BALANCER}/statuses`, undefined, [], 200, ({ statuses }) => statuses.loadbalancer.listeners[0].pools[0].members.length, 6],
].map(([method, path, body, changes, status, look, expected]) => ({ method, path, body, changes, status, look, expected }));
