// Killed and gone on with, in workerd, with the journal in a Durable Object: UNPOOL_KILLS says how often at each moment.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { OPERATIONS } from "./killed.mjs";
import { KINDS, arrange, changes, emulator, hasty, operator, optionsOf, sameChanges, undisturbed, until, watchStrays, writes } from "./support.mjs";
import { gate, startWorkerd } from "./workerd.mjs";

watchStrays();
const cloud = emulator();
const KILLS = Number(process.env.UNPOOL_KILLS ?? 1);
const figures = [];

let worker;
let runs = 0;
before(async (t) => {
  worker = await startWorkerd(t);
}, { timeout: 120_000 });
after(() => process.env.UNPOOL_KILLS && console.log(figures.join("\n")));

const SOON = { drain: { waitMs: 30 } };

/** Each: -> what of the request is another one, what the run is told, and when it is killed. */
const MOMENTS = {
  "in the drain's wait": async (t, { kind, drains }) => ({
    request: { drain: { waitMs: 60_000 } },
    async when() {
      await until(() => changes(cloud, ({ change, resource }) => change === "changed" && resource !== "policy").length >= drains, `${kind} drains`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    },
  }),
  "between two calls": async (t, { round, entries }) => {
    const { url, arrived, close } = await gate(t);
    return { request: SOON, run: { gate: url, hold: 1 + (round % (entries - 1)) }, when: () => arrived, close };
  },
  "between a call that is carried out and its answer": (t, given) => hangs(given, "hang-after"),
  "between a call that is not carried out and its answer": (t, given) => hangs(given, "hang"),
  "at any moment": async (t, { ms }) => ({ request: SOON, when: () => new Promise((resolve) => setTimeout(resolve, Math.random() * ms)) }),
};

async function hangs({ kind, round }, effect) {
  const operation = OPERATIONS[kind][round % OPERATIONS[kind].length];
  return {
    request: SOON,
    faults: [{ cloud: kind, operation, effect }],
    when: () => until(() => writes(cloud).includes(operation), operation),
  };
}

async function planned(kind, more) {
  return operator(cloud, kind).plan({ ...arrange(cloud, kind), ...more });
}
const reportOf = ({ value, error }) => {
  assert.equal(error, undefined, JSON.stringify(error));
  return value;
};

for (const kind of KINDS) {
  describe(`${kind}: killed`, () => {
    let whole;
    let expected;
    it("not at all: what it changes is the measure", async (t) => {
      hasty(t);
      expected = await undisturbed(cloud, kind);
      t.mock.restoreAll();
      const plan = await planned(kind, SOON);
      const begun = performance.now();
      const { report, entries } = reportOf(await worker.ask("run", { name: `run-${runs++}`, client: optionsOf(cloud, kind), plan }));
      assert.equal(report.status, "done");
      whole = { ms: performance.now() - begun, entries: entries.length, drains: report.entries.length };
      sameChanges(changes(cloud), expected);
    });

    for (const [moment, prepare] of Object.entries(MOMENTS)) {
      it(`${moment}: the object goes on to the end, and nothing is done twice`, async (t) => {
        const begun = performance.now();
        const ends = {};
        let kills = 0;
        for (let round = 0; kills < KILLS; round++) {
          assert.ok(round < 3 * KILLS + 10, "it is never under way");
          const { request, run, faults = [], when, close } = await prepare(t, { kind, round, ...whole });
          const plan = await planned(kind, request);
          const all = { name: `run-${runs++}`, client: optionsOf(cloud, kind), plan };
          cloud.control.faults(faults);
          let through;
          let isKilled = false;
          const running = worker.ask("run", { ...all, ...run }).then(
            (said) => void (through = reportOf(said)),
            (error) => assert.ok(isKilled, `it failed by itself: ${error.stack}`),
          );
          await Promise.race([when(), running]);
          isKilled = true;
          await worker.crash();
          await running;
          await close?.();
          cloud.control.faults([]);
          const kept = reportOf(await worker.ask("entries", all));
          const { report } = reportOf(await worker.ask("run", { ...all, hasty: true }));
          const message = `${kind}, ${moment}, round ${round}:\n${kept.map((entry) => JSON.stringify(entry)).join("\n")}\n${JSON.stringify(report, null, 1)}`;
          assert.equal(report.status, "done", message);
          for (const { outcome, state } of report.entries) assert.deepEqual([outcome, state], ["removed", "gone"], message);
          sameChanges(changes(cloud), expected, message);
          if (through) continue;
          kills++;
          const last = kept.at(-1)?.entry ?? "no entry";
          ends[last] = (ends[last] ?? 0) + 1;
        }
        figures.push(`workerd, ${kind}, ${moment}: ${kills} killed, behind ${JSON.stringify(ends)}; all gone on with; ${Math.round(performance.now() - begun)} ms`);
      });
    }

    it("while an undo is under way: the next one goes on, and all is as before", async (t) => {
      for (let round = 0; round < KILLS; round++) {
        const plan = await planned(kind, SOON);
        const before = cloud.control.state()[kind];
        const { report } = reportOf(await worker.ask("run", { name: `run-${runs++}`, client: optionsOf(cloud, kind), plan, hasty: true }));
        cloud.control.clearChanges();
        const { url, arrived, close } = await gate(t);
        const all = { name: `run-${runs++}`, client: optionsOf(cloud, kind), of: report };
        const running = worker.ask("undo", { ...all, gate: url, hold: 1 + (round % 4) }).catch(() => {});
        await Promise.race([arrived, running]);
        await worker.crash();
        await running;
        await close();
        const { report: undone } = reportOf(await worker.ask("undo", { ...all, hasty: true }));
        assert.equal(undone.status, "done", JSON.stringify(undone));
        assert.equal(cloud.control.changes().filter(({ change }) => change === "added").length, report.entries.length, "put in once each");
        assert.equal(cloud.control.state()[kind].backends.length, before.backends.length);
      }
    });
  });
}
