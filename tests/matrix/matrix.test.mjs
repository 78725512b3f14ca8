// The package in the runtimes, bundlers, browsers and test runners that its users have: each answers the same four questions.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { chromium } from "./browsers/chromium.mjs";
import { quick } from "./environments/quick.mjs";
import { faults, startMatrix } from "./matrix.mjs";

let matrix;
before(async () => {
  matrix = await startMatrix();
}, { timeout: 120_000 });
after(async () => {
  await chromium.end();
  await matrix?.close();
}, { timeout: 30_000 });

// Two at a time: each is a program or two of its own.
describe("matrix", { concurrency: 2 }, () => {
  for (const environment of quick) {
    test(environment.name, { timeout: 180_000 }, async () => {
      const wrong = faults(await matrix.ask(environment));
      assert.equal(wrong.length, 0, wrong.join("\n"));
    });
  }
});
