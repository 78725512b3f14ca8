// Another operator, openstacksdk, works on the same load balancer between plan and run, and while it runs.
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  addresses, beforeStep, carriedOut, changes, course, five, outcomes, planned, refusedAsLocked, waits, weights,
} from "./safely.mjs";
import { demo, interrupted, lab, poolOf, secondPoolOf, settled, statuses, wait } from "./shared.mjs";

const asSeeded = { a: 3, b: 4, c: 5, d: 6, e: 7 };
const two = addresses("b", "d");

async function sdk(name, positional, named) {
  const answer = await lab.sdk().call(name, positional, named);
  await settled();
  return answer;
}

test("somebody keeps changing the load balancer: locks are waited out, and the run is done", async (context) => {
  const [{ poolId }, theirs] = [await poolOf(...five), await secondPoolOf("x", "y")];
  const client = demo();
  const plan = await planned(client, { from: { poolId }, remove: addresses("a", "b"), drain: { waitMs: 500 } });
  await lab.delay(200);
  let ended = false;
  const counts = { made: 0, refused: 0 };
  const other = (async () => {
    for (let weight = 10; !ended; weight += 1) {
      await lab.sdk().call("update_member", [theirs.id.x, theirs.poolId], { weight: 10 + (weight % 90) }).then(
        () => (counts.made += 1),
        ({ status }) => {
          assert.equal(status, 409);
          counts.refused += 1;
        },
      );
      await wait(1_000);
    }
  })();
  try {
    const began = Date.now();
    const { report, events, requests } = await carriedOut(client, plan);
    ended = true;
    await other;
    context.diagnostic(
      `${Date.now() - began} ms, ${report.calls} calls, ${waits(events, "locked").length} waits for a lock, ` +
        `${refusedAsLocked(requests)} times 409; they: ${counts.made} changes, ${counts.refused} times 409`,
    );
    assert.equal(report.status, "done");
    assert.deepEqual(statuses(changes(requests)).filter((status) => status !== 409), [200, 200, 204, 204]);
    assert.ok(counts.made >= 2, "they got through, too");
    assert.ok(waits(events, "locked").length >= 1);
  } finally {
    ended = true;
    await lab.delay(0);
    await settled();
  }
  assert.deepEqual(await weights(poolId), { c: 5, d: 6, e: 7 });
  assert.deepEqual(Object.keys(await weights(theirs.poolId)), ["x", "y"]);
});

test("they are between our look and our change each time: 409, and a new look before the next attempt", async () => {
  const { poolId, id } = await poolOf(...five);
  const before = (method) =>
    interrupted((url, init) => init.method === method, async () => {
      await lab.delay(300);
      await lab.sdk().call("update_member", [id.e, poolId], { name: `before-${method}` });
    });
  const [put, remove] = [before("PUT"), before("DELETE")];
  const client = demo({ fetch: (url, init) => (init.method === "DELETE" ? remove : put)(url, init) });
  const plan = await planned(client, { from: { poolId }, remove: addresses("b"), drain: { waitMs: 50 } });
  try {
    const { report, requests, events } = await carriedOut(client, plan);
    assert.equal(report.status, "done");
    const seen = changes(requests).map(({ method, status }) => `${method} ${status}`);
    assert.deepEqual([seen[0], seen.filter((line) => line === "PUT 200").length], ["PUT 409", 1]);
    assert.deepEqual([seen.includes("DELETE 409"), seen.at(-1)], [true, "DELETE 204"]);
    assert.ok(events.some(({ event, error }) => event === "retry" && error.kind === "busy"));
  } finally {
    await lab.delay(0);
    await settled();
  }
  assert.deepEqual(await weights(poolId), { a: 3, "before-DELETE": 7, c: 5, d: 6 });
});

test("one that they removed between plan and run is `absent`, the other one is removed", async () => {
  const { poolId, id } = await poolOf(...five);
  const client = demo();
  const plan = await planned(client, { from: { poolId }, remove: two, drain: { waitMs: 50 } });
  await sdk("delete_member", [id.b, poolId]);
  const { report, requests } = await carriedOut(client, plan);
  assert.equal(report.status, "done");
  const by = Object.fromEntries(report.entries.map((entry) => [entry.id, entry.outcome]));
  assert.deepEqual(by, { [id.b]: "absent", [id.d]: "removed" });
  assert.deepEqual(changes(requests).map(({ method, path }) => [method, path.endsWith(id.d)]), [["PUT", true], ["DELETE", true]]);
});

test("all that they removed before is `absent`, and the run has nothing to do", async () => {
  const { poolId, id } = await poolOf(...five);
  const client = demo();
  const plan = await planned(client, { from: { poolId }, remove: two });
  for (const name of ["b", "d"]) await sdk("delete_member", [id[name], poolId]);
  const { report, requests } = await carriedOut(client, plan);
  assert.equal(report.status, "done");
  assert.deepEqual(outcomes(report), ["absent gone", "absent gone"]);
  assert.deepEqual(changes(requests), []);
});

test("one that they remove while we wait for its drain is `absent`: nobody here took it out", async () => {
  const { poolId, id } = await poolOf(...five);
  const { fetch, onEvent } = beforeStep("remove", () => sdk("delete_member", [id.b, poolId]));
  const client = demo({ fetch });
  const plan = await planned(client, { from: { poolId }, remove: two, drain: { waitMs: 50 } });
  const { report } = await carriedOut(client, plan, { onEvent });
  assert.equal(report.status, "done");
  const by = Object.fromEntries(report.entries.map((entry) => [entry.id, entry.outcome]));
  assert.deepEqual(by, { [id.b]: "absent", [id.d]: "removed" });
});

test("they remove it between our look and our removal: 404 is no failure, and no claim either", async () => {
  const { poolId, id } = await poolOf(...five);
  const fetch = interrupted((url, init) => init.method === "DELETE", () => sdk("delete_member", [id.b, poolId]));
  const client = demo({ fetch });
  const plan = await planned(client, { from: { poolId }, remove: addresses("b"), drain: false });
  const { report, requests } = await carriedOut(client, plan);
  assert.equal(report.status, "done");
  assert.deepEqual(statuses(changes(requests)), [404]);
  assert.deepEqual(outcomes(report), ["absent gone"]);
});

for (const [what, change] of [
  ["one more at the same address, on another port", ({ poolId }) =>
    sdk("create_member", [poolId], { address: "10.0.0.12", protocol_port: 9_090, name: "late" })],
  ["one that was removed and made again, with another id", async ({ poolId, id }) => {
    await sdk("delete_member", [id.b, poolId]);
    await sdk("create_member", [poolId], { address: "10.0.0.12", protocol_port: 8_080, name: "again", weight: 4 });
  }],
  ["another weight of one in the plan", ({ poolId, id }) => sdk("update_member", [id.b, poolId], { weight: 40 })],
  ["one in the plan switched off", ({ poolId, id }) => sdk("update_member", [id.d, poolId], { is_admin_state_up: false })],
]) {
  test(`${what}: changed-by-someone, nothing is touched; a new plan goes on`, async () => {
    const pool = await poolOf(...five);
    const { poolId } = pool;
    const client = demo();
    const request = { from: { poolId }, remove: two, drain: { waitMs: 50 } };
    const plan = await planned(client, request);
    await change(pool);
    const before = await weights(poolId);
    const { report, events, requests } = await carriedOut(client, plan);
    assert.equal(report.status, "refused");
    assert.equal(report.loadBalancers[0].refusal.guard, "changed-by-someone");
    assert.deepEqual(course(events), ["check"]);
    assert.deepEqual(changes(requests), []);
    assert.deepEqual(await weights(poolId), before);

    const again = await planned(client, { ...request, allow: ["most-of-pool"] });
    assert.equal((await carriedOut(client, again)).report.status, "done");
    assert.deepEqual(await weights(poolId), { a: 3, c: 5, e: 7 });
  });
}

test("they take a drained one into service again: we stop, and the other one gets its weight back", async () => {
  const { poolId, id } = await poolOf(...five);
  const { fetch, onEvent } = beforeStep("remove", () => sdk("update_member", [id.b, poolId], { weight: 44 }));
  const client = demo({ fetch });
  const plan = await planned(client, { from: { poolId }, remove: two, drain: { waitMs: 50 } });
  const { report, requests } = await carriedOut(client, plan, { onEvent });
  assert.deepEqual([report.status, report.loadBalancers[0].refusal.guard], ["refused", "changed-by-someone"]);
  assert.deepEqual(outcomes(report), ["not-tried serving", "not-tried serving"]);
  assert.deepEqual(changes(requests).map(({ method }) => method), ["PUT", "PUT", "PUT"]);
  assert.deepEqual(await weights(poolId), { ...asSeeded, b: 44 });
});

test("a plan from which an entry was taken away is none of ours: changed-by-someone", async () => {
  const { poolId } = await poolOf(...five);
  const client = demo();
  const plan = await planned(client, { from: { poolId }, remove: two, drain: { waitMs: 50 } });
  const { report, requests } = await carriedOut(client, { ...plan, entries: plan.entries.slice(1) });
  assert.deepEqual([report.status, report.loadBalancers[0].refusal.guard], ["refused", "changed-by-someone"]);
  assert.deepEqual(changes(requests), []);
});

test("what they do to the others is nobody's business, and stays", async () => {
  const { poolId, id } = await poolOf(...five);
  const { fetch, onEvent } = beforeStep("remove", async () => {
    await sdk("update_member", [id.a, poolId], { weight: 33, name: "renamed" });
    await sdk("create_member", [poolId], { address: "10.0.0.77", protocol_port: 80, name: "late" });
    await sdk("delete_member", [id.e, poolId]);
  });
  const client = demo({ fetch });
  const plan = await planned(client, { from: { poolId }, remove: two, drain: { waitMs: 50 } });
  const { report } = await carriedOut(client, plan, { onEvent });
  assert.equal(report.status, "done");
  assert.deepEqual(await weights(poolId), { c: 5, late: 1, renamed: 33 });
});

test("they delete the pool in mid-run: its members are gone with it, and that is not our doing", async () => {
  const { poolId } = await lab.pool(five);
  const { fetch, onEvent } = beforeStep("remove", () => sdk("delete_pool", [poolId]));
  const client = demo({ fetch });
  const plan = await planned(client, { from: { poolId }, remove: two, drain: { waitMs: 50 } });
  const { report, requests } = await carriedOut(client, plan, { onEvent });
  assert.ok(report.entries.every(({ outcome }) => ["absent", "not-tried", "unknown"].includes(outcome)), outcomes(report).join());
  assert.deepEqual(changes(requests).map(({ method }) => method), ["PUT", "PUT"]);
});
