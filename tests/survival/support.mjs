// What the tests of journals, locks and undo share: a removal of several calls on each cloud, what a run that nobody
// disturbs changes there, and journals in memory.
import assert from "node:assert/strict";
import { changes, patient, settled } from "../removal/support.mjs";

export * from "../removal/support.mjs";

export const KINDS = ["alibaba", "ucloud", "otc"];

/** What is put up on each cloud, and what of it is to go: several calls to drain, several to remove, a rule to edit. */
const SCENES = {
  alibaba: {
    wish: { servers: 6, groups: 1, serversPerGroup: 6 },
    // In both groups.
    request: ({ loadBalancerId, serverIds: [serverId] }) => ({ from: { loadBalancerId }, remove: [{ serverId }] }),
    options: { maxBackendsPerCall: 1 },
  },
  ucloud: {
    wish: { backends: 6, rules: 1 },
    request: ({ ulbId, vServers: [{ backendIds }] }) => ({ from: { ulbId }, remove: backendIds.slice(1, 3).map((backendId) => ({ backendId })) }),
  },
  otc: {
    wish: { pools: 2, members: 4 },
    request: ({ loadBalancerId, pools }) => ({ from: { loadBalancerId }, remove: pools.map(({ memberIds }) => ({ memberId: memberIds[1] })) }),
  },
};
SCENES.scloud = SCENES.ucloud;

/** The emulator as it was, with `count` load balancers more -> the request that takes backends out of each. */
export function arrange(cloud, kind, count = 1) {
  cloud.control.reset();
  const { wish, request } = SCENES[kind];
  const { added } = cloud.control.arrange({ add: { [kind]: Array(count).fill(wish) } });
  const all = added[kind].map(request);
  if (count === 1) return all[0];
  return { from: all.map(({ from }) => from), remove: all.flatMap(({ remove }) => remove) };
}

/** The same with two servers, also where each of them is two backends. */
export const wider = (kind, request) => (kind === "alibaba" ? { ...request, remove: ["0001", "0002"].map((number) => ({ serverId: `i-seed1-${number}` })) } : request);

/** -> a client for what `arrange` puts up. */
export const operator = (cloud, kind, more) => patient(cloud, kind, { ...SCENES[kind].options, ...more });

/** Those options of a client, for another process. */
export function optionsOf(cloud, kind, more) {
  const { url, region, projectId, credentials } = cloud.info[kind];
  const where = { vendor: kind, endpoint: url, region, credentials, allowHttp: true };
  return { ...where, ...(kind.endsWith("cloud") && { projectId }), ...SCENES[kind].options, ...more };
}

/** What a run that nobody disturbs changes, a line each: the measure of all others. Call it with a clock that is hasty. */
export async function undisturbed(cloud, kind, count = 1) {
  const client = operator(cloud, kind);
  const plan = await client.plan(arrange(cloud, kind, count));
  const report = await client.run(plan);
  assert.equal(report.status, "done");
  assert.deepEqual(report.entries.map(({ outcome }) => outcome), plan.entries.map(() => "removed"));
  return changes(cloud);
}

/** A journal in memory. `before` is told each entry, and its number, before it is kept; `after` once it is. */
export function memory({ before, after, entries = [] } = {}) {
  let count = 0;
  return {
    entries,
    asked: () => count,
    async append(entry) {
      const number = count++;
      await before?.(number, entry);
      // As a store does: a copy, read back from text.
      entries.push(JSON.parse(JSON.stringify(entry)));
      await after?.(number, entry);
    },
  };
}

/** Goes on from a journal to the end, and checks that all that was changed, by whom ever, is what it should be. */
export async function finish(cloud, kind, plan, entries, expected, { message = "", options, client = operator(cloud, kind) } = {}) {
  const report = await settled(client.run(plan, { journal: memory({ entries }), ...options }), 20_000);
  assert.equal(report.status, "done", `${message} ${JSON.stringify(report)}`);
  for (const { outcome, state, error } of report.entries) assert.deepEqual([outcome, state, error], ["removed", "gone", undefined], message);
  for (const { status, error, refusal } of report.loadBalancers) assert.deepEqual([status, error, refusal], ["done", undefined, undefined], message);
  sameChanges(changes(cloud), expected, message);
  return report;
}

/** Lanes of several load balancers may come in any order. */
export function sameChanges(found, expected, message) {
  assert.deepEqual([...found].sort(), [...expected].sort(), message);
}

export const never = () => new Promise(() => {});

/** Until `is()`, looked at often: for what other processes, or the emulator, do. */
export async function until(is, what, ms = 20_000) {
  const end = performance.now() + ms;
  while (!(await is())) {
    if (performance.now() > end) assert.fail(`not within ${ms} ms: ${what}`);
    await new Promise((resolve) => setImmediate(resolve));
  }
}
