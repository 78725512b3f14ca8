// Where the calls of the soak are sent from: this Node, or a Worker in workerd.
import { readFile, readdir } from "node:fs/promises";
import { join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { build } from "esbuild";
import { packageFolder } from "../../demo/unpool.mjs";
import { startWorker } from "../../workerd/workerd.mjs";
import { caller } from "./caller.mjs";

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc");

/** -> { call(task), memory() -> { wasm, heap } in bytes, stop() } */
async function node() {
  // The entry that gives the instance away, for its memory.
  const slim = await import(pathToFileURL(resolve(packageFolder, "slim.js")).href);
  const { memory } = slim.initSync(await readFile(resolve(packageFolder, "core_bg.wasm")));
  return {
    ...caller(slim),
    memory: async () => {
      collect();
      return { wasm: memory.buffer.byteLength, heap: process.memoryUsage().heapUsed };
    },
    stop: async () => {},
  };
}

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const source = here("../../../target/faults/soak-worker.js");

/** The resident memory of the workerd that this process started. */
async function residentOfWorkerd() {
  for (const id of (await readdir("/proc")).filter((name) => /^\d+$/.test(name))) {
    const status = await readFile(join("/proc", id, "status"), "utf8").catch(() => "");
    if (/^Name:\s+workerd/m.test(status) && new RegExp(`^PPid:\\s+${process.pid}$`, "m").test(status)) return Number(status.match(/^VmRSS:\s+(\d+)/m)[1]) * 1_024;
  }
  return undefined;
}

async function workerd() {
  const undo = [];
  await build({ entryPoints: [here("worker.mjs")], outfile: source, bundle: true, format: "esm", external: ["unpool", "unpool/slim", "unpool/core_bg.wasm"], logLevel: "warning" });
  const worker = await startWorker({ after: (step) => undo.push(step) }, source);
  const ask = async (body) => {
    const response = await worker.dispatchFetch("http://worker.example/", { method: "POST", body: JSON.stringify(body) });
    const text = await response.text();
    if (response.status !== 200) throw new Error(`the Worker answered ${response.status}: ${text}`);
    return JSON.parse(text);
  };
  return {
    call: (task) => ask({ task }),
    memory: async () => ({ ...(await ask({ memory: true })), heap: await residentOfWorkerd() }),
    async stop() {
      for (const step of undo.reverse()) await step();
    },
  };
}

export const RUNTIMES = { node, workerd };
