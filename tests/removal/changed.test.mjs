// Somebody else at the same load balancer: between plan and run, and in mid-run.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { IDS, REQUESTS, backends, changes, cloudOf, emulator, hasty, outcomes, patient, removal, watchStrays, writes } from "./support.mjs";

watchStrays();
const cloud = emulator();

const ONE_GROUP = { ...REQUESTS, alibaba: { from: { loadBalancerId: IDS.loadBalancer, defaultGroupOnly: true }, remove: { serverId: "i-bp1fq61enf4loa5i0001" } } };
const ID = { alibaba: "i-bp1fq61enf4loa5i0001", ucloud: "backend-1a2b", otc: IDS.member };
const KINDS = ["alibaba", "ucloud", "otc"];

/** Another operator's doings to the very backend that is to be removed, each as a call of its own client. */
const OTHER = {
  reweight: {
    alibaba: { operation: "SetBackendServers", loadBalancerId: IDS.loadBalancer, backendServers: [{ serverId: ID.alibaba, weight: 55, type: "ecs", description: "BackendServer2" }] },
    // UCloud's switch says the same.
    ucloud: { operation: "UpdateBackendAttribute", ulbId: IDS.ulb, backendId: ID.ucloud, weight: 7 },
    otc: { operation: "UpdateMember", poolId: IDS.pool, memberId: ID.otc, weight: 55 },
  },
  enable: {
    alibaba: { operation: "SetBackendServers", loadBalancerId: IDS.loadBalancer, backendServers: [{ serverId: ID.alibaba, weight: 100, type: "ecs", description: "BackendServer2" }] },
    ucloud: { operation: "UpdateBackendAttribute", ulbId: IDS.ulb, backendId: ID.ucloud, enabled: 1 },
    otc: { operation: "UpdateMember", poolId: IDS.pool, memberId: ID.otc, weight: 1 },
  },
  remove: {
    alibaba: { operation: "RemoveBackendServers", loadBalancerId: IDS.loadBalancer, backendServers: [{ serverId: ID.alibaba, type: "ecs" }] },
    ucloud: { operation: "ReleaseBackend", ulbId: IDS.ulb, backendId: ID.ucloud },
    otc: { operation: "DeleteMember", poolId: IDS.pool, memberId: ID.otc },
  },
  add: {
    alibaba: { operation: "AddBackendServers", loadBalancerId: IDS.loadBalancer, backendServers: [{ serverId: "i-new", type: "ecs", weight: 100 }] },
    ucloud: { operation: "AllocateBackend", ulbId: IDS.ulb, vServerId: "vserver-http", resourceType: "UHost", resourceId: "uhost-new", port: 80 },
    otc: { operation: "CreateMember", poolId: IDS.pool, address: "10.0.0.99", protocolPort: 80, subnetId: "823d5866-6e30-45c2-9b1a-a1ebc3757fdb" },
  },
};
const another = (kind, doing) => patient(cloud, kind).send(OTHER[doing][kind]);

/** A run, during whose drain somebody does something. */
async function meanwhile(kind, doing, request = ONE_GROUP[kind]) {
  const client = patient(cloud, kind);
  const plan = await client.plan(request);
  let other;
  const report = await client.run(plan, {
    onEvent({ event, why }) {
      if (event === "wait" && why === "drain") other ??= another(kind, doing);
    },
  });
  await other;
  return report;
}

describe("between plan and run", () => {
  for (const kind of KINDS) {
    it(`${kind}: another weight or state: refused, and everything is as it was`, async (t) => {
      hasty(t);
      const client = patient(cloud, kind);
      const plan = await client.plan(ONE_GROUP[kind]);
      await another(kind, "reweight");
      const before = cloud.control.state();
      const report = await client.run(plan);
      assert.equal(report.status, "refused");
      assert.equal(report.loadBalancers[0].refusal.guard, "changed-by-someone");
      assert.match(report.loadBalancers[0].refusal.message, /weight or state of .* is another one than planned/);
      assert.deepEqual(outcomes(report), [`${ID[kind]} not-tried serving`]);
      assert.deepEqual(cloud.control.state(), before);
    });

    it(`${kind}: where that is allowed, the run goes on`, async (t) => {
      hasty(t);
      const client = patient(cloud, kind);
      const plan = await client.plan({ ...ONE_GROUP[kind], allow: ["changed-by-someone"] });
      await another(kind, "reweight");
      const report = await client.run(plan);
      assert.equal(report.status, "done");
    });

    it(`${kind}: gone meanwhile is absent, and nobody says that it was us`, async (t) => {
      hasty(t);
      const client = patient(cloud, kind);
      const plan = await client.plan(ONE_GROUP[kind]);
      await another(kind, "remove");
      const count = writes(cloud).length;
      const report = await client.run(plan);
      assert.equal(report.status, "done");
      assert.deepEqual(outcomes(report), [`${ID[kind]} absent gone`]);
      assert.equal(writes(cloud).length, count);
    });

    it(`${kind}: a new backend that is not selected is none of our business`, async (t) => {
      hasty(t);
      const client = patient(cloud, kind);
      const plan = await client.plan(ONE_GROUP[kind]);
      await another(kind, "add");
      const report = await client.run(plan);
      assert.equal(report.status, "done");
      assert.ok(backends(cloud, kind).some((line) => /i-new|backend-new1|10\.0\.0\.99/.test(line)));
    });
  }

  it("a new backend that is selected, too, was in no plan", async (t) => {
    hasty(t);
    const client = patient(cloud, "otc");
    const plan = await client.plan({ from: { poolId: IDS.pool }, remove: { address: "10.0.0.11" } });
    await client.send({ operation: "CreateMember", poolId: IDS.pool, address: "10.0.0.11", protocolPort: 8080, subnetId: "823d5866-6e30-45c2-9b1a-a1ebc3757fdb" });
    const before = cloud.control.state();
    const report = await client.run(plan);
    assert.equal(report.status, "refused");
    assert.match(report.loadBalancers[0].refusal.message, /is selected, too, and was not when the plan was made/);
    assert.deepEqual(cloud.control.state(), before);
  });

  it("one selected by its health that is healthy again stays", async (t) => {
    hasty(t);
    const sick = (health) => cloud.control.arrange({ set: [{ cloud: "alibaba", id: "i-bp1fq61enf4loa5i0001", health }] });
    sick("abnormal");
    const client = patient(cloud, "alibaba");
    const plan = await client.plan({ from: { loadBalancerId: IDS.loadBalancer, defaultGroupOnly: true }, remove: { health: "unhealthy" } });
    assert.deepEqual(plan.entries.map(({ id, health }) => `${id} ${health}`), ["i-bp1fq61enf4loa5i0001 unhealthy"]);
    sick("normal");
    const before = cloud.control.state();
    const report = await client.run(plan);
    assert.deepEqual(outcomes(report), ["i-bp1fq61enf4loa5i0001 not-tried serving"]);
    assert.deepEqual(cloud.control.state(), before);
    assert.deepEqual(writes(cloud), []);
  });

  it("one that became unhealthy since is for the next plan", async (t) => {
    hasty(t);
    cloud.control.arrange({ set: [{ cloud: "ucloud", id: "backend-1a2b", status: 1 }] });
    const client = patient(cloud, "ucloud");
    const plan = await client.plan({ from: { ulbId: IDS.ulb, vServerId: "vserver-http" }, remove: { health: "unhealthy" } });
    cloud.control.arrange({ set: [{ cloud: "ucloud", id: "backend-5e6f", status: 1 }] });
    const report = await client.run(plan);
    assert.equal(report.status, "done");
    assert.deepEqual(outcomes(report), ["backend-1a2b removed gone"]);
    assert.ok(backends(cloud, "ucloud").some((line) => line.includes("backend-5e6f")));
  });

  it("in a larger pool, too", async (t) => {
    hasty(t);
    const [{ pools: [{ poolId, memberIds }] }] = cloud.control.arrange({ add: { otc: { members: 8 } } }).added.otc;
    const sicken = (id) => cloud.control.arrange({ set: [{ cloud: "otc", id, operatingStatus: "ERROR" }] });
    sicken(memberIds[0]);
    const client = patient(cloud, "otc");
    const plan = await client.plan({ from: { poolId }, remove: { health: "unhealthy" } });
    sicken(memberIds[1]);
    const report = await client.run(plan);
    assert.equal(report.status, "done");
    assert.deepEqual(outcomes(report), [`${memberIds[0]} removed gone`]);
    assert.deepEqual(writes(cloud), ["UpdateMember", "DeleteMember"]);
  });

  it("the load balancer itself is gone", async (t) => {
    hasty(t);
    const client = patient(cloud, "otc");
    const { added } = cloud.control.arrange({ add: { otc: { members: 4 } } });
    const [{ pools: [{ poolId, memberIds }] }] = added.otc;
    const plan = await client.plan({ from: { poolId }, remove: { memberId: memberIds[0] } });
    cloud.control.reset();
    const report = await client.run(plan);
    assert.equal(report.status, "incomplete");
    assert.equal(report.loadBalancers[0].error.kind, "not-found");
    assert.deepEqual(outcomes(report), [`${memberIds[0]} not-tried unknown`]);
  });
});

describe("in mid-run", () => {
  for (const kind of KINDS) {
    it(`${kind}: somebody lets a drained backend serve again: the run stops, and leaves it serving`, async (t) => {
      hasty(t);
      const before = cloud.control.state();
      const report = await meanwhile(kind, "enable");
      assert.equal(report.status, "refused");
      assert.equal(report.loadBalancers[0].refusal.guard, "changed-by-someone");
      assert.match(report.loadBalancers[0].refusal.message, /was drained, and takes traffic again$/);
      assert.deepEqual(outcomes(report), [`${ID[kind]} not-tried serving`]);
      assert.deepEqual(cloud.control.state(), before);
    });

    it(`${kind}: where that is allowed, it is removed all the same`, async (t) => {
      hasty(t);
      const report = await meanwhile(kind, "enable", { ...ONE_GROUP[kind], allow: ["changed-by-someone"] });
      assert.equal(report.status, "done");
      assert.deepEqual(outcomes(report), [`${ID[kind]} removed gone`]);
    });

    it(`${kind}: somebody removes it himself: absent`, async (t) => {
      hasty(t);
      const report = await meanwhile(kind, "remove");
      assert.equal(report.status, "done");
      assert.deepEqual(outcomes(report), [`${ID[kind]} absent gone`]);
      assert.equal(changes(cloud, ({ change, resource }) => change === "removed" && /backend|member/i.test(resource)).length, 1);
    });

    it(`${kind}: somebody adds another: it stays`, async (t) => {
      hasty(t);
      const report = await meanwhile(kind, "add");
      assert.equal(report.status, "done");
      assert.ok(cloud.control.state()[cloudOf(kind)].backends.some((line) => /i-new|backend-new1|10\.0\.0\.99/.test(line)));
    });
  }

  it("of several entries, one that is let serve again stops them all, and the others are put back", async (t) => {
    hasty(t);
    const remove = [{ backendId: "backend-1a2b" }, { backendId: "backend-5e6f" }];
    const before = cloud.control.state();
    const report = await meanwhile("ucloud", "enable", { from: { ulbId: IDS.ulb, vServerId: "vserver-http" }, remove, allow: ["most-of-pool"] });
    assert.equal(report.status, "refused");
    assert.deepEqual(outcomes(report), ["backend-1a2b not-tried serving", "backend-5e6f not-tried serving"]);
    assert.deepEqual(cloud.control.state(), before);
  });

  it("what was removed before the stop stays removed, and the report is incomplete", async (t) => {
    hasty(t);
    // Two pools, one after the other: the second is touched once the first is done.
    const { added } = cloud.control.arrange({ add: { otc: { pools: 2, members: 4 } } });
    const [{ loadBalancerId, pools: [one, two] }] = added.otc;
    const client = patient(cloud, "otc");
    const remove = [one, two].map(({ memberIds }) => ({ memberId: memberIds[0] }));
    const plan = await client.plan({ from: { loadBalancerId }, remove });
    const report = await client.run(plan, {
      onEvent({ event, entry }) {
        if (event === "entry" && entry.groupId === one.poolId) cloud.control.arrange({ set: [{ cloud: "otc", id: two.memberIds[0], weight: 5 }] });
      },
    });
    assert.equal(report.status, "incomplete");
    assert.equal(report.loadBalancers[0].status, "refused");
    assert.deepEqual(outcomes(report), [`${one.memberIds[0]} removed gone`, `${two.memberIds[0]} not-tried serving`]);
    assert.ok(backends(cloud, "otc").some((line) => line.includes(two.memberIds[0]) && line.endsWith("weight=5")));
  });

  it("other backends' weights, health and rules of other groups are none of our business", async (t) => {
    hasty(t);
    const client = patient(cloud, "ucloud");
    const plan = await client.plan({ from: { ulbId: IDS.ulb, vServerId: "vserver-tcp" }, remove: { backendId: "backend-7g8h" } });
    const report = await client.run(plan, {
      onEvent({ event, why }) {
        if (event !== "wait" || why !== "drain") return;
        cloud.control.arrange({ set: [{ cloud: "ucloud", id: "backend-1a2b", weight: 9 }, { cloud: "ucloud", id: "policy-api", priority: 5 }] });
      },
    });
    assert.equal(report.status, "done");
  });

  it("an entry that was drained by somebody before is removed, and not put back if not", async (t) => {
    hasty(t);
    // web-5 has weight 0 in the first state.
    const id = "4f7c6b1d-6f0c-4f0d-9a0a-0f1e6d6a2b55";
    const client = patient(cloud, "otc");
    const plan = await client.plan({ from: { poolId: IDS.pool }, remove: { memberId: id } });
    assert.deepEqual(plan.steps.map(({ step }) => step), ["remove"], "nothing to drain, and nothing to wait for");
    cloud.control.faults([{ cloud: "otc", operation: "DeleteMember", effect: "refuse", code: "ELB.9802", times: "always" }]);
    const failed = await client.run(plan);
    assert.equal(failed.status, "incomplete");
    assert.deepEqual(outcomes(failed), [`${id} failed drained`]);
    assert.deepEqual(writes(cloud), ["DeleteMember"]);
    cloud.control.faults([]);
    const { report } = await removal(client, { from: { poolId: IDS.pool }, remove: { memberId: id } });
    assert.equal(report.status, "done");
  });
});
