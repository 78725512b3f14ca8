// `unpool/web` in Node, whose fetch takes no file: the start fails, and works with bytes afterwards.
import { readFile } from "node:fs/promises";
import * as unpool from "unpool/web";
import { input, sign } from "./job.cjs";

const asked = [];
const original = globalThis.fetch;
globalThis.fetch = (url, ...rest) => {
  asked.push(String(url));
  return original(url, ...rest);
};
const refused = await unpool.init().then(
  () => false,
  (error) => error instanceof Error,
);
globalThis.fetch = original;

await unpool.init(await readFile(new URL(import.meta.resolve("unpool/core_bg.wasm"))));
console.log(JSON.stringify({ names: Object.keys(unpool), asked, refused, ...sign(unpool, input) }));
