// The journal in a Durable Object's storage: in workerd, with SQLite and without.
import assert from "node:assert/strict";
import { before, describe, it, test } from "node:test";
import { entries, entry, failure, folderFor, load, sleep } from "./support.mjs";
import { startWorkerd } from "./workerd.mjs";

const { durableObjectJournal } = await load("journals");

let worker;
before(async (t) => {
  worker = await startWorkerd(t, await folderFor(t));
});

const numbered = (prefix, count) => Array.from({ length: count }, (_, index) => `${prefix}:${String(index + 1).padStart(6, "0")}`);

for (const [name, binding] of [
  ["with SQLite", "SQL_KEEPER"],
  ["without SQLite", "KV_KEEPER"],
]) {
  describe(name, () => {
    const ask = (does, input) => worker.ask("keeper", { binding, does, ...input });
    const value = async (does, input) => {
      const { value, error } = await ask(does, input);
      assert.equal(error, undefined, JSON.stringify(error));
      return value;
    };
    const open = (as, prefix = as) => value("open", { as, prefix });
    const append = (as, entries, more) => value("append", { as, entries, ...more });

    it("entries are there after a crash between two appends", async () => {
      assert.deepEqual(await open("crash"), []);
      for (let round = 1; round <= 3; round++) {
        for (let seq = 5 * round - 5; seq < 5 * round; seq++) assert.equal(await append("crash", [entry(seq)]), seq + 1);
        await worker.crash();
        assert.deepEqual(await open("crash"), entries(5 * round));
      }
    });

    it("a crash in the middle of appends: every acknowledged one is there, in order", async () => {
      await open("middle");
      let acknowledged = 0;
      const appending = (async () => {
        for (;;) acknowledged = await append("middle", [entry(acknowledged)]);
      })().catch(() => {});
      while (acknowledged < 150) await sleep(1);
      await worker.crash();
      await appending;
      const found = await open("middle");
      assert.ok(found.length >= acknowledged && found.length <= acknowledged + 1, `${acknowledged} acknowledged, ${found.length} found`);
      assert.deepEqual(found, entries(found.length));
    });

    it("more entries than one list, one delete or one write takes, in the order of the calls", async () => {
      await open("many");
      assert.equal(await append("many", entries(2500), { together: true }), 2500);
      assert.deepEqual(await value("keys", { prefix: "many:" }), numbered("many", 2500));
      assert.deepEqual(await open("again", "many"), entries(2500));
      await value("clear", { as: "again" });
      assert.deepEqual(await value("entries", { as: "again" }), []);
      assert.deepEqual(await value("keys", { prefix: "many:" }), []);
      await append("again", entries(1));
      assert.deepEqual(await value("keys", { prefix: "many:" }), numbered("many", 1));
    });

    it("exactly a page of entries", async () => {
      await open("page");
      await append("page", entries(1000), { together: true });
      assert.equal((await open("page again", "page")).length, 1000);
    });

    it("of two that have it open, the first to append goes on, and the other is refused", async () => {
      await open("one", "shared");
      await open("two", "shared");
      await append("one", [entry(0)]);
      const { error } = await ask("append", { as: "two", entries: [entry(0)] });
      assert.deepEqual([error.name, error.kind, error.code, error.sent], ["UnpoolError", "refused", "journal-in-use", false]);
      assert.equal(error.message, "somebody else appends to the journal shared");
      await append("one", [entry(1)]);
      assert.equal((await ask("clear", { as: "two" })).error.code, "journal-in-use");
      assert.deepEqual(await open("three", "shared"), entries(2));
      await append("three", [entry(2)]);
      assert.equal((await ask("append", { as: "one", entries: [entry(2)] })).error.code, "journal-in-use");
      assert.deepEqual(await open("four", "shared"), entries(3));
    });

    it("other journals and other keys are none of its own", async () => {
      await value("put", { values: { own: 1, "own:": 2, "own:x": 3, "own:12": 4, "own:000001:000001": "{}", "owner:000001": "{}" } });
      assert.deepEqual(await open("own"), []);
      await append("own", entries(2));
      await value("clear", { as: "own" });
      assert.deepEqual(await value("keys", { prefix: "own" }), ["own", "own:", "own:000001:000001", "own:12", "own:x", "owner:000001"]);
    });

    it("a line that is no entry stays text; an entry too large is rejected and those after it are kept", async () => {
      await value("put", { values: { "odd:000001": JSON.stringify(entry(0)), "odd:000002": '{"lane' } });
      assert.deepEqual(await open("odd"), [entry(0), '{"lane']);
      const large = { ...entry(1), text: "x".repeat(3 << 20) };
      assert.ok((await ask("append", { as: "odd", entries: [large] })).error);
      assert.equal(await append("odd", [entry(1)]), 3);
      assert.deepEqual(await open("odd again", "odd"), [entry(0), '{"lane', entry(1)]);
    });
  });
}

/** Buffers what is put until it is synced, as an object does. */
function bufferedStorage() {
  const buffer = new Map();
  const disk = new Map();
  let syncs = 0;
  return {
    disk,
    syncs: () => syncs,
    list: async () => new Map(disk),
    async put(key, value) {
      buffer.set(key, value);
    },
    delete: async (keys) => void keys.forEach((key) => disk.delete(key)),
    async sync() {
      if (buffer.size === 0) return;
      const writing = [...buffer];
      buffer.clear();
      syncs++;
      await sleep(20);
      for (const [key, value] of writing) disk.set(key, value);
    },
  };
}

test("an entry is acknowledged after it left the buffer, and what is appended together is written as one", async () => {
  const storage = bufferedStorage();
  const journal = await durableObjectJournal(storage, "run");
  await journal.append(entry(0));
  assert.deepEqual([...storage.disk.values()].map(JSON.parse), entries(1));
  await Promise.all([1, 2, 3].map((seq) => journal.append(entry(seq))));
  assert.deepEqual([...storage.disk.values()].map(JSON.parse), entries(4));
  assert.equal(storage.syncs(), 2);
});

test("a failed write rejects", async () => {
  const storage = bufferedStorage();
  const journal = await durableObjectJournal(storage, "run");
  storage.sync = () => Promise.reject(new Error("storage is gone"));
  await assert.rejects(journal.append(entry(0)), /storage is gone/);
  assert.deepEqual(journal.entries, []);
});

test("a storage is needed, and a prefix", async () => {
  assert.equal((await failure(durableObjectJournal({}, "run"))).field, "storage");
  assert.equal((await failure(durableObjectJournal(bufferedStorage(), ""))).field, "prefix");
});
