// Connections that break in mid-run, before a request arrives or after it was carried out: what is reported is true.
import assert from "node:assert/strict";
import { test } from "node:test";
import { addresses, beforeStep, carriedOut, changes, five, outcomes, planned, waits, weights } from "./safely.mjs";
import { demo, disconnected, lab, losing, poolOf, settled, statuses } from "./shared.mjs";

const asSeeded = { a: 3, b: 4, c: 5, d: 6, e: 7 };
const two = addresses("b", "d");
const methods = (requests) => changes(requests).map(({ method, status }) => `${method} ${status}`);
const whole = ["PUT 200", "PUT 200", "DELETE 204", "DELETE 204"];

/** A fetch whose requests of this method do not arrive, `count` times. */
function neverArriving(method, count = 1) {
  let lost = 0;
  return async (url, init) => {
    if (lost >= count || init.method !== method) return fetch(url, init);
    lost += 1;
    throw disconnected();
  };
}

for (const [what, options, method, arrived] of [
  ["the answer to a drain is lost", (method) => losing(method), "PUT", whole],
  ["the answer to a removal is lost", (method) => losing(method), "DELETE", whole],
  ["every answer to a removal is lost", (method) => losing(method, 100), "DELETE", whole],
  ["a drain does not arrive", (method) => neverArriving(method), "PUT", whole],
  ["a removal does not arrive", (method) => neverArriving(method), "DELETE", whole],
  ["the answers to some looks are lost", (method) => losing(method, 3), "GET", whole],
]) {
  test(`${what}: the next look tells, each change is made once, and the run is done`, async (context) => {
    const { poolId } = await poolOf(...five);
    const plan = await planned(demo(), { from: { poolId }, remove: two, drain: { waitMs: 50 } });
    const began = Date.now();
    const { report, requests, events } = await carriedOut(demo({ fetch: options(method) }), plan);
    context.diagnostic(`${Date.now() - began} ms, ${report.calls} calls, ${waits(events, "settle").length} times settled by a look`);
    assert.equal(report.status, "done");
    assert.deepEqual(outcomes(report), ["removed gone", "removed gone"]);
    assert.deepEqual(methods(requests), arrived);
    assert.equal(waits(events, "settle").length > 0, method !== "GET");
    assert.deepEqual(await weights(poolId), { a: 3, c: 5, e: 7 });
  });
}

test("the network is gone after a removal was sent: its outcome is unknown, and no read can tell", async (context) => {
  const { poolId } = await poolOf(...five);
  let gone = false;
  const client = demo({
    fetch: async (url, init) => {
      if (gone) throw disconnected();
      const response = await fetch(url, init);
      if (init.method !== "DELETE") return response;
      gone = true;
      await response.text();
      throw disconnected();
    },
  });
  const plan = await planned(client, { from: { poolId }, remove: two, drain: { waitMs: 50 } });
  const began = Date.now();
  const { report, requests, words } = await carriedOut(client, plan);
  context.diagnostic(`${Date.now() - began} ms, ${report.calls} calls`);
  assert.equal(report.status, "incomplete");
  assert.deepEqual(methods(requests), ["PUT 200", "PUT 200", "DELETE 204"]);
  // The one that was sent is gone, which nobody here can know; that the other one was drained is not forgotten.
  assert.deepEqual(report.entries.map(({ outcome }) => outcome).sort(), ["not-tried", "unknown"]);
  assert.match(words, /no traffic/);
  assert.equal((await lab.api.members(poolId)).length, 4);
});

test("the network is gone while a put-back is under way: what stays drained is in the report", async () => {
  const { poolId, id } = await poolOf(...five);
  let gone = false;
  const turn = beforeStep("remove", async () => {
    await lab.sdk().call("update_member", [id.b, poolId], { weight: 44 });
    await settled();
  });
  const client = demo({
    fetch: async (url, init) => {
      if (gone) throw disconnected();
      return turn.fetch(url, init);
    },
  });
  const onEvent = (event) => {
    turn.onEvent(event);
    gone ||= event.event === "refused";
  };
  const plan = await planned(client, { from: { poolId }, remove: two, drain: { waitMs: 50 } });
  const { report } = await carriedOut(client, plan, { onEvent });
  assert.notEqual(report.status, "done");
  assert.equal(report.loadBalancers[0].refusal.guard, "changed-by-someone");
  const left = report.entries.find((entry) => entry.id === id.d);
  assert.ok(["drained", "unknown"].includes(left.state), left.state);
  assert.ok(left.error, "says why it was not put back");
  assert.deepEqual(await weights(poolId), { ...asSeeded, b: 44, d: 0 });
});

test("half a 200: an answer that breaks off is a lost one", async () => {
  const { poolId } = await poolOf(...five);
  let cut = false;
  const client = demo({
    fetch: async (url, init) => {
      const response = await fetch(url, init);
      if (cut || init.method !== "PUT") return response;
      cut = true;
      const text = await response.text();
      return new Response(text.slice(0, text.length / 2), { status: response.status, headers: { "content-type": "application/json" } });
    },
  });
  const plan = await planned(client, { from: { poolId }, remove: two, drain: { waitMs: 50 } });
  const { report, requests } = await carriedOut(client, plan);
  assert.equal(report.status, "done");
  assert.deepEqual(methods(requests), whole);
  assert.deepEqual(statuses(requests).filter((status) => status >= 400), []);
});
