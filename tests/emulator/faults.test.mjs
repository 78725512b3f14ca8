// Every fault: what the client sees, and whether the change was made.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { after, before, beforeEach, test } from "node:test";
import * as callers from "./callers.mjs";
import { start } from "./main.mjs";

let emulator;
before(async () => {
  emulator = await start();
});
beforeEach(() => emulator.control.reset());
after(() => emulator.close());

/** Releases backend-1a2b at UCloud; the answer read to its end, or a throw. */
async function release({ timeoutMs = 5000 } = {}) {
  const { url, credentials } = emulator.info.ucloud;
  const all = { Action: "ReleaseBackend", BackendId: "backend-1a2b", PublicKey: credentials.publicKey, Region: "cn-bj2", ULBId: "ulb-5xyz" };
  const text = Object.keys(all).sort().map((name) => name + all[name]).join("") + credentials.privateKey;
  const body = new URLSearchParams({ ...all, Signature: createHash("sha1").update(text).digest("hex") });
  const response = await fetch(url, { method: "POST", body, redirect: "manual", signal: AbortSignal.timeout(timeoutMs) });
  return { status: response.status, headers: response.headers, text: await response.text() };
}

const applied = () => !emulator.control.state().ucloud.backends.some((line) => line.includes("backend-1a2b"));
const fault = (rule) => emulator.control.faults([{ cloud: "ucloud", operation: "ReleaseBackend", ...rule }]);
const lastLog = () => emulator.control.log().at(-1);

for (const [effect, made, name] of [["drop-before", false, "TypeError"], ["drop-after", true, "TypeError"], ["truncate", true, "TypeError"]]) {
  test(`${effect}: the client fails, the change was ${made ? "" : "not "}made`, async () => {
    fault({ effect });
    await assert.rejects(release(), { name });
    assert.equal(applied(), made);
    assert.deepEqual([lastLog().applied, lastLog().fault], [made, effect]);
  });
}

for (const [effect, made] of [["hang", false], ["hang-after", true]]) {
  test(`${effect}: no answer, the change was ${made ? "" : "not "}made`, async () => {
    fault({ effect });
    await assert.rejects(release({ timeoutMs: 300 }), { name: "TimeoutError" });
    assert.equal(applied(), made);
    assert.equal(lastLog().status, null);
  });
}

test("delay: the change is made even when the client has gone", async () => {
  fault({ effect: "delay", ms: 400 });
  await assert.rejects(release({ timeoutMs: 100 }), { name: "TimeoutError" });
  assert.equal(applied(), false);
  await new Promise((resolve) => setTimeout(resolve, 600));
  assert.equal(applied(), true);
});

test("status: any answer, with the change made only by wish", async () => {
  fault({ effect: "status", status: 502, body: "<html>bad gateway</html>", contentType: "text/html", headers: { "retry-after": "3" } });
  const answer = await release();
  assert.deepEqual([answer.status, answer.text, answer.headers.get("retry-after"), applied()], [502, "<html>bad gateway</html>", "3", false]);
  fault({ effect: "status", status: 504, apply: true });
  assert.deepEqual([(await release()).status, applied()], [504, true]);
});

test("redirect, wrong content type, big body", async () => {
  fault({ effect: "redirect", location: emulator.info.scloud.url });
  const redirected = await release();
  assert.deepEqual([redirected.status, redirected.headers.get("location"), applied()], [307, emulator.info.scloud.url, false]);
  fault({ effect: "content-type", contentType: "text/html" });
  const typed = await release();
  assert.deepEqual([typed.headers.get("content-type"), JSON.parse(typed.text).RetCode, applied()], ["text/html", 0, true]);
  emulator.control.reset();
  fault({ effect: "big-body" });
  const big = await release();
  assert.ok(big.text.length > 4 * 1024 * 1024);
  assert.equal(applied(), true);
});

test("throttle and busy: each cloud in its own words", async () => {
  emulator.control.faults(["throttle", "busy"].map((effect) => ({ effect, times: 4, headers: { "retry-after": "1" } })));
  const { alibaba, ucloud, otc, keystone } = emulator.info;
  const seen = {};
  for (const effect of ["throttle", "busy"]) {
    for (const [name, url] of [["alibaba", `${alibaba.url}/?Format=JSON`], ["ucloud", ucloud.url], ["otc", otc.url], ["keystone", keystone.url]]) {
      const response = await fetch(url);
      assert.equal(response.headers.get("retry-after"), "1");
      const body = await response.json();
      seen[`${name} ${effect}`] = [response.status, body.Code ?? body.RetCode ?? body.error_code ?? body.error.code];
    }
  }
  assert.deepEqual(seen, {
    "alibaba throttle": [400, "Throttling.User"],
    "ucloud throttle": [200, 153],
    "otc throttle": [429, "APIGW.0308"],
    "keystone throttle": [429, 429],
    "alibaba busy": [409, "BackendServer.configuring"],
    "ucloud busy": [200, 150],
    "otc busy": [409, "ELB.8907"],
    "keystone busy": [503, 503],
  });
});

test("a rule counts, skips, and names its cloud and operation", async () => {
  fault({ effect: "busy", skip: 1, times: 2 });
  const codes = [];
  for (let calls = 0; calls < 4; calls += 1) codes.push(JSON.parse((await release()).text).RetCode);
  assert.deepEqual(codes, [0, 150, 150, 4093]);
  emulator.control.faults([{ cloud: "scloud", effect: "busy" }, { operation: "DescribeVServer", effect: "busy" }]);
  assert.equal(JSON.parse((await release()).text).RetCode, 4093);
});

test("an emulator with hanging and delayed answers closes", async () => {
  const other = await start();
  other.control.faults([{ effect: "hang" }, { effect: "delay", ms: 60_000 }]);
  const pending = [fetch(other.info.otc.url), fetch(other.info.otc.url)].map((call) => assert.rejects(call));
  while (other.control.log().length < 2) await new Promise((resolve) => setTimeout(resolve, 10));
  await other.close();
  await Promise.all(pending);
});

const remove = (ServerId, options) => callers.alibaba(emulator, "RemoveBackendServers", { LoadBalancerId: "lb-bp15lbk8uja8rvm4a0001", BackendServers: [{ ServerId }] }, options);
const describe = () => callers.alibaba(emulator, "DescribeLoadBalancerAttribute", { LoadBalancerId: "lb-bp15lbk8uja8rvm4a0001" });
const count = ({ BackendServers }) => BackendServers.BackendServer.length;

test("stall: headers and half of the body, then nothing", async () => {
  fault({ effect: "stall" });
  await assert.rejects(release({ timeoutMs: 300 }), { name: "TimeoutError" });
  assert.deepEqual([applied(), lastLog().status], [true, 200]);
});

test("html, half-body, empty-body, numbers-as-strings, without-headers", async () => {
  fault({ effect: "html" });
  const page = await release();
  assert.deepEqual([page.status, page.headers.get("content-type"), applied()], [502, "text/html", false]);
  assert.match(page.text, /^<html>/);
  for (const [effect, expected] of [["half-body", '{"Action":"ReleaseBacke'], ["empty-body", ""], ["numbers-as-strings", '{"Action":"ReleaseBackendResponse","RetCode":"0"}']]) {
    emulator.control.reset();
    fault({ effect });
    const answer = await release();
    assert.deepEqual([answer.status, answer.text, applied()], [200, expected, true]);
  }
  emulator.control.reset();
  fault({ effect: "without-headers", names: ["Date", "X-UCLOUD-REQUEST-UUID"] });
  const bare = await release();
  assert.deepEqual([bare.headers.get("date"), bare.headers.get("x-ucloud-request-uuid"), JSON.parse(bare.text).RetCode], [null, null, 0]);
});

test("refuse: any code in the cloud's own envelope, with its usual status or another", async () => {
  const ask = async (cloud, url, rule) => {
    emulator.control.faults([{ cloud, effect: "refuse", ...rule }]);
    const response = await fetch(url);
    return [response.status, await response.json()];
  };
  const { alibaba, ucloud, otc } = emulator.info;
  const own = async (...request) => {
    const [status, { Code, RetCode, error_code: code }] = await ask(...request);
    return [status, Code ?? RetCode ?? code];
  };
  const json = `${alibaba.url}/?Format=JSON`;
  assert.deepEqual(await own("alibaba", json, { code: "VServerGroupProcessing" }), [400, "VServerGroupProcessing"]);
  assert.deepEqual(await own("alibaba", json, { code: "SystemBusy" }), [449, "SystemBusy"]);
  assert.deepEqual(await own("alibaba", json, { code: "InvalidParameter", status: 503 }), [503, "InvalidParameter"]);
  assert.deepEqual(await own("alibaba", json, { code: "Forbidden.RAM", status: 200 }), [200, "Forbidden.RAM"]);
  assert.deepEqual(await own("ucloud", ucloud.url, { code: 4092 }), [200, 4092]);
  assert.deepEqual(await own("ucloud", ucloud.url, { code: 150, status: 503 }), [503, 150]);
  assert.deepEqual(await own("otc", otc.url, { code: "ELB.8905" }), [409, "ELB.8905"]);
  const bodies = {};
  for (const envelope of ["octavia", "pecan", "keystone", "neutron", "camel"]) {
    bodies[envelope] = (await ask("otc", otc.url, { code: "ELB.8907", envelope, message: "Load Balancer x is immutable and cannot be updated." }))[1];
  }
  const text = "Load Balancer x is immutable and cannot be updated.";
  assert.deepEqual(bodies.octavia, { faultcode: "Client", faultstring: text, debuginfo: null });
  assert.deepEqual(bodies.pecan, { code: 409, title: "Bad Request", description: text });
  assert.equal(bodies.keystone.error.message, text);
  assert.equal(bodies.neutron.NeutronError.message, text);
  assert.deepEqual([bodies.camel.errorCode, bodies.camel.errorMsg], ["ELB.8907", text]);
  assert.match((await (await fetch(`${emulator.info.control.url}/faults`, { method: "POST", body: '[{"effect":"refuse"}]' })).json()).error, /refuse needs code/);
});

test("server: an internal error, in each cloud's words, and after the change by wish", async () => {
  fault({ effect: "server", apply: true });
  assert.deepEqual([JSON.parse((await release()).text).RetCode, applied()], [130, true]);
  emulator.control.faults([{ cloud: "alibaba", effect: "server" }]);
  assert.deepEqual(await remove("i-bp1fq61enf4loa5i0000").then(({ status, Code }) => [status, Code]), [500, "InternalError"]);
});

test("item-failure: RetCode 0, and the item says no", async () => {
  fault({ effect: "item-failure", code: 4092 });
  const one = JSON.parse((await release()).text);
  assert.deepEqual([one.RetCode, one.BackendSet[0].BackendId, one.BackendSet[0].SubRetCode, applied()], [0, "backend-1a2b", 4092, false]);
  emulator.control.faults([{ cloud: "ucloud", effect: "item-failure", items: ["backend-5e6f"] }]);
  const batch = { "Attributes.0.BackendId": "backend-1a2b", "Attributes.0.Enabled": 0, "Attributes.1.BackendId": "backend-5e6f", "Attributes.1.Enabled": 0 };
  const { body } = await callers.ucloud(emulator, { Action: "UpdateBackendBatch", Region: "cn-bj2", ULBId: "ulb-5xyz", ...batch });
  assert.deepEqual(body.BackendSet.map(({ SubRetCode }) => SubRetCode), [0, 4104]);
  assert.deepEqual(emulator.control.changes().map(({ ids }) => ids.backendId), ["backend-1a2b"]);
  assert.throws(() => emulator.control.faults([{ effect: "item-failure" }]), /needs cloud/);
});

test("visible-after: done at once, and seen only by the read after so many", async () => {
  emulator.control.faults([{ operation: "RemoveBackendServers", effect: "visible-after", reads: 2 }]);
  await remove("i-bp1fq61enf4loa5i0000");
  assert.equal(emulator.control.changes().length, 1);
  const seen = [];
  for (let reads = 0; reads < 4; reads += 1) seen.push(count(await describe()));
  assert.deepEqual(seen, [6, 6, 5, 5]);
  // A change meets the real state, not the one that reads show.
  emulator.control.faults([{ operation: "RemoveBackendServers", effect: "drop-after", reads: 1 }]);
  await assert.rejects(remove("i-bp1fq61enf4loa5i0001"));
  assert.equal(count(await remove("i-bp1fq61enf4loa5i0002")), 3);
  assert.deepEqual([count(await describe()), count(await describe())], [5, 3]);
});

test("lock: after a change the whole load balancer refuses changes, for so many or so long, and is read all the while", async () => {
  emulator.control.faults([{ operation: "RemoveBackendServers", effect: "lock", lock: { requests: 2, code: "ServiceIsConfiguring" } }]);
  await remove("i-bp1fq61enf4loa5i0000");
  const codes = [];
  for (let calls = 0; calls < 3; calls += 1) {
    codes.push((await callers.alibaba(emulator, "RemoveVServerGroupBackendServers", { VServerGroupId: "rsp-cige6j5e7p", BackendServers: [{ ServerId: "i-bp1fq61enf4loa5i0001", Port: 80 }] })).Code);
    assert.equal((await describe()).status, 200);
  }
  assert.deepEqual(codes, ["ServiceIsConfiguring", "ServiceIsConfiguring", undefined]);

  const member = (id) => `/v2.0/lbaas/pools/5a9a3e9e-d1aa-448e-af37-a70171f2a332/members/${id}`;
  emulator.control.faults([{ operation: "DeleteMember", effect: "lock", lock: { forMs: 250, envelope: "octavia" } }]);
  await callers.otc(emulator, "DELETE", member("cf024846-7516-4e3a-b0fb-6590322c836f"));
  const locked = await callers.otc(emulator, "DELETE", member("9a7aff27-fd41-4ec1-ba4c-3eb92c629313"));
  assert.deepEqual([locked.status, /is immutable and cannot be updated/.test(locked.faultstring)], [409, true]);
  const { loadbalancer } = await callers.otc(emulator, "GET", "/v2.0/lbaas/loadbalancers/38278031-cfca-44be-81be-a412f618773b");
  assert.equal(loadbalancer.provisioning_status, "PENDING_UPDATE");
  await new Promise((resolve) => setTimeout(resolve, 260));
  assert.equal((await callers.otc(emulator, "DELETE", member("9a7aff27-fd41-4ec1-ba4c-3eb92c629313"))).status, 204);

  emulator.control.arrange({ set: [{ cloud: "ucloud", id: "ulb-5xyz", lock: { code: 4092 } }] });
  assert.equal(JSON.parse((await release()).text).RetCode, 4092);
  emulator.control.arrange({ set: [{ cloud: "ucloud", id: "ulb-5xyz", lock: null }] });
  assert.equal(JSON.parse((await release()).text).RetCode, 0);
});

test("clock-skew: wrong for one request, and the Date header says so", async () => {
  emulator.control.faults([{ cloud: "alibaba", effect: "clock-skew", offsetMs: 3_600_000 }]);
  const late = await callers.rpc(emulator, "DescribeLoadBalancerAttribute", { LoadBalancerId: "x" }, { Format: "JSON" });
  assert.equal(JSON.parse(late.text).Code, "InvalidTimeStamp.Expired");
  assert.ok(Math.abs(Date.parse(late.headers.get("date")) - Date.now() - 3_600_000) < 5000);
  assert.equal((await describe()).status, 200);
});

test("revoke-token: the token that comes is no longer good, for nobody", async () => {
  const member = "/v2.0/lbaas/pools/5a9a3e9e-d1aa-448e-af37-a70171f2a332/members/cf024846-7516-4e3a-b0fb-6590322c836f";
  const token = (await callers.password(emulator)).headers.get("x-subject-token");
  const statuses = [(await callers.otc(emulator, "GET", member, { token })).status];
  emulator.control.faults([{ cloud: "otc", effect: "revoke-token" }]);
  for (let calls = 0; calls < 2; calls += 1) statuses.push((await callers.otc(emulator, "GET", member, { token })).status);
  assert.deepEqual(statuses, [200, 401, 401]);
});

test("a rule may name one call, one kind of operation, or a word of the request; last for ever or for a time", async () => {
  const code = async (...request) => (await remove(...request)).Code;
  emulator.control.faults([{ effect: "busy", testCall: "third", times: "always" }]);
  const named = [];
  for (const name of ["first", "third", "third"]) named.push(await code("i-none", { headers: { "x-test-call": name } }));
  assert.deepEqual(named, [undefined, "BackendServer.configuring", "BackendServer.configuring"]);
  assert.equal(emulator.control.log().at(-1).testCall, "third");

  emulator.control.faults([{ effect: "throttle", kind: "write" }]);
  assert.deepEqual([(await describe()).status, await code("i-none")], [200, "Throttling.User"]);

  emulator.control.faults([{ effect: "refuse", code: "ObtainIpFail", contains: "i-bp1fq61enf4loa5i0001", times: "always" }]);
  assert.deepEqual([await code("i-bp1fq61enf4loa5i0001"), await code("i-none")], ["ObtainIpFail", undefined]);

  emulator.control.faults([{ effect: "busy", forMs: 200 }]);
  const timed = [await code("i-none"), await code("i-none")];
  await new Promise((resolve) => setTimeout(resolve, 220));
  assert.deepEqual([...timed, await code("i-none")], ["BackendServer.configuring", "BackendServer.configuring", undefined]);

  emulator.control.faults([{ effect: "busy", times: 1, testCall: "a" }]);
  emulator.control.addFaults([{ effect: "throttle", testCall: "b" }]);
  assert.deepEqual([await code("i-none", { headers: { "x-test-call": "b" } }), await code("i-none", { headers: { "x-test-call": "a" } })], ["Throttling.User", "BackendServer.configuring"]);
  emulator.control.addFaults([]);
  assert.deepEqual(await (await fetch(`${emulator.info.control.url}/faults`)).json(), [], "used-up rules go when rules are added");
});

test("what waits when everything is reset is not carried out afterwards", async () => {
  fault({ effect: "delay", ms: 60_000 });
  const waiting = assert.rejects(release());
  while (emulator.control.log().length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  emulator.control.reset();
  await waiting;
  assert.deepEqual([applied(), emulator.control.changes()], [false, []]);
});
