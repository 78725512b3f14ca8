import assert from "node:assert/strict";
import { before, test } from "node:test";
import { pkg } from "./install.mjs";
import { CONDITIONS_OF_WORKERS, MINIMAL, SIZE_BUDGET, SIZE_CEILING, SUM_CEILING, bundled, kib, split, total } from "./size.mjs";

let parts;
before(async () => {
  parts = await split(pkg, MINIMAL);
});

function assertAtMost(t, files, most) {
  const { brotli } = total(files);
  t.diagnostic(`${kib(brotli)} KiB brotli`);
  assert.ok(brotli <= most, `${kib(brotli)} KiB, the ceiling is ${kib(most)} KiB`);
}

test(`a program that signs and sends loads at most ${kib(SIZE_CEILING)} KiB by the default entry, where ${kib(SIZE_BUDGET)} are wanted`, (t) => {
  assertAtMost(t, parts.start, SIZE_CEILING);
});

test(`with what its first safe removal loads that is at most ${kib(SUM_CEILING)} KiB`, (t) => {
  assertAtMost(t, [...parts.start, ...parts.later], SUM_CEILING);
});

test(`a bundler that splits nothing makes at most ${kib(SUM_CEILING)} KiB of it`, async (t) => {
  assertAtMost(t, await bundled(pkg, MINIMAL), SUM_CEILING);
});

test("the entry for Workers is one program and two modules, and no heavier than the default", async () => {
  const worker = await bundled(pkg, MINIMAL, CONDITIONS_OF_WORKERS);
  assert.deepEqual(worker.map(({ name }) => name.replace(/-[A-Z0-9]{8}(?=\.wasm$)/, "")).sort(), ["core_bg.wasm", "program.js", "removal_bg.wasm"]);
  assert.ok(total(worker).brotli <= total([...parts.start, ...parts.later]).brotli);
});

test("an import that is not used leaves next to nothing", async () => {
  const source = 'import { Client, alibaba, signUcloud, UnpoolError } from "unpool"; export const answer = 42;';
  const { start } = await split(pkg, source);
  for (const files of [start, await bundled(pkg, source)]) assert.ok(total(files).raw < 100, `${total(files).raw} bytes are left`);
});
