// Where the calls of the soak are sent from: a thread of this Node, or a Worker in workerd.
import { readFile, readdir } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { setFlagsFromString } from "node:v8";
import { Worker } from "node:worker_threads";
import { build } from "esbuild";
import { startWorker } from "../../workerd/workerd.mjs";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));

/** `hear` gets everything that the runtime prints. -> { call(task), memory() -> { wasm, heap } in bytes, stop() } */
async function node(hear) {
  setFlagsFromString("--expose-gc");
  const thread = new Worker(here("thread.mjs"), { stdout: true, stderr: true });
  for (const stream of [thread.stdout, thread.stderr]) stream.on("data", (chunk) => hear(String(chunk)));
  const waiting = new Map();
  let asked = 0;
  thread.on("message", ({ number, result }) => {
    waiting.get(number)(result);
    waiting.delete(number);
  });
  // A stray exception in the thread is a failure of the soak, not of one call.
  thread.on("error", (error) => {
    throw error;
  });
  const ask = (message) => new Promise((resolve) => {
    waiting.set((asked += 1), resolve);
    thread.postMessage({ number: asked, ...message });
  });
  return { call: (task) => ask({ task }), memory: () => ask({}), stop: () => thread.terminate() };
}

const source = here("../../../target/faults/soak-worker.js");

/** The resident memory of the workerd that this process started. */
async function residentOfWorkerd() {
  for (const id of (await readdir("/proc")).filter((name) => /^\d+$/.test(name))) {
    const status = await readFile(join("/proc", id, "status"), "utf8").catch(() => "");
    if (/^Name:\s+workerd/m.test(status) && new RegExp(`^PPid:\\s+${process.pid}$`, "m").test(status)) return Number(status.match(/^VmRSS:\s+(\d+)/m)[1]) * 1_024;
  }
  return undefined;
}

async function workerd(hear) {
  const undo = [];
  await build({ entryPoints: [here("worker.mjs")], outfile: source, bundle: true, format: "esm", external: ["unpool", "unpool/slim", "unpool/core_bg.wasm"], logLevel: "warning" });
  const handleRuntimeStdio = (...streams) => streams.forEach((stream) => stream.on("data", (chunk) => hear(String(chunk))));
  const worker = await startWorker({ after: (step) => undo.push(step) }, source, { handleRuntimeStdio });
  const ask = async (body) => {
    const response = await worker.dispatchFetch("http://worker.example/", { method: "POST", body: JSON.stringify(body) });
    const text = await response.text();
    if (response.status !== 200) throw new Error(`the Worker answered ${response.status}: ${text}`);
    return JSON.parse(text);
  };
  return {
    call: (task) => ask({ task }),
    memory: async () => ({ ...(await ask({})), heap: await residentOfWorkerd() }),
    async stop() {
      for (const step of undo.reverse()) await step();
    },
  };
}

export const RUNTIMES = { node, workerd };
