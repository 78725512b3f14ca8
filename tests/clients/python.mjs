// Runs the vendors' Python clients. They live in a virtual environment made from requirements.txt; UNPOOL_PYTHON names its interpreter.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const python = process.env.UNPOOL_PYTHON || here("../../target/tools/clients-venv/bin/python");

export function assertPython() {
  assert.ok(existsSync(python), `no Python with the vendors' clients at ${python}: run "cargo xtask setup", or set UNPOOL_PYTHON`);
}

/** Runs one script of python/ with `request`, a call or a list of calls, on its standard input. -> what calls.py prints */
export function run(script, request) {
  return new Promise((resolve, reject) => {
    const env = { ...process.env, NO_PROXY: "127.0.0.1", PYTHONDONTWRITEBYTECODE: "1", PYTHONWARNINGS: "ignore" };
    const child = spawn(python, [here(`python/${script}.py`)], { env, stdio: ["pipe", "pipe", "pipe"] });
    let out = "";
    let err = "";
    child.stdout.on("data", (data) => (out += data));
    child.stderr.on("data", (data) => (err += data));
    child.on("error", reject);
    child.on("close", (status) => {
      if (status === 0) resolve(JSON.parse(out));
      else reject(new Error(`${script}.py ended with ${status}: ${err}`));
    });
    child.stdin.end(JSON.stringify(request));
  });
}
