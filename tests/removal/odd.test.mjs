// Odd answers: successes without effect, partial ones, numbers as text, long lists, exchanges that take too long.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { IDS, OPERATIONS, REQUESTS, backends, cloudOf, emulator, hasty, outcomes, patient, removal, watchStrays, writes } from "./support.mjs";

watchStrays();
const cloud = emulator();

const ONE_GROUP = { ...REQUESTS, alibaba: { from: { loadBalancerId: IDS.loadBalancer, defaultGroupOnly: true }, remove: { serverId: "i-bp1fq61enf4loa5i0001" } } };
const KINDS = ["alibaba", "ucloud", "otc"];
/** A success that says nothing and did nothing. */
const SAYS_YES = {
  alibaba: { status: 200, body: { RequestId: "r-1", BackendServers: { BackendServer: [] }, LoadBalancerId: IDS.loadBalancer }, contentType: "application/json" },
  ucloud: { status: 200, body: { RetCode: 0, Action: "AnyResponse" }, contentType: "application/json" },
  otc: { status: 204 },
};

describe("a success without an effect", () => {
  for (const kind of KINDS) {
    it(`${kind}: once: looked for, and done again`, async (t) => {
      hasty(t);
      cloud.control.faults([{ cloud: cloudOf(kind), operation: OPERATIONS[kind].remove, effect: "status", ...SAYS_YES[kind] }]);
      const { report, events } = await removal(patient(cloud, kind), ONE_GROUP[kind]);
      assert.equal(report.status, "done");
      assert.equal(report.entries[0].outcome, "removed");
      assert.ok(events.some(({ event, why }) => event === "wait" && why === "effect"));
      assert.equal(writes(cloud).filter((name) => name === OPERATIONS[kind].remove).length, 2);
    });

    it(`${kind}: for ever: failed, said so, and put back`, async (t) => {
      hasty(t);
      const before = backends(cloud, kind);
      cloud.control.faults([{ cloud: cloudOf(kind), operation: OPERATIONS[kind].remove, effect: "status", times: "always", ...SAYS_YES[kind] }]);
      const { report } = await removal(patient(cloud, kind), ONE_GROUP[kind]);
      assert.equal(report.status, "incomplete");
      assert.deepEqual(report.entries.map(({ outcome, state }) => `${outcome} ${state}`), ["failed serving"]);
      assert.equal(report.entries[0].error.kind, "unexpected-answer");
      assert.ok(report.entries[0].error.hint);
      assert.deepEqual(backends(cloud, kind), before);
    });
  }

  it("a drain that takes no hold: nothing is removed", async (t) => {
    hasty(t);
    for (const kind of ["alibaba", "ucloud"]) {
      cloud.control.reset();
      const before = backends(cloud, kind);
      cloud.control.faults([{ cloud: cloudOf(kind), operation: OPERATIONS[kind].drain, effect: "status", times: "always", ...SAYS_YES[kind] }]);
      const { report } = await removal(patient(cloud, kind), ONE_GROUP[kind]);
      assert.equal(report.status, "incomplete");
      assert.deepEqual(report.entries.map(({ outcome, state }) => `${outcome} ${state}`), ["failed serving"]);
      assert.ok(!writes(cloud).includes(OPERATIONS[kind].remove));
      assert.deepEqual(backends(cloud, kind), before);
    }
  });
});

describe("UCloud's success that holds a failure", () => {
  for (const kind of ["ucloud", "scloud"]) {
    for (const step of ["drain", "remove"]) {
      it(`${kind}: ${step}`, async (t) => {
        hasty(t);
        cloud.control.faults([{ cloud: kind, operation: OPERATIONS[kind][step], effect: "item-failure" }]);
        const { report } = await removal(patient(cloud, kind), ONE_GROUP[kind]);
        assert.equal(report.status, "done");
        cloud.control.reset();
        const before = backends(cloud, kind);
        cloud.control.faults([{ cloud: kind, operation: OPERATIONS[kind][step], effect: "item-failure", times: "always" }]);
        const { report: never } = await removal(patient(cloud, kind), ONE_GROUP[kind]);
        assert.equal(never.status, "incomplete");
        assert.deepEqual(outcomes(never), ["backend-1a2b failed serving"]);
        assert.deepEqual(backends(cloud, kind), before);
      });
    }
  }
});

describe("answers in another form", () => {
  for (const kind of [...KINDS, "scloud"]) {
    it(`${kind}: numbers as text`, async (t) => {
      hasty(t);
      cloud.control.faults([{ cloud: cloudOf(kind), effect: "numbers-as-strings", times: "always" }]);
      const { plan, report } = await removal(patient(cloud, kind), ONE_GROUP[kind]);
      assert.equal(report.status, "done");
      assert.deepEqual(plan.groups.map(({ inService }) => inService.after), [{ alibaba: 5, ucloud: 2, scloud: 2, otc: 3 }[kind]]);
    });
  }
});

describe("long lists", () => {
  it("of VServers, page by page", async (t) => {
    hasty(t);
    const [{ ulbId, vServers }] = cloud.control.arrange({ add: { ucloud: { vServers: 45, backends: 3 } } }).added.ucloud;
    const last = vServers.at(-1);
    const { plan, report } = await removal(patient(cloud, "ucloud"), { from: { ulbId }, remove: [{ backendId: last.backendIds[0] }, { backendId: vServers[0].backendIds[2] }] });
    assert.deepEqual(plan.groups.map(({ id }) => id).sort(), [vServers[0].vServerId, last.vServerId].sort());
    assert.equal(report.status, "done");
  });

  it("of members, page by page", async (t) => {
    hasty(t);
    const [{ pools: [{ poolId, memberIds }] }] = cloud.control.arrange({ add: { otc: { members: 1_200 } } }).added.otc;
    for (const kind of ["otc", "keystone"]) {
      const { plan, report } = await removal(patient(cloud, kind), { from: { poolId }, remove: { memberId: memberIds.at(kind === "otc" ? -1 : -2) } });
      assert.equal(plan.groups[0].backends.before, kind === "otc" ? 1_200 : 1_199);
      assert.equal(report.status, "done");
    }
  });
});

describe("an exchange that takes too long", () => {
  it("is settled by reading, in real time", async () => {
    cloud.control.faults([{ cloud: "otc", operation: "DeleteMember", effect: "hang-after" }]);
    const client = patient(cloud, "otc");
    const started = performance.now();
    const events = [];
    const report = await client.run(await client.plan({ ...REQUESTS.otc, drain: { waitMs: 100 } }), { timeoutMs: 300, onEvent: (event) => events.push(event) });
    const took = performance.now() - started;
    assert.equal(report.status, "done");
    assert.equal(report.entries[0].outcome, "removed");
    assert.deepEqual(writes(cloud), ["UpdateMember", "DeleteMember"]);
    const settle = events.find(({ event, why }) => event === "wait" && why === "settle");
    // The clouds' own time after a change of unknown fate, and the time it was given.
    assert.ok(took >= 2_300 && took < 9_000, `${took} ms`);
    assert.ok(Date.parse(settle.until) - Date.parse(settle.at) >= 1_000);
  });

  it("a read: made again", async () => {
    cloud.control.faults([{ cloud: "ucloud", operation: "DescribeVServer", effect: "stall", skip: 2 }]);
    const client = patient(cloud, "ucloud");
    const report = await client.run(await client.plan({ ...REQUESTS.ucloud, drain: { waitMs: 50 } }), { timeoutMs: 300 });
    assert.equal(report.status, "done");
  });
});

describe("a fetch of the caller's own", () => {
  for (const [what, broken] of [
    ["throws", () => { throw new Error("no network today"); }],
    ["rejects with text", () => Promise.reject("no network today")],
    ["returns nothing", () => undefined],
    ["returns a page", async () => new Response("<html>", { status: 200 })],
  ]) {
    it(`${what} at every change: nothing is claimed`, async (t) => {
      hasty(t);
      const before = cloud.control.state();
      const client = patient(cloud, "ucloud", { fetch: (url, init) => (/"Action":"(Update|Release)/.test(init.body) ? broken() : fetch(url, init)) });
      const report = await client.run(await client.plan(REQUESTS.ucloud));
      assert.equal(report.status, "incomplete");
      assert.deepEqual(outcomes(report), ["backend-1a2b failed serving"]);
      assert.ok(["outcome-unknown", "network"].includes(report.entries[0].error.kind), report.entries[0].error.kind);
      assert.deepEqual(cloud.control.state(), before);
    });
  }
});
