// The last server in service stays, whatever a cloud shows of it that is not so.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { IDS, emulator, hasty, outcomes, patient, removal, tap, watchStrays, writes } from "./support.mjs";

watchStrays();
const cloud = emulator();
const set = (...patches) => cloud.control.arrange({ set: patches });

/** A group of so many in service. -> { from, ids, select, show(id, how), make() }; `how` is true for healthy. */
const grown = {
  otc(count, vendor = "otc") {
    const [{ pools: [{ poolId, memberIds }] }] = cloud.control.arrange({ add: { otc: { members: count } } }).added.otc;
    const show = (id, good) => set({ cloud: "otc", id, operatingStatus: good ? "ONLINE" : "OFFLINE" });
    return { from: { poolId }, ids: memberIds, select: (memberId) => ({ memberId }), show, make: () => patient(cloud, "otc", { vendor }) };
  },
  huawei: (count) => grown.otc(count, "huawei"),
  alibaba(count) {
    const [{ loadBalancerId, serverIds }] = cloud.control.arrange({ add: { alibaba: { servers: count } } }).added.alibaba;
    const show = (id, good) => set({ cloud: "alibaba", id, health: good ? "normal" : "abnormal" });
    return { from: { loadBalancerId }, ids: serverIds, select: (serverId) => ({ serverId }), show, make: () => patient(cloud, "alibaba") };
  },
};

describe("a drained server that is shown as one that fails its check", () => {
  const drained = ({ event, why }) => event === "wait" && why === "drain";

  for (const kind of Object.keys(grown)) {
    it(`${kind}: it is the last in service, once the other one has failed in the drain's wait: refused, and put back`, async (t) => {
      hasty(t);
      const { from, ids: [own, other], select, show, make } = grown[kind](2);
      const onEvent = (event) => drained(event) && [own, other].forEach((id) => show(id, false));
      const { report } = await removal(make(), { from, remove: select(own) }, { onEvent });
      assert.deepEqual([report.status, report.loadBalancers[0].refusal?.guard], ["refused", "keep-at-least"]);
      assert.deepEqual(outcomes(report), [`${own} not-tried serving`]);
      assert.equal(writes(cloud).length, 2, "a drain, and its return");
    });

    it(`${kind}: the run that goes on after a drain counts it, too, even if the plan saw it fail`, async (t) => {
      hasty(t);
      const { from, ids: [own, other], select, show, make } = grown[kind](2);
      show(own, false);
      const client = make();
      const plan = await client.plan({ from, remove: select(own) });
      assert.equal(plan.entries[0].health, "unhealthy");
      show(own, true);
      const journal = { entries: [], append: (entry) => journal.entries.push(entry) };
      const controller = new AbortController();
      const stopped = await client.run(plan, { journal, signal: controller.signal, onEvent: (event) => drained(event) && controller.abort() });
      assert.deepEqual(outcomes(stopped), [`${own} not-tried drained`]);
      for (const id of [own, other]) show(id, false);
      const report = await client.run(plan, { journal });
      assert.deepEqual([report.status, report.loadBalancers[0].refusal?.guard], ["refused", "keep-at-least"]);
      assert.deepEqual(outcomes(report), [`${own} not-tried serving`]);
    });

    it(`${kind}: one that failed its check before the drain is not missed`, async (t) => {
      hasty(t);
      const { from, ids: [own, other], select, show, make } = grown[kind](2);
      show(own, false);
      const { report } = await removal(make(), { from, remove: select(own) }, { onEvent: (event) => drained(event) && show(other, false) });
      assert.deepEqual([report.status, ...outcomes(report)], ["done", `${own} removed gone`]);
    });
  }

  it("otc: weight 0 is no failed check: such a member is not selected by its health", async () => {
    const { from, ids: [own, other], show, make } = grown.otc(2);
    set({ cloud: "otc", id: own, weight: 0 });
    show(other, false);
    const plan = await make().plan({ from, remove: { health: "unhealthy" } });
    assert.deepEqual(plan.entries.map(({ id, health }) => `${id} ${health}`), [`${other} unhealthy`]);
  });
});

describe("admin_state_up, which means nothing at OTC and Huawei", () => {
  const off = ({ from, ids: [own, other], show }) => {
    set({ cloud: "otc", id: own, adminStateUp: false });
    show(other, false);
    return { from, own };
  };

  for (const kind of ["otc", "huawei"]) {
    it(`${kind}: a member whose switch is off is in service, and the last that is: refused`, async () => {
      const group = grown[kind](2);
      const { from, own } = off(group);
      const plan = await group.make().plan({ from, remove: group.select(own) });
      assert.equal(plan.entries[0].enabled, true);
      assert.deepEqual(plan.groups[0].inService, { before: 1, after: 0 });
      assert.deepEqual(plan.refusals.map(({ guard }) => guard), ["keep-at-least"]);
    });

    it(`${kind}: it is drained like any other, and put back without the switch`, async (t) => {
      hasty(t);
      const group = grown[kind](2);
      const { from, own } = off(group);
      const client = group.make();
      const { report } = await removal(client, { from, remove: group.select(own), allow: ["keep-at-least"] });
      assert.deepEqual(outcomes(report), [`${own} removed gone`]);
      assert.deepEqual(writes(cloud), ["UpdateMember", "DeleteMember"]);
      const undone = await client.undo(report);
      assert.deepEqual(outcomes(undone), [`${own} restored serving`]);
      assert.deepEqual(undone.entries[0].error, undefined);
    });
  }

  it("at Octavia it is a switch: what is off serves nobody, and is not missed", async () => {
    const group = grown.otc(2);
    const { from, own } = off(group);
    const plan = await patient(cloud, "keystone").plan({ from, remove: group.select(own) });
    assert.equal(plan.entries[0].enabled, false);
    assert.deepEqual(plan.refusals, []);
  });
});

describe("the health of a group that only rules use, at Alibaba", () => {
  const server = "i-bp1fq61enf4loa5i0000";
  const row = (Protocol, ListenerPort) => [80, 8080].map((Port) => ({ ...(Protocol && { Protocol }), ListenerPort, Port, ServerId: server, ServerHealthStatus: "abnormal" }));

  /** The plan that takes the server out of the group of the rule, where these rows are all that is told of health. */
  async function planned(rows, { more = [], ...request }) {
    const edit = (text, request) => {
      const told = JSON.parse(text);
      if (request.includes("DescribeHealthStatus")) told.BackendServers.BackendServer = rows;
      told.ListenerPortsAndProtocol?.ListenerPortAndProtocol.push(...more);
      return JSON.stringify(told);
    };
    return patient(cloud, "alibaba", { fetch: tap({ edit }) }).plan({ from: { vServerGroupId: IDS.group }, ...request });
  }

  // The load balancer has http:80, which the rule belongs to, and tcp:443.
  const https = [{ ListenerPort: 8443, ListenerProtocol: "https" }];
  for (const [what, rows, health, more] of [
    ["a TCP listener that fails says nothing of it", row("tcp", 443), "unknown"],
    ["nor does one of which only the port is told", row("", 443), "unknown"],
    ["the only listener that can have rules says it", row("http", 80), "unhealthy"],
    ["of several it may be another one that fails", row("https", 8443), "mixed", https],
    ["if all of them fail, so does the rule's", [...row("https", 8443), ...row("", 80)], "unhealthy", https],
    ["one that was made since may have the rule, too", row("http", 8081), "mixed"],
  ]) {
    it(`${what}: ${health}`, async () => {
      const fails = health === "unhealthy";
      const plan = await planned(rows, { more, remove: { serverId: server }, keepAtLeast: 4 });
      assert.deepEqual(plan.entries.map((entry) => entry.health), [health, health]);
      // All four servers of the group are in service, as far as is known.
      assert.deepEqual(plan.refusals.map(({ guard }) => guard), fails ? [] : ["keep-at-least"]);
      const { entries } = await planned(rows, { more, remove: { health: "unhealthy" } });
      assert.equal(entries.length, fails ? 2 : 0);
    });
  }
});
