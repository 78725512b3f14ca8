import assert from "node:assert/strict";
import { test } from "node:test";
import { pkg } from "./install.mjs";
import { CONDITIONS_OF_WORKERS, MINIMAL, SIZE_BUDGET, SIZE_CEILING, bundled, kib, total } from "./size.mjs";

test(`the default entry in a minimal program is at most ${kib(SIZE_CEILING)} KiB, on its way to ${kib(SIZE_BUDGET)}`, async (t) => {
  const { brotli } = total(await bundled(pkg, MINIMAL));
  t.diagnostic(`${kib(brotli)} KiB brotli`);
  assert.ok(brotli <= SIZE_CEILING, `${kib(brotli)} KiB, the ceiling is ${kib(SIZE_CEILING)} KiB`);
});

test("the entry for Workers is one program and one module, and no heavier than the default", async () => {
  const parts = await bundled(pkg, MINIMAL, CONDITIONS_OF_WORKERS);
  assert.deepEqual(parts.map(({ name }) => name.replace(/.*\./, "")).sort(), ["js", "wasm"]);
  assert.ok(total(parts).brotli <= total(await bundled(pkg, MINIMAL)).brotli);
});

test("an import that is not used leaves next to nothing", async () => {
  const [{ raw }] = await bundled(pkg, 'import { Client, alibaba, signUcloud, UnpoolError } from "unpool"; export const answer = 42;');
  assert.ok(raw < 100, `${raw} bytes are left`);
});
