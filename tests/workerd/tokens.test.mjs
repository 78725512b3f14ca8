// One client for all requests of a Worker: a request that ends early takes its own call with it and no other. In workerd a
// promise of one request's network never comes true for another one, if that request is gone.
import assert from "node:assert/strict";
import { request } from "node:http";
import { before, beforeEach, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { start } from "../emulator/main.mjs";
import { startWorker } from "./workerd.mjs";

const source = fileURLToPath(new URL("tokens-worker.mjs", import.meta.url));

/** How long Keystone takes; the first caller hangs up in the midst of it. */
const SLOW_MS = 600;

let emulator;
beforeEach(() => emulator.control.reset());
before(async (t) => {
  emulator = await start();
  t.after(() => emulator.close());
});

const log = (name) => emulator.control.log().filter(({ operation }) => operation === name);
const slow = () => emulator.control.faults([{ cloud: "keystone", effect: "delay", ms: SLOW_MS, times: "always" }]);

/** Over a connection of its own. Rejects if the caller hangs up, and if no answer comes. */
function post(url, body, hangUpAfter = 10_000) {
  return new Promise((resolve, reject) => {
    const sent = request(url, { method: "POST", agent: false }, async (response) => {
      let text = "";
      for await (const chunk of response) text += chunk;
      clearTimeout(timer);
      resolve({ status: response.statusCode, ...(response.statusCode === 200 ? JSON.parse(text) : { text }) });
    });
    // By a reset: a connection that merely ends may still be there for the answer.
    const timer = setTimeout(() => sent.socket.resetAndDestroy(), hangUpAfter);
    sent.on("error", reject);
    sent.end(body);
  });
}

/** A Worker of its own for each test. */
async function run(t) {
  // Straight to workerd: it must see that a caller has hung up, and Miniflare has a Worker of its own in between.
  const worker = await startWorker(t, source, { unsafeDirectSockets: [{ host: "127.0.0.1", port: 0 }] });
  const url = await worker.unsafeGetDirectURL();
  const { identityEndpoint, credentials, region } = emulator.info.keystone;
  const options = { vendor: "openstack", identityEndpoint, region, allowHttp: true, credentials };
  return (input, { hangUpAfter } = {}) => post(url, JSON.stringify({ options, ...input }), hangUpAfter);
}

/** A pool with a member for each caller. */
function removals(count) {
  const [{ pools: [{ poolId, memberIds }] }] = emulator.control.arrange({ add: { otc: { members: count } } }).added.otc;
  emulator.control.clearChanges();
  return memberIds.map((memberId) => ({ way: "unpool", operation: { operation: "DeleteMember", poolId, memberId } }));
}

const removed = () => emulator.control.changes().filter(({ change }) => change === "removed").map(({ ids }) => ids.memberId).sort();
const idsOf = (inputs) => inputs.map(({ operation }) => operation.memberId).sort();

test("five at once, a slow Keystone, and the first caller hangs up: the others are served", async (t) => {
  const ask = await run(t);
  slow();
  const inputs = removals(5);
  const first = ask(inputs[0], { hangUpAfter: SLOW_MS / 2 }).then(() => assert.fail("it was answered"), ({ code }) => code);
  while (log("CreateToken").length < 1) await sleep(5);
  const others = await Promise.all(inputs.slice(1).map((input) => ask(input)));
  assert.equal(await first, "ECONNRESET");
  for (const { status, value } of others) assert.ok(status === 200 && value?.requestId, JSON.stringify(others));
  // Time enough for the first one's call to leave, if anybody made it in its place.
  await sleep(SLOW_MS);
  assert.deepEqual(removed(), idsOf(inputs.slice(1)));
  assert.equal(log("DeleteMember").length, 4);
  assert.equal(log("CreateToken").length, 5, "nobody waits for another one's token");
});

test("what came of it is kept: the next ones need no token", async (t) => {
  const ask = await run(t);
  const inputs = removals(6);
  assert.equal((await ask(inputs[0])).status, 200);
  for (const { status } of await Promise.all(inputs.slice(1).map((input) => ask(input)))) assert.equal(status, 200);
  assert.equal(log("CreateToken").length, 1);
  assert.deepEqual(removed(), idsOf(inputs));
});

test("a token that was refused is renewed by each for itself, and the first caller hangs up", async (t) => {
  const ask = await run(t);
  const [warm, ...inputs] = removals(6);
  await ask(warm);
  emulator.control.revokeTokens();
  emulator.control.clearLog();
  slow();
  const first = ask(inputs[0], { hangUpAfter: SLOW_MS / 2 }).catch(() => {});
  while (log("CreateToken").length < 1) await sleep(5);
  const others = await Promise.all(inputs.slice(1).map((input) => ask(input)));
  for (const { status, value } of others) assert.ok(status === 200 && value?.requestId, JSON.stringify(others));
  await first;
  assert.deepEqual(removed(), idsOf([warm, ...inputs.slice(1)]));
});

test("all hang up: the next caller is served", async (t) => {
  const ask = await run(t);
  slow();
  const inputs = removals(4);
  await Promise.allSettled(inputs.slice(1).map((input) => ask(input, { hangUpAfter: SLOW_MS / 2 })));
  emulator.control.faults([]);
  assert.equal((await ask(inputs[0])).status, 200);
  assert.deepEqual(removed(), idsOf(inputs.slice(0, 1)));
});

test("these tests can fail: where requests share a promise, the others are not served", async (t) => {
  const ask = await run(t);
  slow();
  const identity = { url: `${emulator.info.keystone.identityEndpoint}/auth/tokens`, body: "{}" };
  const input = { way: "a shared promise", identity };
  const first = ask(input, { hangUpAfter: SLOW_MS / 2 }).catch(() => {});
  while (log("CreateToken").length < 1) await sleep(5);
  const others = await Promise.allSettled([1, 2].map(() => ask(input, { hangUpAfter: 3 * SLOW_MS })));
  await first;
  assert.ok(others.every(({ status, value }) => status === "rejected" || value.status !== 200), JSON.stringify(others));
});
