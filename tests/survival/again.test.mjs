// What is asked for again, or meanwhile, or after somebody else was at it: nothing is lost of it, and nothing done twice.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { load } from "../stores/support.mjs";
import { KINDS, arrange, arrived, changes, checkInvalid, emulator, errorOf, finish, hasty, memory, operator, sameChanges, settled, undisturbed, watchStrays, writes } from "./support.mjs";

watchStrays();
const cloud = emulator();
const { arrayJournal } = await load("journals");

const REFUSED = { alibaba: "Forbidden.RAM", ucloud: "299", otc: "ELB.9802" };
const REMOVES = { alibaba: ["RemoveBackendServers", "RemoveVServerGroupBackendServers"], ucloud: ["ReleaseBackend"], otc: ["DeleteMember"] };
const refuseRemovals = (kind, more) => cloud.control.faults(REMOVES[kind].map((operation) => ({ cloud: kind, operation, effect: "refuse", code: REFUSED[kind], times: "always", ...more })));
const outcomes = ({ entries }) => entries.map(({ outcome, state }) => `${outcome} ${state}`);
const all = (report, said) => assert.deepEqual([...new Set(outcomes(report))], [said]);

describe("a lock that is lost", () => {
  // More groups than are in hand: what was not journaled of the others is journaled now.
  const request = () => {
    cloud.control.reset();
    const { loadBalancerId, serverIds } = cloud.control.arrange({ add: { alibaba: [{ servers: 6, groups: 3, serversPerGroup: 6 }] } }).added.alibaba[0];
    return { from: { loadBalancerId }, remove: [{ serverId: serverIds[0] }], drain: { waitMs: 30 } };
  };
  const lockUntil = (lost) => {
    let count = 0;
    return (key, work) => work({ check: () => (++count === lost ? Promise.reject(new Error("lost")) : undefined) });
  };

  it("at any change: the run goes on from its journal, and is undone by it", async (t) => {
    hasty(t);
    const client = operator(cloud, "alibaba");
    await client.run(await client.plan(request()));
    const expected = changes(cloud);
    for (let lost = 1; lost <= expected.length; lost++) {
      for (const next of ["run", "undo"]) {
        const wanted = request();
        const plan = await client.plan(wanted);
        const journal = memory();
        const report = await settled(client.run(plan, { journal, lock: lockUntil(lost) }));
        assert.deepEqual([report.loadBalancers[0].error.code, writes(cloud).length], ["locked", lost - 1]);
        if (next === "run") await finish(cloud, "alibaba", plan, journal.entries, expected, { client });
        else assert.equal((await settled(client.undo({ plan, journal }))).status, "done");
      }
    }
  });

  it("at any change of an undo: it goes on from its own journal", async (t) => {
    hasty(t);
    const client = operator(cloud, "alibaba");
    for (let lost = 1; ; lost++) {
      const report = await client.run(await client.plan(request()));
      const sent = writes(cloud).length;
      const journal = memory();
      const undone = await settled(client.undo(report, { journal, lock: lockUntil(lost) }));
      if (undone.status === "done") {
        assert.ok(lost > 3);
        break;
      }
      const again = await settled(client.undo(report, { journal }));
      assert.equal(again.status, "done");
      all(again, "restored serving");
      assert.equal(writes(cloud).length - sent, report.entries.length);
    }
  });
});

describe("while a run with that journal is under way", () => {
  for (const kind of KINDS) {
    it(`${kind}: an undo by it is refused, and done when it is called again`, async (t) => {
      hasty(t);
      const client = operator(cloud, kind);
      for (const form of ["journal", "entries"]) {
        const plan = await client.plan({ ...arrange(cloud, kind), drain: { waitMs: 5_000 } });
        const journal = memory();
        const of = { plan, journal: form === "journal" ? journal : journal.entries };
        let undoing;
        const onEvent = ({ event, why }) => event === "wait" && why === "drain" && (undoing ??= client.undo(of));
        const report = await settled(client.run(plan, { journal, onEvent }));
        assert.equal(report.status, "done");
        const undone = await settled(undoing);
        assert.deepEqual([undone.status, undone.loadBalancers[0].error.code], ["refused", "journal-in-use"]);
        assert.equal(changes(cloud).filter((line) => / added /.test(line)).length, 0);
        all(await settled(client.undo(of)), "restored serving");
      }
    });

    it(`${kind}: the same run, asked for twice, is done once, and its journal stays whole`, async (t) => {
      hasty(t);
      const expected = await undisturbed(cloud, kind);
      const client = operator(cloud, kind);
      const plan = await client.plan(arrange(cloud, kind));
      const journal = arrayJournal();
      const [one, other] = await settled(Promise.all([client.run(plan, { journal }), client.run(plan, { journal })]));
      assert.equal(one.status, "done");
      assert.deepEqual([other.status, other.loadBalancers[0].error.code, other.loadBalancers[0].error.sent], ["refused", "journal-in-use", false]);
      sameChanges(changes(cloud), expected);
      all(await settled(client.run(plan, { journal })), "removed gone");
      all(await settled(client.undo({ plan, journal })), "restored serving");
    });
  }

  it("the same, where the journal has no list before its first entry", async (t) => {
    hasty(t);
    const client = operator(cloud, "alibaba");
    const plan = await client.plan(arrange(cloud, "alibaba"));
    const journal = {
      append(entry) {
        (this.entries ??= []).push(entry);
      },
    };
    const [one, other] = await settled(Promise.all([client.run(plan, { journal }), client.run(plan, { journal })]));
    assert.equal(one.status, "done");
    assert.deepEqual([other.status, other.loadBalancers[0].error?.code], ["refused", "journal-in-use"]);
    all(await settled(client.run(plan, { journal })), "removed gone");
  });
});

describe("one journal for many load balancers", () => {
  const SLOW = {
    "that lists an entry before it is kept": (entries) => ({ entries, append: async (entry) => (entries.push(entry), void (await new Promise((resolve) => setTimeout(resolve, 3)))) }),
    "that lists an entry once it is kept": (entries) => ({ entries, append: async (entry) => (await new Promise((resolve) => setTimeout(resolve, 3)), void entries.push(entry)) }),
    "that lists nothing": (entries) => ({ entries: [...entries], append: async (entry) => void entries.push(entry) }),
  };
  for (const [what, make] of Object.entries(SLOW)) {
    it(`${what}: is not taken for somebody else's`, async (t) => {
      hasty(t);
      const client = operator(cloud, "alibaba");
      const plan = await client.plan(arrange(cloud, "alibaba", 8));
      const report = await settled(client.run(plan, { journal: make([]), concurrency: 3 }));
      assert.deepEqual([report.status, ...new Set(report.loadBalancers.map(({ status }) => status))], ["done", "done"]);
    });
  }

  it("whose last line was cut off: that is replaced, and all go on", async (t) => {
    hasty(t);
    const client = operator(cloud, "alibaba");
    const plan = await client.plan(arrange(cloud, "alibaba", 8));
    const lines = [];
    const controller = new AbortController();
    await settled(client.run(plan, { journal: { append: (entry) => void (lines.push(JSON.stringify(entry)) === 5 && controller.abort()) }, signal: controller.signal, concurrency: 1 }));
    lines.push(lines.pop().slice(0, 50));
    const report = await settled(client.run(plan, { journal: arrayJournal(lines), concurrency: 2 }));
    assert.deepEqual([report.status, report.resumed.droppedLine], ["done", true], JSON.stringify(report.loadBalancers));
  });
});

describe("an outage", () => {
  for (const kind of KINDS) {
    for (const seconds of [10, 60, 600]) {
      it(`${kind}: of ${seconds} s after the drain: what stays drained is put back by the next run`, async (t) => {
        hasty(t);
        let until = 0;
        const client = operator(cloud, kind, {
          fetch(url, init) {
            if (Date.now() < until) throw new TypeError("fetch failed");
            return fetch(url, init);
          },
        });
        const plan = await client.plan({ ...arrange(cloud, kind), drain: { waitMs: 5_000 } });
        const journal = memory();
        const onEvent = ({ event, step }) => event === "step-end" && step === "wait" && (until = Date.now() + seconds * 1_000);
        const report = await settled(client.run(plan, { journal, onEvent }));
        until = 0;
        if (report.status === "done") return assert.equal(seconds, 10);
        // A short one may be over before the run gives up putting back.
        if (seconds > 10) assert.ok(report.entries.some(({ state }) => state === "drained"));
        const again = await settled(client.run(plan, { journal }));
        assert.equal(again.status, "incomplete");
        assert.ok(again.entries.every(({ state }) => state === "serving"), JSON.stringify(outcomes(again)));
        // That is its end.
        const sent = arrived(cloud);
        assert.deepEqual(outcomes(await settled(client.run(plan, { journal }))), outcomes(again));
        assert.equal(arrived(cloud), sent);
      });
    }

    it(`${kind}: in the middle of an undo: its journal lets the next one go on`, async (t) => {
      hasty(t);
      let left = Infinity;
      const client = operator(cloud, kind, {
        fetch(url, init) {
          if (left-- <= 0) throw new TypeError("fetch failed");
          return fetch(url, init);
        },
      });
      for (let calls = 1; ; calls += 3) {
        left = Infinity;
        const report = await client.run(await client.plan(arrange(cloud, kind)));
        const journal = memory();
        left = calls;
        const undone = await settled(client.undo(report, { journal }));
        const isCut = left < 0;
        left = Infinity;
        if (isCut) assert.notEqual(undone.status, "done");
        const again = await settled(client.undo(report, { journal }));
        assert.equal(again.status, "done", JSON.stringify(again));
        assert.ok(again.entries.every(({ outcome, state }) => ["restored", "present"].includes(outcome) && state === "serving"), JSON.stringify(again.entries));
        const added = changes(cloud).filter((line) => / added /.test(line));
        assert.equal(added.length, report.entries.length, `after ${calls} calls`);
        if (!isCut) break;
      }
    });
  }
});

describe("an undo", () => {
  for (const kind of ["alibaba", "otc"]) {
    it(`${kind}: leaves what the run has put back itself, and somebody has drained since`, async (t) => {
      hasty(t);
      const client = operator(cloud, kind);
      const request = arrange(cloud, kind);
      const plan = await client.plan(request);
      refuseRemovals(kind);
      const journal = memory();
      const report = await settled(client.run(plan, { journal }));
      cloud.control.faults([]);
      assert.ok(report.entries.every(({ state, did }) => state === "serving" || !did.includes("drain")));
      for (const { groupId, id, saved } of report.entries) {
        if (kind === "otc") await client.send({ operation: "UpdateMember", poolId: groupId, memberId: id, weight: 0 });
        else if (groupId === request.from.loadBalancerId) await client.send({ operation: "SetBackendServers", loadBalancerId: groupId, backendServers: [{ ...saved, weight: 0 }] });
        else await client.send({ operation: "SetVServerGroupAttribute", vServerGroupId: groupId, backendServers: [{ ...saved, weight: 0 }] });
      }
      cloud.control.clearChanges();
      for (const of of [report, { plan, journal }]) {
        const undone = await settled(client.undo(of));
        assert.equal(undone.status, "done");
        assert.deepEqual(changes(cloud), []);
      }
    });
  }

  it("ucloud: leaves a rule that the run has put back, and somebody has edited since", async (t) => {
    hasty(t);
    const client = operator(cloud, "ucloud");
    const request = arrange(cloud, "ucloud");
    const plan = await client.plan(request);
    refuseRemovals("ucloud");
    const journal = memory();
    const report = await settled(client.run(plan, { journal }));
    cloud.control.faults([]);
    assert.deepEqual(report.rules.map(({ state }) => state), ["restored"]);
    const [{ groupId, id }] = report.rules;
    const operation = journal.entries.findLast(({ operation }) => operation?.operation === "UpdatePolicy").operation;
    const gone = report.entries[0].id;
    assert.ok(operation.backendIds.includes(gone));
    await client.send({ ...operation, backendIds: operation.backendIds.filter((backendId) => backendId !== gone) });
    assert.deepEqual([operation.vServerId, operation.policyId], [groupId, id]);
    cloud.control.clearChanges();
    for (const of of [report, { plan, journal }]) {
      const undone = await settled(client.undo(of));
      assert.equal(undone.status, "done");
      assert.deepEqual(changes(cloud), []);
    }
  });

  for (const kind of KINDS) {
    it(`${kind}: of another run of the same plan has no use for its journal`, async (t) => {
      const asked = hasty(t);
      const client = operator(cloud, kind);
      const plan = await client.plan(arrange(cloud, kind));
      const journal = memory();
      const first = await client.run(plan);
      all(await settled(client.undo(first, { journal })), "restored serving");
      assert.ok(asked.length > 0);
      if (kind !== "alibaba") return;
      // Where ids stay, the plan can be run again.
      const second = await settled(client.run(plan));
      assert.equal(second.status, "done");
      checkInvalid(await errorOf(() => client.undo(second, { journal })), { field: "journal.entries[0]" });
      all(await settled(client.undo(second)), "restored serving");
      // It still is the first one's.
      all(await settled(client.undo(first, { journal })), "restored serving");
    });
  }
});

describe("a journal in an array", () => {
  it("whose last line was cut off goes on without it, any number of times", async (t) => {
    hasty(t);
    const expected = await undisturbed(cloud, "alibaba");
    const client = operator(cloud, "alibaba");
    const plan = await client.plan(arrange(cloud, "alibaba"));
    const lines = [];
    const controller = new AbortController();
    const append = (entry) => void (lines.push(JSON.stringify(entry)) === 3 && controller.abort());
    await settled(client.run(plan, { journal: { append }, signal: controller.signal }));
    lines.push(lines.pop().slice(0, 100));
    const journal = arrayJournal(lines);
    const next = new AbortController();
    const report = await settled(client.run(plan, { journal, signal: next.signal, onEvent: ({ event, step }) => event === "step-begin" && step === "remove" && next.abort() }));
    assert.deepEqual([report.status, report.resumed.droppedLine], ["aborted", true]);
    const last = await finish(cloud, "alibaba", plan, journal.entries, expected);
    assert.equal(last.resumed.droppedLine, false);
  });
});
