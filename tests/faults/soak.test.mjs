// A short soak in Node and in workerd; the long ones are run by hand (see README.md).
import assert from "node:assert/strict";
import { test } from "node:test";
import { soak } from "./soak.mjs";
import { summary } from "./soak/summary.mjs";

// As many pages as a call may need at once, and no more for those that came after it.
const MOST_GROWTH = 2 * 1_024 * 1_024;

for (const [runtime, sends] of [["node", 300], ["workerd", 100]]) {
  test(`${runtime}: ${sends} calls with random faults`, { timeout: 300_000 }, async (t) => {
    const result = await soak({ runtime, sends, seed: 7, atOnce: 48 });
    t.diagnostic(summary(result, { runtime, sends, seed: 7 }));
    assert.equal(result.calls.length, sends);
    assert.deepEqual(result.calls.filter(({ complaints }) => complaints.length > 0), []);
    assert.deepEqual(result.search.found, []);
    assert.ok(result.search.texts > 0 && result.search.secrets > sends, "nothing was searched");
    assert.ok(result.memory.after.wasm - result.memory.before.wasm <= MOST_GROWTH, "the module's memory grows");
  });
}
