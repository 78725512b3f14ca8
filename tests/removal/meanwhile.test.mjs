// What happens while a run is under way, and what must not be taken for something else.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { IDS, backends, describeReport, emulator, hasty, outcomes, patient, removal, tap, watchStrays, writes } from "./support.mjs";

watchStrays();
const cloud = emulator();

const HTTP = { ulbId: IDS.ulb, vServerId: "vserver-http" };
const ONE = { from: HTTP, remove: { backendId: "backend-1a2b" } };

/** A VServer of so many backends, and a pool of so many members. */
const vServer = (count) => {
  const [{ ulbId, vServers: [{ vServerId, backendIds }] }] = cloud.control.arrange({ add: { ucloud: { backends: count } } }).added.ucloud;
  return { ulbId, vServerId, backendIds };
};
const set = (...patches) => cloud.control.arrange({ set: patches });

describe("an answer without the VServer that was asked for", () => {
  const nothing = (times) => ({
    cloud: "ucloud", operation: "DescribeVServer", effect: "status", status: 200, contentType: "application/json", times,
    body: { RetCode: 0, Action: "DescribeVServerResponse", TotalCount: 0, DataSet: [] },
  });
  const during = (times, when) => ({ onEvent: ({ event, why, step }) => (why ?? `${event} ${step}`) === when && cloud.control.addFaults([nothing(times)]) });

  it("once, it is asked again", async (t) => {
    hasty(t);
    const { report } = await removal(patient(cloud, "ucloud"), ONE, during(1, "drain"));
    assert.equal(report.status, "done");
    assert.deepEqual(outcomes(report), ["backend-1a2b removed gone"]);
    assert.deepEqual(writes(cloud), ["UpdateBackendAttribute", "ReleaseBackend"]);
  });

  it("for ever: nothing is taken for gone, and the report says that nobody knows", async (t) => {
    hasty(t);
    const { report } = await removal(patient(cloud, "ucloud"), ONE, during("always", "drain"));
    assert.equal(report.status, "incomplete");
    assert.deepEqual(outcomes(report), ["backend-1a2b not-tried unknown"]);
    assert.equal(report.loadBalancers[0].error.kind, "not-found");
    assert.deepEqual(report.entries[0].did, ["drain"]);
    assert.match(describeReport(report), /^1 backend may take no traffic: nobody has seen it since\.\nTo put back/m);
    cloud.control.faults([]);
    const undone = await patient(cloud, "ucloud").undo(report);
    assert.deepEqual(outcomes(undone), ["backend-1a2b restored serving"]);
  });

  it("in the first look of what goes on: it is asked again, by a run and by an undo", async (t) => {
    hasty(t);
    const journal = { entries: [], append: (entry) => journal.entries.push(entry) };
    const client = patient(cloud, "ucloud");
    const plan = await client.plan(ONE);
    await client.run(plan, { journal, maxCalls: 3 });
    cloud.control.faults([nothing(1)]);
    const report = await client.run(plan, { journal });
    assert.deepEqual([report.status, ...outcomes(report)], ["done", "backend-1a2b removed gone"]);
    cloud.control.faults([nothing(1)]);
    const undone = await client.undo(report);
    assert.deepEqual([undone.status, ...outcomes(undone).map((line) => line.replace(/^\S+ /, ""))], ["done", "restored serving"]);
  });

  it("behind a removal that was lost: it is not told as removed", async (t) => {
    hasty(t);
    cloud.control.faults([{ cloud: "ucloud", operation: "ReleaseBackend", effect: "drop-before" }]);
    const { report } = await removal(patient(cloud, "ucloud"), ONE, during("always", "settle"));
    assert.deepEqual(outcomes(report), ["backend-1a2b unknown unknown"]);
  });
});

describe("too few in service after all", () => {
  it("because another one failed just before the drain: asked by the read after it, and put back at once", async (t) => {
    const waited = hasty(t);
    const [{ pools: [{ poolId, memberIds: [own, other] }] }] = cloud.control.arrange({ add: { otc: { members: 2 } } }).added.otc;
    const before = (request, { method }) => method === "PUT" && set({ cloud: "otc", id: other, operatingStatus: "OFFLINE" });
    const { report } = await removal(patient(cloud, "otc", { fetch: tap({ before }) }), { from: { poolId }, remove: { memberId: own }, keepAtLeast: 1, drain: { waitMs: 3_600_000 }, allow: ["most-of-pool"] });
    assert.deepEqual([report.status, report.loadBalancers[0].refusal.guard], ["refused", "keep-at-least"]);
    assert.deepEqual(outcomes(report), [`${own} not-tried serving`]);
    assert.ok(Math.max(...waited) < 3_600_000, "the drain was not waited for");
  });
});

describe("a drain that has become impossible", () => {
  it("is refused, and not left out", async (t) => {
    hasty(t);
    const { ulbId, vServerId, backendIds: [own] } = vServer(4);
    let looks = 0;
    const before = (request) => request.includes("DescribeVServer") && ++looks === 3 && set({ cloud: "ucloud", id: vServerId, method: "Backup" });
    const { report } = await removal(patient(cloud, "ucloud", { fetch: tap({ before }) }), { from: { ulbId }, remove: { backendId: own } });
    assert.deepEqual([report.status, report.loadBalancers[0].refusal.guard], ["refused", "cannot-drain"]);
    assert.deepEqual(writes(cloud), []);
  });
});

describe("the port that it was selected by", () => {
  it("is another one than planned: refused, and not done with nothing", async (t) => {
    hasty(t);
    const client = patient(cloud, "ucloud");
    const plan = await client.plan({ from: HTTP, remove: { address: "10.9.1.11", port: 80 } });
    await patient(cloud, "ucloud").send({ operation: "UpdateBackendAttribute", ulbId: IDS.ulb, backendId: "backend-1a2b", port: 8080 });
    const report = await client.run(plan);
    assert.deepEqual([report.status, report.loadBalancers[0].refusal.guard], ["refused", "changed-by-someone"]);
  });
});

describe("what was removed and is there again", () => {
  it("is told so, and the run is not done", async (t) => {
    hasty(t);
    const [back, last] = ["i-bp1fq61enf4loa5i0000", "i-bp1fq61enf4loa5i0001"];
    const again = { operation: "AddBackendServers", loadBalancerId: IDS.loadBalancer, backendServers: [{ serverId: back, type: "ecs", weight: 100 }] };
    const before = (request) => request.includes("RemoveBackendServers") && request.includes(last) && patient(cloud, "alibaba").send(again);
    const request = { from: { loadBalancerId: IDS.loadBalancer, defaultGroupOnly: true }, remove: [{ serverId: back }, { serverId: last }], drain: false };
    const { report } = await removal(patient(cloud, "alibaba", { fetch: tap({ before }), maxBackendsPerCall: 1 }), request);
    assert.equal(report.status, "incomplete");
    assert.deepEqual(outcomes(report), [`${back} removed serving`, `${last} removed gone`]);
    assert.match(describeReport(report), new RegExp(`^  removed   ${back} in \\S+: now serving again$`, "m"));
  });
});

describe("a pause while something is put back", () => {
  const refused = async (t, journal) => {
    hasty(t);
    const { ulbId, backendIds: [own, , , other] } = vServer(4);
    const client = patient(cloud, "ucloud");
    const plan = await client.plan({ from: { ulbId }, remove: { backendId: own }, drain: { waitMs: 1000 }, keepAtLeast: 3 });
    // Check, look, drain, look; after the wait, the look that refuses; nothing is left for putting back.
    const report = await client.run(plan, { maxCalls: 5, journal, onEvent: ({ why }) => why === "drain" && set({ cloud: "ucloud", id: other, status: 1 }) });
    return { client, plan, report, own };
  };

  it("is a pause, and says when to go on", async (t) => {
    const { report, own } = await refused(t);
    assert.deepEqual([report.status, report.loadBalancers[0].status], ["paused", "refused"]);
    assert.ok(report.resumeAt >= report.endedAt);
    assert.deepEqual(outcomes(report), [`${own} not-tried drained`]);
    assert.match(describeReport(report), /^1 backend takes no traffic and is not removed\.\nTo put back what this run has drained: client\.undo\(report\)\.$/m);
  });

  it("the next run with its journal puts it back", async (t) => {
    const journal = { entries: [], append: (entry) => journal.entries.push(entry) };
    const { client, plan, own } = await refused(t, journal);
    const report = await client.run(plan, { journal });
    assert.deepEqual([report.status, ...outcomes(report)], ["refused", `${own} not-tried serving`]);
    assert.ok(backends(cloud, "ucloud").some((line) => line.includes(own) && !line.endsWith("disabled")));
  });
});

describe("a put-back whose drain nobody has seen", () => {
  // Two reads after the drain are late; by the third somebody has changed the weight, and the run is refused.
  const bounded = async (t, options, most) => {
    hasty(t);
    const { ulbId, backendIds: [own] } = vServer(4);
    let late = 0;
    const edit = (text, request) => {
      if (!request.includes("DescribeVServer")) return text;
      const told = JSON.parse(text);
      for (const node of told.DataSet[0].BackendSet) if (node.BackendId === own && late-- > 0) Object.assign(node, { Enabled: 1, Weight: 7 });
      return JSON.stringify(told);
    };
    const before = (request) => request.includes("UpdateBackendAttribute") && (late = 4);
    const journal = { entries: [], append: (entry) => journal.entries.push(entry) };
    const client = patient(cloud, "ucloud", { fetch: tap({ before, edit }) });
    const plan = await client.plan({ from: { ulbId }, remove: { backendId: own } });
    const statuses = [];
    while (statuses.length < 9 && (statuses.at(-1) ?? "paused") === "paused") statuses.push((await client.run(plan, { journal, ...options() })).status);
    assert.equal(statuses.at(-1), "refused");
    assert.ok(statuses.length <= most, statuses.join(" "));
    assert.ok(backends(cloud, "ucloud").some((line) => line.includes(own) && !line.endsWith("disabled")));
  };

  it("comes to its end in runs of few calls", (t) => bounded(t, () => ({ maxCalls: 7 }), 4));
  it("comes to its end in runs of a few seconds", (t) => bounded(t, () => ({ deadline: Date.now() + 15_000 }), 4));
});

describe("health", () => {
  it("alibaba: of a group with a listener and a rule counts for both", async () => {
    const servers = [["i-bp1fq61enf4loa5i0000", 80], ["i-bp1fq61enf4loa5i0000", 8080], ["i-bp1fq61enf4loa5i0001", 80], ["eni-2ze1sdp50000", 80], ["eni-2ze1sdp50000", 8000]];
    const good = servers[0][0];
    // Behind the rule of http:80 only one server works; behind tcp:443 all do.
    const edit = (text, request) => {
      const told = JSON.parse(text);
      for (const group of told.VServerGroups?.VServerGroup ?? []) {
        if (group.VServerGroupId === IDS.group) group.AssociatedObjects.Listeners.Listener = [{ Port: 443, Protocol: "tcp" }];
      }
      if (request.includes("DescribeHealthStatus")) {
        told.BackendServers.BackendServer = servers.flatMap(([ServerId, Port]) => [
          { ListenerPort: 80, Protocol: "http", Port, ServerId, ServerHealthStatus: ServerId === good ? "normal" : "abnormal" },
          { ListenerPort: 443, Protocol: "tcp", Port, ServerId, ServerHealthStatus: "normal" },
        ]);
      }
      return JSON.stringify(told);
    };
    const client = patient(cloud, "alibaba", { fetch: tap({ edit }) });
    const plan = await client.plan({ from: { vServerGroupId: IDS.group }, remove: { serverId: good } });
    assert.deepEqual(plan.groups[0].usedBy.map((user) => user.split(" ")[0]), ["tcp:443", "rule"]);
    assert.deepEqual(plan.refusals.map(({ guard }) => guard), ["keep-at-least"]);
  });

  it("alibaba: of another group's listener is no failure of this one, whatever a rule may be of", async () => {
    const rows = (protocol) => (text, request) => {
      const told = JSON.parse(text);
      for (const group of told.VServerGroups?.VServerGroup ?? []) {
        if (group.VServerGroupId === IDS.group) group.AssociatedObjects.Listeners.Listener = [{ Port: 443, Protocol: "tcp" }];
      }
      if (request.includes("DescribeHealthStatus")) {
        told.BackendServers.BackendServer = [80, 8080].map((Port) => ({ ListenerPort: 9000, Protocol: protocol, Port, ServerId: "i-bp1fq61enf4loa5i0000", ServerHealthStatus: "abnormal" }));
      }
      return JSON.stringify(told);
    };
    for (const [protocol, health] of [["tcp", "unknown"], ["http", "mixed"]]) {
      const client = patient(cloud, "alibaba", { fetch: tap({ edit: rows(protocol) }) });
      const plan = await client.plan({ from: { vServerGroupId: IDS.group }, remove: { health: "unhealthy" } });
      assert.deepEqual(plan.entries, []);
      const { entries } = await client.plan({ from: { vServerGroupId: IDS.group }, remove: { serverId: "i-bp1fq61enf4loa5i0000" } });
      assert.deepEqual(new Set(entries.map((entry) => entry.health)), new Set([health]));
    }
  });

  for (const [kind, told, health, selected] of [
    ["otc", {}, "unhealthy", 1],
    ["keystone", { provisioning_status: "ACTIVE" }, "unknown", 0],
  ]) {
    it(`${kind}: OFFLINE is ${health}${selected ? "" : ": Octavia's word for not checked yet, or switched off"}`, async () => {
      const edit = (text) => {
        const answer = JSON.parse(text);
        for (const member of answer.members ?? []) {
          Object.assign(member, told, member.id === IDS.member ? { operating_status: "OFFLINE" } : { operating_status: "ONLINE" });
        }
        return JSON.stringify(answer);
      };
      const client = patient(cloud, kind, { fetch: tap({ edit }) });
      const plan = await client.plan({ from: { poolId: IDS.pool }, remove: { health: "unhealthy" } });
      assert.equal(plan.entries.length, selected);
      const one = await client.plan({ from: { poolId: IDS.pool }, remove: { memberId: IDS.member } });
      assert.equal(one.entries[0].health, health);
      // It is nothing to rely on, either.
      const { backends: all, inService } = one.groups[0];
      assert.ok(inService.before < all.before);
    });
  }
});

describe("a plan of what is drained already", () => {
  it("says that there will be no wait", async (t) => {
    hasty(t);
    await patient(cloud, "ucloud").send({ operation: "UpdateBackendAttribute", ulbId: IDS.ulb, backendId: "backend-1a2b", enabled: 0 });
    const plan = await patient(cloud, "ucloud").plan(ONE);
    assert.ok(plan.warnings.some(({ warning }) => warning === "already-drained"));
    assert.deepEqual(plan.steps.map(({ step }) => step), ["remove"]);
  });
});

describe("a selector that fits nothing", () => {
  it("is in the report, too", async (t) => {
    hasty(t);
    const { report } = await removal(patient(cloud, "ucloud"), { from: HTTP, remove: [{ backendId: "backend-1a2b" }, { backendId: "backend-typo" }] });
    assert.deepEqual(report.absent, [{ backendId: "backend-typo" }]);
    assert.match(describeReport(report), /^Not found: \{"backendId":"backend-typo"\}$/m);
    const undone = await patient(cloud, "ucloud").undo(report);
    assert.deepEqual(undone.absent, report.absent);
  });
});
