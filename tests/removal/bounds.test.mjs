// Bounds: how many calls, until when, how many load balancers at once.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { IDS, OPERATIONS, REQUESTS, arrived, backends, checkError, cloudOf, describeReport, emulator, errorOf, hasty, patient, settled, watchStrays, writes } from "./support.mjs";

watchStrays();
const cloud = emulator();
const KINDS = ["alibaba", "ucloud", "otc", "keystone"];
const MARK = { alibaba: "i-bp1fq61enf4loa5i0001", ucloud: "backend-1a2b", otc: IDS.member, keystone: IDS.member };

/** The line of an entry; undefined where it is gone. */
const lineOf = (kind, { id }) => backends(cloud, kind).find((line) => line.includes(MARK[kind]) && (kind !== "alibaba" || id.includes(":") === line.includes("rsp-")));
const takesNothing = (line) => line.endsWith("weight=0") || line.endsWith("disabled");

/** How many reads a look at one group takes. */
const LOOK = { alibaba: 2, ucloud: 1, otc: 2, keystone: 2 };

/** What a report says of each entry is what is so; unknown is only what the last change was about, while nobody has looked since. */
function isTrue(kind, report) {
  const last = writes(cloud).at(-1);
  const sent = cloud.control.log().filter(({ cloud: of }) => of !== "keystone").map(({ operation }) => operation);
  const unseen = sent.length - 1 - sent.lastIndexOf(last) < LOOK[kind];
  let unknown = 0;
  for (const entry of report.entries) {
    const line = lineOf(kind, entry);
    const said = `${entry.outcome} ${entry.state}`;
    const so = line === undefined ? "removed gone" : takesNothing(line) ? "not-tried drained" : "not-tried serving";
    if (unseen && entry.state === "unknown") {
      unknown += 1;
      assert.equal(entry.outcome, /^(Remove|Release|Delete)/.test(last) ? "unknown" : "not-tried");
    } else {
      assert.equal(said, so, `${entry.id} is ${line ?? "gone"}`);
    }
  }
  assert.equal(unknown, unseen ? 1 : 0);
}

describe("maxCalls", () => {
  for (const kind of KINDS) {
    it(`${kind}: never more; paused, with things as they are, and a run of the same plan goes on from there`, async (t) => {
      hasty(t);
      const client = patient(cloud, kind);
      const whole = (await client.plan(REQUESTS[kind])).calls;
      for (let maxCalls = 1; maxCalls < whole.reads + whole.changes; maxCalls++) {
        cloud.control.reset();
        const plan = await client.plan(REQUESTS[kind]);
        const before = arrived(cloud);
        const report = await client.run(plan, { maxCalls });
        assert.equal(report.status, "paused", `${maxCalls}`);
        assert.equal(arrived(cloud) - before, maxCalls);
        assert.equal(report.calls, maxCalls, "counts what was sent");
        assert.ok(Date.parse(report.resumeAt) >= Date.parse(report.endedAt));
        assert.deepEqual(report.loadBalancers.map(({ status }) => status), ["paused"]);
        if (writes(cloud).length > 0) isTrue(kind, report);
        assert.match(describeReport(report), /^Paused: nothing more happens by itself\. Go on from its journal, if it has one, or plan again, after .*\.$/m);
      }
      cloud.control.reset();
      const report = await client.run(await client.plan(REQUESTS[kind]), { maxCalls: whole.reads + whole.changes });
      assert.equal(report.status, "done", "as many as the plan said are enough");
    });
  }

  it("a second run finds what the first drained, and asks", async (t) => {
    hasty(t);
    const client = patient(cloud, "ucloud");
    const plan = await client.plan(REQUESTS.ucloud);
    const first = await client.run(plan, { maxCalls: 4 });
    assert.equal(first.status, "paused");
    assert.deepEqual(writes(cloud), ["UpdateBackendAttribute"]);
    const again = await client.run(plan);
    assert.equal(again.status, "refused", "the world is not that of the plan");
    assert.equal(again.loadBalancers[0].refusal.guard, "changed-by-someone");
    const next = await client.plan(REQUESTS.ucloud);
    assert.equal((await client.run(next)).status, "done");
  });

  it("is for all load balancers together", async (t) => {
    hasty(t);
    const { added } = cloud.control.arrange({ add: { ucloud: [1, 2, 3, 4].map(() => ({ backends: 4 })) } });
    const request = { from: added.ucloud.map(({ ulbId }) => ({ ulbId })), remove: added.ucloud.map(({ vServers: [{ backendIds }] }) => ({ backendId: backendIds[0] })) };
    const client = patient(cloud, "ucloud");
    const plan = await client.plan(request);
    const before = arrived(cloud);
    const report = await client.run(plan, { maxCalls: 17, concurrency: 3 });
    assert.equal(report.status, "paused");
    assert.equal(arrived(cloud) - before, 17);
    assert.equal(report.calls, 17);
    assert.equal(report.loadBalancers.reduce((sum, { calls }) => sum + calls, 0), 17);
  });
});

describe("deadline", () => {
  it("a drain that would end after it is not begun to be waited for: paused, with when to look again", async (t) => {
    for (const kind of KINDS) {
      cloud.control.reset();
      hasty(t);
      const client = patient(cloud, kind);
      const plan = await client.plan(REQUESTS[kind]);
      const report = await client.run(plan, { deadline: Date.now() + 20_000 });
      assert.equal(report.status, "paused", kind);
      assert.ok(report.entries.every(({ outcome, state }) => outcome === "not-tried" && state === "drained"));
      isTrue(kind, report);
      const waited = Date.parse(report.resumeAt) - Date.parse(report.endedAt);
      assert.ok(waited > 25_000 && waited <= 31_000, `${waited} ms`);
      t.mock.restoreAll();
    }
  });

  it("in the wait after a lost answer: what nobody has seen yet is unknown", async (t) => {
    for (const kind of KINDS) {
      cloud.control.reset();
      hasty(t);
      const { drain, remove } = OPERATIONS[kind];
      cloud.control.faults([{ cloud: cloudOf(kind), operation: remove, effect: "drop-after" }]);
      const client = patient(cloud, kind);
      const plan = await client.plan({ ...REQUESTS[kind], drain: false });
      const report = await client.run(plan, { deadline: Date.now() + 1_000 });
      assert.equal(report.status, "paused", kind);
      assert.equal(report.entries.filter(({ outcome, state }) => outcome === "unknown" && state === "unknown").length, 1);
      assert.ok(report.entries.every(({ outcome }) => outcome === "unknown" || outcome === "not-tried"));
      assert.ok(Date.parse(report.resumeAt) > Date.parse(report.endedAt), "not before the cloud has settled it");
      // Looking again settles it.
      const again = await client.run(plan);
      assert.equal(again.status, "done");
      assert.equal(writes(cloud).includes(drain), false);
      t.mock.restoreAll();
    }
  });

  it("one that has passed sends nothing", async () => {
    for (const deadline of [0, -5, Date.now() - 1, new Date(0)]) {
      const client = patient(cloud, "ucloud");
      const plan = await client.plan(REQUESTS.ucloud);
      const before = arrived(cloud);
      const report = await client.run(plan, { deadline });
      assert.equal(report.status, "paused");
      assert.equal(arrived(cloud), before);
      assert.equal(report.calls, 0);
      assert.ok(report.entries.every(({ outcome, state }) => outcome === "not-tried" && state === "unknown"));
    }
  });

  it("as a Date, far away, it changes nothing", async (t) => {
    hasty(t);
    for (const deadline of [new Date(Date.now() + 1e9), Date.now() + 1e9, Infinity]) {
      cloud.control.reset();
      const client = patient(cloud, "ucloud");
      const report = await client.run(await client.plan(REQUESTS.ucloud), { deadline });
      assert.equal(report.status, "done");
      assert.equal(report.resumeAt, undefined);
    }
  });
});

describe("concurrency", () => {
  /** A `fetch` that tells how many calls were under way at once, by load balancer and altogether. */
  function watching() {
    const now = new Map();
    const most = { all: 0, one: 0 };
    let all = 0;
    const watched = async (url, init) => {
      const id = /ulb-seed\d+|lb-seed\d+/.exec(decodeURIComponent(String(url) + (init.body ?? "")))?.[0] ?? "?";
      now.set(id, (now.get(id) ?? 0) + 1);
      all += 1;
      most.all = Math.max(most.all, all);
      most.one = Math.max(most.one, now.get(id));
      try {
        // Slow enough to overlap.
        await new Promise((resolve) => setTimeout(resolve, 3));
        const response = await fetch(url, init);
        const text = await response.text();
        return { status: response.status, headers: response.headers, text: async () => text };
      } finally {
        now.set(id, now.get(id) - 1);
        all -= 1;
      }
    };
    return { most, watched, ids: now };
  }

  const many = (kind, count) => {
    if (kind === "ucloud") {
      const { added } = cloud.control.arrange({ add: { ucloud: Array.from({ length: count }, () => ({ backends: 6, rules: 1 })) } });
      return { from: added.ucloud.map(({ ulbId }) => ({ ulbId })), remove: added.ucloud.flatMap(({ vServers: [{ backendIds }] }) => backendIds.slice(0, 2).map((backendId) => ({ backendId }))), drain: { waitMs: 10 } };
    }
    const { added } = cloud.control.arrange({ add: { alibaba: Array.from({ length: count }, () => ({ servers: 6 })) } });
    return { from: added.alibaba.map(({ loadBalancerId }) => ({ loadBalancerId })), remove: added.alibaba.flatMap(({ serverIds }) => serverIds.slice(0, 2).map((serverId) => ({ serverId }))), drain: { waitMs: 10 } };
  };

  for (const kind of ["ucloud", "alibaba"]) {
    for (const [concurrency, expected] of [[undefined, 4], [1, 1], [2, 2], [100, 7]]) {
      it(`${kind}: ${concurrency ?? "by default 4"} load balancers at once, and on one of them one call after the other`, async () => {
        const request = many(kind, 7);
        const { most, watched, ids } = watching();
        const client = patient(cloud, kind, { fetch: watched });
        const plan = await client.plan(request, { concurrency });
        assert.ok(most.all <= expected && most.one === 1, `planning: ${JSON.stringify(most)}`);
        const report = await client.run(plan, { concurrency });
        assert.equal(report.status, "done");
        assert.equal(report.entries.length, 14);
        assert.equal(ids.size, 7);
        assert.deepEqual(most, { all: expected, one: 1 });
        // The log of the cloud says the same: nobody was refused for working twice on one load balancer.
        assert.ok(cloud.control.log().every(({ status }) => status === 200));
      });
    }
  }

  it("one that fails does not hold the others up", async (t) => {
    hasty(t);
    const request = many("ucloud", 4);
    const bad = request.from[1].ulbId;
    cloud.control.faults([{ cloud: "ucloud", operation: "ReleaseBackend", contains: bad, effect: "refuse", code: "299", times: "always" }]);
    const client = patient(cloud, "ucloud");
    const report = await client.run(await client.plan(request), { concurrency: 2 });
    assert.equal(report.status, "incomplete");
    assert.deepEqual(report.loadBalancers.map(({ id, status }) => `${id} ${status}`), request.from.map(({ ulbId }) => `${ulbId} ${ulbId === bad ? "failed" : "done"}`));
    for (const { loadBalancerId, outcome, state } of report.entries) {
      assert.equal(`${outcome} ${state}`, loadBalancerId !== bad ? "removed gone" : outcome === "failed" ? "failed serving" : "not-tried serving");
    }
  });

  it("one that is refused leaves the others alone", async (t) => {
    hasty(t);
    const request = many("ucloud", 3);
    const client = patient(cloud, "ucloud");
    const plan = await client.plan(request);
    cloud.control.arrange({ set: [{ cloud: "ucloud", id: request.remove[0].backendId, weight: 9 }] });
    const report = await client.run(plan);
    assert.equal(report.status, "incomplete");
    assert.deepEqual(report.loadBalancers.map(({ status }) => status), ["refused", "done", "done"]);
  });

  it("abort stops all of them", async () => {
    const request = { ...many("ucloud", 5), drain: { waitMs: 20_000 } };
    const client = patient(cloud, "ucloud");
    const plan = await client.plan(request);
    const controller = new AbortController();
    let waits = 0;
    const report = await settled(client.run(plan, {
      signal: controller.signal, concurrency: 5,
      onEvent: ({ event, why }) => event === "wait" && why === "drain" && ++waits === 5 && controller.abort(),
    }));
    assert.equal(report.status, "aborted");
    assert.ok(report.loadBalancers.every(({ status }) => status === "aborted"));
    assert.ok(report.entries.every(({ state }) => state === "drained"));
  });

  it("abort reaches those that have not begun", async () => {
    const request = { ...many("ucloud", 5), drain: { waitMs: 20_000 } };
    const client = patient(cloud, "ucloud");
    const plan = await client.plan(request);
    const controller = new AbortController();
    const before = arrived(cloud);
    const report = await settled(client.run(plan, {
      signal: controller.signal, concurrency: 1, onEvent: ({ event, why }) => event === "wait" && why === "drain" && controller.abort(),
    }));
    assert.deepEqual(report.loadBalancers.map(({ status, calls }) => `${status} ${calls > 0}`), ["aborted true", ...Array(4).fill("aborted false")]);
    assert.deepEqual(report.entries.slice(2).map(({ outcome, state }) => `${outcome} ${state}`), Array(8).fill("not-tried unknown"));
    assert.equal(arrived(cloud) - before, report.calls);
  });

  it("two runs of one client at once, on different load balancers", async (t) => {
    hasty(t);
    const client = patient(cloud, "otc");
    const { added } = cloud.control.arrange({ add: { otc: [{ members: 4 }, { members: 4 }] } });
    const plans = await Promise.all(added.otc.map(({ pools: [{ poolId, memberIds }] }) => client.plan({ from: { poolId }, remove: { memberId: memberIds[1] } })));
    const reports = await Promise.all(plans.map((plan) => client.run(plan)));
    assert.deepEqual(reports.map(({ status }) => status), ["done", "done"]);
  });

  it("two runs of one plan at once: both reports are true, and it is gone once", async (t) => {
    for (const kind of KINDS) {
      cloud.control.reset();
      hasty(t);
      const plan = await patient(cloud, kind).plan(REQUESTS[kind]);
      const reports = await Promise.all([0, 1].map(() => patient(cloud, kind).run(plan)));
      for (const report of reports) {
        for (const entry of report.entries) {
          const line = lineOf(kind, entry);
          if (["removed", "absent"].includes(entry.outcome)) assert.equal(line, undefined);
          if (entry.state === "gone") assert.equal(line, undefined);
          if (line === undefined) assert.notEqual(entry.outcome, "failed");
        }
      }
      assert.ok(reports.some(({ status }) => status === "done"), reports.map(({ status }) => status).join());
      const removals = cloud.control.changes().filter(({ change, resource }) => change === "removed" && /backend|member/i.test(resource));
      assert.equal(removals.length, plan.entries.length);
      t.mock.restoreAll();
    }
  });

  it("many load balancers, a few at a time", async (t) => {
    hasty(t);
    const request = many("ucloud", 20);
    const client = patient(cloud, "ucloud");
    const plan = await client.plan(request, { concurrency: 10 });
    assert.equal(plan.entries.length, 40);
    const report = await client.run(plan, { concurrency: 10 });
    assert.equal(report.status, "done");
    assert.equal(report.calls <= plan.calls.reads + plan.calls.changes, true);
  });
});

describe("several places of one load balancer", () => {
  it("are one load balancer, worked on serially", async (t) => {
    hasty(t);
    const client = patient(cloud, "alibaba");
    const from = [{ vServerGroupId: IDS.group }, { loadBalancerId: IDS.loadBalancer, defaultGroupOnly: true }];
    const plan = await client.plan({ from, remove: { serverId: MARK.alibaba } });
    assert.deepEqual(plan.loadBalancers.map(({ id, from }) => ({ id, from })), [{ id: IDS.loadBalancer, from: [0, 1] }]);
    const report = await client.run(plan, { concurrency: 4 });
    assert.equal(report.status, "done");
    assert.equal(report.entries.length, 2);
    assert.deepEqual(backends(cloud, "alibaba").filter((line) => line.includes(MARK.alibaba)), []);
  });

  it("the same place twice, or within another, is one", async (t) => {
    for (const [kind, from, remove] of [
      ["otc", [{ poolId: IDS.pool }, { poolId: IDS.pool }], { memberId: IDS.member }],
      ["otc", [{ poolId: IDS.pool }, { loadBalancerId: "38278031-cfca-44be-81be-a412f618773b" }], { memberId: IDS.member }],
      ["ucloud", [{ ulbId: IDS.ulb }, { ulbId: IDS.ulb, vServerId: "vserver-http" }], { backendId: "backend-1a2b" }],
      ["alibaba", [{ loadBalancerId: IDS.loadBalancer }, { vServerGroupId: IDS.group }], { serverIp: "192.168.0.10" }],
    ]) {
      cloud.control.reset();
      hasty(t);
      const client = patient(cloud, kind);
      const plan = await client.plan({ from, remove });
      assert.equal(plan.loadBalancers.length, 1);
      assert.equal(new Set(plan.entries.map(({ id, groupId }) => `${groupId} ${id}`)).size, plan.entries.length);
      const report = await client.run(plan);
      assert.equal(report.status, "done", `${kind} ${JSON.stringify(from)}`);
      assert.equal(writes(cloud).length, 2);
      t.mock.restoreAll();
    }
  });
});

describe("a client that is no longer there", () => {
  it("plans nothing", async () => {
    const client = patient(cloud, "ucloud");
    client.free();
    for (const work of [() => client.inspect({ ulbId: IDS.ulb }), () => client.plan(REQUESTS.ucloud), () => client.run({})]) {
      checkError(await errorOf(work), { kind: "invalid-input", sent: false });
    }
    assert.equal(cloud.control.log().filter(({ cloud: of }) => of === cloudOf("ucloud")).length, 0);
  });
});
