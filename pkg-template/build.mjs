// node pkg-template/build.mjs <folder>: completes the npm package in <folder>, where the WebAssembly module
// (core_bg.wasm) and its glue (core.js) already are, and prints the size of each file.
import { appendFile, cp, readFile, readdir, rm, stat, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { brotliCompressSync, constants } from "node:zlib";

const template = dirname(fileURLToPath(import.meta.url));
const root = dirname(template);
// The tools are installed beside the tests that need most of them.
const { build } = createRequire(join(root, "tests/package.json"))("esbuild");

async function exists(path) {
  return stat(path).then(
    () => true,
    () => false,
  );
}

/** A file of the template must never replace a generated one: then one of the two would be dead. */
async function copyTemplate(pkg) {
  for (const name of await readdir(template)) {
    if (name === "build.mjs") continue;
    await cp(join(template, name), join(pkg, name), { recursive: true, force: false, errorOnExist: true });
  }
  for (const name of ["README.md", "CHANGELOG.md", "LICENSE-MIT", "LICENSE-APACHE"]) {
    if (await exists(join(root, name))) await cp(join(root, name), join(pkg, name));
  }
}

async function stampVersion(pkg) {
  const manifest = await readFile(join(root, "Cargo.toml"), "utf8");
  const [, version] = /^\[package\][^[]*?^version = "([^"]+)"/ms.exec(manifest) ?? [];
  if (version === undefined) throw new Error("Cargo.toml has no package version");
  const path = join(pkg, "package.json");
  const { name, version: _, ...rest } = JSON.parse(await readFile(path, "utf8"));
  await writeFile(path, `${JSON.stringify({ name, version, ...rest }, null, 2)}\n`);
}

/** The declarations are one file: CommonJS users get the same under another name. */
async function joinDeclarations(pkg) {
  const part = join(pkg, "operations.d.ts.part");
  await appendFile(join(pkg, "index.d.ts"), await readFile(part));
  await rm(part);
}

/** As text, for every runtime that compiles from bytes. Hex and not base64: it compresses to less. */
async function inlineModule(pkg) {
  const module = await readFile(join(pkg, "core_bg.wasm"));
  await WebAssembly.compile(module);
  await writeFile(join(pkg, "inline.js"), `export default "${module.toString("hex")}";\n`);
}

async function bundleCommonJs(pkg) {
  await build({
    entryPoints: [join(pkg, "index.js")],
    outfile: join(pkg, "index.cjs"),
    absWorkingDir: pkg,
    bundle: true,
    format: "cjs",
    platform: "neutral",
    logLevel: "warning",
    logOverride: { "empty-import-meta": "error" },
  });
  await cp(join(pkg, "index.d.ts"), join(pkg, "index.d.cts"));
}

/** A package that cannot be imported is found here and not by its first user. */
async function importOnce(pkg) {
  const esm = Object.keys(await import(pathToFileURL(join(pkg, "index.js")))).sort();
  const cjs = Object.keys(createRequire(import.meta.url)(join(pkg, "index.cjs"))).sort();
  if (`${esm}` !== `${cjs}`) throw new Error(`index.js exports ${esm}; index.cjs exports ${cjs}`);
}

async function report(pkg) {
  const rows = [["file", "bytes", "brotli"]];
  for (const name of (await readdir(pkg)).sort()) {
    const bytes = await readFile(join(pkg, name));
    const packed = brotliCompressSync(bytes, {
      params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length },
    });
    rows.push([name, String(bytes.length), String(packed.length)]);
  }
  for (const [name, raw, packed] of rows) console.log(`${name.padEnd(20)}${raw.padStart(10)}${packed.padStart(10)}`);
}

if (process.argv[2] === undefined) throw new Error("usage: node pkg-template/build.mjs <folder>");
const pkg = resolve(process.argv[2]);
await copyTemplate(pkg);
await stampVersion(pkg);
await joinDeclarations(pkg);
await inlineModule(pkg);
await bundleCommonJs(pkg);
await importOnce(pkg);
await report(pkg);
