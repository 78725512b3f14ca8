// What goes wrong between a Worker and a cloud ends as an error of the right kind, never as a hang, and tells whether the
// change may have been made.
import assert from "node:assert/strict";
import { createServer } from "node:http";
import { before, beforeEach, test } from "node:test";
import { unpool } from "../demo/unpool.mjs";
import { fresh, setUp } from "./support.mjs";

let lab;
let removal;
let read;

before(async (t) => {
  lab = await setUp(t, { serviceBindings: { CLOUD: (request) => throughBinding(request) } });
  // One attempt: what is repeated has a file of its own.
  const client = lab.options("scloud", { maxAttempts: 1 });
  removal = { client, operation: unpool.ucloud.releaseBackend({ ulbId: "ulb-5xyz", backendId: "backend-1a2b" }) };
  read = { client, operation: unpool.ucloud.describeVServer({ ulbId: "ulb-5xyz" }) };
});
beforeEach(() => fresh(lab));

const fault = (rule) => lab.emulator.control.faults([rule]);
const arrived = () => lab.emulator.control.log().length;
const isGone = () => !lab.backends().some((line) => line.startsWith("scloud ") && line.includes("backend-1a2b"));

/** The change was made or may have been: the error says so, and what was seen is its cause. */
async function unknown(scenario, input, { cause, gone }) {
  const error = await lab.error(scenario, input);
  assert.equal(error.kind, "outcome-unknown");
  assert.equal(error.operation, "ReleaseBackend");
  assert.ok(error.sent === true || error.sent === "unknown");
  if (cause) assert.equal(error.cause.kind, cause);
  assert.equal(isGone(), gone);
  return error;
}

for (const effect of ["drop-after", "truncate", "big-body"]) {
  test(`${effect}: the change was made, and its answer lost`, () => {
    fault({ cloud: "scloud", effect });
    return unknown("send", removal, { gone: true });
  });
}

test("drop-before: a Worker cannot see that nothing was done", () => {
  fault({ cloud: "scloud", effect: "drop-before" });
  return unknown("send", removal, { gone: false, cause: "network" });
});

test("no answer in time", () => {
  fault({ cloud: "scloud", effect: "hang-after" });
  return unknown("send", { ...removal, how: { timeoutMs: 200 } }, { gone: true, cause: "timeout" });
});

test("a read that gets no answer is of that kind", async () => {
  fault({ cloud: "scloud", effect: "hang" });
  assert.equal((await lab.error("send", { ...read, how: { timeoutMs: 200 } })).kind, "timeout");
  fault({ cloud: "scloud", effect: "drop-before" });
  const { kind, retryable } = await lab.error("send", read);
  assert.deepEqual({ kind, retryable }, { kind: "network", retryable: true });
});

test("a redirect to another host is not followed", async (t) => {
  const visits = [];
  const other = createServer((request, response) => {
    visits.push(`${request.method} ${request.url}`);
    response.end("{}");
  });
  await new Promise((resolve) => other.listen(0, "127.0.0.1", resolve));
  t.after(() => {
    other.closeAllConnections();
    other.close();
  });
  const location = `http://127.0.0.1:${other.address().port}/`;
  for (const status of [301, 302, 307, 308]) {
    fault({ cloud: "scloud", effect: "redirect", status, location });
    await unknown("send", removal, { gone: false });
  }
  fault({ cloud: "scloud", effect: "redirect", status: 307, location });
  assert.equal((await lab.error("send", read)).kind, "unexpected-answer");
  assert.deepEqual(visits, []);
});

test("aborted before the call: nothing leaves", async () => {
  const { kind, sent, cause } = await lab.error("aborted before", removal);
  assert.deepEqual({ kind, sent, cause }, { kind: "aborted", sent: false, cause: "changed my mind" });
  assert.equal(arrived(), 0);
});

test("aborted with a text as the reason, while the cloud is at work", async () => {
  fault({ cloud: "scloud", effect: "hang-after" });
  const { cause } = await unknown("aborted while waiting", removal, { gone: true, cause: "aborted" });
  assert.equal(cause.cause, "changed my mind");
  fault({ cloud: "scloud", effect: "hang" });
  assert.equal((await lab.error("aborted while waiting", read)).kind, "aborted");
});

test("free() during a call lets it end", async () => {
  fault({ cloud: "scloud", effect: "delay", ms: 300 });
  assert.equal((await lab.value("freed while waiting", removal)).retCode, 0);
  assert.ok(isGone());
});

const alibaba = () => ({
  client: lab.options("alibaba"),
  operation: unpool.alibaba.removeBackendServers({ loadBalancerId: "lb-1", backendServers: ["i-1"] }),
});

for (const mock of ["answers", "answers at once", "has no headers"]) {
  test(`a fetch of the caller's own that ${mock} is enough`, async () => {
    const answer = await lab.value("own fetch", { ...alibaba(), mock });
    assert.equal(answer.requestId, "r-mock");
    assert.equal(arrived(), 0);
  });
}

for (const [mock, told] of [
  ["throws text", /no network today/],
  ["rejects with text", /no network today/],
  ["returns undefined", /no Response/],
  ["has text that throws", /torn/],
]) {
  test(`a fetch of the caller's own that ${mock} is an error`, async () => {
    const error = await lab.error("own fetch", { ...alibaba(), mock });
    assert.equal(error.kind, "outcome-unknown");
    assert.match(JSON.stringify(error), told);
  });
}

/** Another Worker, which has the address of the cloud. */
async function throughBinding(request) {
  const { url } = lab.emulator.info.scloud;
  const { pathname, search } = new URL(request.url);
  return fetch(url + pathname + search, {
    method: request.method,
    headers: [...request.headers].filter(([name]) => !["host", "content-length"].includes(name)),
    body: await request.text(),
  });
}

test("a service binding does as fetch", async () => {
  const client = { ...removal.client, endpoint: "https://cloud.internal" };
  assert.equal((await lab.value("service binding", { ...removal, client })).retCode, 0);
  assert.ok(isGone());
});
