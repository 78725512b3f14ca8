// The documents' TypeScript compiles strictly, and their JavaScript uses nothing that the declarations do not have.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { packageFolder } from "../demo/unpool.mjs";
import { blocksIn } from "./blocks.mjs";

const tsc = createRequire(import.meta.url).resolve("typescript/bin/tsc");
const OPTIONS = {
  noEmit: true,
  target: "es2022",
  module: "nodenext",
  lib: ["es2022", "dom", "dom.iterable"],
  types: [],
  skipLibCheck: false,
};
/** What Node and Workers have and the DOM does not. */
const AMBIENT = `declare const process: { env: { [name: string]: string } };
declare function require(name: "unpool"): typeof import("unpool");
declare function require(name: "unpool/node"): typeof import("unpool/node");
declare module "node:fs/promises" {
  export function readFile(path: string, encoding: "utf8"): Promise<string>;
  export function writeFile(path: string, text: string, options?: { flag: string }): Promise<void>;
  export function rm(path: string): Promise<void>;
}
interface SubtleCrypto { timingSafeEqual(a: ArrayBuffer, b: ArrayBuffer): boolean; }
`;

/** Files are { name: text }. -> { status, output } */
function compile(name, files, options) {
  const folder = fileURLToPath(new URL(`../../target/readme-types/${name}`, import.meta.url));
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(join(folder, "node_modules"), { recursive: true });
  symlinkSync(packageFolder, join(folder, "node_modules/unpool"), "dir");
  writeFileSync(join(folder, "package.json"), '{ "type": "module" }');
  writeFileSync(join(folder, "tsconfig.json"), JSON.stringify({ compilerOptions: { ...OPTIONS, ...options }, files: Object.keys(files) }));
  for (const [file, text] of Object.entries(files)) writeFileSync(join(folder, file), text);
  const { status, stdout, stderr } = spawnSync(process.execPath, [tsc, "--project", folder], { encoding: "utf8", timeout: 120_000 });
  return { status, output: stdout + stderr };
}

const programs = (...languages) => Object.fromEntries(blocksIn(...languages).map(({ language, program }, at) => [`example-${at}.${language}`, program]));

const strict = { strict: true, exactOptionalPropertyTypes: true, noUncheckedIndexedAccess: true };

test("TypeScript examples compile strictly", () => {
  const files = programs("ts");
  assert.ok(Object.keys(files).length > 0);
  const { status, output } = compile("ts", files, strict);
  assert.equal(output, "");
  assert.equal(status, 0);
});

test("JavaScript examples fit the declarations", () => {
  const files = programs("js", "cjs");
  const { status, output } = compile("js", { ...files, "ambient.d.ts": AMBIENT }, { allowJs: true, checkJs: true, strict: false });
  assert.equal(output, "");
  assert.equal(status, 0);
});

test("a misspelt option, operation, parameter or field does not compile", () => {
  const [example] = Object.values(programs("ts"));
  for (const [right, wrong] of [
    ["region:", "regoin:"],
    ["removeBackendServers(", "removeBackendServer("],
    ["loadBalancerId,", "loadBalancer: loadBalancerId,"],
    ["{ requestId }", "{ requestID }"],
  ]) {
    assert.ok(example.includes(right), right);
    const { status, output } = compile("wrong", { "wrong.ts": example.replace(right, wrong) }, strict);
    assert.match(output, /wrong\.ts\(\d+,\d+\): error TS/, wrong);
    assert.notEqual(status, 0, wrong);
  }
});
