// Calls played in workerd, by a Worker that has the installed package in it.
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { startWorker } from "../workerd/workerd.mjs";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const source = here("../../target/faults/worker.js");

/** The nearest thing to another realm: the answer is another Worker's. */
async function throughBinding(request) {
  const headers = [...request.headers].filter(([name]) => !["host", "content-length"].includes(name));
  const body = await request.text();
  return fetch(request.url, { method: request.method, headers, ...(body && { body }) });
}

/** -> { play(script), stop() } */
export async function workerd() {
  const undo = [];
  const t = { after: (step) => undo.push(step) };
  // One file, with the package left to the project that has it installed.
  await build({ entryPoints: [here("worker.mjs")], outfile: source, bundle: true, format: "esm", external: ["unpool"], logLevel: "warning" });
  const worker = await startWorker(t, source, { serviceBindings: { CLOUD: throughBinding } });
  return {
    async play(script) {
      const response = await worker.dispatchFetch("http://worker.example/", { method: "POST", body: JSON.stringify(script) });
      const text = await response.text();
      if (response.status !== 200) throw new Error(`the Worker answered ${response.status}: ${text}`);
      return JSON.parse(text);
    },
    async stop() {
      for (const step of undo.reverse()) await step();
    },
  };
}
