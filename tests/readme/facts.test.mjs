// What the documents' tables and sentences say of the package is what the package says of itself.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";
import { packageFolder, unpool } from "../demo/unpool.mjs";
import { MINIMAL, brotli, bundled, split, total } from "../packaging/size.mjs";
import { blockUnder, blocksIn, documents, read } from "./blocks.mjs";

const KIB = 1024;
const root = (path) => fileURLToPath(new URL(`../../${path}`, import.meta.url));
const declarations = readFileSync(join(packageFolder, "index.d.ts"), "utf8");
const readme = documents["README.md"];
const errors = documents["docs/errors.md"];
const options = documents["docs/options.md"];
const section = (document, title) => document.split(new RegExp(`^#+ ${title}$`, "m"))[1].split(/^## /m)[0];
const kinds = () => [.../export type ErrorKind =([^;]+);/.exec(declarations)[1].matchAll(/"([\w-]+)"/g)].map(([, kind]) => kind);

test("the README is a coffee's reading, and DESIGN.md half of one", () => {
  for (const [path, most] of [["README.md", 16_000], ["DESIGN.md", 8_000]]) {
    const { length } = Buffer.from(read(path));
    assert.ok(length <= most, `${path} has ${length} bytes, ${most} are its most: move what is for fewer readers into docs/`);
  }
});

test("every kind of error has a paragraph, in the order of the declarations", () => {
  const paragraphs = [...errors.matchAll(/^\*\*`([\w-]+)`\*\*: /gm)].map(([, kind]) => kind);
  assert.deepEqual(paragraphs, kinds());
});

test("the README's short list of errors has every kind", () => {
  const listed = section(readme, "Errors");
  for (const kind of kinds()) assert.ok(listed.includes(`\`${kind}\``), kind);
});

test("every field of an error is named", () => {
  const body = /export declare class UnpoolError[^{]*\{([\s\S]*?)\n\}/.exec(declarations)[1];
  const fields = [...body.matchAll(/readonly (\w+)\??:/g)].map(([, field]) => field);
  assert.ok(fields.length > 8);
  for (const field of fields.filter((field) => field !== "name")) assert.ok(errors.includes(`\`${field}\``), field);
});

const someone = { vendor: "alibaba", region: "cn-hangzhou", credentials: { accessKeyId: "id", accessKeySecret: "secret" } };

test("the bounds of the options are those that are checked", () => {
  const bounds = [...options.matchAll(/^\| `(\w+)` \|.*?: ([\d,]+) to ([\d,]+)\b/gm)];
  assert.deepEqual(bounds.map(([, name]) => name), ["timeoutMs", "maxBackendsPerCall", "maxAttempts"]);
  for (const [, name, ...texts] of bounds) {
    const [least, most] = texts.map((text) => Number(text.replaceAll(",", "")));
    for (const value of [least, most]) new unpool.Client({ ...someone, [name]: value }).free();
    for (const value of [least - 1, most + 1]) assert.throws(() => new unpool.Client({ ...someone, [name]: value }), { field: name }, `${name} ${value}`);
  }
});

test("a call is tried as often as it says", async () => {
  const [, default_] = /up to `maxAttempts` times: (\d+), unless/.exec(section(errors, "What is repeated"));
  let calls = 0;
  const fetch = async () => {
    calls += 1;
    throw new TypeError("fetch failed");
  };
  const client = new unpool.Client({ ...someone, fetch });
  const error = await client.send(unpool.alibaba.describeLoadBalancerAttribute({ loadBalancerId: "lb-1" })).catch((error) => error);
  assert.deepEqual([error.kind, calls, error.attempts.length], ["network", Number(default_), Number(default_) - 1]);
});

test("every option and every kind of credentials is named", () => {
  for (const [, name, body] of declarations.matchAll(/export interface (\w+(?:Options|Credentials))[^{]*\{([\s\S]*?)\n\}/g)) {
    for (const [, member] of body.matchAll(/^ {2}(?:readonly )?(\w+)\??:/gm)) {
      assert.match(options, new RegExp(`\\b${member}\\b`), `${name}.${member}`);
    }
  }
});

test("everything that a plan may be asked is named, with its default", () => {
  const body = /export interface PlanRequest<[^{]*\{([\s\S]*?)\n\}/.exec(declarations)[1];
  const members = [...body.matchAll(/^ {2}readonly (\w+)\??:/gm)].map(([, member]) => member);
  assert.ok(members.includes("onEmptyRule"));
  for (const member of members) assert.match(section(documents["docs/safe-removal.md"], "What a plan takes"), new RegExp(`\`${member}\``), member);
});

test("every guard has a line", () => {
  const body = /export type Guard =([\s\S]*?);\n\n/.exec(declarations)[1];
  const guards = [...body.matchAll(/\| "([\w-]+)"/g)].map(([, guard]) => guard);
  const listed = [...section(documents["docs/safe-removal.md"], "What says no").matchAll(/^\| `([\w-]+)` \|/gm)].map(([, guard]) => guard);
  assert.deepEqual(listed, guards);
});

test("every warning of a plan has a line", () => {
  const [, body] = /\{ warning: ([^;]+);/.exec(declarations);
  const warnings = [...body.matchAll(/"([\w-]+)"/g)].map(([, warning]) => warning);
  assert.ok(warnings.length > 3);
  const listed = [...section(documents["docs/safe-removal.md"], "What a plan takes").split("| warning |")[1].matchAll(/^\| `([\w-]+)` \|/gm)].map(([, warning]) => warning);
  assert.deepEqual(listed, warnings);
});

test("every outcome, state and status of a report has its words", () => {
  const told = section(documents["docs/safe-removal.md"], "What comes of it");
  for (const [name, pattern] of [
    ["Outcome", /export type Outcome =([^;]+);/],
    ["EntryState", /export type EntryState =([^;]+);/],
    ["status", /export interface Report \{[\s\S]*?\n {2}status:([^;]+);/],
  ]) {
    const words = [...pattern.exec(declarations)[1].matchAll(/"([\w-]+)"/g)].map(([, word]) => word);
    assert.ok(words.length > 3, name);
    for (const word of words) assert.ok(told.includes(`\`${word}\``), `${name} ${word}`);
  }
});

test("everything that the package exports is named", () => {
  const all = Object.values(documents).join("\n");
  for (const name of Object.keys(unpool)) assert.match(all, new RegExp(`\\b${name}\\b`), name);
});

test("the versions that are needed are those that are checked", () => {
  const [, rust] = /^rust-version = "([\d.]+)"/m.exec(readFileSync(root("xtask/Cargo.toml"), "utf8"));
  const { engines } = JSON.parse(readFileSync(join(packageFolder, "package.json"), "utf8"));
  const [oldest] = /\d+\.\d+/.exec(engines.node);
  for (const path of ["README.md", "docs/demo.md"]) assert.ok(documents[path].includes(`Rust ${rust} or newer and Node ${oldest}, 22.12 or newer`), path);
  assert.match(documents["docs/runtimes.md"], new RegExp(`^\\| Node \\| ${oldest.replace(".", "\\.")}\\b`, "m"));
});

const costs = section(documents["docs/runtimes.md"], "What it costs");
/** What is measured is what the table says, to some hundredths. */
const assertSome = (measured, said) => assert.ok(Math.abs(measured / said - 1) < 0.04, `${measured} is not some ${said}`);

test("what a program loads at its start is no more than the table of costs says, by two bundlers", async (t) => {
  const [, kib] = /at most ([\d.]+) KiB \(brotli\)/.exec(costs);
  const sizes = { esbuild: total((await split(packageFolder, MINIMAL)).start).brotli, Vite: await startByVite() };
  for (const [bundler, size] of Object.entries(sizes)) {
    t.diagnostic(`${bundler}: ${(size / KIB).toFixed(2)} KiB`);
    assert.ok(size <= Number(kib) * KIB, `${bundler} makes ${size / KIB} KiB of it`);
  }
});

test("what a program loads later, what an import of the error alone does, and what npm fetches, is what the table says", async () => {
  const [, later, error, packed, unpacked] = /some (\d+) KiB \(brotli\) more.*?\| ([\d.]+) KiB \(brotli\).*?some ([\d.]+) MB to fetch, ([\d.]+) MB on disk/s.exec(costs).map(Number);
  assertSome(total((await split(packageFolder, MINIMAL)).later).brotli / KIB, later);
  const alone = total(await bundled(packageFolder, 'import { UnpoolError } from "unpool"; globalThis.isOurs = (error) => error instanceof UnpoolError;')).brotli;
  assert.equal((alone / KIB).toFixed(1), error.toFixed(1));
  const { stdout } = spawnSync("npm", ["pack", "--dry-run", "--json", "--ignore-scripts"], { cwd: packageFolder, encoding: "utf8" });
  const [{ size, unpackedSize }] = JSON.parse(stdout);
  assertSome(size / 1e6, packed);
  assertSome(unpackedSize / 1e6, unpacked);
});

/** What Vite makes of the same program, without what follows by `import()`. */
async function startByVite() {
  const folder = root("target/readme-vite");
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(join(folder, "node_modules"), { recursive: true });
  symlinkSync(packageFolder, join(folder, "node_modules/unpool"), "dir");
  writeFileSync(join(folder, "main.js"), MINIMAL);
  const vite = await import(pathToFileURL(createRequire(root("www/package.json")).resolve("vite")));
  const options = { input: join(folder, "main.js"), preserveEntrySignatures: "strict" };
  const build = { write: false, modulePreload: false, target: "es2022", rolldownOptions: options };
  const { output } = await vite.build({ root: folder, configFile: false, logLevel: "warn", build });
  const parts = output.filter(({ type }) => type === "chunk");
  const entry = parts.find(({ isEntry }) => isEntry);
  const first = [entry, ...parts.filter(({ fileName }) => entry.imports.includes(fileName))];
  return first.reduce((sum, { code }) => sum + brotli(Buffer.from(code)), 0);
}

test("examples in Rust are where they are tested", () => {
  const tested = [...readFileSync(root("src/lib.rs"), "utf8").matchAll(/include_str!\("\.\.\/([^"]+)"\)/g)].map(([, path]) => path);
  const rust = new Set(blocksIn("rust").map(({ document }) => document));
  assert.deepEqual([...rust], ["docs/rust.md"]);
  for (const path of rust) assert.ok(tested.includes(path), path);
});

/** A document's rows, by their column of code. */
const inColumn = (text, column) => [...text.matchAll(new RegExp(`^\\|(?:[^|]+\\|){${column}} \`(\\w+)\` \\|`, "gm"))].map(([, name]) => name);

test("the rules of the removal machine are those that it asks, in their order, each with a test of its name", () => {
  const code = readFileSync(root("src/removal/decide.rs"), "utf8");
  const list = (name) => new RegExp(`^const ${name}:.*?= &\\[([^\\]]+)\\];$`, "m").exec(code)[1].split(", ");
  const asked = ["unread", ...["USABLE", "IDLE", "NEEDED"].flatMap(list)];
  assert.deepEqual(inColumn(section(read("docs/design/removal-machine.md"), "The rules"), 2), asked);
  const tests = readFileSync(root("src/removal/decide/tests.rs"), "utf8");
  for (const name of asked) {
    assert.match(code, new RegExp(`\\bfn ${name}\\(`), name);
    assert.match(tests, new RegExp(`#\\[test\\]\\nfn ${name}\\(\\)`), name);
  }
});

test("every file of the removal machine is in its table, and no other", () => {
  const table = section(read("docs/design/removal-machine.md"), "The shape");
  const named = [...table.matchAll(/^\|([^|]+)\|/gm)].flatMap(([, cell]) => [...cell.matchAll(/`([\w/]+\.rs)`/g)].map(([, name]) => name));
  const files = readdirSync(root("src/removal"), { recursive: true }).filter((name) => name.endsWith(".rs"));
  assert.deepEqual(named.sort(), files.sort());
});

test("the demo's tables are those that it prints", () => {
  const { stdout, stderr, status } = spawnSync(process.execPath, [root("tests/demo/check.mjs")], { encoding: "utf8", timeout: 60_000 });
  assert.equal(status, 0, stderr);
  // Times stand before them.
  assert.equal(blockUnder("docs/demo.md", "Without a page", "text").code, stdout.trimEnd().slice(stdout.indexOf("call, request line")));
});
