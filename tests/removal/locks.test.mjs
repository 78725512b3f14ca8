// Locks and limits of the vendor: waited out, and reported where they never end.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { IDS, OPERATIONS, REQUESTS, backends, cloudOf, emulator, hasty, outcomes, patient, removal, watchStrays, writes } from "./support.mjs";

watchStrays();
const cloud = emulator();

const ONE_GROUP = { ...REQUESTS, alibaba: { from: { loadBalancerId: IDS.loadBalancer, defaultGroupOnly: true }, remove: { serverId: "i-bp1fq61enf4loa5i0001" } } };
const BALANCER = { alibaba: IDS.loadBalancer, otc: "38278031-cfca-44be-81be-a412f618773b", keystone: "38278031-cfca-44be-81be-a412f618773b" };

/** What each cloud says while it is busy. */
const BUSY = {
  alibaba: ["BackendServer.configuring", "VServerGroupProcessing", "SystemBusy", "OperationBusy", "ServiceIsConfiguring", "Throttling.User"],
  ucloud: ["150", "153"],
  otc: ["ELB.8907", "APIGW.0308"],
};

describe("a busy load balancer", () => {
  for (const [kind, codes] of Object.entries(BUSY)) {
    for (const code of codes) {
      it(`${kind}: ${code} is waited out, for each kind of change`, async (t) => {
        hasty(t);
        const { drain, remove } = OPERATIONS[kind];
        cloud.control.faults([drain, remove].map((operation) => ({ cloud: cloudOf(kind), operation, effect: "busy", code, times: 4 })));
        const { report, events } = await removal(patient(cloud, kind), ONE_GROUP[kind]);
        assert.equal(report.status, "done");
        assert.equal(report.entries[0].outcome, "removed");
        const retries = events.filter(({ event }) => event === "retry");
        assert.deepEqual(retries.map(({ attempt }) => attempt), [1, 2, 3, 4, 1, 2, 3, 4]);
        assert.ok(retries.every(({ error }) => error.retryable && error.code === code), JSON.stringify(retries[0]));
        assert.equal(events.filter(({ event, why }) => event === "wait" && why === "retry").length, 8);
      });
    }
  }

  it("the cloud's own delay is waited", async (t) => {
    const pauses = hasty(t);
    cloud.control.faults([{ cloud: "otc", operation: "DeleteMember", effect: "throttle", headers: { "retry-after": "7" } }]);
    const { report } = await removal(patient(cloud, "otc"), { ...ONE_GROUP.otc, drain: false });
    assert.equal(report.status, "done");
    assert.ok(pauses.some((ms) => ms >= 7_000 && ms < 8_000), pauses.join());
  });

  it("OpenStack's PENDING_UPDATE is seen by reading, and nothing is sent into it", async (t) => {
    for (const kind of ["otc", "keystone"]) {
      cloud.control.reset();
      hasty(t);
      cloud.control.faults([{ cloud: "otc", operation: "UpdateMember", effect: "lock", lock: { forMs: 4_000, envelope: "octavia" } }]);
      const { report, events } = await removal(patient(cloud, kind), { ...ONE_GROUP.otc, drain: { waitMs: 0 } });
      assert.equal(report.status, "done");
      assert.deepEqual(writes(cloud), ["UpdateMember", "DeleteMember"], "no call is wasted on a lock that can be seen");
      assert.ok(events.some(({ event, why, until, at }) => event === "wait" && why === "locked" && until > at));
      t.mock.restoreAll();
    }
  });
});

describe("a lock that never ends", () => {
  for (const kind of ["alibaba", "ucloud", "otc"]) {
    it(`${kind}: refusals from the first change on: it is failed, and nothing was changed`, async (t) => {
      hasty(t);
      const before = backends(cloud, kind);
      const client = patient(cloud, kind);
      const plan = await client.plan(ONE_GROUP[kind]);
      cloud.control.faults([{ cloud: cloudOf(kind), kind: "write", effect: "busy", times: "always" }]);
      const report = await client.run(plan);
      assert.equal(report.status, "incomplete");
      assert.deepEqual(backends(cloud, kind), before);
      assert.equal(report.entries[0].state, "serving");
      assert.equal(report.loadBalancers[0].status, "failed");
      // UCloud has no word for it.
      assert.equal(report.loadBalancers[0].error.kind, kind === "ucloud" ? "server" : "busy");
      assert.deepEqual(report.entries[0].error, report.loadBalancers[0].error);
      assert.ok(writes(cloud).length <= 30, `${writes(cloud).length} calls`);
    });

    it(`${kind}: removals are refused for ever: what was drained is put back`, async (t) => {
      hasty(t);
      const before = backends(cloud, kind);
      cloud.control.faults([{ cloud: cloudOf(kind), operation: OPERATIONS[kind].remove, effect: "busy", times: "always" }]);
      const { report, events } = await removal(patient(cloud, kind), ONE_GROUP[kind]);
      assert.equal(report.status, "incomplete");
      assert.deepEqual(outcomes(report).map((line) => line.replace(/^\S+ /, "")), ["failed serving"]);
      assert.deepEqual(backends(cloud, kind), before);
      assert.ok(events.some(({ event, step }) => event === "step-begin" && step === "put-back"));
    });

    it(`${kind}: from the drain on nothing can be changed: it stays drained, and the report says so`, async (t) => {
      hasty(t);
      const client = patient(cloud, kind);
      const plan = await client.plan(ONE_GROUP[kind]);
      const report = await client.run(plan, {
        onEvent({ event, why }) {
          if (event === "wait" && why === "drain") cloud.control.faults([{ cloud: cloudOf(kind), kind: "write", effect: "busy", times: "always" }]);
        },
      });
      assert.equal(report.status, "incomplete");
      assert.deepEqual(outcomes(report).map((line) => line.replace(/^\S+ /, "")), ["failed drained"]);
      assert.ok(backends(cloud, kind).some((line) => line.endsWith("weight=0") || line.endsWith("disabled")));
    });
  }

  it("OpenStack: a load balancer that stays PENDING is given up, put back as soon as it can be", async (t) => {
    hasty(t);
    const before = backends(cloud, "otc");
    const client = patient(cloud, "otc");
    const plan = await client.plan(ONE_GROUP.otc);
    cloud.control.arrange({ set: [{ cloud: "otc", id: BALANCER.otc, provisioningStatus: "PENDING_UPDATE" }] });
    const report = await client.run(plan);
    assert.equal(report.status, "incomplete");
    assert.equal(report.loadBalancers[0].error.kind, "busy");
    assert.deepEqual(writes(cloud), []);
    assert.deepEqual(backends(cloud, "otc"), before);
  });
});

describe("a load balancer that is locked or in an error", () => {
  const STUCK = {
    alibaba: { status: "locked" },
    otc: { provisioningStatus: "ERROR" },
    keystone: { provisioningStatus: "ERROR" },
  };
  for (const [kind, fields] of Object.entries(STUCK)) {
    const stick = () => cloud.control.arrange({ set: [{ cloud: cloudOf(kind), id: BALANCER[kind], ...fields }] });

    it(`${kind}: the plan refuses`, async () => {
      stick();
      const client = patient(cloud, kind);
      const plan = await client.plan(ONE_GROUP[kind]);
      assert.deepEqual(plan.refusals.map(({ guard, message }) => ({ guard, message })), [
        { guard: "locked-or-error", message: `the load balancer is in state ${Object.values(fields)[0]}` },
      ]);
      await assert.rejects(client.run(plan), { kind: "refused", code: "locked-or-error" });
      assert.deepEqual(writes(cloud), []);
    });

    it(`${kind}: between plan and run: nothing is touched`, async (t) => {
      hasty(t);
      const client = patient(cloud, kind);
      const plan = await client.plan(ONE_GROUP[kind]);
      stick();
      const report = await client.run(plan);
      assert.equal(report.status, "refused");
      assert.equal(report.loadBalancers[0].refusal.guard, "locked-or-error");
      assert.deepEqual(writes(cloud), []);
    });

    it(`${kind}: in mid-run: it stays drained, and the report says so`, async (t) => {
      hasty(t);
      const client = patient(cloud, kind);
      const plan = await client.plan(ONE_GROUP[kind]);
      const report = await client.run(plan, { onEvent: ({ event, why }) => event === "wait" && why === "drain" && stick() });
      assert.equal(report.status, "refused");
      assert.equal(report.loadBalancers[0].refusal.guard, "locked-or-error");
      assert.equal(report.loadBalancers[0].status, "refused");
      assert.deepEqual(report.entries.map(({ outcome, state }) => `${outcome} ${state}`), ["not-tried drained"]);
      assert.ok(report.entries[0].error ?? report.loadBalancers[0].error, "and that it could not be put back");
      assert.equal(writes(cloud).length, 1);
    });
  }
});
