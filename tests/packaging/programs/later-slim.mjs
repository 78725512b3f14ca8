// `unpool/slim` with and without the safe removal's module, given as INPUT.given says.
import { readFile } from "node:fs/promises";
import * as unpool from "unpool/slim";
import { input } from "./job.cjs";

const file = (name) => readFile(new URL(import.meta.resolve(`unpool/${name}_bg.wasm`)));
const core = await file("core");
const told = (error) => ({ isUnpoolError: error instanceof unpool.UnpoolError, ...error.toJSON(), cause: String(error.cause) });
const outcome = (work) => work.then((plan) => plan.schema, told);

let asked = 0;
let client;
const answer = async (ok = true) => new Response(ok ? await file("removal") : "not here", { status: ok ? 200 : 404 });
const GIVEN = {
  nothing: () => undefined,
  bytes: () => file("removal"),
  module: async () => new WebAssembly.Module(await file("removal")),
  "a function": () => async () => new WebAssembly.Module(await file("removal")),
  "an answer": () => answer(),
  "an answer at the second time": () => () => answer(asked > 1),
  "something that is thrown at first": () => () => {
    if (asked > 1) return file("removal");
    throw "no disk";
  },
  "a promise that fails": () => Promise.reject(new Error("no network")),
  "what is no module": () => new Uint8Array(8),
  "a page instead": () => new Response("<!doctype html>"),
  "a number": () => 5,
  "the signing module": () => core,
  "something that never comes": () => () => new Promise(() => {}),
  "while the client is freed": () => () => {
    client.free();
    return file("removal");
  },
};
const given = GIVEN[input.given]();
const removal = typeof given === "function" ? () => ((asked += 1), given()) : given;

// What fails is told at the first use, if there is one, and is nobody's unhandled rejection before.
if (input.start === "synchronous") unpool.initSync(core, { removal });
else await unpool.init(core, { removal });
await new Promise(setImmediate);
client = new unpool.Client(input.client);
if (input.client.vendor === "ucloud") client.sign(unpool.ucloud.describeVServer({ ulbId: input.request.from.ulbId }));
const before = asked;
const controller = new AbortController();
if (input.abortAfter) setTimeout(() => controller.abort(), input.abortAfter);
const first = await outcome(client.plan(input.request, { signal: controller.signal }));
const second = input.abortAfter ? undefined : await outcome(client.plan(input.request));
console.log(JSON.stringify({ before, asked, first, second }));
