// A run whose process is killed, gone on with by another process from its journal, and undone: the pool is as it was but
// for the ids of its members.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";
import { packageFolder, unpool } from "../../demo/unpool.mjs";
import { addresses, carriedOut, changes, five, outcomes, planned, tellsTheTruth, weights } from "./safely.mjs";
import { demo, hidesSecrets, lab, poolOf, settled, statuses } from "./shared.mjs";

const { fileJournal } = await import(pathToFileURL(join(packageFolder, "node.js")));
const { describeReport } = unpool;
const child = fileURLToPath(new URL("killed-child.mjs", import.meta.url));

/** Members with all that Octavia lets them have, so that what an undo loses shows. */
const rich = five.map((member, index) => ({
  ...member,
  backup: index === 1,
  monitor_port: 9_000 + index,
  monitor_address: `10.0.1.${index + 1}`,
  tags: [`tag-${member.name}`, "rack é"],
}));

/** What makes members what they are: neither their ids nor the machinery's own marks. */
const lasting = (members) =>
  members
    .map(({ id, created_at, updated_at, operating_status, provisioning_status, ...rest }) => rest)
    .sort((one, other) => (one.address < other.address ? -1 : 1));

async function folderFor(context) {
  const folder = await mkdtemp(join(tmpdir(), "unpool-octavia-"));
  context.after(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** Runs the plan in a process that kills itself where it is told to. */
async function killed(folder, plan, when) {
  const order = { plan, when, journal: join(folder, "run.jsonl"), endpoint: lab.endpoint, token: lab.token, region: lab.region };
  await writeFile(join(folder, "order.json"), JSON.stringify(order));
  const process = spawn("node", [child, join(folder, "order.json")], { stdio: ["ignore", "inherit", "pipe"] });
  let errors = "";
  process.stderr.on("data", (text) => (errors += text));
  const [code, signal] = await once(process, "close");
  assert.deepEqual([code, signal, errors], [null, "SIGKILL", ""]);
  await settled();
}

for (const [when, sent] of [
  ["in the drain", [200, 200]],
  ["between two removals", [200, 200, 204]],
  ["between a removal and its answer", [200, 200, 204]],
]) {
  test(`killed ${when}: gone on with from its journal, each member removed once; undone, all is as it was`, { timeout: 120_000 }, async (context) => {
    const { poolId } = await poolOf(...rich);
    const before = lasting(await lab.api.members(poolId));
    const client = demo();
    const plan = await planned(client, { from: { poolId }, remove: addresses("b", "d"), drain: { waitMs: 1_000 } });
    const folder = await folderFor(context);
    const watch = await lab.watch();
    await killed(folder, plan, when);
    assert.deepEqual(statuses(changes(await watch.octavia())), sent);

    const journal = await fileJournal(join(folder, "run.jsonl"));
    context.after(() => journal.close());
    const { report, words } = await carriedOut(client, plan, { journal });
    assert.equal(report.status, "done", words);
    assert.deepEqual(outcomes(report), ["removed gone", "removed gone"]);
    assert.ok(report.resumed.entries > 0);
    const all = changes(await watch.octavia());
    const removed = all.filter(({ method }) => method === "DELETE").map(({ path }) => path.split("/").at(-1));
    assert.deepEqual(removed.sort(), plan.entries.map(({ id }) => id).sort(), "each once");
    assert.deepEqual(statuses(all), [200, 200, 204, 204]);
    assert.deepEqual(await weights(poolId), { a: 3, c: 5, e: 7 });

    // Of the journal alone, as if nobody had seen a report.
    const undone = await client.undo({ plan, journal });
    await settled();
    hidesSecrets(`${JSON.stringify([undone, journal.entries])} ${describeReport(undone)}`);
    assert.equal(undone.status, "done", describeReport(undone));
    assert.deepEqual(undone.entries.map(({ outcome, state }) => [outcome, state]), [["restored", "serving"], ["restored", "serving"]]);
    const now = await lab.api.members(poolId);
    assert.deepEqual(lasting(now), before);
    for (const { id, newId } of undone.entries) {
      assert.ok(newId !== id && now.some((member) => member.id === newId), newId);
    }

    // Twice is as good as once.
    const again = await client.undo(report);
    assert.deepEqual(again.entries.map(({ outcome }) => outcome), ["present", "present"]);
    assert.deepEqual(lasting(await lab.api.members(poolId)), before);
    context.diagnostic(`${report.calls} calls, ${journal.entries.length} entries of the journal; undo ${undone.calls} calls`);
  });
}

test("undo after an abort in mid-drain: weights go back, nothing is added", async () => {
  const { poolId } = await poolOf(...rich);
  const before = lasting(await lab.api.members(poolId));
  const client = demo();
  const plan = await planned(client, { from: { poolId }, remove: addresses("b", "d"), drain: { waitMs: 600_000 } });
  const controller = new AbortController();
  const onEvent = ({ event, why }) => event === "wait" && why === "drain" && setTimeout(() => controller.abort(), 50);
  const { report } = await carriedOut(client, plan, { onEvent, signal: controller.signal });
  assert.equal(report.status, "aborted");
  await tellsTheTruth(report);
  const watch = await lab.watch();
  const undone = await client.undo(report);
  await settled();
  assert.equal(undone.status, "done", describeReport(undone));
  assert.deepEqual(statuses(changes(await watch.octavia())), [200, 200]);
  assert.deepEqual(lasting(await lab.api.members(poolId)), before);
});
