// The installed tarball does its work through every entry that Node can load.
import assert from "node:assert/strict";
import { before, test } from "node:test";
import { start } from "../emulator/main.mjs";
import { captured, project } from "./install.mjs";

let installed;
let vector;

before(async (t) => {
  installed = await project(t, "programs");
  vector = await captured();
});

function agrees({ method, url, body, explained, alone }) {
  const { expected, job } = vector;
  assert.equal(method, "POST");
  assert.equal(url, `${job.client.endpoint}/`);
  assert.equal(body, expected.body);
  assert.deepEqual(alone, { stringToSign: expected.string_to_sign, signature: expected.signature });
  assert.ok(explained.length > 1, `stages: ${explained}`);
}

test("import signs the same bytes as the vendor's client", async () => {
  agrees(await installed.node("esm.mjs", vector.job));
});

test("require signs the same bytes as the vendor's client", async () => {
  agrees(await installed.node("commonjs.cjs", vector.job));
});

for (const source of ["bytes", "module", "module of another realm", "response", "synchronous", "slow and fast at once"]) {
  test(`unpool/slim works, started with: ${source}`, async () => {
    const { before, ...signed } = await installed.node("slim.mjs", { source, ...vector.job });
    const { isUnpoolError, kind, sent, hint } = before;
    assert.deepEqual({ isUnpoolError, kind, sent }, { isUnpoolError: true, kind: "unsupported", sent: false });
    assert.match(hint, /init/);
    agrees(signed);
  });
}

test("unpool/web asks for the file beside it, refuses where that cannot be had, and takes another source then", async () => {
  const { asked, refused, ...signed } = await installed.node("web.mjs", vector.job);
  assert.equal(asked.length, 1);
  assert.match(asked[0], /^file:.*\/node_modules\/unpool\/core_bg\.wasm$/);
  assert.equal(refused, true);
  agrees(signed);
});

test("errors of the ESM and the CommonJS copy know each other", async () => {
  assert.deepEqual(await installed.node("copies.mjs"), {
    copies: true,
    known: [
      [true, true],
      [true, true],
    ],
    kinds: ["invalid-input", "invalid-input"],
    areErrors: true,
    others: [false, false, false, false, false],
    subclass: [false, false],
  });
});

test("the installed package takes a server out of a load balancer", async (t) => {
  const emulator = await start();
  t.after(() => emulator.close());
  const { url, region, credentials } = emulator.info.alibaba;
  const { operation, ...parameters } = emulator.info.examples.find((example) => example.operation.operation === "RemoveBackendServers").operation;
  assert.equal(operation, "RemoveBackendServers");
  const before = emulator.control.state().alibaba.backends;

  const client = { vendor: "alibaba", region, credentials, endpoint: url, allowHttp: true };
  const { removed, left } = await installed.node("send.mjs", { client, parameters });

  const gone = before.filter((line) => !emulator.control.state().alibaba.backends.includes(line));
  assert.equal(gone.length, parameters.backendServers.length);
  assert.ok(removed.requestId);
  const stillThere = before.filter((line) => line.startsWith(`${parameters.loadBalancerId} default `) && !gone.includes(line));
  assert.equal(left.backendServers.length, stillThere.length);
});
