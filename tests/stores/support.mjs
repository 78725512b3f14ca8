// What the tests of journals and locks share: the package, entries, folders.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { promisify } from "node:util";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));

/** Nothing here needs the module, so the template does where no package is built. */
export const pkg = process.env.UNPOOL_PKG ? resolve(process.env.UNPOOL_PKG) : here("../../pkg-template");
export const load = (entry) => import(pathToFileURL(join(pkg, `${entry}.js`)));

/** As large as a run's own, with what JSON must escape. */
export const entry = (seq, lane = "lb-1") => ({ lane, seq, digest: `d${seq}`, step: "removal", note: "\"é\\\n\u2028 x".repeat(20), weight: 100, ids: ["i-1", null] });
export const entries = (count, lane) => Array.from({ length: count }, (_, seq) => entry(seq, lane));

export async function folderFor(t) {
  const target = here("../../target/stores");
  await mkdir(target, { recursive: true });
  const folder = await mkdtemp(join(target, "run-"));
  t.after(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

export const sleep = (millis) => new Promise((resolve) => setTimeout(resolve, millis));

/** The error as its fields: what is thrown must be an UnpoolError. */
export async function failure(promise) {
  const { UnpoolError } = await load("errors");
  const error = await promise.then(
    (value) => assert.fail(`no error, but ${JSON.stringify(value)}`),
    (error) => error,
  );
  assert.ok(error instanceof UnpoolError, String(error?.stack ?? error));
  return error;
}

/** Ends those children of this process that were started with `word`, as a power cut would. */
export async function killChildren(word) {
  const { stdout } = await promisify(execFile)("ps", ["-A", "-ww", "-o", "pid=,ppid=,args="]);
  const lines = stdout.split("\n").map((line) => /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line) ?? []);
  const own = lines.filter(([, , parent, args]) => Number(parent) === process.pid && args.includes(word));
  if (own.length === 0) throw new Error(`no ${word} is running`);
  for (const [, pid] of own) process.kill(Number(pid), "SIGKILL");
}
