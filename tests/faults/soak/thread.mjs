// Sends the calls of the soak from a thread of its own, whose memory holds nothing but unpool and what it needs.
import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { runInNewContext } from "node:vm";
import { parentPort } from "node:worker_threads";
import { packageFolder } from "../../demo/unpool.mjs";
import { caller } from "./caller.mjs";

const collect = runInNewContext("gc");
// The entry that gives the instance away, for its memory.
const slim = await import(pathToFileURL(resolve(packageFolder, "slim.js")).href);
const { memory } = slim.initSync(await readFile(resolve(packageFolder, "core_bg.wasm")));
const { call } = caller(slim);

async function measured() {
  // Answers that were given up are collected with what they hold, some turns later.
  for (let round = 0; round < 5; round += 1) {
    collect();
    await new Promise((done) => setTimeout(done, 20));
  }
  return { wasm: memory.buffer.byteLength, heap: process.memoryUsage().heapUsed };
}

parentPort.on("message", async ({ number, task }) => {
  const result = task ? await call(task) : await measured();
  parentPort.postMessage({ number, result });
});
