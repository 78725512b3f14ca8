// The safe removal by what INPUT.entry says (import or require): what is compiled, and when.
import { createRequire } from "node:module";
import { input } from "./job.cjs";

let compiled = 0;
WebAssembly.Module = new Proxy(WebAssembly.Module, {
  construct(target, given) {
    compiled += 1;
    return new target(...given);
  },
});
const steps = {};
const note = (name) => {
  steps[name] = compiled;
  compiled = 0;
};

const unpool = input.entry === "require" ? createRequire(import.meta.url)("unpool") : await import("unpool");
const { Client, ucloud } = unpool;
note("loaded");
const client = new Client(input.client);
await client.send(ucloud.describeVServer({ ulbId: input.request.from.ulbId }));
note("sent");
const plans = await Promise.all([client.plan(input.request), new Client(input.client).plan(input.request)]);
note("planned");
const report = await client.run(plans[1]);
note("removed");
console.log(JSON.stringify({ steps, entries: plans.map(({ entries }) => entries.length), report }));
