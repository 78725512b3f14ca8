// What a run does not do: guards that say no before and in the middle of it, states that let nothing through, rights
// that are missing.
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  addresses, beforeStep, carriedOut, changes, course, five, outcomes, planned, refused, weights,
} from "./safely.mjs";
import {
  demo, lab, poolOf, secondBalancerOf, secondPoolOf, settled, statuses, withKeystone,
} from "./shared.mjs";

const asSeeded = { a: 3, b: 4, c: 5, d: 6, e: 7 };
const two = addresses("b", "d");

/** A run that a plan's own refusals stop: nothing is sent at all. */
async function stopsAtOnce(client, plan, guard) {
  assert.deepEqual([...new Set(plan.refusals.map((refusal) => refusal.guard))], [guard]);
  const watch = await lab.watch();
  const error = await refused(client.run(plan));
  assert.equal(error.code, guard);
  assert.deepEqual(await watch.octavia(), []);
}

async function inError(work, loadBalancerId = lab.loadBalancerId) {
  await lab.setStatus("load_balancer", loadBalancerId, "ERROR");
  try {
    return await work();
  } finally {
    await lab.setStatus("load_balancer", loadBalancerId, "ACTIVE");
  }
}

test("a load balancer stuck in ERROR is refused: by the plan, and by a run whose plan is older", async () => {
  const { poolId } = await poolOf(...five);
  const client = demo();
  const request = { from: { poolId }, remove: two };
  const before = await planned(client, request);
  await inError(async () => {
    const plan = await planned(client, request);
    await stopsAtOnce(client, plan, "locked-or-error");
    assert.match(plan.refusals[0].message, /\bERROR\b/);

    const { report, events, requests } = await carriedOut(client, before);
    assert.equal(report.status, "refused");
    assert.equal(report.loadBalancers[0].refusal.guard, "locked-or-error");
    assert.deepEqual(outcomes(report), ["not-tried serving", "not-tried serving"]);
    assert.deepEqual(course(events), ["check"]);
    assert.deepEqual(changes(requests), []);
    assert.deepEqual(await weights(poolId), asSeeded);
  });
});

test("allowing locked-or-error tries it: the load balancer in ERROR refuses every change, and nothing is changed", async () => {
  const { poolId } = await poolOf(...five);
  const client = demo();
  await inError(async () => {
    const plan = await planned(client, { from: { poolId }, remove: two, allow: ["locked-or-error"] });
    assert.deepEqual(plan.refusals, []);
    const { report, requests } = await carriedOut(client, plan);
    assert.equal(report.status, "incomplete");
    assert.ok(changes(requests).length > 0);
    assert.deepEqual([...new Set(statuses(changes(requests)))], [409]);
    assert.deepEqual(outcomes(report).sort(), ["failed serving", "not-tried serving"]);
  });
});

test("ERROR in mid-run: nothing can be put back, and the report says what is drained", async () => {
  const { poolId } = await poolOf(...five);
  const { fetch, onEvent } = beforeStep("remove", () => lab.setStatus("load_balancer", lab.loadBalancerId, "ERROR"));
  const client = demo({ fetch });
  const plan = await planned(client, { from: { poolId }, remove: two, drain: { waitMs: 100 } });
  try {
    const { report, events, requests, words } = await carriedOut(client, plan, { onEvent });
    assert.equal(report.status, "refused");
    assert.equal(report.loadBalancers[0].refusal.guard, "locked-or-error");
    assert.deepEqual(outcomes(report), ["not-tried drained", "not-tried drained"]);
    for (const { error } of report.entries) assert.match(error.message, /\bERROR\b/);
    assert.match(words, /2 backends take no traffic and are not removed/);
    assert.deepEqual(course(events), ["check", "drain", "wait", "remove", "put-back"]);
    assert.deepEqual(statuses(changes(requests)), [200, 200]);
    assert.deepEqual(await weights(poolId), { ...asSeeded, b: 0, d: 0 });
  } finally {
    await lab.setStatus("load_balancer", lab.loadBalancerId, "ACTIVE");
  }
});

test("of two load balancers one falls into ERROR in mid-run: the other one is finished", async () => {
  const [one, other] = [await poolOf(...five), await secondBalancerOf(...five)];
  const { fetch, onEvent } = beforeStep("remove", () => lab.setStatus("load_balancer", other.loadBalancerId, "ERROR"));
  const client = demo({ fetch });
  const plan = await planned(client, {
    from: [{ loadBalancerId: other.loadBalancerId }, { poolId: one.poolId }],
    remove: two,
    drain: { waitMs: 1_500 },
  });
  try {
    const report = await client.run(plan, { onEvent });
    assert.equal(report.status, "incomplete");
    const by = Object.fromEntries(report.loadBalancers.map(({ id, status }) => [id, status]));
    assert.deepEqual(by, { [lab.loadBalancerId]: "done", [other.loadBalancerId]: "refused" });
    await settled();
    assert.deepEqual(await weights(one.poolId), { a: 3, c: 5, e: 7 });
    assert.deepEqual(await weights(other.poolId), { ...asSeeded, b: 0, d: 0 });
  } finally {
    await lab.setStatus("load_balancer", other.loadBalancerId, "ACTIVE");
  }
});

test("a pool in ERROR lets nothing through: reported as not done, after a bounded number of attempts", async (context) => {
  const { poolId } = await poolOf(...five);
  const client = demo();
  const plan = await planned(client, { from: { poolId }, remove: two, drain: false });
  await lab.setStatus("pool", poolId, "ERROR");
  try {
    const began = Date.now();
    const { report, requests } = await carriedOut(client, plan);
    context.diagnostic(`${Date.now() - began} ms, ${changes(requests).length} attempts, ${report.calls} calls`);
    assert.ok(["refused", "incomplete"].includes(report.status), report.status);
    assert.equal(report.entries.filter(({ state }) => state === "serving").length, 2);
    assert.deepEqual([...new Set(statuses(changes(requests)))].filter((status) => status !== 409), []);
    assert.deepEqual(await weights(poolId), asSeeded);
  } finally {
    await lab.setStatus("pool", poolId, "ACTIVE");
  }
});

test("keepAtLeast says no in the plan, as a number and as a share; allowed by name it is a warning", async () => {
  const { poolId } = await poolOf(...five);
  const client = demo();
  for (const keepAtLeast of [4, "70%"]) {
    const plan = await planned(client, { from: { poolId }, remove: two, keepAtLeast });
    await stopsAtOnce(client, plan, "keep-at-least");
    assert.match(plan.refusals[0].message, /3 servers in service, and at least 4 must stay/);

    // A plan is a claim: without what speaks against it, the run finds it again.
    const { report, requests } = await carriedOut(client, { ...plan, refusals: [] });
    assert.deepEqual([report.status, report.loadBalancers[0].refusal.guard], ["refused", "keep-at-least"]);
    assert.deepEqual(changes(requests), []);
  }
  assert.deepEqual(await weights(poolId), asSeeded);
  const allow = ["keep-at-least"];
  const plan = await planned(client, { from: { poolId }, remove: two, keepAtLeast: 4, allow, drain: false });
  assert.deepEqual(plan.warnings.map(({ guard }) => guard), allow);
  const { report } = await carriedOut(client, plan);
  assert.equal(report.status, "done");
});

test("one that is unhealthy is not missed: it goes although keepAtLeast holds the others back", async () => {
  const { poolId, id } = await poolOf(...five);
  await lab.setHealth(id.c, "ERROR");
  const client = demo();
  const plan = await planned(client, { from: { poolId }, remove: { health: "unhealthy" }, keepAtLeast: 4, drain: false });
  assert.deepEqual(plan.entries.map((entry) => [entry.id, entry.health]), [[id.c, "unhealthy"]]);
  const { report } = await carriedOut(client, plan);
  assert.equal(report.status, "done");
  assert.deepEqual(await weights(poolId), { a: 3, b: 4, d: 6, e: 7 });
});

test("one that has become healthy again since the plan is not taken out for its health", async () => {
  const { poolId, id } = await poolOf(...five);
  await lab.setHealth(id.c, "ERROR");
  const client = demo();
  const plan = await planned(client, { from: { poolId }, remove: { health: "unhealthy" }, drain: false });
  await lab.setHealth(id.c, "ONLINE");
  const { report, requests } = await carriedOut(client, plan);
  assert.deepEqual(outcomes(report), ["not-tried serving"]);
  assert.deepEqual(changes(requests), []);
  assert.deepEqual(await weights(poolId), asSeeded);
});

test("others fall out in mid-run: keep-at-least stops it, and what was drained gets its own weight back", async () => {
  const { poolId, id } = await poolOf(...five);
  const { fetch, onEvent } = beforeStep("remove", async () => {
    for (const name of ["a", "c"]) {
      await lab.sdk().call("update_member", [id[name], poolId], { weight: 0 });
      await settled();
    }
  });
  const client = demo({ fetch });
  const plan = await planned(client, { from: { poolId }, remove: two, keepAtLeast: 3, drain: { waitMs: 100 } });
  const { report, events, requests, words } = await carriedOut(client, plan, { onEvent });
  assert.deepEqual([report.status, report.loadBalancers[0].refusal.guard], ["refused", "keep-at-least"]);
  assert.deepEqual(outcomes(report), ["not-tried serving", "not-tried serving"]);
  assert.deepEqual(course(events), ["check", "drain", "wait", "remove", "put-back"]);
  assert.deepEqual(changes(requests).map(({ method, status }) => `${method} ${status}`), Array(4).fill("PUT 200"));
  assert.doesNotMatch(words, /no traffic/);
  assert.deepEqual(await weights(poolId), { ...asSeeded, a: 0, c: 0 });
});

test("SOURCE_IP: no drain is possible, so it is refused; without one, or allowed by name, it is removed", async () => {
  const { poolId } = await lab.pool(five, { lb_algorithm: "SOURCE_IP" });
  try {
    const client = demo();
    await stopsAtOnce(client, await planned(client, { from: { poolId }, remove: two }), "cannot-drain");
    assert.deepEqual(await weights(poolId), asSeeded);
    for (const [remove, options] of [
      [addresses("b"), { drain: false }],
      [addresses("d"), { allow: ["cannot-drain"] }],
    ]) {
      const { report, requests } = await carriedOut(client, await planned(client, { from: { poolId }, remove, ...options }));
      assert.equal(report.status, "done");
      assert.deepEqual(changes(requests).map(({ method }) => method), ["DELETE"]);
    }
    assert.deepEqual(await weights(poolId), { a: 3, c: 5, e: 7 });
  } finally {
    await settled();
    await lab.sdk().call("delete_pool", [poolId]);
    await settled();
  }
});

test("a reader may plan; its run is `forbidden` at the first change, and changes nothing", async () => {
  const { poolId } = await poolOf(...five);
  const client = withKeystone(lab.reader);
  for (const [drain, method] of [[{ waitMs: 100 }, "PUT"], [false, "DELETE"]]) {
    const plan = await planned(client, { from: { poolId }, remove: two, drain });
    const { report, requests } = await carriedOut(client, plan);
    assert.equal(report.status, "incomplete");
    assert.deepEqual(report.loadBalancers.map(({ status, error }) => [status, error.kind]), [["failed", "forbidden"]]);
    assert.deepEqual(outcomes(report), ["failed serving", "not-tried serving"]);
    assert.deepEqual(changes(requests).map((request) => [request.method, request.status]), [[method, 403]]);
    assert.deepEqual(await weights(poolId), asSeeded);
  }
});

test("of two pools only one is touched where the other has nothing that is selected", async () => {
  const [one, other] = [await poolOf("a", "b", "c"), await secondPoolOf({ name: "x", address: "10.0.0.99" })];
  const client = demo();
  const request = { from: { loadBalancerId: lab.loadBalancerId }, remove: addresses("a", "e"), drain: false };
  const plan = await planned(client, request);
  assert.deepEqual(plan.absent, addresses("e"));
  const { report } = await carriedOut(client, plan);
  assert.equal(report.status, "done");
  assert.deepEqual([await weights(one.poolId), await weights(other.poolId)], [{ b: 1, c: 1 }, { x: 1 }]);
});
