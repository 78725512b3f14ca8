// The whole table of faults: every cell as expected, and the README's table as seen.
import assert from "node:assert/strict";
import { test } from "node:test";
import { RUNTIMES } from "./contract.mjs";
import { committedText, text } from "./expectations.mjs";
import { report, written } from "./report.mjs";
import { difference, runRuntime } from "./run.mjs";
import { FAULTS } from "./table.mjs";

const seen = [];

test("expectations.json is what the rules say", () => assert.equal(committedText(), text()));

for (const runtime of RUNTIMES) {
  test(runtime, { timeout: 600_000 }, async (t) => {
    const results = await runRuntime(runtime);
    seen.push(...results);
    for (const fault of FAULTS) {
      const own = results.filter(({ cell }) => cell.fault === fault);
      await t.test(`${fault.name}: ${fault.about}`, () => {
        assert.ok(own.length > 0, "nothing was played");
        assert.equal(own.filter(({ differs }) => differs).map(difference).join("\n"), "");
      });
    }
  });
}

test("README.md has the table of this run", () => assert.equal(written(), report(seen), "node tests/faults/run.mjs --write"));
