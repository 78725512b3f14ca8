// What was begun and cannot be finished is put back: weights, switches, rules; and where it cannot be, the report says so.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { IDS, OPERATIONS, REQUESTS, backends, changes, cloudOf, emulator, hasty, outcomes, patient, removal, rules, watchStrays, writes } from "./support.mjs";

watchStrays();
const cloud = emulator();

const ONE_GROUP = { ...REQUESTS, alibaba: { from: { loadBalancerId: IDS.loadBalancer, defaultGroupOnly: true }, remove: { serverId: "i-bp1fq61enf4loa5i0002" } } };
const FORBIDDEN = { alibaba: "Forbidden.RAM", ucloud: "299", scloud: "299", otc: "ELB.9802", keystone: "ELB.9802" };
const forbid = (kind, operation, more) => ({ cloud: cloudOf(kind), operation, effect: "refuse", code: FORBIDDEN[kind], times: "always", ...more });

describe("a removal that is refused", () => {
  for (const kind of ["alibaba", "ucloud", "scloud", "otc", "keystone"]) {
    it(`${kind}: weight, switch and description are as they were`, async (t) => {
      hasty(t);
      const before = cloud.control.state();
      const described = (await patient(cloud, kind).inspect(ONE_GROUP[kind].from)).loadBalancers;
      cloud.control.faults([forbid(kind, OPERATIONS[kind].remove)]);
      const { report } = await removal(patient(cloud, kind), ONE_GROUP[kind]);
      assert.equal(report.status, "incomplete");
      assert.deepEqual(outcomes(report).map((line) => line.replace(/^.* (\S+ \S+)$/, "$1")), ["failed serving"]);
      assert.deepEqual(cloud.control.state(), before);
      assert.deepEqual((await patient(cloud, kind).inspect(ONE_GROUP[kind].from)).loadBalancers, described);
      const { drain, remove } = OPERATIONS[kind];
      assert.deepEqual(writes(cloud), [drain, remove, drain]);
    });

    for (const [effect, applied] of [["drop-before", false], ["drop-after", true]]) {
      it(`${kind}: the answer to putting it back is lost (${effect})`, async (t) => {
        hasty(t);
        const before = cloud.control.state();
        const { drain, remove } = OPERATIONS[kind];
        cloud.control.faults([forbid(kind, remove), { cloud: cloudOf(kind), operation: drain, effect, skip: 1 }]);
        const { report } = await removal(patient(cloud, kind), ONE_GROUP[kind]);
        assert.equal(report.status, "incomplete");
        assert.equal(report.entries[0].state, "serving");
        assert.deepEqual(cloud.control.state(), before);
        assert.equal(writes(cloud).length, applied ? 3 : 4);
      });
    }

    it(`${kind}: putting it back is refused, too: drained, and said so`, async (t) => {
      hasty(t);
      const { drain, remove } = OPERATIONS[kind];
      cloud.control.faults([forbid(kind, remove), forbid(kind, drain, { skip: 1 })]);
      const { report } = await removal(patient(cloud, kind), ONE_GROUP[kind]);
      assert.equal(report.status, "incomplete");
      assert.deepEqual(report.entries.map(({ outcome, state }) => `${outcome} ${state}`), ["failed drained"]);
      assert.equal(report.entries[0].error.kind, "forbidden");
      assert.ok(backends(cloud, kind).some((line) => /weight=0$| disabled$/.test(line)));
    });

    it(`${kind}: while it is put back somebody removes it himself`, async (t) => {
      hasty(t);
      const { remove } = OPERATIONS[kind];
      cloud.control.faults([forbid(kind, remove, { times: 1 })]);
      const client = patient(cloud, kind);
      const plan = await client.plan(ONE_GROUP[kind]);
      const [{ saved, id, loadBalancerId }] = plan.entries;
      const doing = {
        alibaba: { operation: remove, loadBalancerId, backendServers: [{ serverId: saved.serverId, type: saved.type }] },
        ucloud: { operation: remove, ulbId: loadBalancerId, backendId: id },
        otc: { operation: remove, poolId: IDS.pool, memberId: id },
      };
      let other;
      const report = await client.run(plan, {
        onEvent({ event, step }) {
          if (event === "step-begin" && step === "put-back") other = patient(cloud, kind).send(doing[{ scloud: "ucloud", keystone: "otc" }[kind] ?? kind]);
        },
      });
      await other;
      assert.equal(report.entries[0].state, "gone");
      assert.ok(["absent", "failed"].includes(report.entries[0].outcome), report.entries[0].outcome);
      assert.ok(!backends(cloud, kind).some((line) => line.includes(id)), "nobody put it back again");
    });
  }

  it("of two, one of which is gone already: that one stays gone, the other is put back", async (t) => {
    hasty(t);
    const remove = [{ backendId: "backend-1a2b" }, { backendId: "backend-5e6f" }];
    cloud.control.faults([forbid("ucloud", "ReleaseBackend", { contains: "backend-5e6f" })]);
    const { report } = await removal(patient(cloud, "ucloud"), { from: { ulbId: IDS.ulb, vServerId: "vserver-http" }, remove, allow: ["most-of-pool"] });
    assert.equal(report.status, "incomplete");
    assert.deepEqual(outcomes(report), ["backend-1a2b removed gone", "backend-5e6f failed serving"]);
    assert.ok(backends(cloud, "ucloud").includes("ulb-5xyz vserver-http backend-5e6f 10.9.1.13:80"));
  });

  it("of two, the first of which is refused: the second is tried, or put back, and said as it is", async (t) => {
    hasty(t);
    const remove = [{ backendId: "backend-1a2b" }, { backendId: "backend-5e6f" }];
    cloud.control.faults([forbid("ucloud", "ReleaseBackend", { contains: "backend-1a2b" })]);
    const { report } = await removal(patient(cloud, "ucloud"), { from: { ulbId: IDS.ulb, vServerId: "vserver-http" }, remove, allow: ["most-of-pool"] });
    assert.equal(report.status, "incomplete");
    assert.equal(outcomes(report)[0], "backend-1a2b failed serving");
    const line = backends(cloud, "ucloud").find((line) => line.includes("backend-5e6f"));
    assert.equal(outcomes(report)[1], line ? "backend-5e6f not-tried serving" : "backend-5e6f removed gone");
    assert.ok(!line?.endsWith("disabled"));
  });
});

describe("a batch that somebody spoils between its read and its call", () => {
  const [KEPT, TAKEN] = ["i-bp1fq61enf4loa5i0001", "i-bp1fq61enf4loa5i0002"];
  const loadBalancerId = IDS.loadBalancer;
  const request = {
    from: { loadBalancerId, defaultGroupOnly: true },
    remove: [{ serverId: KEPT }, { serverId: TAKEN }],
    allow: ["keep-at-least", "most-of-pool"],
  };
  /** A client before whose `nth` call that sets weights somebody takes one of the two out. */
  const spoiled = (nth) => {
    let sets = 0;
    const spoil = async (input, init) => {
      if (`${input?.url ?? input} ${init?.body ?? ""}`.includes("Action=SetBackendServers") && ++sets === nth) {
        await patient(cloud, "alibaba").send({ operation: "RemoveBackendServers", loadBalancerId, backendServers: [{ serverId: TAKEN, type: "ecs" }] });
      }
      return fetch(input, init);
    };
    return patient(cloud, "alibaba", { fetch: spoil });
  };
  // What the service says of it: its own word, and one that could mean anything.
  for (const [says, faults] of [["InvalidServerId.NotFound", []], ["InvalidParameter", [{ effect: "refuse", code: "InvalidParameter" }]]]) {
    const refuse = (skip) => faults.map((fault) => ({ cloud: "alibaba", operation: "SetBackendServers", skip, ...fault }));

    it(`${says} to putting both back: the one that is still there is put back`, async (t) => {
      hasty(t);
      const before = backends(cloud, "alibaba").find((line) => line.includes(KEPT));
      cloud.control.faults([forbid("alibaba", "RemoveBackendServers", { contains: KEPT, times: 1 }), ...refuse(1)]);
      const { report } = await removal(spoiled(2), request);
      assert.deepEqual(outcomes(report), [`${KEPT} failed serving`, `${TAKEN} absent gone`]);
      assert.equal(backends(cloud, "alibaba").find((line) => line.includes(KEPT)), before);
    });

    it(`${says} to draining both: the run goes on with the one that is still there`, async (t) => {
      hasty(t);
      cloud.control.faults(refuse(0));
      const { report } = await removal(spoiled(1), request);
      assert.equal(report.status, "done");
      assert.deepEqual(outcomes(report), [`${KEPT} removed gone`, `${TAKEN} absent gone`]);
    });
  }

  it("InvalidParameter though nothing has changed is believed", async (t) => {
    hasty(t);
    const before = cloud.control.state();
    cloud.control.faults([{ cloud: "alibaba", operation: "SetBackendServers", effect: "refuse", code: "InvalidParameter" }]);
    const { report } = await removal(patient(cloud, "alibaba"), request);
    assert.equal(report.status, "incomplete");
    assert.deepEqual(report.entries.map(({ error }) => error.code), ["InvalidParameter", "InvalidParameter"]);
    assert.deepEqual(writes(cloud), ["SetBackendServers"]);
    assert.deepEqual(cloud.control.state(), before);
  });
});

describe("a service whose reads are late", () => {
  it("shows what was put back as it was before the drain: that is not taken for the end of it", async (t) => {
    hasty(t);
    const id = "i-bp1fq61enf4loa5i0001";
    const before = cloud.control.state();
    const json = { status: 200, headers: { "content-type": "application/json" } };
    let planned;
    let writes = 0;
    // What reads show, by how many changes were made: the world before the drain, and nonsense, which ends the run; then,
    // with the weight back in place, that world again, the drain, and at last what is so.
    const views = [[], ["before", "nonsense", "before"], ["before", "drained"]];
    const shown = [];
    const late = async (input, init) => {
      const text = `${input?.url ?? input} ${init?.body ?? ""}`;
      if (text.includes("Action=SetBackendServers")) writes += 1;
      const answer = await fetch(input, init);
      if (!text.includes("Action=DescribeLoadBalancerAttribute")) return answer;
      const told = await answer.json();
      const server = told.BackendServers.BackendServer.find(({ ServerId }) => ServerId === id);
      planned ??= server.Weight;
      const view = views[writes].shift();
      if (view === "nonsense") return new Response("{", json);
      if (view) server.Weight = view === "drained" ? 0 : planned;
      if (writes === 2) shown.push(server.Weight);
      return new Response(JSON.stringify(told), json);
    };
    const request = { from: { loadBalancerId: IDS.loadBalancer, defaultGroupOnly: true }, remove: { serverId: id } };
    const { report } = await removal(patient(cloud, "alibaba", { fetch: late, maxAttempts: 1 }), request);
    assert.deepEqual(shown, [planned, 0, planned]);
    assert.deepEqual(report.entries.map(({ outcome, state }) => `${outcome} ${state}`), ["not-tried serving"]);
    assert.deepEqual(cloud.control.state(), before);
  });
});

describe("rules", () => {
  /** A VServer of five, with a rule that holds three of them. */
  const grown = async (held = 3) => {
    const [{ ulbId, vServers: [{ vServerId, backendIds, policyIds: [policyId] }] }] = cloud.control.arrange({ add: { ucloud: { backends: 5, rules: 1 } } }).added.ucloud;
    await patient(cloud, "ucloud").send({ operation: "UpdatePolicy", ulbId, vServerId, policyId, type: "Path", match: "/seed1", policyPriority: 7, backendIds: backendIds.slice(0, held) });
    cloud.control.clearLog();
    cloud.control.clearChanges();
    return { ulbId, vServerId, backendIds, policyId };
  };

  it("that were edited hold again what could not be removed", async (t) => {
    hasty(t);
    const { ulbId, backendIds } = await grown();
    const before = rules(cloud, "ucloud");
    cloud.control.faults([forbid("ucloud", "ReleaseBackend")]);
    const { report } = await removal(patient(cloud, "ucloud"), { from: { ulbId }, remove: { backendId: backendIds[0] } });
    assert.equal(report.status, "incomplete");
    assert.deepEqual(outcomes(report), [`${backendIds[0]} failed serving`]);
    assert.deepEqual(report.rules.map(({ state }) => state), ["restored"]);
    const sets = (lines) => lines.map((line) => line.replace(/\[(.*)\]/, (_, list) => list.split(", ").sort().join(" ")));
    assert.deepEqual(sets(rules(cloud, "ucloud")), sets(before));
    const [edited, restored] = cloud.control.changes().filter(({ resource }) => resource === "policy");
    assert.equal(restored.after.priority, 7);
    assert.deepEqual(edited.before.priority, 7);
    assert.deepEqual(writes(cloud), ["UpdateBackendAttribute", "UpdatePolicy", "ReleaseBackend", "UpdatePolicy", "UpdateBackendAttribute"]);
  });

  it("of which one of two backends could be removed hold the other again", async (t) => {
    hasty(t);
    const { ulbId, vServerId, backendIds, policyId } = await grown();
    cloud.control.faults([forbid("ucloud", "ReleaseBackend", { contains: backendIds[1] })]);
    const { report } = await removal(patient(cloud, "ucloud"), { from: { ulbId }, remove: backendIds.slice(0, 2).map((backendId) => ({ backendId })) });
    assert.deepEqual(outcomes(report), [`${backendIds[0]} removed gone`, `${backendIds[1]} failed serving`]);
    const line = rules(cloud, "ucloud").find((line) => line.includes(policyId));
    assert.equal(line, `${ulbId} ${vServerId} Custom ${policyId} /seed1 [${[backendIds[2], backendIds[1]].join(", ")}]`);
  });

  it("that were deleted are made again, as they were", async (t) => {
    hasty(t);
    const { ulbId, vServerId, backendIds } = await grown(1);
    cloud.control.faults([forbid("ucloud", "ReleaseBackend")]);
    const { report } = await removal(patient(cloud, "ucloud"), { from: { ulbId }, remove: { backendId: backendIds[0] }, onEmptyRule: "delete-rule" });
    assert.equal(report.status, "incomplete");
    assert.deepEqual(outcomes(report), [`${backendIds[0]} failed serving`]);
    assert.deepEqual(report.rules.map(({ state }) => state), ["restored"]);
    const [{ ids, after }] = cloud.control.changes().filter(({ operation, change }) => operation === "CreatePolicy" && change === "added");
    assert.equal(ids.vServerId, vServerId);
    assert.deepEqual({ kind: after.kind, match: after.match, priority: after.priority, backendIds: after.backendIds }, { kind: "Path", match: "/seed1", priority: 7, backendIds: [backendIds[0]] });
    assert.deepEqual(writes(cloud), ["UpdateBackendAttribute", "DeletePolicy", "ReleaseBackend", "CreatePolicy", "UpdateBackendAttribute"]);
  });

  for (const [effect, times] of [["drop-after", 1], ["drop-before", 2]]) {
    it(`that are made again are made once, though the answer is lost (${effect})`, async (t) => {
      hasty(t);
      const { ulbId, backendIds } = await grown(1);
      cloud.control.faults([forbid("ucloud", "ReleaseBackend"), { cloud: "ucloud", operation: "CreatePolicy", effect }]);
      const { report } = await removal(patient(cloud, "ucloud"), { from: { ulbId }, remove: { backendId: backendIds[0] }, onEmptyRule: "delete-rule" });
      assert.deepEqual(report.rules.map(({ state }) => state), ["restored"]);
      assert.equal(writes(cloud).filter((name) => name === "CreatePolicy").length, times);
      assert.equal(rules(cloud, "ucloud").filter((line) => line.startsWith(`${ulbId} `) && line.includes("/seed1")).length, 1);
    });
  }

  it("that cannot be made again are said to be deleted", async (t) => {
    hasty(t);
    const { ulbId, backendIds } = await grown(1);
    cloud.control.faults([forbid("ucloud", "ReleaseBackend"), forbid("ucloud", "CreatePolicy")]);
    const { report } = await removal(patient(cloud, "ucloud"), { from: { ulbId }, remove: { backendId: backendIds[0] }, onEmptyRule: "delete-rule" });
    assert.equal(report.status, "incomplete");
    assert.deepEqual(report.rules.map(({ state }) => state), ["deleted"]);
    assert.ok(report.loadBalancers[0].error || report.entries[0].error);
    assert.ok(!rules(cloud, "ucloud").some((line) => line.startsWith(`${ulbId} `) && line.includes("/seed1")));
    assert.equal(backends(cloud, "ucloud").some((line) => line.includes(backendIds[0]) && line.endsWith("disabled")), report.entries[0].state !== "serving");
  });

  it("that somebody edited meanwhile keep his edit, too", async (t) => {
    hasty(t);
    const { ulbId, vServerId, backendIds, policyId } = await grown(3);
    cloud.control.faults([forbid("ucloud", "ReleaseBackend")]);
    const client = patient(cloud, "ucloud");
    const plan = await client.plan({ from: { ulbId }, remove: { backendId: backendIds[0] } });
    let other;
    const report = await client.run(plan, {
      onEvent({ event, step }) {
        if (event !== "step-begin" || step !== "put-back") return;
        // He adds a fourth and takes the third out.
        other = patient(cloud, "ucloud").send({ operation: "UpdatePolicy", ulbId, vServerId, policyId, type: "Path", match: "/seed1", policyPriority: 9, backendIds: [backendIds[1], backendIds[3]] });
      },
    });
    await other;
    assert.deepEqual(outcomes(report), [`${backendIds[0]} failed serving`]);
    const line = rules(cloud, "ucloud").find((line) => line.includes(policyId));
    assert.equal(line, `${ulbId} ${vServerId} Custom ${policyId} /seed1 [${[backendIds[1], backendIds[3], backendIds[0]].join(", ")}]`);
    const last = cloud.control.changes().filter(({ resource }) => resource === "policy").at(-1);
    assert.equal(last.after.priority, 9, "and what else he changed");
  });

  it("an edit that is refused leaves rule and backend as they were", async (t) => {
    hasty(t);
    const { ulbId, backendIds } = await grown(3);
    const before = cloud.control.state();
    cloud.control.faults([forbid("ucloud", "UpdatePolicy")]);
    const { report } = await removal(patient(cloud, "ucloud"), { from: { ulbId }, remove: { backendId: backendIds[0] } });
    assert.equal(report.status, "incomplete");
    assert.deepEqual(cloud.control.state(), before);
    assert.deepEqual(report.entries.map(({ outcome, state }) => `${outcome} ${state}`), ["failed serving"]);
    assert.deepEqual(report.rules.map(({ state }) => state), ["untouched"]);
    assert.ok(changes(cloud).length === 2);
  });

  it("aborted after its edit: detached, and said so", async (t) => {
    hasty(t);
    const { ulbId, backendIds } = await grown(3);
    const client = patient(cloud, "ucloud");
    const plan = await client.plan({ from: { ulbId }, remove: { backendId: backendIds[0] } });
    const controller = new AbortController();
    const report = await client.run(plan, { signal: controller.signal, onEvent: ({ event, step }) => event === "step-end" && step === "detach" && controller.abort() });
    assert.equal(report.status, "aborted");
    assert.deepEqual(report.entries.map(({ outcome, state }) => `${outcome} ${state}`), ["not-tried detached"]);
    assert.deepEqual(report.rules.map(({ state }) => state), ["edited"]);
    assert.deepEqual(writes(cloud), ["UpdateBackendAttribute", "UpdatePolicy"]);
  });
});
