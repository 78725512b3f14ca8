// The safe removal is a module of its own: nobody loads or compiles it before the first use, and what goes wrong then is
// told as the package's own error.
import assert from "node:assert/strict";
import { before, beforeEach, test } from "node:test";
import { start } from "../emulator/main.mjs";
import { project } from "./install.mjs";

let emulator;
let installed;
let job;

before(async (t) => {
  installed = await project(t, "programs");
  emulator = await start();
  t.after(() => emulator.close());
  const { url, region, projectId, credentials } = emulator.info.ucloud;
  job = {
    client: { vendor: "ucloud", region, projectId, credentials, endpoint: url, allowHttp: true },
    request: { from: { ulbId: "ulb-5xyz", vServerId: "vserver-http" }, remove: { backendId: "backend-1a2b" }, drain: { waitMs: 10 } },
  };
});
beforeEach(() => void emulator.control.reset());

for (const entry of ["import", "require"]) {
  test(`${entry}: compiled at the first plan, once, and the server is gone`, async () => {
    const { steps, entries, report } = await installed.node("later.mjs", { entry, ...job });
    const { planned, ...others } = steps;
    // With each module the decoder of its text.
    assert.deepEqual(others, { loaded: 0, sent: 2, removed: 0 });
    // Two first calls at once may both get there.
    assert.ok(planned === 2 || planned === 4, `${planned} were compiled`);
    assert.deepEqual(entries, [1, 1]);
    assert.equal(report.status, "done");
    assert.ok(!emulator.control.state().ucloud.backends.some((line) => line.includes("backend-1a2b")));
  });
}

const slim = (given, more) => installed.node("later-slim.mjs", { given, ...job, ...more });
const isError = ({ isUnpoolError, kind, sent, retryable, hint }, expected) => {
  assert.deepEqual({ isUnpoolError, kind, sent, retryable }, { isUnpoolError: true, sent: false, ...expected });
  return hint;
};

for (const given of ["bytes", "module", "a function", "an answer"]) {
  for (const start of ["synchronous", "awaited"]) {
    test(`unpool/slim is given ${given} (${start}), and asks for it at the first use only`, async () => {
      const { before, asked, first, second } = await slim(given, { start });
      assert.equal(before, 0);
      assert.deepEqual([first, second], ["unpool/plan@1", "unpool/plan@1"]);
      assert.equal(asked, given === "a function" ? 1 : 0);
    });
  }
}

test("unpool/slim without it says what to give", async () => {
  const { first, second } = await slim("nothing");
  for (const error of [first, second]) assert.match(isError(error, { kind: "unsupported", retryable: false }), /init\(source, \{ removal \}\)/);
});

for (const [given, cause] of [
  ["an answer at the second time", /HTTP status 404/],
  ["something that is thrown at first", /no disk/],
]) {
  test(`${given}: the first call is told, and the next one tries again`, async () => {
    const { asked, first, second } = await slim(given);
    assert.match(isError(first, { kind: "network", retryable: true }), /is served/);
    // What was thrown is the cause; a status is told by the error itself.
    assert.match(`${first.message} ${first.cause}`, cause);
    assert.equal(second, "unpool/plan@1");
    assert.equal(asked, 2);
  });
}

test("a promise that fails is told at the first use", async () => {
  const { first } = await slim("a promise that fails");
  isError(first, { kind: "network", retryable: true });
  assert.match(first.cause, /no network/);
});

test("what is no module, or must not be compiled, is unsupported", async () => {
  const { first } = await slim("what is no module");
  assert.match(isError(first, { kind: "unsupported", retryable: false }), /Content-Security-Policy/);
  assert.match(first.cause, /CompileError/);
});

test("an abort ends a call that waits for it", async () => {
  const { first } = await slim("something that never comes", { abortAfter: 50 });
  isError(first, { kind: "aborted", retryable: false });
});

test("a client that was freed meanwhile sends nothing", async () => {
  const { first, second } = await slim("while the client is freed");
  for (const error of [first, second]) isError(error, { kind: "invalid-input", retryable: false });
  assert.deepEqual(emulator.control.log(), []);
});
