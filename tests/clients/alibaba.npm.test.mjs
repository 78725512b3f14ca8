// Alibaba Cloud's own npm clients against the emulator: they succeed with the right secret, and with a wrong one they are refused and nothing changes.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { npmClients } from "./alibaba-npm.mjs";
import { observe, start } from "./support.mjs";

let emulator;
before(async () => {
  emulator = await start();
});
after(() => emulator.close());

const LB = "lb-bp15lbk8uja8rvm4a0001";
const LEGACY = { RegionId: "cn-east-hangzhou-01", LoadBalancerId: "139a00604ad-cn-east-hangzhou-01", BackendServers: '["vm-233", "vm-234"]', OwnerAccount: "OwnerAccount" };
const OBJECTS = { RegionId: "cn-hangzhou", LoadBalancerId: LB, BackendServers: '[{"ServerId":"i-bp1fq61enf4loa5i0000","Type":"ecs","Weight":"100"}]' };
const ENI = { RegionId: "cn-hangzhou", VServerGroupId: "rsp-cige6j5e7p", BackendServers: '[{ "ServerId": "eni-2ze1sdp50000", "Weight": "100", "Type": "eni", "ServerIp": "172.16.6.1", "Port":"80","Description":"测试 *+~!\'()" }]' };

for (const [name, clientOf] of Object.entries(npmClients)) {
  const connect = (credentials = emulator.info.alibaba.credentials) => clientOf(emulator.info.alibaba, credentials);

  test(`${name}: RemoveBackendServers, object form`, async () => {
    const { result, removed, log } = await observe(emulator, "alibaba", () => connect()("RemoveBackendServers", OBJECTS));
    assert.deepEqual(removed, [`${LB} default ecs i-bp1fq61enf4loa5i0000 192.168.0.20 weight=100`]);
    assert.equal(result.LoadBalancerId, LB);
    assert.equal(result.BackendServers.BackendServer.length, 5);
    assert.deepEqual(log.map(({ verified, applied }) => [verified, applied]), [[true, true]]);
  });

  test(`${name}: RemoveBackendServers, bare ids`, async () => {
    const { result, removed } = await observe(emulator, "alibaba", () => connect()("RemoveBackendServers", LEGACY));
    assert.deepEqual(removed.map((line) => line.split(" ")[3]), ["vm-233", "vm-234"]);
    assert.deepEqual(result.BackendServers.BackendServer.map(({ ServerId }) => ServerId), ["vm-231", "vm-232"]);
  });

  test(`${name}: RemoveVServerGroupBackendServers, one address of an ENI`, async () => {
    const { removed } = await observe(emulator, "alibaba", () => connect()("RemoveVServerGroupBackendServers", ENI));
    assert.deepEqual(removed, [`${LB} rsp-cige6j5e7p eni eni-2ze1sdp50000 172.16.6.1:80 weight=100`]);
  });

  test(`${name}: the two Describe operations`, async () => {
    const call = connect();
    emulator.control.reset();
    const lb = await call("DescribeLoadBalancerAttribute", { RegionId: "cn-hangzhou", LoadBalancerId: LB });
    assert.deepEqual(lb.BackendServers.BackendServer.map(({ ServerIp }) => ServerIp), ["192.168.0.20", "192.168.0.21", "192.168.0.22", "192.168.0.30", "192.168.0.31", "192.168.0.32"]);
    const group = await call("DescribeVServerGroupAttribute", { RegionId: "cn-hangzhou", VServerGroupId: "rsp-cige6j5e7p" });
    assert.equal(group.LoadBalancerId, LB);
    assert.equal(group.BackendServers.BackendServer.length, 6);
  });

  test(`${name}: a temporary key works with its token and not without`, async () => {
    const { securityToken, ...rest } = emulator.info.alibaba.stsCredentials;
    const { removed } = await observe(emulator, "alibaba", () => connect({ ...rest, securityToken })("RemoveBackendServers", OBJECTS));
    assert.equal(removed.length, 1);
    await refused(() => connect(rest)("RemoveBackendServers", OBJECTS), "InvalidAccessKeyId.NotFound");
  });

  test(`${name}: a wrong secret and an unknown key are refused`, async () => {
    const good = emulator.info.alibaba.credentials;
    await refused(() => connect({ ...good, accessKeySecret: `${good.accessKeySecret}x` })("RemoveBackendServers", OBJECTS), "SignatureDoesNotMatch");
    await refused(() => connect({ ...good, accessKeyId: "LTAI5tNobody" })("RemoveBackendServers", OBJECTS), "InvalidAccessKeyId.NotFound");
  });

  test(`${name}: the client understands the emulator's errors`, async () => {
    const call = connect();
    const many = JSON.stringify(Array.from({ length: 21 }, (_, index) => ({ ServerId: `i-${index}` })));
    await refused(() => call("RemoveBackendServers", { ...OBJECTS, LoadBalancerId: "lb-none" }), "InvalidLoadBalancerId.NotFound", true);
    await refused(() => call("RemoveBackendServers", { ...OBJECTS, BackendServers: many }), "TooManyBackendServers", true);
    await refused(() => call("RemoveVServerGroupBackendServers", { ...ENI, VServerGroupId: "rsp-none" }), "InvalidParameter", true);
    await refused(() => call("RemoveVServerGroupBackendServers", { RegionId: "cn-hangzhou", VServerGroupId: "rsp-cige6j5e7p" }), "MissingParameter", true);
  });

  test(`${name}: servers that are not there are ignored`, async () => {
    const { removed, log } = await observe(emulator, "alibaba", () => connect()("RemoveBackendServers", { ...OBJECTS, BackendServers: '[{"ServerId":"i-nobody"}]' }));
    assert.deepEqual(removed, []);
    assert.deepEqual(log.map(({ status, applied }) => [status, applied]), [[200, false]]);
  });
}

async function refused(call, code, verified = false) {
  const { removed, log } = await observe(emulator, "alibaba", () => assert.rejects(call, (error) => error.code === code || assert.fail(`${error.code}: ${error.message}`)));
  assert.deepEqual(removed, []);
  assert.deepEqual(log.map((entry) => entry.verified), [verified]);
}
