// The documents' Workers can be deployed as they are printed: wrangler bundles and checks each, and uploads nothing.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdirSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { packageFolder } from "../demo/unpool.mjs";
import { documents } from "./blocks.mjs";
import { removeOne, workers } from "./workers.mjs";

const wrangler = createRequire(import.meta.url).resolve("wrangler/bin/wrangler.js");

/** A folder with what a reader has who has copied both blocks and installed the package. */
function written({ name, main, program, manifest }) {
  const folder = fileURLToPath(new URL(`../../target/readme-deploy/${name}`, import.meta.url));
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(join(folder, "node_modules"), { recursive: true });
  symlinkSync(packageFolder, join(folder, "node_modules/unpool"), "dir");
  writeFileSync(join(folder, main), program);
  writeFileSync(join(folder, "wrangler.jsonc"), manifest);
  return folder;
}

/** -> { status, output } */
async function deploy(folder) {
  const child = spawn(process.execPath, [wrangler, "deploy", "--dry-run", "--outdir", "out"], {
    cwd: folder,
    // It keeps settings and logs in the home, and would tell its makers of its use.
    env: { PATH: process.env.PATH, HOME: folder, XDG_CONFIG_HOME: folder, CI: "1", NO_COLOR: "1", WRANGLER_SEND_METRICS: "false", WRANGLER_HIDE_BANNER: "true" },
    stdio: ["ignore", "pipe", "pipe"],
    timeout: 120_000,
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding("utf8").on("data", (text) => (output += text));
  const status = await new Promise((resolve) => child.once("close", resolve));
  return { status, output };
}

for (const worker of workers) {
  test(`${worker.document}, ${worker.heading}: wrangler deploys it as printed`, { timeout: 150_000 }, async () => {
    const folder = written(worker);
    const { status, output } = await deploy(folder);
    assert.equal(status, 0, output);
    assert.doesNotMatch(output, /WARNING|ERROR/i);
    // Both modules go along, compiled by whoever runs it.
    assert.equal(readdirSync(join(folder, "out")).filter((name) => name.endsWith(".wasm")).length, 2, output);
    if (worker === removeOne) {
      const [, ...said] = /some (\d+) KiB, (\d+) KiB with gzip/.exec(documents["docs/runtimes.md"]).map(Number);
      const [, ...told] = /Total Upload: ([\d.]+) KiB \/ gzip: ([\d.]+) KiB/.exec(output).map(Number);
      for (const at of [0, 1]) assert.ok(Math.abs(told[at] / said[at] - 1) < 0.04, `${told} is not some ${said}`);
    }
    for (const { name, class_name } of worker.durable_objects?.bindings ?? []) assert.ok(output.includes(`env.${name} (${class_name}`), output);
  });
}

test("a class that the program does not export is refused", { timeout: 150_000 }, async () => {
  const worker = workers.find(({ durable_objects }) => durable_objects);
  const folder = written({ ...worker, name: `${worker.name}-wrong`, manifest: worker.manifest.replaceAll('"Removal"', '"Removed"') });
  const { status, output } = await deploy(folder);
  assert.notEqual(status, 0);
  assert.match(output, /Removed/);
});
