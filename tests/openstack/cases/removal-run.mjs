// The safe removal on a healthy load balancer: plan, run, report, against what other clients read.
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  addresses, carriedOut, changes, course, five, outcomes, planned, refusedAsLocked, waits, weights,
} from "./safely.mjs";
import {
  demo, lab, poolOf, secondBalancerOf, secondPoolOf, statuses, withPassword,
} from "./shared.mjs";

const figures = (context, { report, events, requests }, began) =>
  context.diagnostic(
    `${Date.now() - began} ms, ${report.calls} calls, ${changes(requests).length} changes, ` +
      `${refusedAsLocked(requests)} times locked, ${events.length} events`,
  );

test("two of five are drained, waited for and removed; the others keep their weights", async (context) => {
  const { poolId, id } = await poolOf(...five);
  const client = withPassword();
  const before = await lab.sdk().call("members", [poolId]);
  const plan = await planned(client, { from: { poolId }, remove: addresses("b", "d"), drain: { waitMs: 1_000 } });

  assert.deepEqual(plan.refusals, []);
  assert.deepEqual(plan.absent, []);
  assert.deepEqual(plan.entries.map((entry) => [entry.id, entry.weight]).sort(), [[id.b, 4], [id.d, 6]].sort());
  assert.deepEqual(plan.groups.map(({ backends, inService }) => [backends, inService]), [
    [{ before: 5, after: 3 }, { before: 5, after: 3 }],
  ]);
  assert.deepEqual(plan.steps.map(({ step }) => step), ["drain", "wait", "remove"]);
  assert.equal(plan.calls.changes, 4);

  const began = Date.now();
  const run = await carriedOut(client, plan);
  const { report, events, requests, words } = run;
  figures(context, run, began);
  assert.equal(report.status, "done");
  assert.deepEqual(outcomes(report), ["removed gone", "removed gone"]);
  assert.deepEqual(course(events), ["check", "drain", "wait", "remove"]);
  assert.equal(events.at(-1).done, 2);
  const [drain] = waits(events, "drain");
  const last = changes(requests).map(({ method, path }) => `${method} ${path.split("/").at(-1)}`);
  assert.deepEqual(last.slice(0, 2).sort(), [`PUT ${id.b}`, `PUT ${id.d}`].sort());
  assert.deepEqual(last.slice(2).sort(), [`DELETE ${id.b}`, `DELETE ${id.d}`].sort());
  assert.deepEqual(statuses(changes(requests)), [200, 200, 204, 204]);
  // Both are told to the second; the end upwards.
  assert.ok([1_000, 2_000].includes(Date.parse(drain.until) - Date.parse(drain.at)));
  assert.equal(report.calls, requests.length);
  assert.ok(report.calls >= plan.calls.reads + plan.calls.changes);
  assert.match(words, /2 of 2 removed/);

  const kept = before.filter(({ name }) => !["b", "d"].includes(name));
  const after = await lab.sdk().call("members", [poolId]);
  // The machinery's own marks aside, nothing of the others has changed.
  const lasting = (members) =>
    members.map(({ updated_at, operating_status, ...rest }) => rest).sort((one, other) => (one.id < other.id ? -1 : 1));
  assert.deepEqual(lasting(after), lasting(kept));
  assert.deepEqual(await weights(poolId), { a: 3, c: 5, e: 7 });
});

for (const [how, from] of [
  ["the load balancer", () => ({ loadBalancerId: lab.loadBalancerId })],
  ["each pool by itself", (one, two) => [{ poolId: one.poolId }, { poolId: two.poolId }]],
]) {
  test(`six of two pools of one load balancer, named by ${how}: one after the other, never locked out by ourselves`, async (context) => {
    const [one, two] = [await poolOf(...five), await secondPoolOf(...five)];
    const client = demo();
    const request = {
      from: from(one, two),
      remove: addresses("a", "b", "c"),
      drain: { waitMs: 200 },
      allow: ["most-of-pool"],
    };
    const plan = await planned(client, request);
    assert.equal(plan.entries.length, 6);
    assert.equal(plan.loadBalancers.length, 1);
    assert.equal(waitsOf(plan), 1);
    assert.deepEqual([...new Set(plan.warnings.map(({ guard }) => guard))], ["most-of-pool"]);

    const began = Date.now();
    const run = await carriedOut(client, plan);
    figures(context, run, began);
    const { report, requests } = run;
    assert.equal(report.status, "done");
    assert.deepEqual(outcomes(report), Array(6).fill("removed gone"));
    assert.equal(refusedAsLocked(requests), 0);
    assert.deepEqual(statuses(changes(requests)), [...Array(6).fill(200), ...Array(6).fill(204)]);
    for (const { poolId } of [one, two]) assert.deepEqual(await weights(poolId), { d: 6, e: 7 });
  });
}

const waitsOf = ({ steps }) => steps.filter(({ step }) => step === "wait").length;

test("two load balancers in one plan go on at the same time, each by its own lock", async (context) => {
  const [one, two] = [await poolOf(...five), await secondBalancerOf(...five)];
  const client = demo();
  const plan = await planned(client, {
    from: [{ loadBalancerId: two.loadBalancerId }, { poolId: one.poolId }],
    remove: addresses("a", "b"),
    drain: { waitMs: 1_500 },
  });
  assert.equal(plan.loadBalancers.length, 2);
  assert.equal(plan.entries.length, 4);

  // Their requests arrive mixed, so the order of each is looked at by itself.
  const events = [];
  const watch = await lab.watch();
  const began = Date.now();
  const report = await client.run(plan, { onEvent: (event) => events.push(event) });
  const requests = await watch.octavia();
  figures(context, { report, events, requests }, began);
  assert.equal(report.status, "done");
  assert.equal(refusedAsLocked(requests), 0);
  const drains = waits(events, "drain").map(({ at, until }) => [Date.parse(at), Date.parse(until)]);
  assert.equal(drains.length, 2);
  assert.ok(Math.max(...drains.map(([at]) => at)) < Math.min(...drains.map(([, until]) => until)), "both wait at once");
  for (const { poolId } of [one, two]) assert.deepEqual(await weights(poolId), { c: 5, d: 6, e: 7 });
});

test("with drain: false they are removed at once, and nothing else is sent", async () => {
  const { poolId, id } = await poolOf(...five);
  const client = demo();
  const plan = await planned(client, { from: { poolId }, remove: { memberId: id.e }, drain: false });
  const { report, events, requests } = await carriedOut(client, plan);
  assert.equal(report.status, "done");
  assert.deepEqual(course(events), ["check", "remove"]);
  assert.deepEqual(changes(requests).map(({ method, status }) => [method, status]), [["DELETE", 204]]);
  assert.deepEqual(await weights(poolId), { a: 3, b: 4, c: 5, d: 6 });
});

test("one that was drained before is removed without being drained again", async () => {
  const { poolId } = await poolOf("a", { name: "b", weight: 0 }, "c");
  const client = demo();
  const plan = await planned(client, { from: { poolId }, remove: addresses("b"), drain: { waitMs: 60_000 } });
  const { report, requests } = await carriedOut(client, plan);
  assert.equal(report.status, "done");
  assert.deepEqual(changes(requests).map(({ method }) => method), ["DELETE"]);
  assert.deepEqual(await weights(poolId), { a: 1, c: 1 });
});

test("inspect shows the load balancer as plain fetch reads it", async () => {
  const { poolId } = await poolOf(...five);
  const { loadBalancers } = await demo().inspect({ loadBalancerId: lab.loadBalancerId });
  const told = await lab.api.loadBalancer(lab.loadBalancerId);
  assert.deepEqual(loadBalancers.map(({ id, name, status }) => [id, name, status]), [
    [told.id, "lb-demo", "ACTIVE"],
  ]);
  const [{ groups, listeners }] = loadBalancers;
  assert.deepEqual(listeners, [lab.listenerId]);
  assert.deepEqual(groups.map(({ id }) => id).sort(), told.pools.map(({ id }) => id).sort());
  const pool = groups.find(({ id }) => id === poolId);
  assert.deepEqual([pool.kind, pool.name, pool.method, pool.usedBy], ["pool", "web", "ROUND_ROBIN", [lab.listenerId]]);
  assert.deepEqual(
    pool.backends.map(({ id, server, weight, enabled }) => ({ id, server, weight, enabled })),
    (await lab.api.members(poolId))
      .map((member) => ({ id: member.id, server: member.address, weight: member.weight, enabled: member.admin_state_up }))
      .sort((one, other) => (one.id < other.id ? -1 : 1)),
  );
});
