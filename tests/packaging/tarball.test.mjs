// What is in the tarball, and what the linters of packages say about it.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdir, readFile, readdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { publint } from "publint";
import { formatMessage } from "publint/utils";
import { CONDITIONS_OF_WORKERS } from "./size.mjs";
import { folderFor, pack, project, run } from "./install.mjs";

let installed;
let manifest;

before(async (t) => {
  installed = await project(t);
  manifest = JSON.parse(await readFile(join(installed.installed, "package.json"), "utf8"));
});

test("two runs of npm pack give the same bytes", async (t) => {
  const again = join(await folderFor(t), "again");
  await mkdir(again);
  const { tarball } = await pack(again);
  const sha256 = async (file) => createHash("sha256").update(await readFile(file)).digest("hex");
  assert.equal(await sha256(tarball), await sha256(installed.tarball));
});

test("nothing runs at the installation, and nothing else is installed", async () => {
  assert.equal(manifest.scripts, undefined);
  for (const kind of ["dependencies", "peerDependencies", "optionalDependencies", "bundleDependencies"]) assert.equal(manifest[kind], undefined, kind);
  const folders = (await readdir(join(installed.folder, "node_modules"))).filter((name) => !name.startsWith("."));
  assert.deepEqual(folders, ["unpool"]);
});

test("the tarball has what package.json names and nothing of the build", () => {
  const named = JSON.stringify(manifest.exports)
    .match(/"\.\/[^"]+\.[^"]+"/g)
    .map((path) => JSON.parse(path).slice(2));
  const missing = named.filter((path) => !installed.files.includes(path));
  assert.deepEqual(missing, []);
  assert.ok(named.length > 8);
  const strange = installed.files.filter((path) => !/^(package\.json|README\.md|CHANGELOG\.md|LICENSE-(MIT|APACHE)|docs\/[a-z-]+\.md|[a-z_]+(\.d)?\.(js|cjs|ts|cts)|(core|removal)_bg\.wasm(\.d\.ts)?)$/.test(path));
  assert.deepEqual(strange, []);
});

test("no file tells where it was built", async () => {
  const home = dirname(fileURLToPath(new URL("../../Cargo.toml", import.meta.url)));
  for (const file of installed.files) {
    const text = (await readFile(join(installed.installed, file))).toString("latin1");
    assert.ok(!text.includes(home), file);
    assert.ok(!/\/\.cargo\/|\/home\/[a-z]|\/root\//.test(text), file);
  }
});

test("no entry awaits at its top", async () => {
  for (const [entry, conditions] of [
    ["unpool", []],
    ["unpool", CONDITIONS_OF_WORKERS],
    ["unpool/slim", []],
    ["unpool/web", []],
    ["unpool/journals", []],
    ["unpool/locks", []],
  ]) {
    // A format without top-level await, which esbuild refuses to write then.
    await build({
      stdin: { contents: `import * as unpool from "${entry}"; console.log(unpool);`, resolveDir: installed.folder },
      outdir: installed.folder,
      write: false,
      bundle: true,
      format: "iife",
      conditions,
      loader: { ".wasm": "binary" },
      logLevel: "silent",
      // `import.meta.url` is what the entry that loads a file of its own is about.
      logOverride: { "empty-import-meta": "silent" },
    });
  }
});

test("publint finds nothing", async () => {
  const bytes = await readFile(installed.tarball);
  const tarball = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength);
  const { messages, pkg } = await publint({ pack: { tarball }, strict: true });
  assert.equal(pkg.name, "unpool");
  assert.deepEqual(messages.map((message) => formatMessage(message, pkg, { color: false })), []);
});

test("attw finds nothing", async () => {
  const attw = fileURLToPath(new URL("../node_modules/@arethetypeswrong/cli/dist/index.js", import.meta.url));
  const args = [attw, installed.tarball, "--profile", "node16", "--format", "ascii", "--no-color", "--no-emoji"];
  const both = ["--entrypoints", ".", "journals", "locks", "node"];
  assert.match(await run(installed.folder, process.execPath, [...args, ...both]), /No problems found/);
  // The others are ES modules only, which Node's CommonJS can load since 20.19.
  assert.match(await run(installed.folder, process.execPath, [...args, "--ignore-rules", "cjs-resolves-to-esm"]), /No problems found/);
});
