// The example Worker (www/worker/) as it is: it removes what its caller may remove, and tells nothing else.
import assert from "node:assert/strict";
import { before, beforeEach, test } from "node:test";
import { fileURLToPath } from "node:url";
import { start } from "../emulator/main.mjs";
import { startWorker } from "./workerd.mjs";

const source = fileURLToPath(new URL("../../www/worker/remove-backend.js", import.meta.url));
const TOKEN = "token-of-the-test";
const BALANCER = "lb-bp15lbk8uja8rvm4a0001";
const SERVER = "i-bp1fq61enf4loa5i0000";

let emulator;
let worker;
let unready;

before(async (t) => {
  emulator = await start();
  t.after(() => emulator.close());
  const { url, region, credentials } = emulator.info.alibaba;
  const env = {
    REGION: region,
    LOAD_BALANCER_ID: BALANCER,
    ENDPOINT: url,
    ACCESS_KEY_ID: credentials.accessKeyId,
    ACCESS_KEY_SECRET: credentials.accessKeySecret,
  };
  worker = await startWorker(t, source, { env: { ...env, REMOVE_TOKEN: TOKEN } });
  unready = await startWorker(t, source, { env });
});
beforeEach(() => emulator.control.reset());

const backends = () => emulator.control.state().alibaba.backends;
const bearer = (token) => ({ authorization: `Bearer ${token}` });

async function ask(body, { headers = bearer(TOKEN), method = "POST", to = worker } = {}) {
  // Over HTTP, where a text has its length: dispatchFetch would send it in chunks.
  const response = await fetch(await to.ready, { method, headers, ...(method === "POST" && { body }) });
  return { status: response.status, ...(await response.json()) };
}

test("removes the server that its caller names", async () => {
  const before = backends();
  const { status, requestId, left } = await ask(JSON.stringify({ serverId: SERVER }));
  assert.equal(status, 200);
  assert.ok(requestId);
  const gone = before.filter((line) => !backends().includes(line));
  assert.equal(gone.length, 1);
  assert.match(gone[0], new RegExp(`^${BALANCER} default .*${SERVER}`));
  assert.equal(left, backends().filter((line) => line.startsWith(`${BALANCER} default `)).length);
});

for (const [name, change, status] of [
  ["no token", { headers: {} }, 401],
  ["another token", { headers: bearer("guessed") }, 401],
  ["another method", { method: "GET" }, 405],
]) {
  test(`${name}: ${status}, and nothing leaves`, async () => {
    assert.equal((await ask(JSON.stringify({ serverId: SERVER }), change)).status, status);
    assert.deepEqual(emulator.control.log(), []);
  });
}

test("without its own token it lets nobody in", async () => {
  for (const token of ["undefined", ""]) assert.equal((await ask("{}", { to: unready, headers: bearer(token) })).status, 401);
  assert.deepEqual(emulator.control.log(), []);
});

for (const [name, body, status] of [
  ["no JSON", "{", 400],
  ["no server", "{}", 400],
  ["null", "null", 400],
  ["an id that is none", JSON.stringify({ serverId: "../../x" }), 400],
  ["too much", JSON.stringify({ serverId: "i".repeat(5000) }), 413],
]) {
  test(`${name}: ${status}, and nothing leaves`, async () => {
    const { status: told, kind } = await ask(body);
    assert.equal(told, status);
    assert.ok(kind);
    assert.deepEqual(emulator.control.log(), []);
  });
}

test("a refusal of the cloud is passed on as one, without its words", async () => {
  emulator.control.faults([{ cloud: "alibaba", effect: "throttle", times: "always" }]);
  const { status, kind, code, message } = await ask(JSON.stringify({ serverId: SERVER }));
  assert.deepEqual({ status, kind, code, message }, { status: 503, kind: "throttled", code: "Throttling.User", message: undefined });
});

test("what passes at the second try is not the caller's concern", async () => {
  for (const effect of ["throttle", "drop-after"]) {
    emulator.control.faults([{ cloud: "alibaba", effect }]);
    const { status, requestId } = await ask(JSON.stringify({ serverId: SERVER }));
    assert.equal(status, 200, effect);
    assert.ok(requestId);
  }
});

test("a lost answer is passed on as such", async () => {
  emulator.control.faults([{ cloud: "alibaba", effect: "drop-after", times: "always" }]);
  const { status, kind } = await ask(JSON.stringify({ serverId: SERVER }));
  assert.deepEqual({ status, kind }, { status: 502, kind: "outcome-unknown" });
});
