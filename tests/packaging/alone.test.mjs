// What a program loads that imports little: a bundler must be able to leave out the rest, the module's text above all.
import assert from "node:assert/strict";
import { join } from "node:path";
import { describe, test } from "node:test";
import { transform } from "esbuild";
import { rollup } from "rollup";
import { pkg } from "./install.mjs";
import { CONDITIONS_OF_WORKERS, MINIMAL, brotli, bundled, split, total } from "./size.mjs";

const LIMIT = 1024;
const ERROR = (from) => `import { UnpoolError } from "${from}"; export const isOurs = (error) => error instanceof UnpoolError;`;

function assertSmall(t, { raw, brotli }, most = LIMIT) {
  t.diagnostic(`${raw} bytes minified, ${brotli} bytes brotli`);
  assert.ok(brotli < most, `${brotli} bytes brotli, ${raw} minified`);
  // Else there was nothing in it.
  assert.ok(raw > 100);
}

/** By rollup, which knows of packages only what it is told, and minified by esbuild. */
async function rolled(source, entry) {
  const plugin = {
    name: "unpool",
    resolveId: (id) => (id === "program" ? id : id.startsWith("unpool") ? { id: join(pkg, entry), moduleSideEffects: false } : null),
    load: (id) => (id === "program" ? source : null),
    transform: (code, id) => (id === "program" ? null : { code, moduleSideEffects: false }),
  };
  const bundle = await rollup({ input: "program", plugins: [plugin] });
  const { output } = await bundle.generate({ format: "es" });
  await bundle.close();
  assert.deepEqual(output.map(({ type }) => type), ["chunk"]);
  const { code } = await transform(output[0].code, { minify: true, format: "esm" });
  return { raw: Buffer.byteLength(code), brotli: brotli(Buffer.from(code)) };
}

describe("UnpoolError alone is less than 1 KiB", () => {
  for (const from of ["unpool", "unpool/slim", "unpool/web"]) {
    test(`esbuild, of ${from}`, async (t) => assertSmall(t, total(await bundled(pkg, ERROR(from)))));
  }
  test("esbuild, for Workers: the modules are beside it, and nobody imports them", async (t) => {
    const files = await bundled(pkg, ERROR("unpool"), CONDITIONS_OF_WORKERS);
    const [program] = files.filter(({ name }) => name === "program.js");
    assertSmall(t, program);
  });
  test("esbuild that splits", async (t) => assertSmall(t, total((await split(pkg, ERROR("unpool"))).start)));
  for (const entry of ["index.js", "slim.js", "web.js"]) {
    test(`rollup, of ${entry}`, async (t) => assertSmall(t, await rolled(ERROR("unpool"), entry)));
  }
});

test("a plan in words needs no module", async (t) => {
  assertSmall(t, total(await bundled(pkg, 'export { describePlan, describeReport } from "unpool";')), 4 * LIMIT);
});

test("a builder needs no module", async (t) => {
  assertSmall(t, total(await bundled(pkg, 'import { alibaba } from "unpool"; export const build = (given) => alibaba.removeBackendServers(given);')), 4 * LIMIT);
});

test("one that signs leaves out what it does not name", async () => {
  const [{ raw: all }] = (await split(pkg, 'export * from "unpool";')).start;
  const { raw } = total((await split(pkg, MINIMAL)).start);
  assert.ok(raw < all);
});
