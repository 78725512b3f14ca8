// Answers that are lost, at each kind of change: what is reported is what is so, and nothing is done that a read did not ask for.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { IDS, OPERATIONS, REQUESTS, backends, changes, cloudOf, emulator, hasty, outcomes, patient, removal, rules, watchStrays, writes } from "./support.mjs";

watchStrays();
const cloud = emulator();

/** The clouds with a place that is one group, so that each step is one call. */
const ONE_GROUP = {
  alibaba: { from: { loadBalancerId: IDS.loadBalancer, defaultGroupOnly: true }, remove: { serverId: "i-bp1fq61enf4loa5i0001" } },
  ucloud: REQUESTS.ucloud,
  scloud: REQUESTS.scloud,
  otc: REQUESTS.otc,
  keystone: REQUESTS.keystone,
};
const MARK = { alibaba: "i-bp1fq61enf4loa5i0001", ucloud: "backend-1a2b", scloud: "backend-1a2b", otc: IDS.member, keystone: IDS.member };
const NAME = { alibaba: " default ecs i-bp1fq61enf4loa5i0001", ucloud: "backend-1a2b", scloud: "backend-1a2b", otc: IDS.member, keystone: IDS.member };

const there = (kind) => backends(cloud, kind).find((line) => line.includes(NAME[kind]));

/** What the emulator does when an answer is lost, and whether the change was made. */
const LOST = [
  ["drop-before", false],
  ["drop-after", true],
  ["truncate", true],
  ["html", false],
  ["empty-body", true],
];

describe("one lost answer", () => {
  for (const kind of Object.keys(ONE_GROUP)) {
    for (const step of ["drain", "remove"]) {
      for (const [effect, applied] of LOST) {
        // A 204 has no body to lose, and its status says it all.
        if (cloudOf(kind) === "otc" && step === "remove" && effect === "empty-body") continue;
        it(`${kind}: ${step}, ${effect} (${applied ? "carried out" : "not carried out"})`, async (t) => {
          hasty(t);
          const operation = OPERATIONS[kind][step];
          cloud.control.faults([{ cloud: cloudOf(kind), operation, effect }]);
          const { report, events } = await removal(patient(cloud, kind), ONE_GROUP[kind]);
          assert.equal(report.status, "done");
          assert.deepEqual(outcomes(report), [`${MARK[kind]} removed gone`]);
          assert.equal(there(kind), undefined);
          // The change is made once; sent again only where it was not made.
          const own = writes(cloud).filter((name) => name === operation);
          assert.equal(own.length, applied ? 1 : 2, own.join());
          assert.equal(changes(cloud, (change) => change.operation === operation && /backend|member/i.test(change.resource)).length, 1);
          const told = events.filter(({ event, why }) => event === "retry" || (event === "wait" && why === "settle"));
          if (effect !== "html") assert.deepEqual(told.map(({ event }) => event), ["retry", "wait"]);
          assert.ok(events.filter(({ event }) => event === "retry").every(({ error, attempt }) => error.kind && attempt === 1));
        });
      }
    }
  }

  for (const [effect, applied] of [["drop-before", false], ["drop-after", true]]) {
    for (const [onEmptyRule, operation] of [["leave-empty", "UpdatePolicy"], ["delete-rule", "DeletePolicy"]]) {
      it(`of a rule's edit: ${operation}, ${effect}`, async (t) => {
        hasty(t);
        cloud.control.faults([{ cloud: "ucloud", operation, effect }]);
        const request = { from: { ulbId: IDS.ulb, vServerId: "vserver-http" }, remove: { backendId: "backend-3c4d" }, onEmptyRule };
        const { report } = await removal(patient(cloud, "ucloud"), request);
        assert.equal(report.status, "done");
        assert.equal(writes(cloud).filter((name) => name === operation).length, applied ? 1 : 2);
        assert.deepEqual(report.rules.map(({ state }) => state), [onEmptyRule === "delete-rule" ? "deleted" : "edited"]);
        assert.equal(rules(cloud, "ucloud").some((line) => line.includes("policy-api")), onEmptyRule === "leave-empty");
      });
    }
  }

  it("of a batch: all its entries are settled by reading", async (t) => {
    hasty(t);
    const { added } = cloud.control.arrange({ add: { alibaba: { servers: 30 } } });
    const [{ loadBalancerId, serverIds }] = added.alibaba;
    cloud.control.faults([{ cloud: "alibaba", operation: "RemoveBackendServers", effect: "drop-after" }]);
    const remove = serverIds.slice(0, 12).map((serverId) => ({ serverId }));
    const { report } = await removal(patient(cloud, "alibaba"), { from: { loadBalancerId }, remove });
    assert.equal(report.status, "done");
    assert.ok(report.entries.every(({ outcome }) => outcome === "removed"));
    assert.deepEqual(writes(cloud), ["SetBackendServers", "RemoveBackendServers"]);
  });
});

describe("a change that shows late", () => {
  for (const kind of ["alibaba", "ucloud", "otc"]) {
    for (const step of ["drain", "remove"]) {
      it(`${kind}: ${step} is not sent again while it may still show`, async (t) => {
        hasty(t);
        const operation = OPERATIONS[kind][step];
        cloud.control.faults([{ cloud: cloudOf(kind), operation, effect: "visible-after", reads: 4 }]);
        const { report, events } = await removal(patient(cloud, kind), ONE_GROUP[kind]);
        assert.equal(report.status, "done");
        assert.equal(writes(cloud).filter((name) => name === operation).length, 1);
        assert.ok(events.some(({ event, why }) => event === "wait" && why === "effect"));
      });
    }
  }
});

describe("answers that stay lost", () => {
  for (const kind of ["alibaba", "ucloud", "otc"]) {
    it(`${kind}: a removal that is never carried out ends as failed, and is put back`, async (t) => {
      hasty(t);
      const before = backends(cloud, kind);
      cloud.control.faults([{ cloud: cloudOf(kind), operation: OPERATIONS[kind].remove, effect: "drop-before", times: "always" }]);
      const { report } = await removal(patient(cloud, kind), ONE_GROUP[kind]);
      assert.equal(report.status, "incomplete");
      assert.deepEqual(outcomes(report), [`${MARK[kind]} failed serving`]);
      assert.equal(report.entries[0].error.kind, "outcome-unknown");
      assert.deepEqual(backends(cloud, kind), before);
      assert.ok(writes(cloud).length < 20, "and is given up at some time");
    });

    it(`${kind}: a drain that is never carried out changes nothing`, async (t) => {
      hasty(t);
      const before = backends(cloud, kind);
      cloud.control.faults([{ cloud: cloudOf(kind), operation: OPERATIONS[kind].drain, effect: "drop-before", times: "always" }]);
      const { report } = await removal(patient(cloud, kind), ONE_GROUP[kind]);
      assert.equal(report.status, "incomplete");
      assert.equal(report.entries[0].state, "serving");
      assert.equal(report.entries[0].outcome, "failed");
      assert.deepEqual(backends(cloud, kind), before);
    });

    it(`${kind}: a removal after which no read works is unknown`, async (t) => {
      hasty(t);
      cloud.control.faults([{ cloud: cloudOf(kind), operation: OPERATIONS[kind].remove, effect: "drop-after" }]);
      const client = patient(cloud, kind);
      const plan = await client.plan(ONE_GROUP[kind]);
      const report = await client.run(plan, {
        onEvent({ event, why }) {
          if (event === "wait" && why === "settle") cloud.control.faults([{ cloud: cloudOf(kind), kind: "read", effect: "drop-before", times: "always" }]);
        },
      });
      assert.equal(report.status, "incomplete");
      assert.deepEqual(outcomes(report), [`${MARK[kind]} unknown unknown`]);
      assert.equal(there(kind), undefined, "it was carried out; nobody could tell");
      assert.equal(report.loadBalancers[0].status, "failed");
      assert.ok(report.loadBalancers[0].error.kind);
    });

    it(`${kind}: a drain after which no read works: the entry is of unknown state, and not tried`, async (t) => {
      hasty(t);
      cloud.control.faults([{ cloud: cloudOf(kind), operation: OPERATIONS[kind].drain, effect: "drop-after" }]);
      const client = patient(cloud, kind);
      const plan = await client.plan(ONE_GROUP[kind]);
      const report = await client.run(plan, {
        onEvent({ event, why }) {
          if (event === "wait" && why === "settle") cloud.control.faults([{ cloud: cloudOf(kind), kind: "read", effect: "drop-before", times: "always" }]);
        },
      });
      assert.equal(report.status, "incomplete");
      assert.deepEqual(outcomes(report), [`${MARK[kind]} not-tried unknown`]);
      assert.ok(there(kind), "still there, drained, and nobody claims otherwise");
    });
  }
});

describe("reads that fail", () => {
  for (const kind of ["alibaba", "ucloud", "otc"]) {
    it(`${kind}: one is made again`, async (t) => {
      hasty(t);
      cloud.control.faults([{ cloud: cloudOf(kind), kind: "read", effect: "server", times: 2 }, { cloud: cloudOf(kind), kind: "read", effect: "drop-before", skip: 4 }]);
      const { report } = await removal(patient(cloud, kind), ONE_GROUP[kind]);
      assert.equal(report.status, "done");
    });

    it(`${kind}: a plan whose reads never work ends with their error`, async (t) => {
      hasty(t);
      cloud.control.faults([{ cloud: cloudOf(kind), kind: "read", effect: "server", times: "always" }]);
      await assert.rejects(patient(cloud, kind).plan(ONE_GROUP[kind]), { name: "UnpoolError", kind: "server" });
      await assert.rejects(patient(cloud, kind).inspect(ONE_GROUP[kind].from), { name: "UnpoolError", kind: "server" });
    });
  }

  it("a run whose first reads never work has tried nothing", async (t) => {
    hasty(t);
    const client = patient(cloud, "ucloud");
    const plan = await client.plan(ONE_GROUP.ucloud);
    cloud.control.faults([{ cloud: "ucloud", kind: "read", effect: "server", times: "always" }]);
    const report = await client.run(plan);
    assert.equal(report.status, "incomplete");
    assert.equal(report.loadBalancers[0].error.kind, "server");
    assert.deepEqual(outcomes(report), ["backend-1a2b not-tried unknown"]);
    assert.deepEqual(writes(cloud), []);
  });
});
