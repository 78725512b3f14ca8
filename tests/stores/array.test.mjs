// The journal in memory, and what all journals have in common.
import assert from "node:assert/strict";
import { test } from "node:test";
import { entries, entry, failure, load } from "./support.mjs";

const { arrayJournal } = await load("journals");

test("entries are added to the array that was given, in the order of the calls", async () => {
  const kept = [entry(0)];
  const journal = arrayJournal(kept);
  await Promise.all([entry(1), entry(0, "lb-2"), entry(2)].map((one) => journal.append(one)));
  assert.equal(journal.entries, kept);
  assert.deepEqual(kept, [entry(0), entry(1), entry(0, "lb-2"), entry(2)]);
});

test("without an array it begins empty, and clear() empties it", async () => {
  const journal = arrayJournal();
  for (const one of entries(3)) await journal.append(one);
  assert.deepEqual(journal.entries, entries(3));
  await journal.clear();
  assert.deepEqual(journal.entries, []);
});

test("what becomes of an entry after the call is not what is kept", async () => {
  const journal = arrayJournal();
  const one = entry(0);
  const appended = journal.append(one);
  one.digest = "another";
  one.ids.push("i-2");
  await appended;
  assert.deepEqual(journal.entries, [entry(0)]);
});

test("what is no entry is refused by name, and not kept", async () => {
  const journal = arrayJournal();
  const itself = {};
  itself.itself = itself;
  for (const [given, message] of [
    [undefined, /^entry must be an object/],
    ["{}", /^entry must be an object/],
    [[], /^entry must be an object/],
    [{ lane: 1n }, /^lane is a BigInt/],
    [itself, /contains itself/],
  ]) {
    const { kind, message: said } = await failure(journal.append(given));
    assert.equal(kind, "invalid-input");
    assert.match(said, message);
  }
  assert.deepEqual(journal.entries, []);
});

test("an array is needed, or nothing", () => assert.throws(() => arrayJournal("[]"), { kind: "invalid-input", field: "entries" }));
