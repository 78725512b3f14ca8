// `unpool/slim` with what INPUT.source says: bytes, a compiled module, or an answer to fetch.
import { readFile } from "node:fs/promises";
import { runInNewContext } from "node:vm";
import * as unpool from "unpool/slim";
import { input, sign } from "./job.cjs";

const bytes = await readFile(new URL(import.meta.resolve("unpool/core_bg.wasm")));
const before = attempt();

function attempt() {
  try {
    return { value: unpool.regions("alibaba") };
  } catch (error) {
    return { isUnpoolError: error instanceof unpool.UnpoolError, ...error.toJSON() };
  }
}

switch (input.source) {
  case "bytes":
    await unpool.init(bytes);
    break;
  case "module":
    await unpool.init(new WebAssembly.Module(bytes));
    break;
  case "module of another realm":
    await unpool.init(runInNewContext("new WebAssembly.Module(bytes)", { bytes }));
    break;
  case "response":
    await unpool.init(Promise.resolve(new Response(bytes, { headers: { "content-type": "application/wasm" } })));
    break;
  case "synchronous":
    unpool.initSync(new WebAssembly.Module(bytes));
    break;
  case "slow and fast at once": {
    // Two parts of a program that do not know of each other: the client of the first must live on.
    const slow = unpool.init(new Promise((resolve) => setTimeout(resolve, 50, bytes)));
    await unpool.init(bytes);
    const client = new unpool.Client(input.client);
    await slow;
    client.sign(unpool.alibaba.removeVServerGroupBackendServers(input.parameters));
    break;
  }
}
console.log(JSON.stringify({ names: Object.keys(unpool), before, ...sign(unpool, input) }));
