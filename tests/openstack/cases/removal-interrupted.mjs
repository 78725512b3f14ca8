// Runs that end early, because their caller says so; and tokens that end in the middle of one.
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  addresses, beforeStep, carriedOut, changes, course, five, outcomes, planned, refused, weights,
} from "./safely.mjs";
import {
  demo, held, lab, poolOf, settled, shortLived, statuses, wait, withPassword, withToken,
} from "./shared.mjs";

const asSeeded = { a: 3, b: 4, c: 5, d: 6, e: 7 };
const two = addresses("b", "d");

// Octavia needs up to two seconds to look a new token up, on a busy machine more: one that lives for four may be over
// before its first request is answered.
const SECONDS = 8;
const OUTLASTING_MS = 9_000;

test("abort while it waits for the drain: both stay at weight 0, and the report says so", async () => {
  const { poolId } = await poolOf(...five);
  const client = demo();
  const plan = await planned(client, { from: { poolId }, remove: two, drain: { waitMs: 600_000 } });
  const controller = new AbortController();
  const onEvent = ({ event, why }) => event === "wait" && why === "drain" && setTimeout(() => controller.abort(), 50);
  const { report, events, requests, words } = await carriedOut(client, plan, { onEvent, signal: controller.signal });
  assert.equal(report.status, "aborted");
  assert.deepEqual(report.loadBalancers.map(({ status, error }) => [status, error.kind]), [["aborted", "aborted"]]);
  assert.deepEqual(outcomes(report), ["not-tried drained", "not-tried drained"]);
  assert.deepEqual(course(events), ["check", "drain", "wait"]);
  assert.deepEqual(statuses(changes(requests)), [200, 200]);
  assert.match(words, /2 backends take no traffic and are not removed/);
  assert.deepEqual(await weights(poolId), { ...asSeeded, b: 0, d: 0 });

  // What was left is the next plan's beginning: nothing is drained a second time.
  const next = await planned(client, { from: { poolId }, remove: two, drain: { waitMs: 100 } });
  const { report: end, requests: rest } = await carriedOut(client, next);
  assert.equal(end.status, "done");
  assert.deepEqual(statuses(changes(rest)), [204, 204]);
});

test("abort while a drain is on its way: what no read has shown is not claimed", async () => {
  const { poolId } = await poolOf(...five);
  const controller = new AbortController();
  const client = demo({
    // It arrives, and the caller is gone before the answer is.
    fetch: async (url, { signal, ...init }) => {
      const response = await fetch(url, init);
      if (init.method === "PUT") controller.abort();
      return response;
    },
  });
  const plan = await planned(client, { from: { poolId }, remove: two });
  const { report, requests } = await carriedOut(client, plan, { signal: controller.signal });
  assert.equal(report.status, "aborted");
  assert.deepEqual(statuses(changes(requests)), [200]);
  const drained = Object.values(await weights(poolId)).filter((weight) => weight === 0).length;
  assert.equal(drained, 1);
  assert.equal(report.entries.filter(({ state }) => ["drained", "unknown"].includes(state)).length, 1);
});

test("abort while a removal is on its way: its outcome is unknown, the other one was not tried", async () => {
  const { poolId } = await poolOf(...five);
  const controller = new AbortController();
  const client = demo({
    fetch: async (url, { signal, ...init }) => {
      const response = await fetch(url, init);
      if (init.method === "DELETE") controller.abort();
      return response;
    },
  });
  const plan = await planned(client, { from: { poolId }, remove: two, drain: false });
  const { report, requests } = await carriedOut(client, plan, { signal: controller.signal });
  assert.equal(report.status, "aborted");
  assert.deepEqual(statuses(changes(requests)), [204]);
  assert.deepEqual(outcomes(report), ["not-tried serving", "unknown unknown"]);
  assert.equal((await lab.api.members(poolId)).length, 4);
});

test("maxCalls: paused wherever it comes to its end, true at every place, and the next plan goes on from there", async (context) => {
  const client = demo();
  const seen = new Set();
  for (const maxCalls of [1, 5, 6, 8, 9, 13, 16]) {
    const { poolId } = await poolOf(...five);
    const request = { from: { poolId }, remove: two, drain: { waitMs: 50 } };
    const { report, requests } = await carriedOut(client, await planned(client, request), { maxCalls });
    assert.equal(report.status, "paused", `after ${maxCalls} calls`);
    assert.equal(report.calls, maxCalls);
    assert.equal(requests.length, maxCalls);
    assert.ok(Date.parse(report.resumeAt) <= Date.now() + 60_000);
    for (const line of outcomes(report)) seen.add(line);
    const { report: end } = await carriedOut(client, await planned(client, request));
    assert.equal(end.status, "done", JSON.stringify(end.entries));
    assert.deepEqual(await weights(poolId), { a: 3, c: 5, e: 7 });
  }
  context.diagnostic(`seen: ${[...seen].sort().join(", ")}`);
  assert.ok(seen.has("not-tried serving") && seen.has("not-tried drained"));
});

test("a deadline ends a wait for a lock that lasts; what is drained is reported", async () => {
  const { poolId, id } = await poolOf(...five);
  const { fetch, onEvent } = beforeStep("remove", async () => {
    await lab.delay(600_000);
    await lab.sdk().call("update_member", [id.e, poolId], { weight: 8 });
  });
  const client = demo({ fetch });
  const plan = await planned(client, { from: { poolId }, remove: two, drain: { waitMs: 100 } });
  try {
    const began = Date.now();
    const report = await client.run(plan, { onEvent, deadline: began + 9_000 });
    assert.equal(report.status, "paused");
    assert.ok(Date.now() < began + 10_000);
    assert.deepEqual(outcomes(report), ["not-tried drained", "not-tried drained"]);
    assert.ok(Date.parse(report.resumeAt) >= began + 8_000, report.resumeAt);
  } finally {
    await lab.delay(0);
    await settled();
  }
  assert.deepEqual(await weights(poolId), { ...asSeeded, b: 0, d: 0, e: 8 });
});

test("a plan that is too old is refused before anything is sent, unless its age is allowed", async () => {
  const { poolId } = await poolOf(...five);
  const client = demo();
  const plan = await planned(client, { from: { poolId }, remove: two, drain: false, maxPlanAgeMs: 500 });
  await wait(2_000);
  const watch = await lab.watch();
  const error = await refused(client.run(plan));
  assert.equal(error.code, "plan-too-old");
  assert.deepEqual(await watch.octavia(), []);
  const allowed = { ...plan, request: { ...plan.request, allow: ["plan-too-old"] } };
  assert.equal((await carriedOut(client, allowed)).report.status, "done");
});

test("a token that ends in mid-run is renewed, and the run is done", async (context) => {
  const { poolId } = await poolOf(...five);
  await shortLived(async () => {
    const client = withPassword();
    const watch = await lab.watch();
    const plan = await planned(client, { from: { poolId }, remove: two, drain: { waitMs: OUTLASTING_MS } });
    const { report, requests } = await carriedOut(client, plan);
    const tokens = await watch.tokens();
    context.diagnostic(`${tokens.length} tokens, ${requests.length} requests, ${statuses(requests).filter((status) => status === 401).length} times 401`);
    assert.equal(report.status, "done");
    assert.ok(tokens.length >= 2 && tokens.length <= 6, `${tokens.length} tokens`);
    assert.equal(new Set(requests.map(({ token }) => token)).size >= 2, true);
  }, SECONDS);
  assert.deepEqual(await weights(poolId), { a: 3, c: 5, e: 7 });
});

test("a clock that is an hour slow takes a token for live: the 401 in mid-run is answered by a new one", async (context) => {
  const { poolId } = await poolOf(...five);
  const now = Date.now;
  await shortLived(async () => {
    const client = withPassword();
    await client.authenticate();
    Date.now = () => now() - 3_600_000;
    try {
      const plan = await client.plan({ from: { poolId }, remove: two, drain: { waitMs: OUTLASTING_MS } });
      const watch = await lab.watch();
      const report = await client.run(plan);
      const requests = await watch.octavia();
      const expired = requests.filter(({ status }) => status === 401).length;
      context.diagnostic(`${expired} times 401, ${(await watch.tokens()).length} tokens`);
      assert.equal(report.status, "done");
      assert.ok(expired >= 1);
      assert.ok((await watch.tokens()).length >= 1);
      assert.deepEqual(statuses(changes(requests)).filter((status) => status !== 401), [200, 200, 204, 204]);
    } finally {
      Date.now = now;
    }
  }, SECONDS);
  await settled();
  assert.deepEqual(await weights(poolId), { a: 3, c: 5, e: 7 });
});

test("a token that was given ends in mid-run and cannot be renewed: what was drained is in the report", async () => {
  const { poolId } = await poolOf(...five);
  await shortLived(async () => {
    const client = withToken(await lab.keystone.token(lab.credentials));
    const plan = await planned(client, { from: { poolId }, remove: two, drain: { waitMs: OUTLASTING_MS } });
    const { report, requests, words } = await carriedOut(client, plan);
    assert.equal(report.status, "incomplete");
    assert.deepEqual(report.loadBalancers.map(({ status, error }) => [status, error.kind]), [["failed", "auth"]]);
    assert.deepEqual(statuses(changes(requests)), [200, 200]);
    // Nobody can look any more; that this run has drained them must not be lost with it.
    for (const { outcome, state, error } of report.entries) {
      assert.equal(outcome, "not-tried");
      assert.ok(["drained", "unknown"].includes(state), state);
      assert.equal(error.kind, "auth");
    }
    assert.match(words, /2 backends .*no traffic/);
  }, SECONDS);
  assert.deepEqual(await weights(poolId), { ...asSeeded, b: 0, d: 0 });
});

test("locked when it begins: nothing is sent but looks until the lock is gone, then all is done", async (context) => {
  const { poolId, id } = await poolOf(...five);
  const client = demo();
  const plan = await planned(client, { from: { poolId }, remove: two, drain: { waitMs: 50 } });
  let during;
  const { report, requests } = await held(async (release) => {
    await lab.sdk().call("update_member", [id.e, poolId], { weight: 8 });
    const watch = await lab.watch();
    setTimeout(async () => {
      during = await watch.octavia();
      await release();
    }, 2_500);
    return carriedOut(client, plan);
  });
  context.diagnostic(`${during.length} looks at the lock, ${requests.length} requests`);
  assert.deepEqual(changes(during), []);
  assert.equal(report.status, "done");
  assert.deepEqual(statuses(changes(requests)), [200, 200, 204, 204]);
  assert.deepEqual(await weights(poolId), { a: 3, c: 5, e: 8 });
});
