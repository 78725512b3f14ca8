// What the README's tables and sentences say of the package is what the package says of itself.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { packageFolder, unpool } from "../demo/unpool.mjs";
import { blocksOf, readme } from "./blocks.mjs";

const root = (path) => fileURLToPath(new URL(`../../${path}`, import.meta.url));
const declarations = readFileSync(join(packageFolder, "index.d.ts"), "utf8");
const section = (title) => readme.split(new RegExp(`^#+ ${title}$`, "m"))[1].split(/^## /m)[0];
const wrong = section("When something goes wrong");

test("every kind of error has a paragraph, in the order of the declarations", () => {
  const union = /export type ErrorKind =([^;]+);/.exec(declarations)[1];
  const paragraphs = [...wrong.matchAll(/^\*\*`([\w-]+)`\*\*: /gm)].map(([, kind]) => kind);
  assert.deepEqual(paragraphs, [...union.matchAll(/"([\w-]+)"/g)].map(([, kind]) => kind));
});

test("every field of an error is named", () => {
  const body = /export declare class UnpoolError[^{]*\{([\s\S]*?)\n\}/.exec(declarations)[1];
  const fields = [...body.matchAll(/readonly (\w+)\??:/g)].map(([, field]) => field);
  assert.ok(fields.length > 8);
  for (const field of fields.filter((field) => field !== "name")) assert.ok(wrong.includes(`\`${field}\``), field);
});

const options = { vendor: "alibaba", region: "cn-hangzhou", credentials: { accessKeyId: "id", accessKeySecret: "secret" } };

test("the bounds of the options are those that are checked", () => {
  const bounds = [...section("Options").matchAll(/^\| `(\w+)` \|.*?: ([\d,]+) to ([\d,]+)\b/gm)];
  assert.deepEqual(bounds.map(([, name]) => name), ["timeoutMs", "maxBackendsPerCall", "maxAttempts"]);
  for (const [, name, ...texts] of bounds) {
    const [least, most] = texts.map((text) => Number(text.replaceAll(",", "")));
    for (const value of [least, most]) new unpool.Client({ ...options, [name]: value }).free();
    for (const value of [least - 1, most + 1]) assert.throws(() => new unpool.Client({ ...options, [name]: value }), { field: name }, `${name} ${value}`);
  }
});

test("a call is tried as often as it says", async () => {
  const [, default_] = /up to `maxAttempts` times: (\d+), unless/.exec(section("What is repeated"));
  let calls = 0;
  const fetch = async () => {
    calls += 1;
    throw new TypeError("fetch failed");
  };
  const client = new unpool.Client({ ...options, fetch });
  const error = await client.send(unpool.alibaba.describeLoadBalancerAttribute({ loadBalancerId: "lb-1" })).catch((error) => error);
  assert.deepEqual([error.kind, calls, error.attempts.length], ["network", Number(default_), Number(default_) - 1]);
});

test("every option and every kind of credentials is named", () => {
  const options = section("Options");
  for (const [, name, body] of declarations.matchAll(/export interface (\w+(?:Options|Credentials))[^{]*\{([\s\S]*?)\n\}/g)) {
    for (const [, member] of body.matchAll(/^ {2}(?:readonly )?(\w+)\??:/gm)) {
      assert.match(options, new RegExp(`\\b${member}\\b`), `${name}.${member}`);
    }
  }
});

test("everything that the package exports is named", () => {
  for (const name of Object.keys(unpool)) assert.match(readme, new RegExp(`\\b${name}\\b`), name);
});

test("every operation is named", () => {
  const operations = [...declarations.matchAll(/readonly operation: "(\w+)"/g)].map(([, name]) => name);
  assert.ok(operations.length >= 8);
  for (const name of operations) assert.ok(readme.includes(name), name);
});

test("links lead to files and headings", () => {
  const headings = [...readme.matchAll(/^#+ (.*)$/gm)].map(([, text]) => text.toLowerCase().replace(/[^\p{L}\d\- ]/gu, "").replaceAll(" ", "-"));
  const targets = [...readme.matchAll(/\]\(([^)]+)\)/g)].map(([, target]) => target);
  for (const target of targets) assert.ok(headings.includes(target.slice(1)), target);
  for (const [, path] of readme.matchAll(/`((?:examples|tests|www)\/[^`]*|[A-Z]+\.md)`/g)) assert.ok(existsSync(root(path)), path);
});

test("the versions that are needed are those that are checked", () => {
  const [, rust] = /^rust-version = "([\d.]+)"/m.exec(readFileSync(root("xtask/Cargo.toml"), "utf8"));
  const { engines } = JSON.parse(readFileSync(join(packageFolder, "package.json"), "utf8"));
  assert.ok(readme.includes(`Rust ${rust} or newer and Node ${engines.node.replace(">=", "")} or newer`));
});

test("the demo's tables are those that it prints", () => {
  const { stdout, stderr, status } = spawnSync(process.execPath, [root("tests/demo/check.mjs")], { encoding: "utf8", timeout: 60_000 });
  assert.equal(status, 0, stderr);
  const shown = blocksOf(readme).find(({ heading, language }) => heading === "Two commands" && language === "text");
  // Times stand before them.
  assert.equal(shown.code, stdout.trimEnd().slice(stdout.indexOf("call, request line")));
});
