// The start size is promised by the largest of what bundlers make of the same program.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { SIZE_CEILING, kib, total } from "../packaging/size.mjs";
import { BUNDLERS, PROMISED, startSizes } from "./start-size.mjs";
import { version } from "./tools.mjs";

const PACKAGES = { rspack: "@rspack/core" };

let sizes;
const found = new Map();
before(async () => {
  sizes = await startSizes();
}, { timeout: 60_000 });
after(() => sizes?.close());

describe("the start size", { concurrency: 2 }, () => {
  for (const bundler of BUNDLERS) {
    test(`what a program that signs and sends loads at its start, by ${bundler} ${version(PACKAGES[bundler] ?? bundler)}`, async (t) => {
      const files = await sizes.sizeOf(bundler);
      for (const { name, raw, brotli } of files) t.diagnostic(`${name}: ${raw} bytes, ${brotli} brotli`);
      const sum = total(files);
      t.diagnostic(`${bundler}: ${kib(sum.raw)} KiB, ${(sum.brotli / 1024).toFixed(2)} KiB brotli (${sum.brotli} bytes)`);
      // The safe removal is not among it: with it, this would be twice as much.
      assert.ok(sum.raw > 100_000 && sum.raw < 200_000, `${sum.raw} bytes`);
      found.set(bundler, sum.brotli);
    });
  }
});

test(`the largest of ${PROMISED.join(", ")} is at most ${kib(SIZE_CEILING)} KiB`, (t) => {
  const [bundler, most] = PROMISED.map((name) => [name, found.get(name)]).sort(([, one], [, other]) => other - one)[0];
  t.diagnostic(`${bundler}: ${(most / 1024).toFixed(2)} KiB brotli`);
  assert.ok(most <= SIZE_CEILING, `${bundler}: ${most} bytes, the ceiling is ${SIZE_CEILING}`);
});
