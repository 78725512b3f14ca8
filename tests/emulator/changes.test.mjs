// The oracle: requests, what they changed, and the test's own name for a call, joined by numbers that never repeat.
import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";
import * as callers from "./callers.mjs";
import { start } from "./main.mjs";

let emulator;
before(async () => {
  emulator = await start();
});
beforeEach(() => emulator.control.reset());
after(() => emulator.close());

const LB = "lb-bp15lbk8uja8rvm4a0001";
const control = async (path, method = "GET", body) => (await fetch(emulator.info.control.url + path, { method, body: body && JSON.stringify(body) })).json();
const remove = (ServerId, options) => callers.alibaba(emulator, "RemoveBackendServers", { LoadBalancerId: LB, BackendServers: [{ ServerId }] }, options);

test("a change names its request, the test's call, what it was and what it became", async () => {
  await remove("i-none", { headers: { "x-test-call": "nothing" } });
  await remove("i-bp1fq61enf4loa5i0002", { headers: { "x-test-call": "cell 7" } });
  const [nothing, request] = emulator.control.log();
  assert.deepEqual([nothing.testCall, nothing.applied, request.testCall, request.applied], ["nothing", false, "cell 7", true]);
  const [change, ...more] = await control("/changes");
  assert.deepEqual(more, []);
  const { seq, at, ...rest } = change;
  assert.ok(seq > 0 && Date.parse(at) > 0);
  assert.deepEqual(rest, {
    request: request.seq,
    testCall: "cell 7",
    cloud: "alibaba",
    operation: "RemoveBackendServers",
    change: "removed",
    resource: "backendServer",
    ids: { loadBalancerId: LB, serverId: "i-bp1fq61enf4loa5i0002", type: "ecs", serverIp: "192.168.0.22" },
    before: { weight: 10, description: "spare <&> standby" },
    after: null,
  });
});

test("everything that a call touches is in the log: a release takes the backend out of the default rule", async () => {
  await callers.ucloud(emulator, { Action: "ReleaseBackend", Region: "cn-bj2", ULBId: "ulb-5xyz", BackendId: "backend-1a2b" });
  const changes = emulator.control.changes();
  assert.deepEqual(changes.map(({ change, resource }) => `${change} ${resource}`), ["removed backend", "changed policy"]);
  assert.deepEqual(changes[0].ids, { ulbId: "ulb-5xyz", vServerId: "vserver-http", backendId: "backend-1a2b" });
  assert.deepEqual(changes[1].before.backendIds.filter((id) => !changes[1].after.backendIds.includes(id)), ["backend-1a2b"]);
  await callers.ucloud(emulator, { Action: "UpdateBackendAttribute", Region: "cn-bj2", ULBId: "ulb-5xyz", BackendId: "backend-5e6f", Enabled: 1 });
  assert.equal(emulator.control.changes().length, 2, "what was so before is no change");
});

test("members: added, changed, removed", async () => {
  const members = "/v2.0/lbaas/pools/5a9a3e9e-d1aa-448e-af37-a70171f2a332/members";
  const { member } = await callers.otc(emulator, "POST", members, { body: { member: { address: "10.0.0.99", protocol_port: 80, subnet_id: "s" } } });
  await callers.otc(emulator, "PUT", `${members}/${member.id}`, { body: { member: { weight: 0 } } });
  await callers.otc(emulator, "DELETE", `${members}/${member.id}`);
  const changes = emulator.control.changes();
  assert.deepEqual(changes.map(({ change, before, after }) => [change, before?.weight, after?.weight]), [["added", undefined, 1], ["changed", 1, 0], ["removed", 0, undefined]]);
  assert.ok(changes.every(({ ids }) => ids.memberId === member.id && ids.loadBalancerId));
});

test("what somebody else changed has no request", async () => {
  await control("/state", "POST", { set: [{ cloud: "ucloud", id: "backend-5e6f", status: 1 }] });
  const [change] = emulator.control.changes();
  assert.deepEqual([change.request, change.operation, change.before.status, change.after.status], [null, null, 0, 1]);
  for (const [wish, message] of [
    [{ set: [{ cloud: "ucloud", id: "none", status: 1 }] }, /nothing at ucloud has the id none/],
    [{ set: [{ cloud: "ucloud", id: "backend-5e6f", secret: 1 }] }, /does not know secret/],
    [{ set: [{ cloud: "keystone", id: "x" }] }, /not keystone/],
    [{ add: { otc: { members: -1 } } }, /whole number/],
    [{ add: { otc: { memmbers: 1 } } }, /not memmbers/],
    [{ add: { keystone: {} } }, /add knows/],
  ]) assert.match((await control("/state", "POST", wish)).error, message);
});

test("the logs can be read from a number on, cleared, and are bounded; numbers go on", async () => {
  await remove("i-bp1fq61enf4loa5i0000");
  const [first] = await control("/log");
  await remove("i-bp1fq61enf4loa5i0001");
  const later = await control(`/log?since=${first.seq}`);
  assert.deepEqual(later.map(({ seq }) => seq), [first.seq + 1]);
  const [change] = await control("/changes");
  assert.equal((await control(`/changes?since=${change.seq}`)).length, 1);
  await control("/log", "DELETE");
  assert.deepEqual([(await control("/log")).length, (await control("/changes")).length], [0, 2]);
  await control("/changes", "DELETE");
  assert.deepEqual(await control("/changes"), []);
  emulator.control.reset();
  await remove("i-bp1fq61enf4loa5i0000");
  assert.equal(emulator.control.log()[0].seq, first.seq + 2);

  const small = await start({ logLimit: 10 });
  try {
    for (let calls = 0; calls < 25; calls += 1) await fetch(small.info.ucloud.url);
    const kept = small.control.log().map(({ seq }) => seq);
    assert.ok(kept.length <= 10 && kept.length >= 9);
    assert.equal(kept.at(-1), 25);
  } finally {
    await small.close();
  }
});

test("x-test-call passes a preflight where the cloud's own headers do", async () => {
  const headers = { origin: "http://page.invalid", "access-control-request-method": "GET", "access-control-request-headers": "x-test-call" };
  const answer = await fetch(emulator.info.alibaba.url, { method: "OPTIONS", headers });
  assert.match(answer.headers.get("access-control-allow-headers"), /x-test-call/);
});
