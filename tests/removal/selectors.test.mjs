// What a selector means, on each cloud; and what is not there.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { IDS, describePlan, emulator, hasty, patient, removal, watchStrays, writes } from "./support.mjs";

watchStrays();
const cloud = emulator();

const found = async (kind, from, remove) => {
  const { entries, absent } = await patient(cloud, kind).plan({ from, remove, allow: ["keep-at-least", "most-of-pool", "empty-rule"] });
  return { ids: entries.map(({ id }) => id), absent };
};
const balancer = { loadBalancerId: IDS.loadBalancer };
const group = { vServerGroupId: IDS.group };
const ulb = { ulbId: IDS.ulb };
const pool = { poolId: IDS.pool };
const ENI = "eni-2ze1sdp50000";

const CASES = [
  ["alibaba", balancer, { serverId: "i-bp1fq61enf4loa5i0002" }, ["i-bp1fq61enf4loa5i0002"]],
  ["alibaba", balancer, { serverId: "i-bp1fq61enf4loa5i0000" }, ["i-bp1fq61enf4loa5i0000", "i-bp1fq61enf4loa5i0000:80", "i-bp1fq61enf4loa5i0000:8080"]],
  ["alibaba", { ...balancer, defaultGroupOnly: true }, { serverId: "i-bp1fq61enf4loa5i0000" }, ["i-bp1fq61enf4loa5i0000"]],
  ["alibaba", group, { serverId: "i-bp1fq61enf4loa5i0000", port: 8080 }, ["i-bp1fq61enf4loa5i0000:8080"]],
  ["alibaba", group, { serverId: "i-bp1fq61enf4loa5i0000", port: "8080" }, ["i-bp1fq61enf4loa5i0000:8080"]],
  ["alibaba", group, { serverId: ENI }, [`${ENI} 172.16.6.1:80`, `${ENI} 192.168.0.10:80`, `${ENI} 192.168.0.10:8000`]],
  ["alibaba", group, { serverIp: "192.168.0.10" }, [`${ENI} 192.168.0.10:80`, `${ENI} 192.168.0.10:8000`]],
  ["alibaba", group, { address: "192.168.0.10", port: 8000 }, [`${ENI} 192.168.0.10:8000`]],
  ["alibaba", group, { serverId: ENI, serverIp: "172.16.6.1" }, [`${ENI} 172.16.6.1:80`]],
  // The default group has no ports of its own.
  ["alibaba", { ...balancer, defaultGroupOnly: true }, { serverId: "i-bp1fq61enf4loa5i0000", port: 80 }, []],
  ["ucloud", ulb, { backendId: "backend-1a2b" }, ["backend-1a2b"]],
  ["ucloud", ulb, { resourceId: "uhost-web1" }, ["backend-1a2b", "1cf3c062-f551-48c7-a6e2-c2730d84303f", "backend-9j0k"]],
  ["ucloud", ulb, { serverId: "uhost-web1" }, ["backend-1a2b", "1cf3c062-f551-48c7-a6e2-c2730d84303f", "backend-9j0k"]],
  ["ucloud", { ...ulb, vServerId: "vserver-tcp" }, { resourceId: "uhost-web1" }, ["1cf3c062-f551-48c7-a6e2-c2730d84303f"]],
  ["scloud", ulb, { address: "10.9.1.12" }, ["backend-3c4d", "backend-7g8h"]],
  ["scloud", ulb, { serverIp: "10.9.1.12", port: 3306 }, ["backend-7g8h"]],
  ["otc", pool, { memberId: IDS.member }, [IDS.member]],
  ["otc", pool, { address: "10.0.0.12" }, ["9a7aff27-fd41-4ec1-ba4c-3eb92c629313"]],
  ["keystone", pool, { serverIp: "10.0.0.12", port: 80 }, ["9a7aff27-fd41-4ec1-ba4c-3eb92c629313"]],
  ["keystone", pool, { address: "10.0.0.12", port: 81 }, []],
  ["otc", { loadBalancerId: "38278031-cfca-44be-81be-a412f618773b" }, [{ address: "10.0.0.12" }, { address: "10.0.1.11" }], ["9a7aff27-fd41-4ec1-ba4c-3eb92c629313", "cf024846-7516-4e3a-b0fb-6590322c8370"]],
];

describe("a selector", () => {
  for (const [kind, from, remove, ids] of CASES) {
    it(`${kind}: ${JSON.stringify(remove)} of ${JSON.stringify(from)}`, async () => {
      const { ids: got, absent } = await found(kind, from, remove);
      assert.deepEqual([...got].sort(), [...ids].sort());
      assert.deepEqual(absent, ids.length === 0 ? [remove] : []);
    });
  }

  it("met twice is one entry", async () => {
    const { ids, absent } = await found("otc", pool, [{ memberId: IDS.member }, { address: "10.0.0.11" }, { memberId: IDS.member }]);
    assert.deepEqual(ids, [IDS.member]);
    assert.deepEqual(absent, []);
  });

  it("of thousands each finds its own", async () => {
    const [{ loadBalancerId, serverIds }] = cloud.control.arrange({ add: { alibaba: { servers: 2_000 } } }).added.alibaba;
    const remove = serverIds.slice(0, 900).flatMap((serverId) => [{ serverId }, { serverId: `${serverId}x` }]);
    const { ids, absent } = await found("alibaba", { loadBalancerId }, remove);
    assert.deepEqual(ids, serverIds.slice(0, 900));
    assert.equal(absent.length, 900);
  });
});

describe("by health", () => {
  const sicken = {
    alibaba: () => [{ cloud: "alibaba", id: "i-bp1fq61enf4loa5i0001", health: "abnormal" }],
    ucloud: () => [{ cloud: "ucloud", id: "backend-5e6f", status: 1 }],
    otc: () => [{ cloud: "otc", id: IDS.member, operatingStatus: "ERROR" }],
  };
  const sick = { alibaba: ["i-bp1fq61enf4loa5i0001", "i-bp1fq61enf4loa5i0001:80"], ucloud: ["backend-5e6f"], otc: [IDS.member] };
  const places = { alibaba: balancer, ucloud: ulb, otc: pool };

  for (const kind of Object.keys(sicken)) {
    it(`${kind}: those whose health check fails`, async (t) => {
      assert.deepEqual(await found(kind, places[kind], { health: "unhealthy" }), { ids: [], absent: [{ health: "unhealthy" }] });
      cloud.control.arrange({ set: sicken[kind]() });
      assert.deepEqual((await found(kind, places[kind], { health: "unhealthy" })).ids, sick[kind]);
      hasty(t);
      const { report } = await removal(patient(cloud, kind), { from: places[kind], remove: { health: "unhealthy" } });
      assert.equal(report.status, "done");
      assert.deepEqual(report.entries.map(({ outcome, health }) => `${outcome} ${health}`), sick[kind].map(() => "removed unhealthy"));
    });

    it(`${kind}: of one server, and only if it is unhealthy`, async () => {
      const one = { alibaba: { serverId: "i-bp1fq61enf4loa5i0001" }, ucloud: { resourceId: "uhost-web3" }, otc: { address: "10.0.0.11" } }[kind];
      const { absent } = await found(kind, places[kind], { ...one, health: "unhealthy" });
      assert.equal(absent.length, 1);
      cloud.control.arrange({ set: sicken[kind]() });
      assert.deepEqual((await found(kind, places[kind], { ...one, health: "unhealthy" })).ids, sick[kind]);
    });
  }
});

describe("what is not there", () => {
  it("is absent in the plan, and does not hold the others up", async (t) => {
    hasty(t);
    const missing = [{ serverId: "i-nowhere" }, { serverIp: "10.255.0.1" }];
    const { plan, report } = await removal(patient(cloud, "alibaba"), { from: balancer, remove: [missing[0], { serverId: "i-bp1fq61enf4loa5i0002" }, missing[1]] });
    assert.deepEqual(plan.absent, missing);
    assert.match(describePlan(plan), /^ {2}Not found: \{"serverId":"i-nowhere"\}$/m);
    assert.equal(report.status, "done");
    assert.equal(report.entries.length, 1);
  });

  it("nothing at all: a plan of nothing, whose run sends nothing", async () => {
    for (const [kind, from, remove] of [["alibaba", balancer, { serverId: "i-nowhere" }], ["ucloud", ulb, { backendId: "backend-none" }], ["otc", pool, { memberId: "none" }]]) {
      const client = patient(cloud, kind);
      const plan = await client.plan({ from, remove });
      assert.deepEqual(plan.entries, []);
      assert.deepEqual(plan.steps, []);
      assert.deepEqual(plan.refusals, []);
      const count = cloud.control.log().length;
      const report = await client.run(plan);
      assert.equal(report.status, "done");
      assert.equal(report.calls, 0);
      assert.equal(cloud.control.log().length, count);
      assert.deepEqual(writes(cloud), []);
    }
  });
});
