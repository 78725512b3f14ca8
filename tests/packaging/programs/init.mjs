// Starts an entry with what INPUT.given says, and again with what is right: how that ended, and what is signed then.
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { input, sign } from "./job.cjs";

const strays = [];
process.on("unhandledRejection", (thrown) => strays.push(String(thrown)));

const unpool = input.entry === "require" ? createRequire(import.meta.url)("unpool") : await import(input.entry);
const file = (name) => readFile(new URL(import.meta.resolve(`unpool/${name}_bg.wasm`)));
const core = await file("core");
const wasm = (status, body) => new Response(body, { status, headers: { "content-type": "application/wasm" } });

/** Until the first failure, the runtime refuses to compile, as a page's Content-Security-Policy makes it do. */
function refuseToCompile() {
  const { Module, compile } = WebAssembly;
  const refusal = () => new WebAssembly.CompileError("Refused to compile or instantiate WebAssembly module because 'unsafe-eval' is not an allowed source of script");
  WebAssembly.compile = () => Promise.reject(refusal());
  WebAssembly.Module = class extends Module {
    constructor() {
      throw refusal();
    }
  };
  return () => Object.assign(WebAssembly, { Module, compile });
}

/** Until the first failure, this is the global fetch. */
function replaceFetch(replacement) {
  const { fetch } = globalThis;
  globalThis.fetch = replacement;
  return () => (globalThis.fetch = fetch);
}

let restore = () => {};
const GIVEN = {
  nothing: () => [],
  null: () => [null],
  "a number": () => [5],
  "a path": () => ["core_bg.wasm"],
  "an object": () => [{}],
  "a function that gives nothing": () => [() => undefined],
  "a promise": () => [Promise.resolve(core)],
  "an answer": () => [wasm(200, core)],
  "a promise that fails": () => [Promise.reject(new TypeError("fetch failed"))],
  "an answer 404": () => [wasm(404, "not here")],
  "an answer that breaks off": () => [wasm(200, new ReadableStream({ pull: (controller) => controller.error(new Error("cut off")) }))],
  "a page instead": () => [wasm(200, "<!doctype html><title>My application</title>")],
  "half of it": () => [core.subarray(0, core.length / 2)],
  "no bytes": () => [new Uint8Array()],
  "another program": () => [Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0)],
  "the other module": async () => [await file("removal")],
  "a policy against it": () => ((restore = refuseToCompile()), [core]),
  "options that are none": () => [core, 5],
  "an option that is none": () => [core, { remove: 1 }],
  "a fetch that fails": () => ((restore = replaceFetch(() => Promise.reject(new TypeError("fetch failed")))), []),
  "a fetch that throws": () => ((restore = replaceFetch(undefined)), []),
  "a fetch that finds nothing": () => ((restore = replaceFetch(async () => wasm(404, "not here"))), []),
};

const given = await GIVEN[input.given]();
const outcome = async (work) => {
  try {
    const value = await work();
    return { value: value === undefined || typeof value };
  } catch (error) {
    return { isUnpoolError: error instanceof unpool.UnpoolError, ...error?.toJSON?.(), text: String(error), cause: error?.cause && String(error.cause) };
  }
};
const way = input.synchronous ? unpool.initSync : unpool.init;
const first = await outcome(() => way(...given));
restore();
const takesSource = input.entry.startsWith("unpool/");
const second = await outcome(() => unpool.init(...(takesSource ? [core] : [])));
// A third is of no consequence, even if what it is given fails.
const third = await outcome(() => unpool.init(...(takesSource ? [Promise.reject(new Error("nobody waits for this"))] : [])));
await new Promise(setImmediate);
console.log(JSON.stringify({ first, second, third, strays, signed: sign(unpool, input) }));
