// Every fault: what the client sees, and whether the change was made.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { after, before, beforeEach, test } from "node:test";
import { start } from "./main.mjs";

let emulator;
before(async () => {
  emulator = await start();
});
beforeEach(() => emulator.control.reset());
after(() => emulator.close());

/** Releases backend-1a2b at UCloud; the answer read to its end, or a throw. */
async function release({ timeoutMs = 5000 } = {}) {
  const { url, credentials } = emulator.info.ucloud;
  const all = { Action: "ReleaseBackend", BackendId: "backend-1a2b", PublicKey: credentials.publicKey, Region: "cn-bj2", ULBId: "ulb-5xyz" };
  const text = Object.keys(all).sort().map((name) => name + all[name]).join("") + credentials.privateKey;
  const body = new URLSearchParams({ ...all, Signature: createHash("sha1").update(text).digest("hex") });
  const response = await fetch(url, { method: "POST", body, redirect: "manual", signal: AbortSignal.timeout(timeoutMs) });
  return { status: response.status, headers: response.headers, text: await response.text() };
}

const applied = () => !emulator.control.state().ucloud.backends.some((line) => line.includes("backend-1a2b"));
const fault = (rule) => emulator.control.faults([{ cloud: "ucloud", operation: "ReleaseBackend", ...rule }]);
const lastLog = () => emulator.control.log().at(-1);

for (const [effect, made, name] of [["drop-before", false, "TypeError"], ["drop-after", true, "TypeError"], ["truncate", true, "TypeError"]]) {
  test(`${effect}: the client fails, the change was ${made ? "" : "not "}made`, async () => {
    fault({ effect });
    await assert.rejects(release(), { name });
    assert.equal(applied(), made);
    assert.deepEqual([lastLog().applied, lastLog().fault], [made, effect]);
  });
}

for (const [effect, made] of [["hang", false], ["hang-after", true]]) {
  test(`${effect}: no answer, the change was ${made ? "" : "not "}made`, async () => {
    fault({ effect });
    await assert.rejects(release({ timeoutMs: 300 }), { name: "TimeoutError" });
    assert.equal(applied(), made);
    assert.equal(lastLog().status, null);
  });
}

test("delay: the change is made even when the client has gone", async () => {
  fault({ effect: "delay", ms: 400 });
  await assert.rejects(release({ timeoutMs: 100 }), { name: "TimeoutError" });
  assert.equal(applied(), false);
  await new Promise((resolve) => setTimeout(resolve, 600));
  assert.equal(applied(), true);
});

test("status: any answer, with the change made only by wish", async () => {
  fault({ effect: "status", status: 502, body: "<html>bad gateway</html>", contentType: "text/html", headers: { "retry-after": "3" } });
  const answer = await release();
  assert.deepEqual([answer.status, answer.text, answer.headers.get("retry-after"), applied()], [502, "<html>bad gateway</html>", "3", false]);
  fault({ effect: "status", status: 504, apply: true });
  assert.deepEqual([(await release()).status, applied()], [504, true]);
});

test("redirect, wrong content type, big body", async () => {
  fault({ effect: "redirect", location: emulator.info.scloud.url });
  const redirected = await release();
  assert.deepEqual([redirected.status, redirected.headers.get("location"), applied()], [307, emulator.info.scloud.url, false]);
  fault({ effect: "content-type", contentType: "text/html" });
  const typed = await release();
  assert.deepEqual([typed.headers.get("content-type"), JSON.parse(typed.text).RetCode, applied()], ["text/html", 0, true]);
  emulator.control.reset();
  fault({ effect: "big-body" });
  const big = await release();
  assert.ok(big.text.length > 4 * 1024 * 1024);
  assert.equal(applied(), true);
});

test("throttle and busy: each cloud in its own words", async () => {
  emulator.control.faults(["throttle", "busy"].map((effect) => ({ effect, times: 4, headers: { "retry-after": "1" } })));
  const { alibaba, ucloud, otc, keystone } = emulator.info;
  const seen = {};
  for (const effect of ["throttle", "busy"]) {
    for (const [name, url] of [["alibaba", `${alibaba.url}/?Format=JSON`], ["ucloud", ucloud.url], ["otc", otc.url], ["keystone", keystone.url]]) {
      const response = await fetch(url);
      assert.equal(response.headers.get("retry-after"), "1");
      const body = await response.json();
      seen[`${name} ${effect}`] = [response.status, body.Code ?? body.RetCode ?? body.error_code ?? body.error.code];
    }
  }
  assert.deepEqual(seen, {
    "alibaba throttle": [400, "Throttling.User"],
    "ucloud throttle": [200, 153],
    "otc throttle": [429, "APIGW.0308"],
    "keystone throttle": [429, 429],
    "alibaba busy": [409, "BackendServer.configuring"],
    "ucloud busy": [200, 150],
    "otc busy": [409, "ELB.8907"],
    "keystone busy": [503, 503],
  });
});

test("a rule counts, skips, and names its cloud and operation", async () => {
  fault({ effect: "busy", skip: 1, times: 2 });
  const codes = [];
  for (let calls = 0; calls < 4; calls += 1) codes.push(JSON.parse((await release()).text).RetCode);
  assert.deepEqual(codes, [0, 150, 150, 4093]);
  emulator.control.faults([{ cloud: "scloud", effect: "busy" }, { operation: "DescribeVServer", effect: "busy" }]);
  assert.equal(JSON.parse((await release()).text).RetCode, 4093);
});

test("an emulator with hanging and delayed answers closes", async () => {
  const other = await start();
  other.control.faults([{ effect: "hang" }, { effect: "delay", ms: 60_000 }]);
  const pending = [fetch(other.info.otc.url), fetch(other.info.otc.url)].map((call) => assert.rejects(call));
  while (other.control.log().length < 2) await new Promise((resolve) => setTimeout(resolve, 10));
  await other.close();
  await Promise.all(pending);
});
