// What the cases of the safe removal share: a run of a plan, and what has to hold for every report, whatever happened.
import assert from "node:assert/strict";
import { unpool } from "../../demo/unpool.mjs";
import { hidesSecrets, interrupted, lab } from "./shared.mjs";

const { UnpoolError, describePlan, describeReport } = unpool;

/** Plans are stored and posted: what is run is what JSON has left of one. */
const stored = (plan) => JSON.parse(JSON.stringify(plan));

/** A plan, and that it was made without changing anything. */
export async function planned(client, request) {
  const watch = await lab.watch();
  const plan = await client.plan(request);
  assert.deepEqual(changes(await watch.octavia()), []);
  assert.equal(plan.schema, "unpool/plan@1");
  hidesSecrets(`${JSON.stringify(plan)} ${describePlan(plan)}`);
  return stored(plan);
}

/**
 * Carries a plan out. Checks its report against Octavia by plain fetch, its events, and that every change was decided
 * by a look at its pool.
 *
 * @returns `{ report, events, requests, words }`: with what reached Octavia, and the report in words
 */
export async function carriedOut(client, plan, { onEvent, look = lab.api, ...options } = {}) {
  const events = [];
  const watch = await lab.watch();
  const report = await client.run(stored(plan), {
    ...options,
    onEvent: (event) => {
      events.push(event);
      onEvent?.(event);
    },
  });
  const requests = await watch.octavia();
  const words = describeReport(report);
  hidesSecrets(`${JSON.stringify([report, events])} ${words}`);
  assert.equal(report.schema, "unpool/report@1");
  assert.deepEqual(report.entries.map(({ id }) => id).sort(), plan.entries.map(({ id }) => id).sort());
  for (const { id } of report.loadBalancers) await resting(id);
  await tellsTheTruth(report, look);
  inOrder(events, report);
  decidedByLooks(requests);
  return { report, events, requests, words };
}

/** Until nothing is pending any more; ERROR rests, too. */
async function resting(loadBalancerId) {
  while ((await lab.api.loadBalancer(loadBalancerId)).provisioning_status.startsWith("PENDING")) {
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** Every outcome and state that is told is so in Octavia; `unknown` claims nothing. */
export async function tellsTheTruth(report, look = lab.api) {
  for (const { id, groupId, outcome, state } of report.entries) {
    const { status, json } = await look.ask("GET", `pools/${groupId}/members/${id}`);
    const now = status === 404 ? "gone" : takesNothing(json.member) ? "drained" : "serving";
    const what = `${id}: ${outcome}, ${state}; Octavia says ${now}`;
    if (state !== "unknown") assert.equal(state, now, what);
    // Not tried and not seen: somebody else may have taken it out.
    if (outcome === "not-tried" && state === "unknown") continue;
    if (outcome !== "unknown") assert.equal(["removed", "absent"].includes(outcome), now === "gone", what);
  }
}

const takesNothing = ({ weight, admin_state_up: enabled }) => weight === 0 || !enabled;

/** Steps begin before they end, what is done only grows, and every entry is told of once it has its outcome. */
function inOrder(events, report) {
  const open = new Map();
  const done = [0];
  for (const event of events) {
    assert.equal(event.total, report.entries.length);
    assert.ok(event.done >= done.at(-1) && event.done <= event.total, JSON.stringify(event));
    done.push(event.done);
    if (event.event === "step-begin") {
      assert.equal(open.get(event.loadBalancerId), undefined, JSON.stringify(event));
      open.set(event.loadBalancerId, event.step);
    }
    if (event.event === "step-end") {
      assert.equal(open.get(event.loadBalancerId), event.step);
      open.delete(event.loadBalancerId);
    }
    if (event.event === "wait") assert.ok(event.until >= event.at);
  }
  const told = events.filter(({ event }) => event === "entry").map(({ entry }) => entry);
  for (const entry of report.entries) {
    if (!["removed", "absent", "failed"].includes(entry.outcome)) continue;
    const heard = told.filter(({ id }) => id === entry.id).map(({ outcome }) => outcome);
    // What the run before it was told of is not told again.
    if (!report.resumed || heard.length > 0) assert.deepEqual(heard, [entry.outcome]);
  }
}

const isChange = ({ method }) => method !== "GET";
export const changes = (requests) => requests.filter(isChange);
export const refusedAsLocked = (requests) => requests.filter(({ status }) => status === 409).length;

/** No change without a look at its pool after the change before. */
export function decidedByLooks(requests) {
  let looks = [];
  for (const request of requests) {
    if (isChange(request)) {
      const members = request.path.slice(0, request.path.lastIndexOf("/"));
      const paths = looks.map(({ path }) => path);
      assert.ok(paths.includes(members), `${request.method} ${request.path} without a look at ${members}`);
      assert.ok(paths.some((path) => path.includes("/loadbalancers/")), `${request.path} without a look at what locks it`);
      looks = [];
    } else if (request.status === 200) looks.push(request);
  }
}

/** A fetch and a listener for a run: `work` happens once, before the first request of this step. */
export function beforeStep(step, work) {
  let reached = false;
  return {
    fetch: interrupted(() => reached, work),
    onEvent: (event) => (reached ||= event.event === "step-begin" && event.step === step),
  };
}

/** The steps as they began, the waits by their reason. */
export const course = (events) =>
  events.filter(({ event }) => event === "step-begin").map(({ step }) => step);
export const waits = (events, why) => events.filter((event) => event.event === "wait" && event.why === why);

export const outcomes = ({ entries }) => entries.map(({ outcome, state }) => `${outcome} ${state}`).sort();

/** What a pool has, by plain fetch: `{ name: weight }`. */
export const weights = async (poolId) =>
  Object.fromEntries((await lab.api.members(poolId)).map(({ name, weight }) => [name, weight]).sort());

/** The error of a plan or run that has to be refused before anything is sent. */
export async function refused(promise) {
  const error = await promise.then(
    (answer) => assert.fail(`a refusal expected, got ${JSON.stringify(answer)}`),
    (thrown) => thrown,
  );
  assert.ok(error instanceof UnpoolError, String(error));
  assert.equal(error.kind, "refused", error.message);
  assert.equal(error.sent, false);
  return error;
}

/** Five members of different weights, so that every one that changes shows. */
export const five = ["a", "b", "c", "d", "e"].map((name, index) => ({ name, weight: index + 3 }));
export const addresses = (...names) => names.map((name) => ({ address: `10.0.0.${11 + "abcde".indexOf(name)}` }));
