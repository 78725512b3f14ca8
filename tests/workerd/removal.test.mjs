// The safe removal in workerd: each family's main path, a lost answer, a lock, a bad id, a rule that would be empty, an abort.
import assert from "node:assert/strict";
import { before, beforeEach, describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { start } from "../emulator/main.mjs";
import { startWorker } from "./workerd.mjs";

let emulator;
let worker;
before(async (t) => {
  emulator = await start();
  t.after(() => emulator.close());
  worker = await startWorker(t, fileURLToPath(new URL("removal-worker.mjs", import.meta.url)));
});
beforeEach(() => void emulator.control.reset());

const LB = "lb-bp15lbk8uja8rvm4a0001";
const SERVER = "i-bp1fq61enf4loa5i0001";
const POOL = "5a9a3e9e-d1aa-448e-af37-a70171f2a332";
const MEMBER = "cf024846-7516-4e3a-b0fb-6590322c836f";
const ucloud = { from: { ulbId: "ulb-5xyz", vServerId: "vserver-http" }, remove: { backendId: "backend-1a2b" } };
const openstack = { from: { poolId: POOL }, remove: { memberId: MEMBER } };
const REQUESTS = { alibaba: { from: { loadBalancerId: LB, defaultGroupOnly: true }, remove: { serverId: SERVER } }, ucloud, scloud: ucloud, otc: openstack, keystone: openstack };
const MARKS = { alibaba: `default ecs ${SERVER}`, ucloud: "backend-1a2b", scloud: "backend-1a2b", otc: MEMBER, keystone: MEMBER };
const CHANGES = {
  alibaba: ["SetBackendServers", "RemoveBackendServers"],
  ucloud: ["UpdateBackendAttribute", "ReleaseBackend"],
  scloud: ["UpdateBackendAttribute", "ReleaseBackend"],
  otc: ["UpdateMember", "DeleteMember"],
  keystone: ["UpdateMember", "DeleteMember"],
};
const KINDS = Object.keys(REQUESTS);
const cloudOf = (kind) => (kind === "keystone" ? "otc" : kind);
const line = (kind) => emulator.control.state()[cloudOf(kind)].backends.find((line) => line.includes(MARKS[kind]));
const writes = () => emulator.control.log().map(({ operation }) => operation).filter((name) => !/^(Describe|List|Get|CreateToken)/.test(name));

function options(kind) {
  const { url, region, projectId, identityEndpoint, credentials } = emulator.info[kind];
  const where = identityEndpoint ? { vendor: "openstack", identityEndpoint } : { vendor: kind, endpoint: url };
  const form = { alibaba: { signature: "acs3" }, scloud: { encoding: "form" } }[kind];
  return { ...where, region, ...(kind.endsWith("cloud") && { projectId }), credentials, allowHttp: true, ...form };
}

async function removal(kind, more = {}, { hasty = true, ...input } = {}) {
  const body = JSON.stringify({ client: options(kind), request: { ...REQUESTS[kind], ...more }, hasty, ...input });
  const response = await worker.dispatchFetch("http://worker.example/", { method: "POST", body, signal: AbortSignal.timeout(20_000) });
  const ended = await response.json();
  assert.equal(ended.foreign, undefined);
  return ended;
}
const outcomes = ({ report }) => report.entries.map(({ outcome, state }) => `${outcome} ${state}`);

describe("in workerd", () => {
  for (const kind of KINDS) {
    it(`${kind}: the main path`, async () => {
      const { picture, plan, planText, events, report, reportText } = await removal(kind);
      assert.equal(report.status, "done");
      assert.deepEqual(outcomes({ report }), ["removed gone"]);
      assert.equal(line(kind), undefined);
      assert.deepEqual(writes(), CHANGES[kind]);
      assert.equal(report.calls, plan.calls.reads + plan.calls.changes);
      assert.equal(picture.schema, "unpool/picture@1");
      assert.match(planText, /^Plan for .*: remove 1 backend from 1 load balancer\./);
      assert.match(reportText, /done\. 1 of 1 removed;/);
      assert.deepEqual([events.at(-1).event, events.at(-1).done], ["step-end", 1]);
    });

    for (const [effect, applied] of [["drop-after", true], ["drop-before", false]]) {
      it(`${kind}: a lost answer (${effect}) to the drain and to the removal`, async () => {
        emulator.control.faults(CHANGES[kind].map((operation) => ({ cloud: cloudOf(kind), operation, effect })));
        const { report, events } = await removal(kind);
        assert.equal(report.status, "done");
        assert.deepEqual(outcomes({ report }), ["removed gone"]);
        assert.equal(line(kind), undefined);
        assert.deepEqual(writes(), applied ? CHANGES[kind] : CHANGES[kind].flatMap((name) => [name, name]));
        assert.equal(events.filter(({ event, why }) => event === "wait" && why === "settle").length, 2);
      });
    }

    it(`${kind}: a lock is waited out`, async () => {
      emulator.control.faults(CHANGES[kind].map((operation) => ({ cloud: cloudOf(kind), operation, effect: "busy", times: 3 })));
      const { report, events } = await removal(kind);
      assert.equal(report.status, "done");
      assert.equal(events.filter(({ event }) => event === "retry").length, 6);
    });

    it(`${kind}: a lock that never ends: put back, and said so`, async () => {
      const before = line(kind);
      emulator.control.faults([{ cloud: cloudOf(kind), operation: CHANGES[kind][1], effect: "busy", times: "always" }]);
      const { report } = await removal(kind);
      assert.equal(report.status, "incomplete");
      assert.deepEqual(outcomes({ report }), ["failed serving"]);
      assert.equal(line(kind), before);
    });

    it(`${kind}: abort in mid-drain, in real time: left drained, and nothing more is sent`, async () => {
      const { report, reportText } = await removal(kind, {}, { hasty: false, abortAt: { event: "wait", why: "drain" } });
      assert.equal(report.status, "aborted");
      assert.deepEqual(outcomes({ report }), ["not-tried drained"]);
      assert.deepEqual(writes(), [CHANGES[kind][0]]);
      assert.match(line(kind), /(weight=0| disabled)$/);
      assert.match(reportText, /^1 backend takes no traffic and is not removed\.$/m);
    });
  }

  it("real timers: a drain of 300 ms takes 300 ms", async () => {
    const { report, events } = await removal("scloud", { drain: { waitMs: 300 } }, { hasty: false });
    assert.equal(report.status, "done");
    const wait = events.find(({ event }) => event === "wait");
    assert.ok(Date.parse(report.endedAt) >= Date.parse(wait.until) - 1_000);
    const [drained, removed] = emulator.control.log().filter(({ operation }) => CHANGES.scloud.includes(operation));
    assert.ok(Date.parse(removed.at) - Date.parse(drained.at) >= 295);
  });

  it("a bad id in a batch: the others are removed, this one failed and is put back", async () => {
    const [{ loadBalancerId, serverIds }] = emulator.control.arrange({ add: { alibaba: { servers: 20 } } }).added.alibaba;
    const bad = serverIds[4];
    emulator.control.arrange({ gone: [bad] });
    const { report } = await removal("alibaba", { from: { loadBalancerId }, remove: serverIds.slice(0, 8).map((serverId) => ({ serverId })) });
    assert.equal(report.status, "incomplete");
    assert.deepEqual(report.entries.map(({ id, outcome }) => `${id} ${outcome}`), serverIds.slice(0, 8).map((id) => `${id} ${id === bad ? "failed" : "removed"}`));
    const left = emulator.control.state().alibaba.backends.filter((line) => line.startsWith(`${loadBalancerId} `));
    assert.equal(left.length, 13);
    assert.ok(left.every((line) => line.endsWith("weight=100")));
  });

  for (const kind of ["ucloud", "scloud"]) {
    it(`${kind}: a rule that would be empty stops it, is deleted, or left empty`, async () => {
      const rules = () => emulator.control.state()[kind].rules.filter((line) => line.includes("policy-api"));
      const remove = { backendId: "backend-3c4d" };
      const before = emulator.control.state();
      const stopped = await removal(kind, { remove });
      assert.deepEqual(stopped.plan.refusals.map(({ guard }) => guard), ["empty-rule"]);
      assert.deepEqual([stopped.refused.kind, stopped.refused.code], ["refused", "empty-rule"]);
      assert.deepEqual(emulator.control.state(), before);

      const emptied = await removal(kind, { remove, onEmptyRule: "leave-empty" });
      assert.equal(emptied.report.status, "done");
      assert.deepEqual(rules(), ["ulb-5xyz vserver-http Custom policy-api /api []"]);

      emulator.control.reset();
      const deleted = await removal(kind, { remove, onEmptyRule: "delete-rule" });
      assert.equal(deleted.report.status, "done");
      assert.deepEqual(rules(), []);
    });
  }
});
