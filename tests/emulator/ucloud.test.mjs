// UCloud's operations: what they change, what they answer, and what they refuse.
import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";
import { ucloud } from "./callers.mjs";
import { start } from "./main.mjs";

let emulator;
before(async () => {
  emulator = await start();
});
beforeEach(() => emulator.control.reset());
after(() => emulator.close());

const HTTP = { ULBId: "ulb-5xyz", VServerId: "vserver-http" };
const call = async (Action, parameters, options) => (await ucloud(emulator, { Action, Region: "cn-bj2", ...parameters }, options)).body;
const code = async (...request) => (await call(...request)).RetCode;
const vserver = async (VServerId) => (await call("DescribeVServer", { ULBId: "ulb-5xyz", VServerId })).DataSet[0];
const backend = async (VServerId, id) => (await vserver(VServerId)).BackendSet.find(({ BackendId }) => BackendId === id);
const rules = async () => (await vserver("vserver-http")).PolicySet.map(({ PolicyId, Type, Match, BackendSet }) => [PolicyId, Type, Match, BackendSet.map(({ BackendId }) => BackendId)]);

test("DescribeULB shows load balancers with their VServers, 20 a page unless asked otherwise", async () => {
  const one = await call("DescribeULB", { ULBId: "ulb-5xyz" });
  assert.equal(one.TotalCount, 1);
  assert.deepEqual(one.DataSet[0].VServerSet.map(({ VServerId, BackendSet }) => [VServerId, BackendSet.length]), [["vserver-http", 3], ["vserver-tcp", 2], ["vserver-udp", 1]]);
  emulator.control.arrange({ add: { ucloud: Array.from({ length: 24 }, () => ({ backends: 1 })) } });
  const first = await call("DescribeULB", {});
  assert.deepEqual([first.TotalCount, first.DataSet.length], [25, 20]);
  assert.equal((await call("DescribeULB", { Offset: 20 })).DataSet.length, 5);
  assert.equal((await call("DescribeULB", { Limit: 100 })).DataSet.length, 25);
  assert.equal(await code("DescribeULB", { ULBId: "ulb-none" }), 4103);
});

test("UpdateBackendAttribute changes what is given and nothing else", async () => {
  const own = { ULBId: "ulb-5xyz", BackendId: "backend-1a2b" };
  assert.deepEqual(await call("UpdateBackendAttribute", { ...own, Enabled: 0 }), { Action: "UpdateBackendAttributeResponse", RetCode: 0 });
  const { Enabled, Weight, Port } = await backend("vserver-http", "backend-1a2b");
  assert.deepEqual([Enabled, Weight, Port], [0, 1, 80]);
  assert.equal(await code("UpdateBackendAttribute", { ...own, Weight: 0, Port: 8080 }), 0);
  assert.match(emulator.control.state().ucloud.backends[0], /:8080 weight=0 disabled$/);
  for (const [wrong, expected] of [[{ Weight: 101 }, 230], [{ Enabled: 2 }, 230], [{ Port: 0 }, 230], [{ Weight: "x" }, 230], [{ BackendId: "backend-none" }, 4093], [{ ULBId: "ulb-none" }, 4103]]) {
    assert.equal(await code("UpdateBackendAttribute", { ...own, Enabled: 1, ...wrong }), expected, JSON.stringify(wrong));
  }
  assert.equal(await code("UpdateBackendAttribute", { ...own, BackendId: "backend-9j0k", Port: 54 }), 4118, "packets keep their port");
});

test("a VServer with the method Backup takes weight and enabled, and ignores them", async () => {
  emulator.control.arrange({ set: [{ cloud: "ucloud", id: "vserver-tcp", method: "Backup" }] });
  assert.equal(await code("UpdateBackendAttribute", { ULBId: "ulb-5xyz", BackendId: "backend-7g8h", Enabled: 0, Weight: 5 }), 0);
  const { Enabled, Weight } = await backend("vserver-tcp", "backend-7g8h");
  assert.deepEqual([Enabled, Weight], [1, 1]);
});

test("UpdateBackendBatch says for each item how it went, under RetCode 0", async () => {
  const items = { "Attributes.0.BackendId": "backend-1a2b", "Attributes.0.Enabled": 0, "Attributes.1.BackendId": "backend-none", "Attributes.1.Enabled": 0 };
  const answer = await call("UpdateBackendBatch", { ULBId: "ulb-5xyz", ...items });
  assert.equal(answer.RetCode, 0);
  assert.deepEqual(answer.BackendSet.map(({ BackendId, SubRetCode }) => [BackendId, SubRetCode]), [["backend-1a2b", 0], ["backend-none", 4093]]);
  assert.equal((await backend("vserver-http", "backend-1a2b")).Enabled, 0);
  const nested = await call("UpdateBackendBatch", { ULBId: "ulb-5xyz", Attributes: [{ BackendId: "backend-1a2b", Enabled: 1 }] });
  assert.deepEqual(nested.BackendSet.map(({ SubRetCode }) => SubRetCode), [0]);
  assert.equal((await backend("vserver-http", "backend-1a2b")).Enabled, 1);
  assert.equal(await code("UpdateBackendBatch", { ULBId: "ulb-5xyz" }), 220);
});

test("AllocateBackend gives a new id, once for a host and port", async () => {
  await call("ReleaseBackend", { ULBId: "ulb-5xyz", BackendId: "backend-1a2b" });
  const wish = { ...HTTP, ResourceType: "UHost", ResourceId: "uhost-web1", Port: 80 };
  const { BackendId } = await call("AllocateBackend", wish);
  assert.notEqual(BackendId, "backend-1a2b");
  const { PrivateIP, Weight, Enabled } = await backend("vserver-http", BackendId);
  assert.deepEqual([PrivateIP, Weight, Enabled], ["10.9.1.11", 1, 1]);
  assert.deepEqual((await rules()).at(-1)[3], ["backend-3c4d", "backend-5e6f", BackendId], "the default rule is kept in step");
  for (const [change, expected] of [[{}, 4109], [{ ResourceId: "", Port: 81 }, 220], [{ ResourceType: "Toaster" }, 230], [{ VServerId: "vserver-none" }, 4103], [{ Port: 81, Weight: 0 }, 230]]) {
    assert.equal(await code("AllocateBackend", { ...wish, ...change }), expected, JSON.stringify(change));
  }
  const udp = { ULBId: "ulb-5xyz", VServerId: "vserver-udp", ResourceType: "UHost", ResourceId: "uhost-web2" };
  assert.equal(await code("AllocateBackend", { ...udp, Port: 54 }), 4118);
  assert.equal(await code("AllocateBackend", { ...udp, Port: 53 }), 0);
  const ip = { ...HTTP, ResourceType: "IP", ResourceIP: "10.1.2.3", Port: 80 };
  assert.equal(await code("AllocateBackend", ip), 220);
  assert.equal(await code("AllocateBackend", { ...ip, VPCId: "uvnet-1", SubnetId: "subnet-1" }), 0);
});

test("a load balancer holds 50 backends", async () => {
  emulator.control.arrange({ add: { ucloud: { backends: 50 } } });
  const wish = { ULBId: "ulb-seed1", VServerId: "vserver-seed1-1", ResourceType: "UHost", ResourceId: "uhost-more", Port: 80 };
  assert.equal(await code("AllocateBackend", wish), 4207);
});

test("UpdatePolicy replaces the list: an empty or forgotten one empties the rule", async () => {
  const rule = { ...HTTP, PolicyId: "policy-api", Type: "Path", Match: "/api" };
  assert.equal(await code("UpdatePolicy", { ...rule, "BackendId.0": "backend-5e6f", "BackendId.1": "backend-1a2b" }), 0);
  assert.deepEqual((await rules())[0], ["policy-api", "Path", "/api", ["backend-5e6f", "backend-1a2b"]]);
  assert.equal(await code("UpdatePolicy", { ...rule, BackendId: ["backend-3c4d"] }), 0);
  assert.deepEqual((await rules())[0][3], ["backend-3c4d"]);
  assert.equal(await code("UpdatePolicy", rule), 0);
  assert.deepEqual((await rules())[0][3], []);
  assert.equal(await code("ReleaseBackend", { ULBId: "ulb-5xyz", BackendId: "backend-3c4d" }), 0, "no rule holds it any more");
});

test("UpdatePolicy without a type makes it a domain rule, and refuses what it cannot be", async () => {
  const rule = { ...HTTP, PolicyId: "policy-api", "BackendId.0": "backend-3c4d" };
  assert.equal(await code("UpdatePolicy", { ...rule, Match: "api.example.com" }), 0);
  assert.deepEqual((await rules())[0].slice(1, 3), ["Domain", "api.example.com"]);
  for (const [change, expected] of [
    [{}, 220], [{ Match: "" }, 63030], [{ Match: "api", Type: "Path" }, 63031], [{ Match: "x".repeat(256) }, 240], [{ Match: "a", "BackendId.0": "backend-none" }, 4093],
    [{ Match: "a", PolicyId: "policy-none" }, 4096], [{ Match: "a", VServerId: "vserver-tcp" }, 4112], [{ Match: "/a", Type: "Path", PolicyPriority: 10_000 }, 230],
  ]) {
    assert.equal(await code("UpdatePolicy", { ...rule, ...change }), expected, JSON.stringify(change));
  }
  assert.equal(await code("UpdatePolicy", { ...HTTP, Type: "Default", "BackendId.0": "backend-1a2b" }), 0, "the default rule needs no id");
  assert.deepEqual((await rules()).at(-1)[3], ["backend-1a2b"]);
});

test("CreatePolicy and DeletePolicy", async () => {
  const wish = { ...HTTP, Type: "Path", Match: "/new", "BackendId.0": "backend-1a2b" };
  const { PolicyId } = await call("CreatePolicy", wish);
  assert.deepEqual((await rules()).map(([id]) => id), ["policy-api", PolicyId, ""]);
  assert.equal(await code("CreatePolicy", wish), 4097);
  assert.equal(await code("CreatePolicy", { ...HTTP, Match: "a.example.com" }), 4077);
  assert.equal(await code("ReleaseBackend", { ULBId: "ulb-5xyz", BackendId: "backend-1a2b" }), 4110);
  assert.equal(await code("DeletePolicy", { PolicyId, VServerId: "vserver-tcp" }), 4098);
  assert.equal(await code("DeletePolicy", { PolicyId }), 0);
  assert.equal(await code("DeletePolicy", { PolicyId }), 4098);
  assert.equal(await code("DeletePolicy", { PolicyId: "" }), 220, "the default rule has no id to be named by");
  assert.equal(await code("ReleaseBackend", { ULBId: "ulb-5xyz", BackendId: "backend-1a2b" }), 0);
});
