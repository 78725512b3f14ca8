// Alibaba's operations: what they change, what they answer, and what they refuse.
import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";
import { alibaba } from "./callers.mjs";
import { start } from "./main.mjs";

let emulator;
before(async () => {
  emulator = await start();
});
beforeEach(() => emulator.control.reset());
after(() => emulator.close());

const LB = "lb-bp15lbk8uja8rvm4a0001";
const GROUP = "rsp-cige6j5e7p";
const call = (action, parameters) => alibaba(emulator, action, parameters);
const servers = ({ BackendServers }) => BackendServers.BackendServer;
const lines = (part) => emulator.control.state().alibaba.backends.filter((line) => line.includes(part));
const code = async (action, parameters) => {
  const { status, Code } = await call(action, parameters);
  return [status, Code];
};

test("DescribeVServerGroups tells listeners and rules only when asked", async () => {
  const groups = async (parameters) => (await call("DescribeVServerGroups", { LoadBalancerId: LB, ...parameters })).VServerGroups.VServerGroup;
  const [plain] = await groups();
  assert.deepEqual([plain.VServerGroupId, plain.VServerGroupName, plain.ServerCount], [GROUP, "checkout", 6]);
  assert.deepEqual(plain.AssociatedObjects, { Listeners: { Listener: [] }, Rules: { Rule: [] } });
  const [full] = await groups({ IncludeListener: "true", IncludeRule: "True" });
  assert.deepEqual(full.AssociatedObjects.Rules.Rule, [{ RuleId: "rule-bp1checkout", RuleName: "checkout", Domain: "shop.example.com", Url: "/checkout" }]);
  assert.deepEqual(await code("DescribeVServerGroups", { LoadBalancerId: LB, IncludeRule: "yes" }), [400, "InvalidParameter"]);
  assert.deepEqual(await code("DescribeVServerGroups", { LoadBalancerId: "lb-none" }), [404, "InvalidLoadBalancerId.NotFound"]);
});

test("DescribeHealthStatus lists each listener's servers with what is seen of them", async () => {
  emulator.control.arrange({ set: [{ cloud: "alibaba", id: "i-bp1fq61enf4loa5i0001", health: "abnormal" }] });
  const all = servers(await call("DescribeHealthStatus", { LoadBalancerId: LB }));
  // The default group behind both listeners, and the group of a rule behind the HTTP one.
  assert.equal(all.length, 6 + 6 + 6);
  const https = servers(await call("DescribeHealthStatus", { LoadBalancerId: LB, ListenerPort: "443", ListenerProtocol: "tcp" }));
  assert.deepEqual(https.map(({ ServerHealthStatus }) => ServerHealthStatus), ["normal", "abnormal", "normal", "normal", "normal", "normal"]);
  assert.deepEqual(Object.keys(https[0]).sort(), ["ListenerPort", "Port", "Protocol", "ServerHealthStatus", "ServerId", "ServerIp"]);
  assert.deepEqual(await code("DescribeHealthStatus", { LoadBalancerId: LB, ListenerPort: "81" }), [404, "ListenerNotFound"]);
  assert.deepEqual(await code("DescribeHealthStatus", { LoadBalancerId: LB, ListenerPort: "70000" }), [400, "InvalidParameter"]);
});

test("SetBackendServers changes only what is listed; what it leaves out falls back", async () => {
  const answer = await call("SetBackendServers", { LoadBalancerId: LB, BackendServers: [{ ServerId: "i-bp1fq61enf4loa5i0000", Weight: "0", Type: "ecs", Description: "out" }] });
  const [first, second] = servers(answer);
  assert.deepEqual(first, { ServerId: "i-bp1fq61enf4loa5i0000", Type: "ecs", Weight: "0", Description: "out" });
  assert.equal(second.Weight, "100");
  assert.match(lines("default ecs i-bp1fq61enf4loa5i0000")[0], /weight=0$/);
  const [reset] = servers(await call("SetBackendServers", { LoadBalancerId: LB, BackendServers: [{ ServerId: "i-bp1fq61enf4loa5i0000" }] }));
  assert.deepEqual(reset, { ServerId: "i-bp1fq61enf4loa5i0000", Type: "ecs", Weight: "100" });
  // One address of an ENI, and all of them.
  const weights = (given) => servers(given).filter(({ Type }) => Type === "eni").map(({ Weight }) => Weight);
  const eni = { ServerId: "eni-2ze1sdp50001", Type: "eni", Weight: 7 };
  assert.deepEqual(weights(await call("SetBackendServers", { LoadBalancerId: LB, BackendServers: [{ ...eni, ServerIp: "192.168.0.31" }] })), ["100", "7", "100"]);
  assert.deepEqual(weights(await call("SetBackendServers", { LoadBalancerId: LB, BackendServers: [eni] })), ["7", "7", "7"]);
  assert.deepEqual(await code("SetBackendServers", { LoadBalancerId: LB, BackendServers: [{ ServerId: "i-none", Weight: 1 }] }), [400, "InvalidServerId.NotFound"]);
  assert.deepEqual(await code("SetBackendServers", { LoadBalancerId: LB, BackendServers: [{ ServerId: "i-bp1fq61enf4loa5i0000", Weight: 101 }] }), [400, "InvalidWeight.Malformed"]);
});

test("SetVServerGroupAttribute sets weights by server and port, and the group's name", async () => {
  const entry = { ServerId: "i-bp1fq61enf4loa5i0000", Port: "8080", Type: "ecs", Weight: "0", Description: "test-111" };
  const answer = await call("SetVServerGroupAttribute", { VServerGroupId: GROUP, VServerGroupName: "till", BackendServers: [entry] });
  assert.equal(answer.VServerGroupName, "till");
  assert.deepEqual(servers(answer).slice(0, 2).map(({ Port, Weight, Description }) => [Port, Weight, Description]), [[80, 100, "test-111"], [8080, 0, "test-111"]]);
  assert.deepEqual(emulator.control.changes().map(({ resource, change }) => [resource, change]), [["vServerGroup", "changed"], ["backendServer", "changed"]]);
  assert.deepEqual(await code("SetVServerGroupAttribute", { VServerGroupId: GROUP, BackendServers: [{ ...entry, Port: "81" }] }), [400, "InvalidServerId.NotFound"]);
  assert.deepEqual(await code("SetVServerGroupAttribute", { VServerGroupId: "rsp-none", BackendServers: [entry] }), [404, "InvalidParameter"]);
});

test("AddBackendServers puts servers in once; one that is there already fails the call", async () => {
  const answer = await call("AddBackendServers", { LoadBalancerId: LB, BackendServers: [{ ServerId: "i-new", Weight: "50" }, { ServerId: "i-new", Weight: "60" }, { ServerId: "eni-new", Type: "eni", ServerIp: "10.1.1.1" }] });
  assert.deepEqual(servers(answer).slice(6), [{ ServerId: "i-new", Type: "ecs", Weight: "50" }, { ServerId: "eni-new", Type: "eni", Weight: "100" }]);
  assert.match(lines("eni-new")[0], /10\.1\.1\.1 weight=100$/);
  const before = emulator.control.state();
  assert.deepEqual(await code("AddBackendServers", { LoadBalancerId: LB, BackendServers: [{ ServerId: "i-other" }, { ServerId: "i-new" }] }), [400, "InvalidParameter"]);
  const many = Array.from({ length: 21 }, (_, index) => ({ ServerId: `i-${index}` }));
  assert.deepEqual(await code("AddBackendServers", { LoadBalancerId: LB, BackendServers: many }), [400, "TooManyBackendServers"]);
  assert.deepEqual(emulator.control.state(), before);
});

test("what was removed can be put back as it was", async () => {
  const before = emulator.control.state().alibaba.backends;
  const own = { ServerId: "i-bp1fq61enf4loa5i0002", Type: "ecs", Weight: "10", Description: "spare <&> standby" };
  await call("RemoveBackendServers", { LoadBalancerId: LB, BackendServers: [own] });
  await call("AddBackendServers", { LoadBalancerId: LB, BackendServers: [own] });
  const grouped = { ServerId: "eni-2ze1sdp50000", Type: "eni", ServerIp: "172.16.6.1", Port: "80", Weight: "100", Description: "test-113" };
  await call("RemoveVServerGroupBackendServers", { VServerGroupId: GROUP, BackendServers: [grouped] });
  const answer = await call("AddVServerGroupBackendServers", { VServerGroupId: GROUP, BackendServers: [grouped] });
  assert.deepEqual(servers(answer).at(-1), { ServerId: "eni-2ze1sdp50000", Port: 80, Type: "eni", Weight: 100, Description: "test-113" });
  assert.deepEqual([...emulator.control.state().alibaba.backends].sort(), [...before].sort());
  assert.deepEqual(await code("AddVServerGroupBackendServers", { VServerGroupId: GROUP, BackendServers: [{ ServerId: "i-new" }] }), [400, "BackendServersMalformed"]);
});

test("a load balancer holds 200 servers", async () => {
  const { added } = emulator.control.arrange({ add: { alibaba: { servers: 199 } } });
  const [{ loadBalancerId }] = added.alibaba;
  assert.equal((await call("AddBackendServers", { LoadBalancerId: loadBalancerId, BackendServers: [{ ServerId: "i-200" }] })).status, 200);
  assert.deepEqual(await code("AddBackendServers", { LoadBalancerId: loadBalancerId, BackendServers: [{ ServerId: "i-201" }] }), [400, "InstanceBackendServerNumberOverLimit"]);
});

test("one instance that is gone from ECS fails the whole batch", async () => {
  emulator.control.arrange({ gone: ["i-bp1fq61enf4loa5i0001"] });
  const both = [{ ServerId: "i-bp1fq61enf4loa5i0000" }, { ServerId: "i-bp1fq61enf4loa5i0001" }];
  assert.deepEqual(await code("RemoveBackendServers", { LoadBalancerId: LB, BackendServers: both }), [400, "ObtainIpFail"]);
  assert.deepEqual(emulator.control.changes(), []);
  assert.equal((await call("RemoveBackendServers", { LoadBalancerId: LB, BackendServers: both.slice(0, 1) })).status, 200);
});

test("a load balancer that is not active refuses changes and tells its state", async () => {
  emulator.control.arrange({ set: [{ cloud: "alibaba", id: LB, status: "locked" }] });
  assert.deepEqual(await code("RemoveBackendServers", { LoadBalancerId: LB, BackendServers: ["i-bp1fq61enf4loa5i0000"] }), [400, "LbStatusNotSupport"]);
  assert.equal((await call("DescribeLoadBalancerAttribute", { LoadBalancerId: LB })).LoadBalancerStatus, "locked");
});
