// One bad id in a batch: the others are removed, this one is named, and put back.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { backends, emulator, hasty, patient, removal, watchStrays, writes } from "./support.mjs";

watchStrays();
const cloud = emulator();

/** A load balancer of many, some of whose instances are gone. -> what to remove, and who is gone */
function arranged(count, gone, groups = 0) {
  const wish = groups > 0 ? { servers: 0, groups, serversPerGroup: count + 30 } : { servers: count + 30 };
  const [{ loadBalancerId, vServerGroupIds }] = cloud.control.arrange({ add: { alibaba: wish } }).added.alibaba;
  const number = loadBalancerId.replace("lb-seed", "");
  const ids = Array.from({ length: count }, (_, index) => `i-seed${number}-${String(index + 1).padStart(4, "0")}`);
  const bad = gone.map((index) => ids[index]);
  cloud.control.arrange({ gone: bad });
  return { loadBalancerId, vServerGroupIds, ids, bad, remove: ids.map((serverId) => ({ serverId })) };
}
const left = (loadBalancerId) => backends(cloud, "alibaba").filter((line) => line.startsWith(`${loadBalancerId} `));

describe("instances that are gone (ObtainIpFail)", () => {
  for (const [what, count, gone] of [["the first", 20, [0]], ["the last", 20, [19]], ["one in the middle", 20, [9]], ["two", 20, [3, 16]], ["neighbours", 7, [2, 3]], ["one in the second batch", 30, [25]]]) {
    it(`${what} of ${count}: the others are removed, and ${gone.length} failed`, async (t) => {
      hasty(t);
      const { loadBalancerId, ids, bad, remove } = arranged(count, gone);
      const { report } = await removal(patient(cloud, "alibaba"), { from: { loadBalancerId }, remove });
      assert.equal(report.status, "incomplete");
      assert.deepEqual(report.entries.filter(({ outcome }) => outcome === "failed").map(({ id }) => id), bad);
      assert.deepEqual(report.entries.filter(({ outcome }) => outcome === "removed").map(({ id }) => id), ids.filter((id) => !bad.includes(id)));
      for (const { state, error } of report.entries.filter(({ outcome }) => outcome === "failed")) {
        assert.equal(state, "serving");
        assert.equal(error.code, "ObtainIpFail");
      }
      assert.equal(left(loadBalancerId).length, 30 + bad.length);
      assert.ok(left(loadBalancerId).every((line) => line.endsWith("weight=100")), "the bad one has its weight back");
      // Halving: no more than a few calls for each, not one for each entry.
      assert.ok(writes(cloud).length <= 6 + 10 * bad.length + Math.ceil(count / 20), `${writes(cloud).length} changes`);
    });
  }

  it("in a vServer group", async (t) => {
    hasty(t);
    const { loadBalancerId, vServerGroupIds, bad, remove } = arranged(12, [5], 1);
    const { report } = await removal(patient(cloud, "alibaba"), { from: { vServerGroupId: vServerGroupIds[0] }, remove });
    assert.deepEqual(report.entries.filter(({ outcome }) => outcome !== "removed").map(({ id, outcome }) => `${id} ${outcome}`), [`${bad[0]}:80 failed`]);
    assert.ok(left(loadBalancerId).every((line) => line.endsWith("weight=100")));
  });

  it("the only one: failed, and nothing else is changed", async (t) => {
    hasty(t);
    const { loadBalancerId, remove } = arranged(1, [0]);
    const before = left(loadBalancerId);
    const { report } = await removal(patient(cloud, "alibaba"), { from: { loadBalancerId }, remove });
    assert.equal(report.status, "incomplete");
    assert.deepEqual(report.entries.map(({ outcome, state }) => `${outcome} ${state}`), ["failed serving"]);
    assert.deepEqual(left(loadBalancerId), before);
  });

  it("gone only for a while: waited for, and removed", async (t) => {
    hasty(t);
    const { loadBalancerId, remove } = arranged(1, []);
    cloud.control.faults([{ cloud: "alibaba", operation: "RemoveBackendServers", effect: "refuse", code: "ObtainIpFail", times: 2 }]);
    const { report } = await removal(patient(cloud, "alibaba"), { from: { loadBalancerId }, remove });
    assert.equal(report.status, "done");
  });

  it("a removal refused for another reason fails them all, and puts them back", async (t) => {
    hasty(t);
    const { loadBalancerId, remove } = arranged(5, []);
    const before = left(loadBalancerId);
    cloud.control.faults([{ cloud: "alibaba", operation: "RemoveBackendServers", effect: "refuse", code: "Forbidden.RAM", status: 403, times: "always" }]);
    const { report } = await removal(patient(cloud, "alibaba"), { from: { loadBalancerId }, remove });
    assert.equal(report.status, "incomplete");
    assert.equal(report.loadBalancers[0].error.kind, "forbidden");
    assert.ok(report.entries.every(({ outcome, state, error }) => outcome === "failed" && state === "serving" && error.kind === "forbidden"));
    assert.deepEqual(left(loadBalancerId), before);
    assert.deepEqual(writes(cloud), ["SetBackendServers", "RemoveBackendServers", "SetBackendServers"]);
  });
});

describe("credentials that may only read", () => {
  for (const kind of ["otc reader", "keystone reader"]) {
    it(`${kind}: the plan works, and the run has changed nothing`, async (t) => {
      hasty(t);
      const client = patient(cloud, kind);
      const before = cloud.control.state();
      const plan = await client.plan({ from: { poolId: "5a9a3e9e-d1aa-448e-af37-a70171f2a332" }, remove: { address: "10.0.0.11" } });
      const report = await client.run(plan);
      assert.equal(report.status, "incomplete");
      assert.equal(report.loadBalancers[0].error.kind, "forbidden");
      assert.deepEqual(report.entries.map(({ state }) => state), ["serving"]);
      assert.deepEqual(cloud.control.state(), before);
    });
  }
});

describe("a token that is revoked in mid-run", () => {
  it("is renewed, and nobody notices", async (t) => {
    hasty(t);
    const client = patient(cloud, "keystone");
    const plan = await client.plan({ from: { poolId: "5a9a3e9e-d1aa-448e-af37-a70171f2a332" }, remove: { address: "10.0.0.11" } });
    const report = await client.run(plan, { onEvent: ({ event, why }) => event === "wait" && why === "drain" && cloud.control.revokeTokens() });
    assert.equal(report.status, "done");
    assert.equal(cloud.control.tokens().issued, 2);
  });
});
