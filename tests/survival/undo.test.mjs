// Undo: what a run has taken out, drained or detached is put back, and nothing else is touched. What is so is read from
// the cloud, before the run and after the undo.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { KINDS, IDS, arrange, arrived, changes, checkInvalid, describeReport, emulator, errorOf, hasty, memory, operator, patient, settled, watchStrays, wider, writes } from "./support.mjs";

watchStrays();
const cloud = emulator();
const copy = (value) => structuredClone(value);

const ALL = [...KINDS, "scloud"];

/**
 * How everything is, by the cloud's own reads: each backend by its place, with all its fields but its id; each rule
 * with the places of its backends.
 */
async function picture(kind, { from }) {
  const { loadBalancers } = await operator(cloud, kind).inspect(from);
  return loadBalancers.map(({ id, groups }) => ({
    id,
    groups: groups.map((group) => {
      const places = new Map(group.backends.map((backend) => [backend.id, place(backend)]));
      const rules = group.rules.map(({ id, matches, backends }) => ({ id, matches, backends: backends.map((id) => places.get(id) ?? `nothing (${id})`).sort() }));
      return { id: group.id, backends: group.backends.map((backend) => ({ ...kept(backend), place: place(backend) })).sort(byPlace), rules };
    }),
  }));
}
const place = ({ server, saved }) => [server, saved.serverIp ?? saved.privateIp ?? saved.address, saved.port ?? saved.protocolPort ?? ""].join(" ");
const byPlace = (one, other) => (one.place < other.place ? -1 : 1);
const NEW = ["id", "backendId", "memberId"];
function kept({ id, health, saved, ...rest }) {
  return { ...rest, saved: Object.fromEntries(Object.entries(saved).filter(([name]) => !NEW.includes(name) && !/created|updated/i.test(name))) };
}

const ENDS = {
  "a run that is done": { ends: () => false, status: "done" },
  "one that was aborted while it drained": { ends: ({ event, why }) => event === "wait" && why === "drain", status: "aborted" },
  "one that was aborted after its first removal": { ends: ({ event }) => event === "entry", status: "aborted" },
};

describe("undo", () => {
  for (const kind of ALL) {
    for (const [what, { ends, status }] of Object.entries(ENDS)) {
      it(`${kind}: of ${what}: all is as before, from its report, and from its plan and journal`, async (t) => {
        hasty(t);
        for (const source of ["report", "entries", "journal", "report, as text"]) {
          const client = operator(cloud, kind);
          const request = arrange(cloud, kind);
          const before = await picture(kind, request);
          const plan = await client.plan(request);
          const controller = new AbortController();
          const journal = memory();
          const report = await settled(client.run(plan, { journal, signal: controller.signal, onEvent: (event) => ends(event) && controller.abort() }));
          assert.equal(report.status, status);
          assert.notDeepEqual(await picture(kind, request), before);
          const of = { report, entries: { plan, journal: journal.entries }, journal: { plan, journal }, "report, as text": JSON.parse(JSON.stringify(report)) }[source];
          const given = JSON.stringify(of);
          const undone = await settled(client.undo(of));
          assert.equal(JSON.stringify(of), given, "what it was given was changed");
          assert.deepEqual([undone.schema, undone.status], ["unpool/undo@1", "done"], JSON.stringify(undone));
          assert.deepEqual(await picture(kind, request), before, source);
          assert.ok(undone.entries.every(({ outcome, state }) => outcome === "restored" && state === "serving"), JSON.stringify(undone.entries));
          const removed = report.entries.filter(({ outcome }) => outcome === "removed");
          const ids = undone.entries.filter(({ newId }) => newId !== undefined);
          assert.equal(ids.length, kind === "alibaba" ? 0 : removed.length, "those that have a new id say so");
          const now = new Set(cloud.control.changes().filter(({ change }) => change === "added").flatMap(({ ids }) => Object.values(ids)));
          for (const { newId } of ids) assert.ok(now.has(newId), `${newId} is none`);
          assert.match(describeReport(undone), /restored/);

          // Twice is once.
          const sent = writes(cloud).length;
          const again = await settled(client.undo(of));
          assert.equal(again.status, "done");
          assert.ok(again.entries.every(({ outcome }) => outcome === "present"), JSON.stringify(again.entries));
          assert.equal(writes(cloud).length, sent, "something was changed again");
        }
      });
    }

    it(`${kind}: of a run that was paused after any number of calls`, async (t) => {
      hasty(t);
      const whole = await (async () => {
        const client = operator(cloud, kind);
        return (await client.plan(arrange(cloud, kind))).calls;
      })();
      for (let maxCalls = 1; maxCalls < whole.reads + whole.changes; maxCalls += kind === "alibaba" ? 5 : 1) {
        const client = operator(cloud, kind);
        const request = arrange(cloud, kind);
        const before = await picture(kind, request);
        const plan = await client.plan(request);
        const report = await settled(client.run(plan, { maxCalls }));
        assert.equal(report.status, "paused");
        const undone = await settled(client.undo(report));
        assert.equal(undone.status, "done", `${maxCalls}: ${JSON.stringify(undone)}`);
        assert.deepEqual(await picture(kind, request), before, `${maxCalls}`);
        const touched = report.entries.filter(({ did }) => did.length > 0);
        assert.equal(undone.entries.length, touched.length, "only what the run has touched");
      }
    });

    it(`${kind}: of a run whose process ended anywhere: from its plan and what its journal has`, async (t) => {
      hasty(t);
      const client = operator(cloud, kind);
      const plan = await client.plan(arrange(cloud, kind));
      const whole = memory();
      await client.run(plan, { journal: whole });
      for (let count = 0; count <= whole.entries.length; count++) {
        for (const isSent of [false, true]) {
          const request = arrange(cloud, kind);
          const before = await picture(kind, request);
          const plan = await client.plan(request);
          // Ended directly behind this entry; an intent that is the last one was sent, or was not.
          const journal = memory({ before: (number) => { if (number === count + (isSent ? 1 : 0)) throw new Error("killed"); } });
          await settled(client.run(plan, { journal }));
          const entries = journal.entries.slice(0, count);
          const undone = await settled(client.undo({ plan, journal: entries }));
          const message = `behind entry ${count} of ${whole.entries.length}${isSent ? ", and the next is not kept" : ""}: ${JSON.stringify(entries.at(-1))}\n${changes(cloud).join("\n")}\n${JSON.stringify(undone)}`;
          assert.equal(undone.status, "done", message);
          const isKnown = !isSent || entries.at(-1)?.entry === "intent";
          // A call whose intent was not kept is one that was never made: so it is only where it was kept.
          if (isKnown) assert.deepEqual(await picture(kind, request), before, message);
        }
      }
    });

    it(`${kind}: with a journal of its own, cut off behind any entry, and gone on with`, async (t) => {
      hasty(t);
      const begin = async () => {
        const client = operator(cloud, kind);
        const request = arrange(cloud, kind);
        const before = await picture(kind, request);
        const report = await client.run(await client.plan(request));
        cloud.control.clearChanges();
        return { client, request, before, report };
      };
      const first = await begin();
      const whole = memory();
      const undone = await first.client.undo(first.report, { journal: whole });
      assert.equal(undone.status, "done");
      const expected = changes(cloud);
      assert.ok(whole.entries.length > 4);
      for (let count = 0; count < whole.entries.length; count++) {
        for (const effect of ["before", "after"]) {
          const { client, request, before, report } = await begin();
          // Ended behind the entry: nothing was sent; or behind the call that it announces.
          const journal = memory({ [effect]: (number) => { if (number === count) throw new Error("killed"); } });
          await settled(client.undo(report, { journal }));
          const again = await settled(client.undo(report, { journal: memory({ entries: journal.entries }) }));
          const message = `${effect} entry ${count} of ${whole.entries.length}: ${JSON.stringify(journal.entries.at(-1))}`;
          assert.equal(again.status, "done", message);
          assert.deepEqual(changes(cloud).length, expected.length, `${message}\n${changes(cloud).join("\n")}`);
          assert.deepEqual(await picture(kind, request), before, message);
          assert.ok(again.entries.every(({ outcome }) => ["restored", "present"].includes(outcome)), message);
        }
      }
    });

    it(`${kind}: an answer that is lost, carried out or not, to any of its calls: nothing is put in twice`, async (t) => {
      hasty(t);
      for (const effect of ["drop-after", "drop-before"]) {
        for (let at = 0; ; at++) {
          const client = operator(cloud, kind);
          const request = arrange(cloud, kind);
          const before = await picture(kind, request);
          const report = await client.run(await client.plan(request));
          cloud.control.faults([{ cloud: kind, kind: "write", effect, skip: at }]);
          const undone = await settled(client.undo(report), 20_000);
          const isHit = cloud.control.log().some(({ fault }) => fault === effect);
          assert.equal(undone.status, "done", `${effect} ${at}: ${JSON.stringify(undone)}`);
          assert.deepEqual(await picture(kind, request), before, `${effect} ${at}`);
          if (!isHit) break;
        }
      }
    });

    it(`${kind}: what somebody else has changed meanwhile stays`, async (t) => {
      hasty(t);
      const client = operator(cloud, kind);
      const request = wider(kind, arrange(cloud, kind));
      const plan = await client.plan(request);
      const controller = new AbortController();
      const report = await settled(client.run(plan, { signal: controller.signal, onEvent: ({ event, why }) => event === "wait" && why === "drain" && controller.abort() }));
      // One that was drained has got a weight of its own; one that the run is not about was drained by somebody.
      const [own] = report.entries;
      const { id } = own;
      const stranger = strangerTo(kind, plan);
      const given = kind.endsWith("cloud") ? { enabled: 1 } : { weight: 37 };
      const taken = kind.endsWith("cloud") ? { enabled: 0 } : { weight: 0 };
      cloud.control.arrange({ set: [{ cloud: kind, id: id.split(":")[0], ...given }, { cloud: kind, id: stranger, ...taken }] });
      const after = await picture(kind, request);
      cloud.control.clearChanges();
      const undone = await settled(client.undo(report));
      assert.equal(undone.status, "done");
      const isOwn = (entry) => entry.id.split(":")[0] === id.split(":")[0];
      for (const entry of undone.entries) assert.equal(entry.outcome, isOwn(entry) ? "present" : "restored");
      assert.ok(changes(cloud).every((line) => !line.includes(stranger) && !line.includes(`${id} `)), changes(cloud).join("\n"));
      const now = await picture(kind, request);
      assert.notDeepEqual(now, after);
      const found = now.flatMap(({ groups }) => groups.flatMap(({ backends }) => backends));
      assert.equal(found.filter(({ weight, enabled }) => (kind.endsWith("cloud") ? !enabled : weight === 0)).length, kind === "alibaba" ? 2 : 1, "the stranger is as somebody left it");
    });

    it(`${kind}: what somebody else has put back already is not added twice`, async (t) => {
      hasty(t);
      const client = operator(cloud, kind);
      const request = arrange(cloud, kind);
      const before = await picture(kind, request);
      const report = await client.run(await client.plan(request));
      // Another operator undoes it, and this one knows nothing of that.
      const other = await settled(operator(cloud, kind).undo(copy(report)));
      assert.equal(other.status, "done");
      cloud.control.clearChanges();
      const undone = await settled(client.undo(report));
      assert.ok(undone.entries.every(({ outcome }) => outcome === "present"));
      assert.deepEqual(changes(cloud), []);
      assert.deepEqual(await picture(kind, request), before);
    });

    it(`${kind}: then the same plan's request again, and undo again: any number of times`, async (t) => {
      hasty(t);
      const client = operator(cloud, kind);
      const request = arrange(cloud, kind);
      const before = await picture(kind, request);
      let remove = request.remove;
      for (let round = 0; round < 3; round++) {
        const report = await client.run(await client.plan({ ...request, remove }));
        assert.equal(report.status, "done");
        const undone = await settled(client.undo(report));
        assert.equal(undone.status, "done");
        assert.deepEqual(await picture(kind, request), before);
        // Those with a new id are meant by it now.
        const now = new Map(undone.entries.map(({ id, newId }) => [id, newId ?? id]));
        remove = remove.map((selector) => Object.fromEntries(Object.entries(selector).map(([name, id]) => [name, now.get(id) ?? id])));
      }
    });
  }

  it("alibaba: a server that is gone: failed with the cloud's reason, and the others are restored", async (t) => {
    hasty(t);
    for (const maxBackendsPerCall of [1, 20]) {
      const client = operator(cloud, "alibaba", { maxBackendsPerCall });
      const request = wider("alibaba", arrange(cloud, "alibaba"));
      const report = await client.run(await client.plan(request));
      const [{ serverId: gone }, { serverId: there }] = request.remove;
      cloud.control.arrange({ gone: [gone] });
      cloud.control.clearChanges();
      const undone = await settled(client.undo(report));
      assert.equal(undone.status, "incomplete");
      for (const { id, outcome, error, state } of undone.entries) {
        if (id.startsWith(gone)) assert.deepEqual([outcome, state, error.code], ["failed", "gone", "InvalidServerId.NotFound"]);
        else assert.deepEqual([outcome, state, error], ["restored", "serving", undefined]);
      }
      const added = cloud.control.changes().map(({ change, ids }) => `${change} ${ids.serverId}`);
      assert.deepEqual(added, [`added ${there}`, `added ${there}`]);
    }
  });

  it("ucloud: a rule that somebody has changed since: left as it is, and said so", async (t) => {
    hasty(t);
    const client = operator(cloud, "ucloud");
    const request = arrange(cloud, "ucloud");
    const report = await client.run(await client.plan(request));
    const { loadBalancers: [{ id: ulbId, groups: [{ id: vServerId, rules: [{ id: policyId, backends: backendIds }] }] }] } = await client.inspect(request.from);
    await client.send({ operation: "UpdatePolicy", ulbId, vServerId, policyId, type: "Path", match: "/other", policyPriority: 1, backendIds });
    cloud.control.clearChanges();
    const undone = await settled(client.undo(report));
    assert.notEqual(undone.status, "done");
    assert.deepEqual(changes(cloud).filter((line) => line.startsWith("UpdatePolicy")), [], "somebody else's rule was changed");
    assert.match(JSON.stringify(undone.loadBalancers), /changed-by-someone/);
    // The backends are there again all the same.
    assert.ok(undone.entries.every(({ state }) => state === "serving"), JSON.stringify(undone.entries));
  });

  it("ucloud: a rule that the run deleted is made again, with the new ids", async (t) => {
    hasty(t);
    const client = patient(cloud, "ucloud");
    const request = { from: { ulbId: IDS.ulb, vServerId: "vserver-http" }, remove: { backendId: "backend-3c4d" }, onEmptyRule: "delete-rule" };
    const rules = () => cloud.control.state().ucloud.rules.filter((line) => line.includes(" Custom "));
    const [before] = rules();
    const report = await client.run(await client.plan(request));
    assert.equal(report.status, "done");
    assert.deepEqual(rules(), []);
    const undone = await settled(client.undo(report));
    assert.equal(undone.status, "done");
    const [{ newId }] = undone.entries;
    const [now, ...more] = rules();
    assert.deepEqual(more, []);
    assert.equal(now.replace(/policy-\S+/, "policy-api"), before.replace("backend-3c4d", newId));
    const [rule] = undone.rules;
    assert.ok(now.includes(` ${rule.id} `));
    assert.deepEqual([rule.state, rule.plannedId], ["restored", "policy-api"]);
  });

  it("otc: a member has all its fields again", async (t) => {
    hasty(t);
    const client = patient(cloud, "otc");
    const member = "1bf2a1f5-7b1c-4a26-8f0f-0d8ef3a4a1c4";
    const request = { from: { poolId: IDS.pool }, remove: { memberId: member } };
    const report = await client.run(await client.plan(request));
    assert.equal((await settled(client.undo(report))).status, "done");
    const [removed] = cloud.control.changes().filter(({ change }) => change === "removed");
    const [added] = cloud.control.changes().filter(({ change }) => change === "added");
    // It was drained before: its weight is that of before.
    assert.deepEqual(added.after, { ...removed.before, weight: 10 });
  });

  it("one that was drained by the run in part: never drained by others before is left drained", async (t) => {
    hasty(t);
    const client = patient(cloud, "otc");
    // Its weight is 0 already.
    const request = { from: { poolId: IDS.pool }, remove: [{ memberId: "4f7c6b1d-6f0c-4f0d-9a0a-0f1e6d6a2b55" }, { memberId: IDS.member }] };
    const before = cloud.control.state().otc.backends.map((line) => line.split(" ").slice(2).join(" ")).sort();
    const report = await client.run(await client.plan(request));
    assert.equal(report.status, "done");
    assert.equal((await settled(client.undo(report))).status, "done");
    assert.deepEqual(cloud.control.state().otc.backends.map((line) => line.split(" ").slice(2).join(" ")).sort(), before);
  });

  it("of a run that has done nothing: nothing is sent", async () => {
    for (const kind of KINDS) {
      const client = operator(cloud, kind);
      const plan = await client.plan(arrange(cloud, kind));
      const report = await client.run(plan, { signal: AbortSignal.abort() });
      const sent = arrived(cloud);
      for (const of of [report, { plan, journal: [] }, { plan, journal: { entries: [] } }]) {
        const undone = await client.undo(of);
        assert.deepEqual([undone.status, undone.entries, undone.loadBalancers], ["done", [], []]);
      }
      assert.equal(arrived(cloud), sent);
    }
  });

  it("of another client's run, or of something else: says so, and nothing is sent", async (t) => {
    hasty(t);
    const client = operator(cloud, "ucloud");
    const plan = await client.plan(arrange(cloud, "ucloud"));
    const journal = memory();
    const report = await client.run(plan, { journal });
    const undone = await client.undo(report);
    const sent = arrived(cloud);
    for (const [other, field] of [
      [operator(cloud, "scloud"), "vendor"],
      [operator(cloud, "otc"), "vendor"],
      [operator(cloud, "ucloud", { region: "cn-sh2" }), "region"],
      [operator(cloud, "ucloud", { endpoint: "https://api.ucloud.example" }), "endpoint"],
    ]) {
      for (const of of [report, { plan, journal }]) checkInvalid(await errorOf(() => other.undo(of)), { field });
    }
    for (const [of, field] of [
      [undefined, "report"],
      [null, "schema"],
      [[], "schema"],
      ["report", "schema"],
      [{}, "schema"],
      [plan, "schema"],
      [undone, "schema"],
      [{ ...report, schema: "unpool/report@2" }, "schema"],
      [{ ...report, request: undefined }, "request"],
      [{ ...report, endedAt: "yesterday" }, "endedAt"],
      [{ ...report, entries: [{}] }, "entries"],
      [{ ...report, entries: [{ ...report.entries[0], loadBalancerId: "ulb-other" }] }, "loadBalancers"],
      [{ plan: {}, journal: [] }, "schema"],
      [{ plan }, "journal.entries"],
      [{ plan, journal: {} }, "journal.entries"],
      [{ plan, journal: "lost" }, "journal.entries"],
      [{ plan, journal: { entries: "lost" } }, "journal.entries"],
    ]) {
      const error = await errorOf(() => client.undo(of));
      checkInvalid(error, {});
      assert.ok(error.field.startsWith(field), `${JSON.stringify(of)?.slice(0, 80)}: ${error.field}, ${error.message}`);
    }
    // The journal of the run is none of the undo's, nor the other way round.
    checkInvalid(await errorOf(() => client.undo(report, { journal: memory({ entries: journal.entries }) })), { field: "journal.entries[0]" });
    const own = memory();
    cloud.control.clearChanges();
    await client.undo(report, { journal: own });
    assert.equal(arrived(cloud) > sent, true);
    assert.deepEqual(changes(cloud), []);
  });

  it("is bounded as a run is, and goes on from its journal", async (t) => {
    hasty(t);
    const client = operator(cloud, "ucloud");
    const request = arrange(cloud, "ucloud");
    const before = await picture("ucloud", request);
    const report = await client.run(await client.plan(request));
    const journal = memory();
    const first = await settled(client.undo(report, { maxCalls: 4, journal }));
    assert.equal(first.status, "paused");
    const events = [];
    const undone = await settled(client.undo(report, { journal, onEvent: (event) => events.push(event) }));
    assert.equal(undone.status, "done");
    assert.deepEqual(await picture("ucloud", request), before);
    assert.ok(events.some(({ event, entry }) => event === "entry" && entry.outcome === "restored"));
  });
});

/** One that the plan is not about. */
function strangerTo(kind, { request }) {
  const line = cloud.control.state()[kind].backends.filter((line) => / \S*seed/.test(line) || kind === "otc").at(-1);
  const id = { alibaba: 3, ucloud: 2, scloud: 2, otc: 1 }[kind];
  const found = line.split(" ")[id];
  assert.ok(!JSON.stringify(request).includes(found));
  return found;
}
