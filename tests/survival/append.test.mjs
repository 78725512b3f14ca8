// A journal that fails, is slow or does not end: nothing is sent that is not written, and the run goes on from what was kept.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { KINDS, arrange, arrived, changes, checkError, checkInvalid, emulator, errorOf, finish, hasty, memory, never, operator, sameChanges, settled, undisturbed, watchStrays, writes } from "./support.mjs";

watchStrays();
const cloud = emulator();

/** How many entries the journal of a run that nobody disturbs has. */
async function lengthOf(kind) {
  const journal = memory();
  const client = operator(cloud, kind);
  const report = await client.run(await client.plan(arrange(cloud, kind)), { journal });
  assert.equal(report.status, "done");
  return journal.entries.length;
}

describe("a journal", () => {
  for (const kind of KINDS) {
    it(`${kind}: has an intent before each change, and its result before the next request`, async (t) => {
      hasty(t);
      let writing = 0;
      const intents = [];
      const client = operator(cloud, kind, {
        async fetch(url, init) {
          assert.equal(writing, 0, "something was sent while an entry was being written");
          const before = writes(cloud).length;
          const response = await fetch(url, init);
          if (writes(cloud).length > before) assert.equal(intents.at(-1)?.entry, "intent");
          return response;
        },
      });
      const plan = await client.plan(arrange(cloud, kind));
      const journal = memory({
        async before() {
          writing++;
          await new Promise((resolve) => setTimeout(resolve, 4));
          writing--;
        },
        after: (_, entry) => void intents.push(entry),
      });
      const report = await client.run(plan, { journal });
      assert.equal(report.status, "done");
      const sent = journal.entries.filter(({ entry }) => entry === "intent").map(({ operation }) => operation.operation);
      assert.deepEqual(sent, writes(cloud));
      assert.deepEqual(journal.entries.filter(({ entry }) => entry === "result").length, sent.length);
      assert.deepEqual(journal.entries.map(({ seq }) => seq), journal.entries.map((_, index) => index));
      assert.equal(journal.entries.at(-1).entry, "end");
    });
  }
});

const throws = () => {
  throw new Error("no room");
};
const rejects = () => Promise.reject(new Error("no room"));

describe("append", () => {
  for (const kind of KINDS) {
    it(`${kind}: fails at any entry: nothing is sent or written after it, and the run goes on from what was kept`, async (t) => {
      hasty(t);
      const expected = await undisturbed(cloud, kind);
      const length = await lengthOf(kind);
      assert.ok(length > 8, `${length}`);
      for (const isKept of [false, true]) {
        for (let at = 0; at < length; at++) {
          // A failure need not mean that it is not kept.
          const fail = at % 2 === (isKept ? 0 : 1) ? throws : rejects;
          const message = `${fail.name} at ${at} of ${length}${isKept ? ", and it is kept" : ""}`;
          const client = operator(cloud, kind);
          const plan = await client.plan(arrange(cloud, kind));
          const entries = [];
          let asked = 0;
          let sent;
          const append = (entry) => {
            if (asked++ !== at) return void entries.push(entry);
            if (isKept) entries.push(entry);
            sent = arrived(cloud);
            return fail();
          };
          const report = await settled(client.run(plan, { journal: { append } }));
          assert.equal(arrived(cloud), sent, `${message}: something was sent`);
          assert.equal(asked, at + 1, `${message}: something was written`);
          if (report.status === "done") {
            // The last entries announce nothing.
            assert.ok(at >= length - 2, message);
            sameChanges(changes(cloud), expected, message);
          } else {
            assert.equal(report.status, "aborted", message);
            const { error } = report.loadBalancers[0];
            assert.deepEqual([error.kind, error.sent], ["aborted", false]);
            assert.match(error.message, /^the journal could not be written: Error: no room$/);
          }
          await finish(cloud, kind, plan, entries, expected, { message });
        }
      }
    });

    it(`${kind}: does not end, and the caller aborts: the run ends, at any entry`, async (t) => {
      hasty(t);
      const expected = await undisturbed(cloud, kind);
      const length = await lengthOf(kind);
      for (let at = 0; at < length; at++) {
        const message = `at ${at} of ${length}`;
        const controller = new AbortController();
        const client = operator(cloud, kind);
        const plan = await client.plan(arrange(cloud, kind));
        let sent;
        const journal = memory({
          before(number) {
            if (number !== at) return undefined;
            sent = arrived(cloud);
            setTimeout(() => controller.abort(new Error("enough")), 2);
            return never();
          },
        });
        const report = await settled(client.run(plan, { journal, signal: controller.signal }));
        assert.equal(arrived(cloud), sent, message);
        assert.equal(journal.asked(), at + 1, message);
        assert.ok(["aborted", "done"].includes(report.status), message);
        await finish(cloud, kind, plan, journal.entries, expected, { message });
      }
    });
  }

  it("ucloud: does not end, and the deadline passes: the run ends", async () => {
    // In real time, since a clock that is hasty would be at the deadline at once.
    const client = operator(cloud, "ucloud");
    const plan = await client.plan(arrange(cloud, "ucloud"));
    const journal = memory({ before: never });
    const begun = performance.now();
    const report = await settled(client.run(plan, { journal, deadline: Date.now() + 200 }));
    assert.ok(performance.now() - begun > 190);
    assert.equal(report.status, "aborted");
    assert.match(report.loadBalancers[0].error.message, /^the journal could not be written: append did not end$/);
    assert.deepEqual(writes(cloud), []);
  });

  it("ucloud: is given the time that it takes when the caller aborts meanwhile, and the journal is whole", async (t) => {
    hasty(t);
    const expected = await undisturbed(cloud, "ucloud");
    for (const at of [0, 1, 4, 5]) {
      const controller = new AbortController();
      const client = operator(cloud, "ucloud");
      const plan = await client.plan(arrange(cloud, "ucloud"));
      let left = 0;
      const journal = memory({
        async before(number) {
          if (number !== at) return;
          controller.abort();
          left++;
          // Turns of the loop, and no time: the clock would be at the end of what it is given.
          for (let turns = 0; turns < 50; turns++) await null;
          left--;
        },
      });
      const report = await settled(client.run(plan, { journal, signal: controller.signal }));
      assert.equal(report.status, "aborted");
      assert.equal(left, 0, "the run ended before its journal did");
      const last = journal.entries.at(-1);
      assert.ok(last.entry !== "intent", "what became of it is not told, though it was never sent");
      await finish(cloud, "ucloud", plan, journal.entries, expected, { message: `at ${at}` });
    }
  });

  it("throws whatever it likes", async () => {
    const client = operator(cloud, "ucloud");
    for (const thrown of [undefined, null, 0, "no room", { message: "no room" }, Object.create(null), new Proxy({}, { get: () => assert.fail("looked at") })]) {
      const plan = await client.plan(arrange(cloud, "ucloud"));
      const report = await settled(client.run(plan, { journal: { append: () => Promise.reject(thrown) } }));
      assert.equal(report.status, "aborted");
      assert.match(report.loadBalancers[0].error.message, /^the journal could not be written: /);
      assert.deepEqual(writes(cloud), []);
    }
  });

  it("may return what is no promise, and change what it is given", async (t) => {
    hasty(t);
    const expected = await undisturbed(cloud, "ucloud");
    const client = operator(cloud, "ucloud");
    const plan = await client.plan(arrange(cloud, "ucloud"));
    const thenable = { then: (resolve) => resolve("kept") };
    const report = await settled(client.run(plan, {
      journal: {
        append(entry) {
          for (const name of Object.keys(entry)) delete entry[name];
          return thenable;
        },
      },
    }));
    assert.equal(report.status, "done");
    sameChanges(changes(cloud), expected);
  });

  it("is called on its journal", async (t) => {
    hasty(t);
    class Kept {
      entries = [];
      append(entry) {
        this.entries.push(entry);
      }
    }
    const client = operator(cloud, "ucloud");
    const plan = await client.plan(arrange(cloud, "ucloud"));
    const journal = new Kept();
    assert.equal((await client.run(plan, { journal })).status, "done");
    const sent = arrived(cloud);
    assert.equal((await client.run(plan, { journal })).status, "done");
    assert.equal(arrived(cloud), sent, "a finished journal was begun anew");
  });
});

describe("several load balancers with one journal", () => {
  for (const kind of KINDS) {
    it(`${kind}: once an entry cannot be written, none of them goes on; then all go on from what was kept`, async (t) => {
      hasty(t);
      const expected = await undisturbed(cloud, kind, 3);
      for (const at of [0, 1, 2, 5, 9, 14]) {
        const client = operator(cloud, kind);
        const plan = await client.plan(arrange(cloud, kind, 3));
        let failed;
        const journal = memory({
          async before(number) {
            if (number === at) failed = true;
            if (failed) throw new Error("no room");
          },
          after: () => new Promise((resolve) => setTimeout(resolve, 1)),
        });
        let late = 0;
        const watching = operator(cloud, kind, {
          fetch(url, init) {
            if (failed) late++;
            return fetch(url, init);
          },
        });
        const report = await settled(watching.run(plan, { journal, concurrency: 3 }));
        assert.equal(report.status, "aborted");
        assert.equal(late, 0, `at ${at}: ${late} requests were sent afterwards`);
        await finish(cloud, kind, plan, journal.entries, expected, { message: `at ${at}` });
      }
    });

    it(`${kind}: their entries are mixed, each load balancer's own in order`, async (t) => {
      hasty(t);
      const client = operator(cloud, kind);
      const plan = await client.plan(arrange(cloud, kind, 5));
      const journal = memory({ before: () => new Promise((resolve) => setTimeout(resolve, Math.random() * 3)) });
      const report = await settled(client.run(plan, { journal, concurrency: 5 }));
      assert.equal(report.status, "done");
      const lanes = Map.groupBy ? Map.groupBy(journal.entries, ({ lane }) => lane) : groups(journal.entries);
      assert.equal(lanes.size, 5);
      for (const own of lanes.values()) assert.deepEqual(own.map(({ seq }) => seq), own.map((_, index) => index));
      const firsts = journal.entries.slice(0, 5).map(({ lane }) => lane);
      assert.ok(new Set(firsts).size > 1, "one after the other");
    });
  }
});

function groups(entries) {
  const found = new Map();
  for (const entry of entries) found.set(entry.lane, [...(found.get(entry.lane) ?? []), entry]);
  return found;
}

describe("a journal that is none", () => {
  const append = () => {};
  for (const [what, journal, field] of [
    ["a function", append, "journal"],
    ["null", null, "journal"],
    ["a text", "journal.jsonl", "journal"],
    ["a list", [], "journal"],
    ["without append", { entries: [] }, "journal"],
    ["with an append that is no function", { entries: [], append: "append" }, "journal"],
    ["a promise of one", Promise.resolve({ append }), "journal"],
    ["with entries that are an object", { entries: {}, append }, "journal.entries"],
    ["with entries that are null", { entries: null, append }, "journal.entries"],
    ["with entries that are text", { entries: "[]", append }, "journal.entries"],
    ["with entries that are a function", { entries: () => [], append }, "journal.entries"],
    ["with entries that cannot be written as JSON", { entries: [1n], append }, "journal.entries"],
    ["with an entry that is a number", { entries: [1], append }, "journal.entries[0]"],
    ["with an entry that is null", { entries: [null], append }, "journal.entries[0]"],
    ["with an entry that is a list", { entries: [[]], append }, "journal.entries[0]"],
    ["with an entry that is empty", { entries: [{}], append }, "journal.entries[0]"],
  ]) {
    it(`${what}: says so, and nothing is sent`, async () => {
      for (const kind of KINDS) {
        const client = operator(cloud, kind);
        const plan = await client.plan(arrange(cloud, kind));
        const sent = arrived(cloud);
        const error = await errorOf(() => client.run(plan, { journal }));
        checkInvalid(error, { vendor: field === "journal" ? undefined : error.vendor });
        assert.ok(error.field.startsWith(field), `${error.field}: ${error.message}`);
        assert.equal(arrived(cloud), sent);
        const report = await client.run(plan, { signal: AbortSignal.abort() });
        checkInvalid(await errorOf(() => client.undo(report, { journal })), {});
        assert.equal(arrived(cloud), sent);
      }
    });
  }

  it("plan and inspect take none", async () => {
    const client = operator(cloud, "ucloud");
    const request = arrange(cloud, "ucloud");
    checkError(await errorOf(() => client.plan(request, { journal: { append } })), { kind: "invalid-input", field: "journal" });
    checkError(await errorOf(() => client.inspect(request.from, { lock: append })), { kind: "invalid-input", field: "lock" });
  });
});
