// What docs/safe-removal.md says of `maxCalls`, on each cloud.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { pathToFileURL } from "node:url";
import { join } from "node:path";
import { packageFolder, unpool } from "../demo/unpool.mjs";
import { start } from "../emulator/main.mjs";
import { documents } from "./blocks.mjs";

const { arrayJournal } = await import(pathToFileURL(join(packageFolder, "journals.js")));
const [, least, most] = /(\d+) \(UCloud\) to (\d+) calls for one load balancer/.exec(documents["docs/safe-removal.md"]).map(Number);

let emulator;
before(async () => {
  emulator = await start({ port: 0 });
});
after(() => emulator?.close());

const at = (vendor, info, rest) => new unpool.Client({ vendor, credentials: info.credentials, endpoint: info.url, allowHttp: true, ...rest });
const drain = { waitMs: 1 };
const clouds = {
  alibaba: ({ alibaba }) => [
    at("alibaba", alibaba, { region: "cn-hangzhou" }),
    { from: { loadBalancerId: "lb-bp15lbk8uja8rvm4a0001" }, remove: { serverId: "i-bp1fq61enf4loa5i0000" }, drain },
  ],
  ucloud: ({ scloud }) => [
    at("scloud", scloud, { region: scloud.region, projectId: scloud.projectId }),
    { from: { ulbId: "ulb-5xyz" }, remove: { address: "10.9.1.13" }, drain },
  ],
  otc: ({ otc }) => [
    at("otc", { ...otc, credentials: { ...otc.credentials, projectId: otc.projectId } }, { region: "eu-de" }),
    { from: { poolId: "5a9a3e9e-d1aa-448e-af37-a70171f2a332" }, remove: { address: "10.0.0.11" }, drain },
  ],
};

/** How many entries the journal has after two runs, and what the second one came to. */
async function twoRuns(cloud, maxCalls) {
  emulator.control.reset();
  const [client, request] = clouds[cloud](emulator.info);
  const plan = await client.plan(request);
  const journal = arrayJournal();
  const [first, second] = [await client.run(plan, { journal, maxCalls: maxCalls(plan) }), await client.run(plan, { journal, maxCalls: maxCalls(plan) })];
  return { first, second, entries: journal.entries.length };
}

for (const cloud of Object.keys(clouds)) {
  test(`${cloud}: as many calls as the plan says are enough`, async () => {
    const { first } = await twoRuns(cloud, ({ calls }) => calls.reads + calls.changes);
    assert.equal(first.status, "done");
  });

  test(`${cloud}: fewer than ${least} get nowhere, ${most} get further`, async () => {
    const without = await twoRuns(cloud, () => least - 1);
    assert.deepEqual([without.first.status, without.second.status, without.entries], ["paused", "paused", 0]);
    const further = await twoRuns(cloud, () => most);
    assert.ok(further.entries > 0);
    assert.ok(further.second.calls > further.first.calls || further.first.status === "done", "`calls` counts those of both runs");
  });
}

test("the range is no wider than it is", async () => {
  assert.equal((await twoRuns("alibaba", () => most - 1)).entries, 0);
  assert.ok((await twoRuns("ucloud", () => least)).entries > 0);
});
