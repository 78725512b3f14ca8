// Runs in rounds: ended by maxCalls, by a deadline, by an abort at any event, by a client that is freed; and gone on with.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { KINDS, arrange, arrived, changes, emulator, finish, hasty, memory, operator, sameChanges, settled, undisturbed, watchStrays, writes } from "./support.mjs";

watchStrays();
const cloud = emulator();

/** Runs a plan in rounds until it is not paused any more -> the last report and how many rounds it took. */
async function inRounds(client, plan, journal, options, most) {
  for (let round = 1; ; round++) {
    assert.ok(round <= most, `not done in ${most} rounds`);
    const report = await settled(client.run(plan, { journal, ...options() }));
    if (report.status !== "paused") return { report, round };
    assert.ok(Date.parse(report.resumeAt) >= Date.parse(report.endedAt) - 999);
  }
}

describe("maxCalls", () => {
  for (const kind of KINDS) {
    it(`${kind}: any number that is enough for one change leads to the end, in rounds, and no round sends more`, async (t) => {
      hasty(t);
      const expected = await undisturbed(cloud, kind);
      const whole = arrived(cloud);
      // The first look at everything, a look at one group, a change, and a look at what it did.
      const enough = { alibaba: 10, ucloud: 4, otc: 10 }[kind];
      for (const maxCalls of [enough, enough + 1, enough + 5, 50]) {
        const client = operator(cloud, kind);
        const plan = await client.plan(arrange(cloud, kind));
        const journal = memory();
        const first = arrived(cloud);
        let before = first;
        let rounds = 0;
        const { report } = await inRounds(client, plan, journal, () => {
          assert.ok(arrived(cloud) - before <= maxCalls, `a round sent ${arrived(cloud) - before}`);
          before = arrived(cloud);
          rounds++;
          return { maxCalls };
        }, 20);
        const message = `maxCalls ${maxCalls}, ${rounds} rounds`;
        assert.equal(report.status, "done", message);
        sameChanges(changes(cloud), expected, message);
        const sent = arrived(cloud) - first;
        // A call of which nothing was written any more is counted by nobody.
        assert.ok(report.calls <= sent && sent <= rounds * maxCalls, `${message}: ${report.calls} of ${sent}`);
        assert.ok(sent <= whole + rounds * enough, `${message}: ${sent} calls, and ${whole} without a break`);
      }
    });

    it(`${kind}: the least is the reads of a plan, those of one group, and a change; the report counts the calls of all rounds`, async (t) => {
      hasty(t);
      const expected = await undisturbed(cloud, kind);
      const client = operator(cloud, kind);
      const begin = async () => {
        const request = arrange(cloud, kind);
        const before = arrived(cloud);
        const plan = await client.plan(request);
        return { plan, reads: arrived(cloud) - before, journal: memory() };
      };
      const group = { alibaba: 2, ucloud: 1, otc: 2 }[kind];

      const less = await begin();
      for (let round = 0; round < 3; round++) {
        const report = await settled(client.run(less.plan, { journal: less.journal, maxCalls: less.reads + group }));
        assert.equal(report.status, "paused");
      }
      assert.deepEqual([writes(cloud), less.journal.entries], [[], []]);

      const { plan, reads, journal } = await begin();
      const first = arrived(cloud);
      const { report } = await inRounds(client, plan, journal, () => ({ maxCalls: reads + group + 1 }), 20);
      assert.equal(report.status, "done");
      sameChanges(changes(cloud), expected);
      // Each round ended with a change, whose result is in the journal, with the number of calls until then.
      assert.equal(report.calls, arrived(cloud) - first);
    });

    it(`${kind}: is kept by several load balancers at once while their journal is slow`, async (t) => {
      hasty(t);
      const expected = await undisturbed(cloud, kind, 3);
      for (const maxCalls of [31, 37, 43]) {
        const client = operator(cloud, kind);
        const plan = await client.plan(arrange(cloud, kind, 3));
        const journal = memory({ before: () => new Promise((resolve) => setTimeout(resolve, 2)) });
        let before = arrived(cloud);
        let most = 0;
        const { report } = await inRounds(client, plan, journal, () => {
          most = Math.max(most, arrived(cloud) - before);
          before = arrived(cloud);
          return { maxCalls, concurrency: 3 };
        }, 80);
        assert.equal(report.status, "done");
        assert.ok(most <= maxCalls, `a round of at most ${maxCalls} sent ${most}`);
        sameChanges(changes(cloud), expected);
      }
    });
  }

  it("as few as are of no use: paused each time, and no round sends more", async (t) => {
    hasty(t);
    const client = operator(cloud, "ucloud");
    const plan = await client.plan(arrange(cloud, "ucloud"));
    const journal = memory();
    for (let round = 0; round < 5; round++) {
      const before = arrived(cloud);
      const report = await settled(client.run(plan, { journal, maxCalls: 1 }));
      assert.equal(report.status, "paused");
      assert.equal(arrived(cloud) - before, 1);
    }
    assert.deepEqual(journal.entries, []);
  });

  it("many load balancers, a few at a time, in rounds", async (t) => {
    hasty(t);
    const expected = await undisturbed(cloud, "ucloud", 12);
    const client = operator(cloud, "ucloud");
    const plan = await client.plan(arrange(cloud, "ucloud", 12), { concurrency: 6 });
    const journal = memory();
    const { report, round } = await inRounds(client, plan, journal, () => ({ maxCalls: 50, concurrency: 5 }), 20);
    assert.equal(report.status, "done");
    assert.ok(round > 2);
    assert.equal(report.entries.length, 24);
    sameChanges(changes(cloud), expected);
    // Those that were at their end were not looked at again.
    assert.ok(arrived(cloud) < 13 * 2 + 12 * 16 + 12 * round, `${arrived(cloud)} calls in ${round} rounds`);
  });
});

describe("a deadline", () => {
  for (const kind of KINDS) {
    it(`${kind}: in the drain: paused; the next round waits for the rest of it only`, async (t) => {
      const expected = await (async () => {
        hasty(t);
        const lines = await undisturbed(cloud, kind);
        t.mock.restoreAll();
        return lines;
      })();
      const client = operator(cloud, kind);
      const request = arrange(cloud, kind);
      const plan = await client.plan({ ...request, drain: { waitMs: 30_000 } });
      const journal = memory();
      const first = await settled(client.run(plan, { journal, deadline: Date.now() + 15_000 }));
      assert.equal(first.status, "paused");
      assert.ok(first.entries.every(({ state }) => state === "drained"));
      const waits = Date.parse(first.resumeAt) - Date.parse(first.endedAt);
      assert.ok(waits > 20_000 && waits <= 31_000, `${waits}`);
      const asked = hasty(t);
      const report = await finish(cloud, kind, plan, journal.entries, expected);
      assert.ok(Math.max(...asked) <= 31_000);
      assert.equal(report.startedAt, journal.entries[0].at, "it is one run");
      assert.ok(report.resumed.entries > 0);
      assert.equal(report.resumed.droppedLine, false);
    });
  }

  it("that passes while an entry is being written: the call that it announces is not sent", async (t) => {
    const client = operator(cloud, "ucloud");
    const plan = await client.plan(arrange(cloud, "ucloud"));
    const deadline = Date.now() + 300;
    const journal = memory({ before: () => new Promise((resolve) => setTimeout(resolve, deadline + 20 - Date.now())) });
    const report = await settled(client.run(plan, { journal, deadline }));
    assert.equal(report.status, "paused");
    assert.deepEqual(writes(cloud), []);
    assert.deepEqual(journal.entries.map(({ entry }) => entry), ["intent"]);
    hasty(t);
    const kept = journal.entries;
    const expected = await undisturbed(cloud, "ucloud");
    arrange(cloud, "ucloud");
    await finish(cloud, "ucloud", plan, kept, expected);
  });
});

describe("an abort", () => {
  for (const kind of KINDS) {
    it(`${kind}: at any event: then gone on with to the end`, async (t) => {
      hasty(t);
      const expected = await undisturbed(cloud, kind);
      for (let at = 0; ; at++) {
        const client = operator(cloud, kind);
        const plan = await client.plan(arrange(cloud, kind));
        const journal = memory();
        const controller = new AbortController();
        let events = 0;
        let sent;
        const onEvent = () => {
          if (events++ !== at) return;
          controller.abort();
          sent = arrived(cloud);
        };
        const report = await settled(client.run(plan, { journal, signal: controller.signal, onEvent }));
        if (sent === undefined) break;
        assert.equal(arrived(cloud), sent);
        assert.ok(["aborted", "done"].includes(report.status));
        await finish(cloud, kind, plan, journal.entries, expected, { message: `at event ${at}` });
      }
    });

    it(`${kind}: with any request under way, carried out or not: then gone on with to the end`, async (t) => {
      hasty(t);
      const expected = await undisturbed(cloud, kind);
      const whole = arrived(cloud);
      for (let at = 0; at < whole; at++) {
        let isWrite;
        for (const effect of ["hang", "hang-after"]) {
          const client = operator(cloud, kind);
          const plan = await client.plan(arrange(cloud, kind));
          const first = arrived(cloud);
          if (first + at >= whole) return;
          // A read that is carried out does no more than one that is not.
          if (effect === "hang-after" && !isWrite) continue;
          cloud.control.faults([{ cloud: kind, effect, skip: at }]);
          const journal = memory();
          const controller = new AbortController();
          const running = client.run(plan, { journal, signal: controller.signal });
          while (arrived(cloud) <= first + at) await new Promise((resolve) => setImmediate(resolve));
          controller.abort();
          const report = await settled(running);
          const message = `${effect} of request ${at}`;
          assert.equal(report.status, "aborted", message);
          assert.equal(arrived(cloud), first + at + 1, message);
          isWrite = !/^(Describe|List|Get)/.test(cloud.control.log().at(-1).operation);
          cloud.control.faults([]);
          await finish(cloud, kind, plan, journal.entries, expected, { message });
        }
      }
    });
  }
});

describe("a client that is freed", () => {
  for (const kind of KINDS) {
    it(`${kind}: at any event: nothing is sent any more, and another one goes on to the end`, async (t) => {
      hasty(t);
      const expected = await undisturbed(cloud, kind);
      for (let at = 0; ; at++) {
        const client = operator(cloud, kind);
        const plan = await client.plan(arrange(cloud, kind));
        const journal = memory();
        let events = 0;
        let sent;
        const onEvent = () => {
          if (events++ !== at) return;
          client.free();
          sent = arrived(cloud);
        };
        const report = await settled(client.run(plan, { journal, onEvent }));
        if (sent === undefined) break;
        const message = `at event ${at}`;
        assert.equal(arrived(cloud), sent, message);
        if (report.status !== "done") {
          assert.equal(report.status, "aborted", message);
          assert.match(report.loadBalancers[0].error.message, /freed/);
        }
        await finish(cloud, kind, plan, journal.entries, expected, { message });
      }
    });

    it(`${kind}: with a change under way: what became of it is not known, and another one finds out`, async (t) => {
      hasty(t);
      const expected = await undisturbed(cloud, kind);
      const drain = { alibaba: "SetBackendServers", ucloud: "UpdateBackendAttribute", otc: "UpdateMember" }[kind];
      for (const effect of ["drop-after", "drop-before", "answer"]) {
        const client = operator(cloud, kind);
        const plan = await client.plan(arrange(cloud, kind));
        cloud.control.faults([{ cloud: kind, operation: drain, effect, ms: 30 }]);
        const journal = memory();
        const running = client.run(plan, { journal });
        while (!writes(cloud).includes(drain)) await new Promise((resolve) => setImmediate(resolve));
        client.free();
        const report = await settled(running);
        assert.equal(report.status, "aborted", effect);
        assert.deepEqual(writes(cloud), [drain], effect);
        await finish(cloud, kind, plan, journal.entries, expected, { message: effect });
      }
    });
  }
});
