// A process that carries a plan out with a journal in a file, and kills itself: node killed-child.mjs <order.json>
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { packageFolder, unpool } from "../../demo/unpool.mjs";

const { fileJournal } = await import(pathToFileURL(join(packageFolder, "node.js")));
const { plan, when, journal, endpoint, token, region } = JSON.parse(await readFile(process.argv[2], "utf8"));

/** Nothing more happens here, even where the signal takes its time. */
const end = () => {
  process.kill(process.pid, "SIGKILL");
  return new Promise(() => {});
};
let removals = 0;
const client = new unpool.Client({
  vendor: "openstack",
  region,
  endpoint,
  allowHttp: true,
  credentials: { token },
  fetch: async (url, init) => {
    if (init.method !== "DELETE") return fetch(url, init);
    removals += 1;
    // The second one is announced in the journal, and never leaves.
    if (when === "between two removals" && removals === 2) await end();
    const response = await fetch(url, init);
    if (when === "between a removal and its answer") await end();
    return response;
  },
});
const onEvent = ({ event, why }) => when === "in the drain" && event === "wait" && why === "drain" && void end();
await client.run(plan, { journal: await fileJournal(journal), onEvent });
console.error("the run came to its end");
