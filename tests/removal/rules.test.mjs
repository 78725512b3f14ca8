// Forwarding rules of layer 7: each is edited once with all that remains, and one that would be empty is asked about.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { IDS, backends, changes, describePlan, emulator, hasty, outcomes, patient, removal, rules, watchStrays, writes } from "./support.mjs";

watchStrays();
const cloud = emulator();

const from = { ulbId: IDS.ulb, vServerId: "vserver-http" };
const held = { from, remove: { backendId: "backend-3c4d" } };
const DEFAULT = "ulb-5xyz vserver-http Default - - ";

describe("a rule that would have no backend left", () => {
  for (const kind of ["ucloud", "scloud"]) {
    it(`${kind}: stops the plan, and the run of that plan, and nothing is touched`, async () => {
      const client = patient(cloud, kind);
      const before = cloud.control.state();
      for (const onEmptyRule of [undefined, "stop"]) {
        const plan = await client.plan({ ...held, onEmptyRule });
        assert.deepEqual(plan.refusals, [{
          guard: "empty-rule",
          message: "rule /api (policy-api) would have no backend left",
          hint: "choose onEmptyRule: \"delete-rule\" or \"leave-empty\", or give the rule another backend",
          loadBalancerId: IDS.ulb,
          groupId: "vserver-http",
        }]);
        assert.deepEqual(plan.rules.map(({ id, action, remaining }) => ({ id, action, remaining })), [{ id: "policy-api", action: "stop", remaining: [] }]);
        await assert.rejects(client.run(plan), { kind: "refused", code: "empty-rule", sent: false });
        assert.match(describePlan(plan), /REFUSED \(empty-rule\).*\n[^]*Nothing will be done: 1 guard said no\.$/);
      }
      assert.deepEqual(cloud.control.state(), before);
      assert.deepEqual(writes(cloud), []);
    });

    it(`${kind}: is deleted where that is asked for`, async (t) => {
      hasty(t);
      const { plan, report } = await removal(patient(cloud, kind), { ...held, onEmptyRule: "delete-rule" });
      assert.deepEqual(plan.rules.map(({ id, action }) => ({ id, action })), [{ id: "policy-api", action: "delete" }]);
      assert.deepEqual(writes(cloud), ["UpdateBackendAttribute", "DeletePolicy", "ReleaseBackend"]);
      assert.deepEqual(rules(cloud, kind), [`${DEFAULT}[backend-1a2b, backend-5e6f]`]);
      assert.equal(report.status, "done");
      assert.deepEqual(outcomes(report), ["backend-3c4d removed gone"]);
      assert.deepEqual(report.rules.map(({ id, state }) => ({ id, state })), [{ id: "policy-api", state: "deleted" }]);
    });

    it(`${kind}: is left empty where that is asked for, with all else it was`, async (t) => {
      hasty(t);
      const { plan, report } = await removal(patient(cloud, kind), { ...held, onEmptyRule: "leave-empty" });
      assert.deepEqual(plan.rules.map(({ id, action }) => ({ id, action })), [{ id: "policy-api", action: "empty" }]);
      assert.deepEqual(writes(cloud), ["UpdateBackendAttribute", "UpdatePolicy", "ReleaseBackend"]);
      assert.deepEqual(rules(cloud, kind), ["ulb-5xyz vserver-http Custom policy-api /api []", `${DEFAULT}[backend-1a2b, backend-5e6f]`]);
      assert.deepEqual(changes(cloud).filter((line) => line.startsWith("UpdatePolicy")), [
        "UpdatePolicy: changed policy vserver-http policy-api backendIds [backend-3c4d] -> []",
      ]);
      assert.equal(report.status, "done");
      assert.deepEqual(report.rules.map(({ id, state }) => ({ id, state })), [{ id: "policy-api", state: "edited" }]);
    });
  }

  it("`allow` lets it go empty, and the plan says so", async (t) => {
    hasty(t);
    const { plan, report } = await removal(patient(cloud, "ucloud"), { ...held, allow: ["empty-rule"] });
    assert.deepEqual(plan.warnings.filter(({ guard }) => guard).map(({ guard }) => guard), ["empty-rule"]);
    assert.equal(report.status, "done");
    assert.ok(rules(cloud, "ucloud").includes("ulb-5xyz vserver-http Custom policy-api /api []"));
    assert.equal(plan.rules[0].action, "empty", "what is done is what was planned");
  });
});

describe("rules with other backends", () => {
  /** A VServer of ten, three rules that hold all of them. */
  const grown = (rulesOfIt = 3, backendsOfIt = 10) => {
    const { added } = cloud.control.arrange({ add: { ucloud: { backends: backendsOfIt, rules: rulesOfIt } } });
    const [{ ulbId, vServers: [vServer] }] = added.ucloud;
    return { ulbId, ...vServer };
  };

  it("each is edited once, with all that is removed taken out and nothing else changed", async (t) => {
    hasty(t);
    const { ulbId, vServerId, backendIds } = grown();
    const remove = backendIds.slice(2, 5).map((backendId) => ({ backendId }));
    const { plan, report } = await removal(patient(cloud, "ucloud"), { from: { ulbId }, remove });
    const remain = backendIds.filter((id) => !remove.some(({ backendId }) => backendId === id));
    assert.ok(plan.rules.every(({ remaining, action }) => action === "edit" && remaining.join() === remain.join()));
    assert.deepEqual(writes(cloud), [
      ...remove.map(() => "UpdateBackendAttribute"), "UpdatePolicy", "UpdatePolicy", "UpdatePolicy", ...remove.map(() => "ReleaseBackend"),
    ]);
    // Nothing of a rule but its backends.
    const edits = cloud.control.changes().filter(({ operation }) => operation === "UpdatePolicy");
    assert.equal(edits.length, 3);
    for (const { before, after } of edits) assert.deepEqual({ ...after }, { domainMatchMode: undefined, ...before, backendIds: remain });
    assert.equal(report.status, "done");
    assert.deepEqual(report.rules.map(({ state }) => state), ["edited", "edited", "edited"]);
    assert.equal(vServerId, plan.groups[0].id);
  });

  it("the default rule is never edited", async (t) => {
    hasty(t);
    const { report } = await removal(patient(cloud, "ucloud"), { from, remove: { backendId: "backend-1a2b" } });
    assert.equal(report.status, "done");
    assert.deepEqual(writes(cloud), ["UpdateBackendAttribute", "ReleaseBackend"]);
    assert.deepEqual(report.rules, []);
  });

  it("a rule of type Domain keeps its mode", async (t) => {
    hasty(t);
    const client = patient(cloud, "ucloud");
    const { policyId } = await client.send({
      operation: "CreatePolicy", ulbId: IDS.ulb, vServerId: "vserver-http", type: "Domain", match: "*.example.com", domainMatchMode: "Wildcard",
      backendIds: ["backend-1a2b", "backend-5e6f"],
    });
    cloud.control.clearChanges();
    const { report } = await removal(client, { from, remove: { backendId: "backend-1a2b" } });
    assert.equal(report.status, "done");
    assert.deepEqual(changes(cloud).filter((line) => line.startsWith("UpdatePolicy")), [
      `UpdatePolicy: changed policy vserver-http ${policyId} backendIds [backend-1a2b backend-5e6f] -> [backend-5e6f]`,
    ]);
  });

  it("keepAtLeast holds for each rule, too", async () => {
    const client = patient(cloud, "ucloud");
    await client.send({ operation: "UpdatePolicy", ulbId: IDS.ulb, vServerId: "vserver-http", policyId: "policy-api", type: "Path", match: "/api", backendIds: ["backend-3c4d", "backend-5e6f"] });
    cloud.control.arrange({ set: [{ cloud: "ucloud", id: "backend-5e6f", status: 1 }] });
    // The group keeps one in service, the rule would not.
    const plan = await client.plan(held);
    assert.deepEqual(plan.refusals.map(({ guard, message }) => `${guard}: ${message}`), [
      "keep-at-least: rule /api (policy-api) would have 0 servers in service, and at least 1 must stay",
    ]);
  });

  it("a rule that somebody empties of others meanwhile is seen before the edit", async (t) => {
    // The other operator comes while the drain is waited for.
    const client = patient(cloud, "ucloud");
    const { ulbId, vServerId, backendIds, policyIds } = grown(1, 4);
    hasty(t);
    const plan = await client.plan({ from: { ulbId }, remove: { backendId: backendIds[0] } });
    let other;
    const report = await client.run(plan, {
      onEvent({ event, why }) {
        if (event !== "wait" || why !== "drain") return;
        other = client.send({ operation: "UpdatePolicy", ulbId, vServerId, policyId: policyIds[0], type: "Path", match: "/seed1", backendIds: [backendIds[0]] });
      },
    });
    await other;
    assert.equal(report.status, "refused");
    assert.ok(["keep-at-least", "empty-rule", "changed-by-someone"].includes(report.loadBalancers[0].refusal.guard));
    assert.deepEqual(outcomes(report), [`${backendIds[0]} not-tried serving`]);
    assert.ok(!backends(cloud, "ucloud").some((line) => line.includes(" disabled")), "put back");
  });

  it("a rule that somebody adds a backend to keeps it", async (t) => {
    const client = patient(cloud, "ucloud");
    const { ulbId, vServerId, backendIds, policyIds } = grown(1, 5);
    await client.send({ operation: "UpdatePolicy", ulbId, vServerId, policyId: policyIds[0], type: "Path", match: "/seed1", backendIds: backendIds.slice(0, 3) });
    hasty(t);
    const plan = await client.plan({ from: { ulbId }, remove: { backendId: backendIds[0] } });
    let other;
    const report = await client.run(plan, {
      onEvent({ event, why }) {
        if (event !== "wait" || why !== "drain") return;
        other = client.send({ operation: "UpdatePolicy", ulbId, vServerId, policyId: policyIds[0], type: "Path", match: "/seed1", backendIds: backendIds.slice(0, 4) });
      },
    });
    await other;
    assert.equal(report.status, "done");
    const line = rules(cloud, "ucloud").find((line) => line.includes(policyIds[0]));
    assert.equal(line, `${ulbId} ${vServerId} Custom ${policyIds[0]} /seed1 [${backendIds.slice(1, 4).join(", ")}]`);
  });

  it("a rule that changed before the run stops it", async (t) => {
    hasty(t);
    const { ulbId, vServerId, backendIds, policyIds } = grown(1, 5);
    const client = patient(cloud, "ucloud");
    const plan = await client.plan({ from: { ulbId }, remove: { backendId: backendIds[0] } });
    await client.send({ operation: "UpdatePolicy", ulbId, vServerId, policyId: policyIds[0], type: "Path", match: "/moved", backendIds });
    const before = cloud.control.state();
    const report = await client.run(plan);
    assert.equal(report.status, "refused");
    assert.equal(report.loadBalancers[0].refusal.guard, "changed-by-someone");
    assert.deepEqual(cloud.control.state(), before);
    assert.deepEqual(outcomes(report), [`${backendIds[0]} not-tried serving`]);
  });

  it("where that is allowed, what changed in the rule stays changed", async (t) => {
    hasty(t);
    const { ulbId, vServerId, backendIds, policyIds } = grown(1, 5);
    const client = patient(cloud, "ucloud");
    const plan = await client.plan({ from: { ulbId }, remove: { backendId: backendIds[0] }, allow: ["changed-by-someone"] });
    await client.send({ operation: "UpdatePolicy", ulbId, vServerId, policyId: policyIds[0], type: "Path", match: "/moved", backendIds });
    const report = await client.run(plan);
    assert.equal(report.status, "done");
    const line = rules(cloud, "ucloud").find((line) => line.includes(policyIds[0]));
    assert.equal(line, `${ulbId} ${vServerId} Custom ${policyIds[0]} /moved [${backendIds.slice(1).join(", ")}]`);
  });

  it("a rule made after the plan stops the run", async (t) => {
    hasty(t);
    const { ulbId, vServerId, backendIds } = grown(0, 5);
    const client = patient(cloud, "ucloud");
    const plan = await client.plan({ from: { ulbId }, remove: { backendId: backendIds[0] } });
    await client.send({ operation: "CreatePolicy", ulbId, vServerId, type: "Path", match: "/new", backendIds });
    const before = cloud.control.state();
    const report = await client.run(plan);
    assert.equal(report.status, "refused");
    assert.match(report.loadBalancers[0].refusal.message, /rule \/new/);
    assert.deepEqual(cloud.control.state(), before);
  });
});
