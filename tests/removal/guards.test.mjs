// The guards, by the read of the plan: each says no with a reason and what to do, and only its own name overrides it.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { IDS, REQUESTS, backends, checkError, describePlan, emulator, errorOf, hasty, patient, removal, unpool, watchStrays, writes } from "./support.mjs";

watchStrays();
const cloud = emulator();

const set = (...patches) => cloud.control.arrange({ set: patches });
const guards = ({ refusals }) => refusals.map(({ guard }) => guard);

/** A pool, group or VServer of so many, in service. -> { from, ids, select(index) } */
const GROWN = {
  alibaba(count) {
    const [{ loadBalancerId, serverIds }] = cloud.control.arrange({ add: { alibaba: { servers: count } } }).added.alibaba;
    return { from: { loadBalancerId }, ids: serverIds, select: (index) => ({ serverId: serverIds[index] }), sicken: (index) => set({ cloud: "alibaba", id: serverIds[index], health: "abnormal" }), drain: (index) => set({ cloud: "alibaba", id: serverIds[index], weight: 0 }) };
  },
  ucloud(count, method) {
    const [{ ulbId, vServers: [{ backendIds }] }] = cloud.control.arrange({ add: { ucloud: { backends: count, method } } }).added.ucloud;
    return { from: { ulbId }, ids: backendIds, select: (index) => ({ backendId: backendIds[index] }), sicken: (index) => set({ cloud: "ucloud", id: backendIds[index], status: 1 }), drain: (index) => set({ cloud: "ucloud", id: backendIds[index], enabled: 0 }) };
  },
  otc(count) {
    const [{ pools: [{ poolId, memberIds }] }] = cloud.control.arrange({ add: { otc: { members: count } } }).added.otc;
    return { from: { poolId }, ids: memberIds, select: (index) => ({ memberId: memberIds[index] }), sicken: (index) => set({ cloud: "otc", id: memberIds[index], operatingStatus: "ERROR" }), drain: (index) => set({ cloud: "otc", id: memberIds[index], weight: 0 }) };
  },
};

/** The plan refuses with exactly this guard; its run refuses and touches nothing; with the guard's name it is carried out. */
async function refused(t, client, request, guard, message) {
  const before = cloud.control.state();
  const plan = await client.plan(request);
  assert.deepEqual(guards(plan), [guard], JSON.stringify(plan.refusals));
  const [refusal] = plan.refusals;
  if (message) assert.match(refusal.message, message);
  assert.ok(refusal.hint && refusal.loadBalancerId && refusal.groupId, JSON.stringify(refusal));
  checkError(await errorOf(() => client.run(plan)), { kind: "refused", code: guard, sent: false, retryable: false, message: refusal.message, hint: /./ });
  // Another guard's name does not help.
  const wrong = await client.plan({ ...request, allow: ["plan-too-old", "locked-or-error"] });
  assert.deepEqual(guards(wrong), [guard]);
  assert.deepEqual(cloud.control.state(), before);
  assert.deepEqual(writes(cloud), []);
  assert.match(describePlan(plan), new RegExp(`^  REFUSED \\(${guard}\\): .*\\. To go on: .*\\.$`, "m"));

  hasty(t);
  const { plan: allowed, report } = await removal(client, { ...request, allow: [guard] });
  assert.deepEqual(allowed.warnings.filter((warning) => warning.guard).map(({ guard, message, hint }) => ({ guard, message, hint })), [
    { guard, message: refusal.message, hint: refusal.hint },
  ]);
  assert.match(describePlan(allowed), new RegExp(`Warning \\(${guard}, allowed\\)`));
  assert.equal(report.status, "done");
  return report;
}

describe("keep-at-least", () => {
  for (const kind of Object.keys(GROWN)) {
    it(`${kind}: a number`, async (t) => {
      const { from, select } = GROWN[kind](5);
      await refused(t, patient(cloud, kind), { from, remove: [select(0), select(1)], keepAtLeast: 4 }, "keep-at-least", /would have 3 servers in service, and at least 4 must stay/);
    });

    it(`${kind}: a share, rounded up`, async (t) => {
      const { from, select } = GROWN[kind](5);
      const client = patient(cloud, kind);
      assert.deepEqual(guards(await client.plan({ from, remove: [select(0), select(1)], keepAtLeast: "60%" })), []);
      await refused(t, client, { from, remove: [select(0), select(1)], keepAtLeast: "61%" }, "keep-at-least", /at least 4 must stay/);
    });

    it(`${kind}: by default one that is in service must stay; the unhealthy and the drained do not count`, async (t) => {
      const { from, select, sicken, drain } = GROWN[kind](5);
      for (const index of [2, 3]) sicken(index);
      drain(4);
      const client = patient(cloud, kind);
      assert.deepEqual(guards(await client.plan({ from, remove: select(0) })), []);
      await refused(t, client, { from, remove: [select(0), select(1)] }, "keep-at-least", /would have 0 servers in service, and at least 1 must stay/);
    });

    it(`${kind}: taking out an unhealthy one is never refused by it`, async (t) => {
      const { from, select, sicken } = GROWN[kind](5);
      for (const index of [0, 1, 2, 3]) sicken(index);
      hasty(t);
      const { report } = await removal(patient(cloud, kind), { from, remove: [select(0), select(1)], keepAtLeast: 3 });
      assert.equal(report.status, "done");
      assert.equal(report.entries.length, 2);
    });

    it(`${kind}: as text`, async () => {
      const { from, select } = GROWN[kind](5);
      const client = patient(cloud, kind);
      for (const keepAtLeast of [4, "4", "80%"]) assert.deepEqual(guards(await client.plan({ from, remove: select(0), keepAtLeast })), [], keepAtLeast);
      for (const keepAtLeast of [5, "5", "81%", "100%"]) assert.deepEqual(guards(await client.plan({ from, remove: select(0), keepAtLeast })), ["keep-at-least"], keepAtLeast);
    });
  }

  for (const kind of Object.keys(GROWN)) {
    it(`${kind}: a share is one of what the group was, not of what is left of it`, async (t) => {
      const { from, select } = GROWN[kind](6);
      hasty(t);
      const { report } = await removal(patient(cloud, kind), { from, remove: [0, 1, 2].map(select), keepAtLeast: "50%" });
      assert.equal(report.status, "done");
      assert.ok(report.entries.every(({ outcome }) => outcome === "removed"));
    });
  }

  it("a share of a rule, too", async (t) => {
    hasty(t);
    const [{ ulbId, vServers: [{ backendIds }] }] = cloud.control.arrange({ add: { ucloud: { backends: 6, rules: 2 } } }).added.ucloud;
    const remove = backendIds.slice(0, 3).map((backendId) => ({ backendId }));
    const { report } = await removal(patient(cloud, "ucloud"), { from: { ulbId }, remove, keepAtLeast: "50%" });
    assert.equal(report.status, "done");
    // The group has three left of three, its rules would have one of two.
    const client = patient(cloud, "ucloud");
    const { loadBalancers: [{ groups: [{ id: vServerId, rules }] }] } = await client.inspect({ ulbId });
    const [rule] = rules;
    await client.send({ operation: "UpdatePolicy", ulbId, vServerId, policyId: rule.id, type: "Path", match: rule.matches, backendIds: backendIds.slice(3, 5) });
    const { refusals } = await client.plan({ from: { ulbId }, remove: { backendId: backendIds[3] }, keepAtLeast: "60%" });
    assert.deepEqual(refusals.map(({ message }) => message), [`rule ${rule.matches} (${rule.id}) would have 1 server in service, and at least 2 must stay`]);
  });

  it("counts servers, not their ports", async () => {
    // Of the four servers of the group, i-...0000 has two entries and one ENI has two ports.
    const client = patient(cloud, "alibaba");
    const remove = [{ serverId: "i-bp1fq61enf4loa5i0000", port: 80 }];
    assert.deepEqual(guards(await client.plan({ from: { vServerGroupId: IDS.group }, remove, keepAtLeast: 4 })), []);
    assert.deepEqual(guards(await client.plan({ from: { vServerGroupId: IDS.group }, remove: { serverId: "i-bp1fq61enf4loa5i0000" }, keepAtLeast: 4 })), ["keep-at-least"]);
  });

  it("UCloud counts weights with WeightRoundrobin only", async () => {
    for (const [method, expected] of [["WeightRoundrobin", ["keep-at-least"]], ["Roundrobin", []]]) {
      const { from, ids, select } = GROWN.ucloud(4, method);
      set(...ids.slice(1).map((id) => ({ cloud: "ucloud", id, weight: 0 })));
      assert.deepEqual(guards(await patient(cloud, "ucloud").plan({ from, remove: select(0) })), expected, method);
    }
  });

  it("zero keeps nobody, and most-of-pool still asks", async () => {
    const { from, select } = GROWN.otc(3);
    const plan = await patient(cloud, "otc").plan({ from, remove: [0, 1, 2].map(select), keepAtLeast: 0 });
    assert.deepEqual(guards(plan), ["most-of-pool"]);
  });

  it("counts unhealthy ones of this moment: a server that fails between plan and run", async (t) => {
    for (const kind of Object.keys(GROWN)) {
      const { from, select, sicken } = GROWN[kind](4);
      hasty(t);
      const client = patient(cloud, kind);
      const plan = await client.plan({ from, remove: select(0), keepAtLeast: 3 });
      sicken(3);
      const before = cloud.control.state();
      const report = await client.run(plan);
      assert.equal(report.status, "refused", kind);
      assert.equal(report.loadBalancers[0].refusal.guard, "keep-at-least");
      assert.deepEqual(cloud.control.state(), before);
      t.mock.restoreAll();
    }
  });

  it("and in mid-run: what was drained is put back", async (t) => {
    for (const kind of Object.keys(GROWN)) {
      const { from, select, sicken } = GROWN[kind](4);
      hasty(t);
      const client = patient(cloud, kind);
      const plan = await client.plan({ from, remove: [select(0), select(1)], keepAtLeast: 2 });
      const before = backends(cloud, kind);
      const report = await client.run(plan, { onEvent: ({ event, why }) => event === "wait" && why === "drain" && sicken(3) });
      assert.equal(report.status, "refused", kind);
      assert.equal(report.loadBalancers[0].refusal.guard, "keep-at-least");
      assert.deepEqual(report.entries.map(({ outcome, state }) => `${outcome} ${state}`), ["not-tried serving", "not-tried serving"]);
      const undone = (lines) => lines.map((line) => line.replace(" down", ""));
      assert.deepEqual(undone(backends(cloud, kind)), before);
      t.mock.restoreAll();
    }
  });
});

describe("most-of-pool", () => {
  for (const kind of Object.keys(GROWN)) {
    it(`${kind}: more than half of a group`, async (t) => {
      const { from, select } = GROWN[kind](6);
      const client = patient(cloud, kind);
      assert.deepEqual(guards(await client.plan({ from, remove: [0, 1, 2].map(select) })), []);
      await refused(t, client, { from, remove: [0, 1, 2, 3].map(select) }, "most-of-pool", /^4 of the 6 backends of \S+ \S+ would go at once$/);
    });
  }
});

describe("cannot-drain", () => {
  it("UCloud's Backup method ignores the switch", async (t) => {
    const { from, select } = GROWN.ucloud(4, "Backup");
    const report = await refused(t, patient(cloud, "ucloud"), { from, remove: select(0) }, "cannot-drain", /^no drain is possible in VServer \S+: with the Backup method the service ignores Enabled and Weight$/);
    // What cannot be drained is taken out at once.
    assert.ok(report.entries.every(({ outcome }) => outcome === "removed"));
    assert.deepEqual(writes(cloud), ["ReleaseBackend"]);
  });

  it("SOURCE_IP keeps a client at its member", async (t) => {
    set({ cloud: "otc", id: IDS.pool, algorithm: "SOURCE_IP" });
    await refused(t, patient(cloud, "otc"), REQUESTS.otc, "cannot-drain", /with SOURCE_IP a client stays at its member/);
  });

  it("is not asked where no drain is", async (t) => {
    const { from, select } = GROWN.ucloud(4, "Backup");
    hasty(t);
    const { plan, report } = await removal(patient(cloud, "ucloud"), { from, remove: select(0), drain: false });
    assert.deepEqual(plan.steps.map(({ step }) => step), ["remove"]);
    assert.equal(report.status, "done");
  });

  it("nor where it takes nothing anyway", async () => {
    const { from, select, drain } = GROWN.ucloud(4, "Backup");
    drain(0);
    assert.deepEqual(guards(await patient(cloud, "ucloud").plan({ from, remove: select(0) })), []);
  });
});

describe("master-slave", () => {
  const arranged = () => {
    const [{ loadBalancerId, serverIds }] = cloud.control.arrange({ add: { alibaba: { servers: 5, masterSlaveGroups: 1 } } }).added.alibaba;
    return { loadBalancerId, serverId: serverIds[0] };
  };

  it("a server that is in such a group, too, is not taken out of the others", async () => {
    const { loadBalancerId, serverId } = arranged();
    const before = cloud.control.state();
    const client = patient(cloud, "alibaba");
    const plan = await client.plan({ from: { loadBalancerId }, remove: { serverId } });
    assert.deepEqual(guards(plan), ["master-slave"], JSON.stringify(plan.refusals));
    assert.match(plan.refusals[0].hint, /make the group anew/);
    checkError(await errorOf(() => client.run(plan)), { kind: "refused", code: "master-slave", sent: false });
    assert.deepEqual(cloud.control.state(), before);
  });

  it("one that is nowhere else is refused, too, as selected by hand and as inspect() shows it; allowed, nothing is sent", async () => {
    const { loadBalancerId, serverId } = arranged();
    const client = patient(cloud, "alibaba");
    await client.send(unpool.alibaba.removeBackendServers({ loadBalancerId, backendServers: [{ serverId }] }));
    const before = cloud.control.state();
    const { loadBalancers: [{ groups }] } = await client.inspect({ loadBalancerId });
    const shown = groups.flatMap(({ backends }) => backends).filter(({ server }) => server === serverId);
    assert.deepEqual(shown.map(({ groupId }) => groupId === loadBalancerId), [false], JSON.stringify(groups));
    for (const remove of [{ serverId }, unpool.selectorOf(shown[0])]) {
      const plan = await client.plan({ from: { loadBalancerId }, remove });
      assert.deepEqual([guards(plan), plan.entries, plan.absent], [["master-slave"], [], []], JSON.stringify(plan));
      checkError(await errorOf(() => client.run(plan)), { kind: "refused", code: "master-slave", sent: false });
      const allowed = await client.plan({ from: { loadBalancerId }, remove, allow: ["master-slave"] });
      assert.deepEqual([guards(allowed), allowed.warnings.map(({ guard }) => guard)], [[], ["master-slave"]]);
      const report = await client.run(allowed);
      assert.deepEqual([report.status, report.entries], ["done", []]);
    }
    assert.deepEqual(cloud.control.state(), before);
  });

  it("of the default group alone it goes", async (t) => {
    const { loadBalancerId, serverId } = arranged();
    hasty(t);
    const { report } = await removal(patient(cloud, "alibaba"), { from: { loadBalancerId, defaultGroupOnly: true }, remove: { serverId } });
    assert.equal(report.status, "done");
    assert.deepEqual(report.entries.map(({ id }) => id), [serverId]);
  });
});

describe("plan-too-old", () => {
  it("the run of an old plan is refused, before anything is sent", async (t) => {
    const client = patient(cloud, "ucloud");
    const plan = await client.plan(REQUESTS.ucloud);
    const count = cloud.control.log().length;
    for (const [minutes, maxPlanAgeMs] of [[15, undefined], [2, 60_000]]) {
      const createdAt = new Date(Date.parse(plan.createdAt) - minutes * 60_000 - 2_000).toISOString();
      const error = await errorOf(() => client.run({ ...plan, createdAt, request: { ...plan.request, maxPlanAgeMs } }));
      checkError(error, { kind: "refused", code: "plan-too-old", sent: false, hint: /plan again, or raise maxPlanAgeMs/ });
      assert.ok(error.message.includes(createdAt.slice(0, 16)), error.message);
    }
    assert.equal(cloud.control.log().length, count);
    hasty(t);
    const createdAt = new Date(Date.parse(plan.createdAt) - 3_600_000).toISOString();
    assert.equal((await client.run({ ...plan, createdAt, request: { ...plan.request, allow: ["plan-too-old"] } })).status, "done");
  });

  it("maxPlanAgeMs of the request counts", async (t) => {
    hasty(t);
    const client = patient(cloud, "ucloud");
    const plan = await client.plan({ ...REQUESTS.ucloud, maxPlanAgeMs: 7_200_000 });
    const createdAt = new Date(Date.parse(plan.createdAt) - 3_600_000).toISOString();
    assert.equal((await client.run({ ...plan, createdAt })).status, "done");
  });
});

describe("several guards at once", () => {
  it("all are told, and each must be allowed", async (t) => {
    const { from, select } = GROWN.alibaba(3);
    const client = patient(cloud, "alibaba");
    const request = { from, remove: [0, 1, 2].map(select) };
    assert.deepEqual(guards(await client.plan(request)), ["keep-at-least", "most-of-pool"]);
    assert.deepEqual(guards(await client.plan({ ...request, allow: ["most-of-pool"] })), ["keep-at-least"]);
    hasty(t);
    const { report } = await removal(client, { ...request, allow: ["most-of-pool", "keep-at-least"] });
    assert.equal(report.status, "done");
  });

  it("one group's refusal keeps the others of the load balancer back, too", async () => {
    const { added } = cloud.control.arrange({ add: { alibaba: { servers: 4, groups: 1, serversPerGroup: 2 } } });
    const [{ loadBalancerId, serverIds: [serverId], vServerGroupIds: [group] }] = added.alibaba;
    const client = patient(cloud, "alibaba");
    const plan = await client.plan({ from: { loadBalancerId }, remove: { serverId }, keepAtLeast: "60%" });
    assert.deepEqual(plan.entries.map(({ groupId }) => groupId), [loadBalancerId, group]);
    assert.deepEqual(plan.refusals.map(({ guard, groupId }) => `${guard} ${groupId}`), [`keep-at-least ${group}`]);
    await assert.rejects(client.run(plan), { kind: "refused" });
    assert.deepEqual(writes(cloud), []);
  });
});
