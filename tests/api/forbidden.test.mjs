// A page whose Content-Security-Policy forbids WebAssembly: the first use says what is missing.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import { packageFolder } from "../demo/unpool.mjs";

const PROGRAM = `
WebAssembly.Module = class {
  constructor() {
    throw new WebAssembly.CompileError("WebAssembly.Module(): Refused to compile or instantiate WebAssembly module");
  }
};
const { Client, UnpoolError } = await import(process.env.PACKAGE);
try {
  new Client({ vendor: "alibaba", region: "cn-hangzhou", credentials: { accessKeyId: "a", accessKeySecret: "b" } });
} catch (error) {
  console.log(JSON.stringify([error instanceof UnpoolError, error.kind, error.hint, error.message, error.cause instanceof WebAssembly.CompileError]));
}
`;

test("it is an UnpoolError that names the directive", () => {
  const { stdout, stderr } = spawnSync(process.execPath, ["--input-type=module", "--eval", PROGRAM], {
    encoding: "utf8",
    env: { ...process.env, PACKAGE: pathToFileURL(join(packageFolder, "index.js")).href },
  });
  assert.equal(stderr, "");
  const [isOurs, kind, hint, message, hasCause] = JSON.parse(stdout);
  assert.deepEqual([isOurs, kind, hasCause], [true, "unsupported", true]);
  assert.match(hint, /'wasm-unsafe-eval' in script-src/);
  assert.match(message, /Refused to compile/);
});
