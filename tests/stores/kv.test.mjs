// The journal in Workers KV: in workerd, and with a KV that is late.
import assert from "node:assert/strict";
import { before, test } from "node:test";
import { entries, entry, failure, folderFor, load } from "./support.mjs";
import { startWorkerd } from "./workerd.mjs";

const { kvJournal } = await load("journals");

let worker;
before(async (t) => {
  worker = await startWorkerd(t, await folderFor(t));
});
const kv = async (key, input) => {
  const { value, error } = await worker.ask("kv", { key, ...input });
  assert.equal(error, undefined, JSON.stringify(error));
  return value;
};
const keysOf = async (prefix) => (await worker.ask("kvKeys", { prefix })).value;

test("more entries than one list or one read takes, after a crash, in the order of the calls", async () => {
  assert.deepEqual(await kv("many", { entries: entries(1200), together: true }), entries(1200));
  await worker.crash();
  assert.deepEqual(await kv("many"), entries(1200));
  assert.deepEqual(await kv("many", { entries: [entry(1200)] }), entries(1201));
  assert.deepEqual(await kv("many"), entries(1201));
});

test("one key an entry, with the time after which KV forgets it", async () => {
  await kv("ttl", { entries: entries(2), options: { expirationTtl: 3600 } });
  const keys = await keysOf("ttl:");
  assert.match(keys.map(({ name }) => name).join(" "), /^ttl:000001:([0-9a-f]{8}) ttl:000002:\1$/);
  for (const { expiration } of keys) assert.ok(Math.abs(expiration - Date.now() / 1000 - 3600) < 60);
  for (const expirationTtl of [59, 60.5, "60"]) {
    const { error } = await worker.ask("kv", { key: "ttl", options: { expirationTtl } });
    assert.deepEqual([error.kind, error.field], ["invalid-input", "expirationTtl"]);
  }
});

test("two that append at the same time overwrite nothing, and are found out at the next opening", async () => {
  await kv("two", { entries: [entry(0)], opened: [{ entries: [entry(0), entry(1)] }] });
  assert.equal((await keysOf("two:")).length, 3);
  const { error } = await worker.ask("kv", { key: "two" });
  assert.deepEqual([error.kind, error.code, error.sent], ["refused", "journal-forked", false]);
  assert.equal(error.message, "the journal two has two ends: entry 1 was written twice");
});

test("an entry that is missing in the middle is refused, not left out", async () => {
  await kv("gap", { entries: entries(3) });
  const [, { name }] = await keysOf("gap:");
  await worker.ask("kvDelete", { name });
  const { error } = await worker.ask("kv", { key: "gap" });
  assert.deepEqual([error.kind, error.code, error.retryable], ["refused", "journal-incomplete", true]);
  assert.equal(error.message, "the journal gap is not complete: entry 2 is not there");
});

test("other keys are none of its own, and a line that is no entry stays text", async () => {
  for (const name of ["mine", "mine:", "mine:000001", "mine:x:12345678", "mine:000001:000001:12345678"]) await worker.ask("kvPut", { name, value: "{}" });
  await worker.ask("kvPut", { name: "mine:000001:00000000", value: '{"la' });
  assert.deepEqual(await kv("mine"), ['{"la']);
});

/** What `change` does not replace is an empty KV. */
const namespace = (change) => ({
  list: async () => ({ keys: [], list_complete: true }),
  get: async (keys) => new Map(keys.map((key) => [key, null])),
  put: async () => {},
  ...change,
});

test("an entry that is listed and cannot be read yet is refused", async () => {
  const late = namespace({ list: async () => ({ keys: [{ name: "run:000001:12345678" }], list_complete: true }) });
  const { code, message } = await failure(kvJournal(late, "run"));
  assert.deepEqual([code, message], ["journal-incomplete", "the journal run is not complete: entry 1 cannot be read"]);
});

test("a failed write rejects, and nothing is written behind it", async () => {
  let puts = 0;
  const full = new Error("KV PUT failed: 429 Too Many Requests");
  const journal = await kvJournal(
    namespace({
      async put() {
        if (++puts === 2) throw full;
      },
    }),
    "run",
  );
  const ends = await Promise.allSettled(entries(4).map((one) => journal.append(one)));
  assert.deepEqual(ends.map(({ status, reason }) => reason?.code ?? reason ?? status), ["fulfilled", full, "journal-broken", "journal-broken"]);
  assert.equal(ends[2].reason.cause, full);
  assert.equal(puts, 2);
  assert.deepEqual(journal.entries, entries(1));
});

test("a namespace is needed, a key, and no other options", async () => {
  assert.equal((await failure(kvJournal({}, "run"))).field, "namespace");
  assert.equal((await failure(kvJournal(namespace(), 7))).field, "key");
  assert.equal((await failure(kvJournal(namespace(), "run", { ttl: 60 }))).field, "ttl");
});
