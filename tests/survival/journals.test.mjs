// Journals that are not those of the plan, or were changed: refused with the entry's name, and nothing arrives anywhere.
import assert from "node:assert/strict";
import { appendFile, readFile, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, it } from "node:test";
import { folderFor, load } from "../stores/support.mjs";
import { KINDS, arrange, arrived, changes, checkInvalid, emulator, errorOf, finish, hasty, memory, operator, sameChanges, settled, undisturbed, watchStrays, writes } from "./support.mjs";

watchStrays();
const cloud = emulator();
const { fileJournal } = await load("node");

const copy = (value) => structuredClone(value);

/** A plan, and the journal of a run that was ended in the middle: by default after its first result of a removal. */
async function half(kind, { client = operator(cloud, kind), request = arrange(cloud, kind), until = removed } = {}) {
  const plan = await client.plan(request);
  const controller = new AbortController();
  const journal = memory({ after: (_, entry) => void (until(entry, journal.entries) && controller.abort()) });
  const report = await settled(client.run(plan, { journal, signal: controller.signal }));
  return { client, plan, entries: journal.entries, report };
}
const removed = ({ entry }, entries) => entry === "result" && entries.at(-2)?.change === "remove";

describe("a journal is refused, and nothing is sent", () => {
  for (const kind of KINDS) {
    it(`${kind}: of another plan, client or version, with entries changed, missing, swapped or of no kind`, async (t) => {
      hasty(t);
      const { client, plan, entries } = await half(kind);
      const other = await client.plan({ ...plan.request, keepAtLeast: 2 });
      assert.ok(entries.length > 6);
      const last = entries.length - 1;
      const middle = last >> 1;
      const changed = (at, change) => {
        const list = copy(entries);
        const made = change(list[at]);
        if (made !== undefined) list[at] = made;
        return list;
      };
      const swapped = (one, two) => {
        const list = copy(entries);
        [list[one], list[two]] = [list[two], list[one]];
        return list;
      };
      const cases = [
        ["another plan", 0, entries, other],
        ["another schema", 0, changed(0, (entry) => void (entry.schema = "unpool/journal@2"))],
        ["another schema later", middle, changed(middle, (entry) => void (entry.schema = "unpool/journal@0"))],
        ["no schema", last, changed(last, (entry) => void delete entry.schema)],
        ["another vendor", middle, changed(middle, (entry) => void (entry.vendor = kind === "otc" ? "huawei" : "otc"))],
        ["another plan in one entry", middle, changed(middle, (entry) => void (entry.plan = "0".repeat(32)))],
        ["another load balancer", 1, changed(1, (entry) => void (entry.lane = "lb-none"))],
        ["another time", middle, changed(middle, (entry) => void (entry.at = "2020-01-01T00:00:00Z"))],
        ["another number", middle, changed(middle, (entry) => void (entry.seq += 1))],
        ["another kind of entry", middle, changed(middle, (entry) => void (entry.entry = entry.entry === "seen" ? "result" : "seen"))],
        ["another digest", last, changed(last, (entry) => void (entry.digest = "0".repeat(32)))],
        ["no digest", 0, changed(0, (entry) => void delete entry.digest)],
        ["a field more", middle, changed(middle, (entry) => void (entry.note = "mine"))],
        ["a field less", 0, changed(0, (entry) => void delete entry.operation)],
        ["another operation", 0, changed(0, (entry) => void (entry.operation.operation = "RemoveBackendServers"))],
        ["other ids", 0, changed(0, (entry) => void entry.ids.reverse().push("i-other"))],
        ["other calls", middle, changed(middle, (entry) => void (entry.calls = 0))],
        ["another state", 1, changed(1, (entry) => void (entry.backends[0].state = "gone"))],
        ["the first one missing", 0, entries.slice(1)],
        ["one missing", middle, entries.filter((_, at) => at !== middle)],
        ["one twice", middle + 1, [...entries.slice(0, middle + 1), ...entries.slice(middle)]],
        ["two swapped", 2, swapped(2, 3)],
        ["the first and the last swapped", 0, swapped(0, last)],
        ["a number instead of one", middle, changed(middle, () => 5)],
        ["null instead of one", last, changed(last, () => null)],
        ["a list instead of one", 1, changed(1, () => [])],
        ["text that is no entry, and not the last", middle, changed(middle, () => '{"schema":"unp')],
        ["an empty text, and not the last", 0, changed(0, () => "")],
        ["an entry as text, and changed", 1, changed(1, (entry) => JSON.stringify({ ...entry, calls: 0 }))],
        ["a whole entry as the last line, of another plan", last, changed(last, (entry) => JSON.stringify({ ...entry, plan: "0".repeat(32) }))],
      ];
      const state = cloud.control.state();
      const sent = arrived(cloud);
      for (const [what, at, list, of = plan] of cases) {
        const journal = { entries: list, append: () => assert.fail(`${what}: something was written`) };
        for (const lock of [undefined, () => assert.fail(`${what}: the lock was asked for`)]) {
          const error = await errorOf(() => client.run(of, { journal, lock }));
          checkInvalid(error, { field: `journal.entries[${at}]`, vendor: kind });
          assert.ok(error.message.startsWith(`journal.entries[${at}] `), `${what}: ${error.message}`);
          assert.match(error.hint, /nothing was sent/);
        }
        checkInvalid(await errorOf(() => client.undo({ plan: of, journal: list })), { field: `journal.entries[${at}]` });
        checkInvalid(await errorOf(() => client.undo({ plan: of, journal })), { field: `journal.entries[${at}]` });
      }
      assert.equal(arrived(cloud), sent, "something was sent");
      assert.deepEqual(cloud.control.state(), state);
      // As it was kept it is still good.
      assert.equal((await settled(client.run(plan, { journal: memory({ entries: copy(entries) }) }))).status, "done");
    });
  }

  it("of a plan that was edited", async (t) => {
    hasty(t);
    const { client, plan, entries } = await half("ucloud");
    const sent = arrived(cloud);
    for (const edit of [
      (plan) => void (plan.request.keepAtLeast = 0),
      (plan) => void (plan.request.allow = ["keep-at-least"]),
      (plan) => void (plan.createdAt = new Date().toISOString()),
      (plan) => void plan.entries.pop(),
      (plan) => void (plan.entries[0].weight = 7),
      (plan) => void (plan.note = "mine"),
    ]) {
      const edited = copy(plan);
      edit(edited);
      const error = await errorOf(() => client.run(edited, { journal: memory({ entries: copy(entries) }) }));
      checkInvalid(error, { field: "journal.entries[0]" });
      assert.match(error.message, /belongs to another plan/);
    }
    assert.equal(arrived(cloud), sent);
  });

  it("of a client of another vendor, region or endpoint", async (t) => {
    hasty(t);
    const { plan, entries } = await half("ucloud");
    const sent = arrived(cloud);
    for (const [other, field] of [
      [operator(cloud, "scloud"), "vendor"],
      [operator(cloud, "ucloud", { region: "cn-sh2" }), "region"],
      [operator(cloud, "ucloud", { endpoint: "https://api.ucloud.example" }), "endpoint"],
    ]) {
      const error = await errorOf(() => other.run(plan, { journal: memory({ entries: copy(entries) }) }));
      checkInvalid(error, { field });
      checkInvalid(await errorOf(() => other.undo({ plan, journal: entries })), { field });
    }
    assert.equal(arrived(cloud), sent);
  });
});

describe("a journal is taken", () => {
  for (const kind of KINDS) {
    it(`${kind}: with its fields in another order, with blanks and escapes, or as the lines that were kept`, async (t) => {
      hasty(t);
      const expected = await undisturbed(cloud, kind);
      for (const form of [reordered, (entry) => JSON.stringify(entry), (entry) => JSON.stringify(reordered(entry), null, 2)]) {
        const { plan, entries } = await half(kind);
        const report = await finish(cloud, kind, form === reordered ? reordered(plan) : plan, entries.map(form), expected);
        assert.deepEqual(report.resumed, { entries: entries.length, droppedLine: false });
      }
    });

    it(`${kind}: at its end, any number of times: the same outcomes, and nothing is sent`, async (t) => {
      hasty(t);
      const client = operator(cloud, kind);
      const plan = await client.plan(arrange(cloud, kind));
      const journal = memory();
      const first = await client.run(plan, { journal });
      const sent = arrived(cloud);
      const kept = copy(journal.entries);
      for (let round = 0; round < 3; round++) {
        const again = await operator(cloud, kind).run(plan, { journal });
        assert.equal(again.status, "done");
        assert.deepEqual(again.entries, first.entries);
        assert.deepEqual(again.rules, first.rules);
        assert.equal(again.calls, first.calls);
        assert.deepEqual(again.resumed, { entries: kept.length, droppedLine: false });
      }
      assert.equal(arrived(cloud), sent);
      assert.deepEqual(journal.entries, kept);
    });

    it(`${kind}: at its end in failure: the same again, and nothing is sent`, async (t) => {
      hasty(t);
      const client = operator(cloud, kind);
      const plan = await client.plan(arrange(cloud, kind));
      const code = { alibaba: "Forbidden.RAM", ucloud: "299", otc: "ELB.9802" }[kind];
      // The second of two: its other group's at one cloud, its second backend's at the others.
      const operation = { alibaba: "RemoveVServerGroupBackendServers", ucloud: "ReleaseBackend", otc: "DeleteMember" }[kind];
      cloud.control.faults([{ cloud: kind, operation, effect: "refuse", code, skip: kind === "alibaba" ? 0 : 1, times: "always" }]);
      const journal = memory();
      const first = await client.run(plan, { journal });
      assert.equal(first.status, "incomplete");
      cloud.control.faults([]);
      const sent = arrived(cloud);
      const again = await client.run(plan, { journal });
      assert.equal(arrived(cloud), sent);
      assert.deepEqual([again.status, again.entries, again.rules], [first.status, first.entries, first.rules]);
      assert.deepEqual(again.loadBalancers.map(({ status, error }) => [status, error]), first.loadBalancers.map(({ status, error }) => [status, error]));
    });

    it(`${kind}: of a clock that was an hour ahead: what was lost is waited for as if it had been sent now`, async (t) => {
      const asked = hasty(t);
      const expected = await undisturbed(cloud, kind);
      const { now } = Date;
      const clock = t.mock.method(Date, "now", () => now() + 3_600_000);
      const { plan, entries } = await half(kind, { request: { ...arrange(cloud, kind), drain: { waitMs: 30 } } });
      clock.mock.restore();
      const intent = entries.findIndex(({ entry, change }) => entry === "intent" && change === "remove");
      asked.length = 0;
      await finish(cloud, kind, plan, entries.slice(0, intent + 1), expected);
      assert.ok(asked[0] > 1_000 && asked[0] < 11_000, `${asked}`);
      assert.ok(Math.max(...asked) < 11_000, `${asked}`);
    });

    it(`${kind}: of a plan that is older than maxPlanAgeMs by now; without a journal, or with an empty one, it is too old`, async (t) => {
      hasty(t);
      const expected = await undisturbed(cloud, kind);
      const request = { ...arrange(cloud, kind), maxPlanAgeMs: 60_000 };
      const { client, plan, entries } = await half(kind, { request });
      const { now } = Date;
      t.mock.method(Date, "now", () => now() + 5 * 60_000);
      for (const options of [{}, { journal: memory() }]) {
        const error = await errorOf(() => client.run(plan, options));
        assert.deepEqual([error.kind, error.code], ["refused", "plan-too-old"]);
      }
      await finish(cloud, kind, plan, entries, expected);
    });
  }
});

/** The same, with the fields of all objects the other way round. */
function reordered(value) {
  if (Array.isArray(value)) return value.map(reordered);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).reverse().map(([name, inner]) => [name, reordered(inner)]));
}

describe("a file whose last line was cut off", () => {
  for (const kind of KINDS) {
    it(`${kind}: at any byte: that line is dropped, the report says so, and the run goes on to the end`, async (t) => {
      hasty(t);
      const expected = await undisturbed(cloud, kind);
      const path = join(await folderFor(t), "run.jsonl");
      // After an intent, a result, and what a read has shown.
      for (const until of [
        ({ entry, change }) => entry === "intent" && change === "remove",
        removed,
        ({ entry }) => entry === "seen",
      ]) {
        for (const part of [0.02, 0.4, 0.98, "the line's end", "a byte of it"]) {
          const { plan, entries } = await half(kind, { until });
          const lines = entries.map((entry) => JSON.stringify(entry));
          const cut = lines.findIndex((_, at) => until(entries[at], entries.slice(0, at + 1)));
          const whole = `${lines.slice(0, cut + 1).join("\n")}\n`;
          const last = Buffer.byteLength(lines[cut]) + 1;
          const off = part === "the line's end" ? 1 : part === "a byte of it" ? 2 : Math.max(2, Math.round(last * (1 - part)));
          await writeFile(path, whole);
          await truncate(path, Buffer.byteLength(whole) - off);

          // What the entries behind it told is not known any more, but so it is: what they did was done.
          const journal = await fileJournal(path);
          const isDropped = off > 1;
          const report = await settled(operator(cloud, kind).run(plan, { journal }), 20_000);
          const message = `${part} of ${lines[cut].slice(0, 300)}`;
          assert.equal(report.status, "done", message);
          if (cut > 0) assert.deepEqual(report.resumed, { entries: isDropped ? cut : cut + 1, droppedLine: isDropped }, message);
          assert.ok(report.entries.every(({ outcome, state }) => outcome === "removed" && state === "gone"), message);
          sameChanges(changes(cloud), expected, message);
          await journal.close();

          // The file is whole again: another look at it sends nothing.
          const sent = arrived(cloud);
          const again = await fileJournal(path);
          assert.ok(again.entries.every((entry) => typeof entry === "object"));
          const told = await operator(cloud, kind).run(plan, { journal: again });
          assert.deepEqual(told.entries, report.entries, message);
          assert.equal(told.resumed.droppedLine, false);
          assert.equal(arrived(cloud), sent);
          await again.close();
          await truncate(path, 0);
        }
      }
    });
  }

  it("and one behind it: refused", async (t) => {
    hasty(t);
    const { client, plan, entries } = await half("ucloud");
    const path = join(await folderFor(t), "run.jsonl");
    await writeFile(path, `${entries.map((entry) => JSON.stringify(entry)).join("\n").slice(0, -9)}\n`);
    await appendFile(path, `${JSON.stringify(entries.at(-1))}\n`);
    const before = await readFile(path, "utf8");
    const journal = await fileJournal(path);
    const sent = arrived(cloud);
    checkInvalid(await errorOf(() => client.run(plan, { journal })), { field: `journal.entries[${entries.length - 1}]` });
    await journal.close();
    assert.equal(arrived(cloud), sent);
    assert.equal(await readFile(path, "utf8"), before, "the file was changed");
    assert.ok(writes(cloud).length > 0);
  });
});
