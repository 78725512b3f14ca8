// What docs/safe-removal.md says of `maxCalls`, on each cloud.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { pathToFileURL } from "node:url";
import { join } from "node:path";
import { packageFolder, unpool } from "../demo/unpool.mjs";
import { start } from "../emulator/main.mjs";
import { documents } from "./blocks.mjs";

const { arrayJournal } = await import(pathToFileURL(join(packageFolder, "journals.js")));

let emulator;
before(async () => {
  emulator = await start({ port: 0 });
});
after(() => emulator?.close());

const at = (vendor, info, rest) => new unpool.Client({ vendor, credentials: info.credentials, endpoint: info.url, allowHttp: true, ...rest });
const clients = {
  alibaba: ({ alibaba }) => at("alibaba", alibaba, { region: "cn-hangzhou" }),
  ucloud: ({ scloud }) => at("scloud", scloud, { region: scloud.region, projectId: scloud.projectId }),
  otc: ({ otc }) => at("otc", { ...otc, credentials: { ...otc.credentials, projectId: otc.projectId } }, { region: "eu-de" }),
};

const add = (cloud, wish) => emulator.control.arrange({ add: { [cloud]: wish } }).added[cloud][0];
const balancer = (wish) => () => {
  const { loadBalancerId, serverIds } = add("alibaba", { servers: 5, ...wish });
  // One that is in no master-slave group.
  return { from: { loadBalancerId }, remove: { serverId: serverIds[2], groupId: loadBalancerId } };
};
const pools = (count) => () => {
  const { loadBalancerId, pools: [{ memberIds }] } = add("otc", { pools: count, members: 4 });
  return { from: { loadBalancerId }, remove: { memberId: memberIds[0] } };
};
const vServers = () => ({ from: { ulbId: "ulb-5xyz" }, remove: { address: "10.9.1.13" } });

/** By row of the table: what a plan asks for, and how many more groups or pools the row's number counts. */
const cases = {
  "`alibaba` `{ loadBalancerId }`": [
    [balancer({}), 0],
    [balancer({ groups: 2, serversPerGroup: 4 }), 2],
    [balancer({ groups: 2, serversPerGroup: 4, masterSlaveGroups: 1 }), 3],
  ],
  "`alibaba` `{ loadBalancerId, defaultGroupOnly: true }`": [
    [() => ({ from: { loadBalancerId: "lb-bp15lbk8uja8rvm4a0001", defaultGroupOnly: true }, remove: { serverId: "i-bp1fq61enf4loa5i0000" } }), 0],
  ],
  "`alibaba` `{ vServerGroupId }`": [[() => ({ from: { vServerGroupId: "rsp-cige6j5e7p" }, remove: { serverId: "i-bp1fq61enf4loa5i0000" } }), 0]],
  "`ucloud`, `scloud` any": [
    [vServers, 0],
    [() => ({ ...vServers(), from: { ulbId: "ulb-5xyz", vServerId: "vserver-http" } }), 0],
  ],
  "`otc`, `huawei`, `openstack` `{ loadBalancerId }`": [
    [pools(1), 1],
    [pools(3), 3],
  ],
  "`otc`, `huawei`, `openstack` `{ poolId }`": [[() => ({ from: { poolId: "5a9a3e9e-d1aa-448e-af37-a70171f2a332" }, remove: { address: "10.0.0.11" } }), 0]],
};

const rows = [...documents["docs/safe-removal.md"].matchAll(/^ {2}\| (`(?:alibaba|ucloud|otc)`[^|]*) \| ([^|]+) \| (\d+)(?:, and (\d+) for each [^|]+)? \|$/gm)].map(
  ([, vendors, from, least, each]) => ({ name: `${vendors} ${from}`, cloud: /\w+/.exec(vendors)[0], least: Number(least), each: Number(each ?? 0) }),
);

test("every row of the table is tried", () => assert.deepEqual(rows.map(({ name }) => name), Object.keys(cases)));

/** Two runs with one journal: what both came to, and how many entries that has then. */
async function twoRuns(cloud, make, maxCalls) {
  emulator.control.reset();
  const client = clients[cloud](emulator.info);
  const plan = await client.plan({ ...make(), drain: { waitMs: 1 } });
  assert.deepEqual(plan.refusals, []);
  const journal = arrayJournal();
  const run = () => client.run(plan, { journal, maxCalls: maxCalls(plan) });
  const [first, second] = [await run(), await run()];
  return { first, second, entries: journal.entries.length };
}

for (const { name, cloud, least, each } of rows) {
  for (const [at, [make, more]] of (cases[name] ?? []).entries()) {
    const bound = least + each * more;
    test(`${name}${at ? ` (${at + 1})` : ""}: fewer than ${bound} get nowhere, ${bound} get further`, async () => {
      const without = await twoRuns(cloud, make, () => bound - 1);
      assert.deepEqual([without.first.status, without.second.status, without.entries], ["paused", "paused", 0]);
      const { first, second, entries } = await twoRuns(cloud, make, () => bound);
      assert.ok(entries > 0);
      assert.ok(second.calls > first.calls || first.status === "done", "`calls` counts those of both runs");
    });

    test(`${name}${at ? ` (${at + 1})` : ""}: as many calls as the plan says are enough`, async () => {
      const { first } = await twoRuns(cloud, make, ({ calls }) => calls.reads + calls.changes);
      assert.equal(first.status, "done");
    });
  }
}

test("a deadline is a moment: a minute after 1970 is long past", async () => {
  const client = clients.alibaba(emulator.info);
  const plan = await client.plan({ from: { vServerGroupId: "rsp-cige6j5e7p" }, remove: { serverId: "i-bp1fq61enf4loa5i0000" } });
  const { status, calls } = await client.run(plan, { deadline: 60_000 });
  assert.deepEqual([status, calls], ["paused", 0]);
});
