// What a removal and a read make of everything that can go wrong between here and a cloud, and that
// nothing of it hangs. Removals: whatever may have been carried out is outcome-unknown.
import assert from "node:assert/strict";
import { createServer } from "node:http";
import { after, before, describe, it } from "node:test";
import { nowhere } from "../support/nowhere.mjs";
import { CALLS, FORMS, emulator, named } from "./cloud.mjs";
import { UnpoolError, checkError, errorOf, settled, watchStrays } from "./support.mjs";

watchStrays();
const cloud = emulator();

/** One attempt: what is repeated is another file's matter. */
const once = (kind, more) => cloud.client(kind, { maxAttempts: 1, ...more });

/** The cloud whose answers count: a Keystone client's calls go to the OTC gateway. */
const target = (kind) => (kind === "keystone" ? "otc" : kind);
const backends = (kind) => cloud.control.state()[target(kind)].backends.length;
const fault = (kind, rule) => cloud.control.faults([{ cloud: target(kind), ...rule }]);

const MUTATION = { kind: "outcome-unknown", retryable: false, hint: /read/ };

/** What each fault is for a removal, for a read, and whether the removal was carried out all the same. */
const FAULTS = [
  ["dropped before it was carried out", { effect: "drop-before" }, { ...MUTATION, sent: "unknown" }, { kind: "network", sent: "unknown" }, false],
  ["dropped after it was carried out", { effect: "drop-after" }, { ...MUTATION, sent: "unknown" }, { kind: "network", sent: "unknown" }, true],
  ["never answered", { effect: "hang" }, { ...MUTATION, sent: "unknown" }, { kind: "timeout", sent: "unknown" }, false, 150],
  ["carried out and never answered", { effect: "hang-after" }, { ...MUTATION, sent: "unknown" }, { kind: "timeout", sent: "unknown" }, true, 150],
  ["an HTML 502", { effect: "status", status: 502, contentType: "text/html", body: "<html><body><h1>502 Bad Gateway</h1></body></html>" }, { ...MUTATION, httpStatus: 502, sent: true }, { kind: "unexpected-answer", httpStatus: 502, sent: true }, false],
  ["an empty 502", { effect: "status", status: 502, body: "" }, { ...MUTATION, httpStatus: 502, sent: true }, { kind: "server", httpStatus: 502, sent: true, retryable: true }, false],
  ["an HTML 200", { effect: "status", status: 200, contentType: "text/html", body: "<html><body>Log in</body></html>" }, { ...MUTATION, httpStatus: 200, sent: true }, { kind: "unexpected-answer", httpStatus: 200, sent: true }, false],
  ["an XHTML 200", { effect: "status", status: 200, contentType: "text/html", body: "<html><Code>x</Code></html>" }, { ...MUTATION, sent: true }, { kind: "unexpected-answer", sent: true }, false],
  ["an empty 200", { effect: "status", status: 200, body: "" }, { ...MUTATION, httpStatus: 200, sent: true }, { kind: "unexpected-answer", sent: true }, false],
  ["a 200 of blanks", { effect: "status", status: 200, body: " \n" }, { ...MUTATION, sent: true }, { kind: "unexpected-answer", sent: true }, false],
  ["a 200 with another object", { effect: "status", status: 200, body: { hello: "world" } }, { ...MUTATION, sent: true }, { kind: "unexpected-answer", sent: true }, false],
  ["a 200 with a list", { effect: "status", status: 200, body: [1] }, { ...MUTATION, sent: true }, { kind: "unexpected-answer", sent: true }, false],
  ["a 200 with null", { effect: "status", status: 200, body: "null" }, { ...MUTATION, sent: true }, { kind: "unexpected-answer", sent: true }, false],
  ["JSON that ends early", { effect: "status", status: 200, body: '{"RequestId":"x","RetCode":0,"memb' }, { ...MUTATION, sent: true }, { kind: "unexpected-answer", sent: true }, false],
  ["JSON too deep", { effect: "status", status: 200, body: "[".repeat(100_000) }, { ...MUTATION, sent: true }, { kind: "unexpected-answer", sent: true }, false],
  ["XML that ends early", { effect: "status", status: 200, body: "<RemoveBackendServersResponse><RequestId>x</Req" }, { ...MUTATION, sent: true }, { kind: "unexpected-answer", sent: true }, false],
  ["an answer that is not UTF-8", { effect: "status", status: 200, body: "\u0000\ufffd\ufffd" }, { ...MUTATION, sent: true }, { kind: "unexpected-answer", sent: true }, false],
  ["an answer over 4 MiB", { effect: "big-body" }, { ...MUTATION, sent: true }, { kind: "unexpected-answer", sent: true }, true],
  ["a redirect within the host", { effect: "redirect", status: 302, location: "/elsewhere" }, { ...MUTATION, sent: true }, { kind: "unexpected-answer", sent: true, retryable: false }, false],
  ["a 304", { effect: "status", status: 304, body: "" }, { ...MUTATION, sent: true }, { kind: "unexpected-answer", sent: true }, false],
  ["a 500 without JSON", { effect: "status", status: 500, contentType: "text/plain", body: "oops" }, { ...MUTATION, httpStatus: 500, sent: true }, { kind: "unexpected-answer", httpStatus: 500, sent: true, retryable: true }, false],
];

for (const [kind, more] of FORMS) {
  describe(named(kind, more), () => {
    for (const [what, rule, removal, read, applied, timeoutMs] of FAULTS) {
      it(`${what}: removal`, async () => {
        const client = once(kind, more);
        const there = backends(kind);
        fault(kind, rule);
        const error = await errorOf(() => client.send(CALLS[kind].removal, { timeoutMs }));
        checkError(error, removal);
        assert.ok(error.cause instanceof UnpoolError, "the cause says what happened");
        assert.equal(error.operation, CALLS[kind].removal.operation);
        assert.equal(backends(kind), applied ? there - 1 : there);
      });
      it(`${what}: read`, async () => {
        const client = once(kind, more);
        fault(kind, rule);
        checkError(await errorOf(() => client.send(CALLS[kind].read, { timeoutMs })), read);
        // The next call is as good as any.
        await settled(client.send(CALLS[kind].read));
      });
    }

    it("half an answer: removal and read", async () => {
      const client = once(kind, more);
      for (const [operation, expected] of [[CALLS[kind].removal, MUTATION], [CALLS[kind].read, { kind: "unexpected-answer" }]]) {
        fault(kind, { effect: "truncate" });
        checkError(await errorOf(() => client.send(operation)), { ...expected, sent: true });
      }
    });

    it("a timeout while the body comes", async () => {
      // The first byte is there, the rest never is.
      const slow = createServer((_, response) => {
        response.writeHead(200, { "content-type": "application/json" });
        response.write("{");
      });
      await new Promise((resolve) => slow.listen(0, "127.0.0.1", resolve));
      const url = `http://127.0.0.1:${slow.address().port}`;
      const client = once(kind, { ...more, endpoint: url });
      checkError(await errorOf(() => client.send(CALLS[kind].removal, { timeoutMs: 300 })), { ...MUTATION, sent: "unknown" });
      checkError(await errorOf(() => client.send(CALLS[kind].read, { timeoutMs: 300 })), { kind: "timeout", retryable: true });
      slow.closeAllConnections();
      await new Promise((resolve) => slow.close(resolve));
    });

    it("nobody listens: certainly not sent", async () => {
      const endpoint = await nowhere();
      for (const operation of Object.values(CALLS[kind])) {
        const error = await errorOf(() => once(kind, { ...more, endpoint }).send(operation));
        checkError(error, { kind: "network", sent: false, retryable: true, operation: operation.operation, hint: /endpoint/ });
        assert.equal(error.cause?.cause?.code, "ECONNREFUSED");
      }
    });

    it("an answer under another content type is read by what it is", async () => {
      for (const operation of [CALLS[kind].read, CALLS[kind].removal]) {
        fault(kind, { effect: "content-type", contentType: "text/plain" });
        await settled(once(kind, more).send(operation));
      }
    });

    it("throttled and busy", async () => {
      const client = once(kind, more);
      fault(kind, { effect: "throttle" });
      checkError(await errorOf(() => client.send(CALLS[kind].removal)), { kind: "throttled", sent: true, retryable: true });
      fault(kind, { effect: "busy" });
      const error = await errorOf(() => client.send(CALLS[kind].removal));
      // UCloud has no word for busy but "service unavailable", with a code: so it was not carried out.
      checkError(error, { kind: ["ucloud", "scloud"].includes(kind) ? "server" : "busy", sent: true, retryable: true });
      assert.ok(error.code);
    });

    it("an internal error of the vendor, whatever the status", async () => {
      const client = once(kind, more);
      const bodies = { alibaba: { Code: "InternalError", Message: "internal", RequestId: "r-1" }, ucloud: { RetCode: 130, Message: "internal" }, scloud: { RetCode: 130, Message: "internal" }, otc: { error_code: "ELB.8906", error_msg: "internal" } };
      for (const status of target(kind) === "otc" ? [500] : [200, 500]) {
        for (const operation of Object.values(CALLS[kind])) {
          fault(kind, { effect: "status", status, body: bodies[target(kind)] });
          const error = await errorOf(() => client.send(operation));
          // It says that something failed inside, and not when.
          const failed = operation === CALLS[kind].read ? error : error.cause;
          if (failed !== error) checkError(error, { ...MUTATION, sent: true, httpStatus: status, code: failed.code });
          checkError(failed, { kind: "server", sent: true, retryable: true, httpStatus: status, code: Object.values(bodies[target(kind)])[0].toString() });
        }
      }
    });
  });
}

describe("a 307 to another host", () => {
  let other;
  const got = [];
  before(async () => {
    other = createServer((request, response) => {
      got.push({ url: request.url, headers: request.headers });
      response.end("{}");
    });
    await new Promise((resolve) => other.listen(0, "127.0.0.1", resolve));
  });
  after(() => new Promise((resolve) => other.close(resolve)));

  for (const [kind, more] of FORMS) {
    it(`${named(kind, more)}: not followed`, async () => {
      const client = once(kind, more);
      for (const status of [301, 302, 303, 307, 308]) {
        for (const [operation, expected] of [[CALLS[kind].removal, { ...MUTATION, sent: true }], [CALLS[kind].read, { kind: "unexpected-answer", sent: true, hint: /endpoint/ }]]) {
          fault(kind, { effect: "redirect", status, location: `http://127.0.0.1:${other.address().port}/` });
          checkError(await errorOf(() => client.send(operation)), expected);
        }
      }
      assert.deepEqual(got, [], "the other host got something");
    });
  }

  it("Keystone's own redirect: not followed, and the password goes nowhere", async () => {
    cloud.control.faults([{ cloud: "keystone", effect: "redirect", status: 307, location: `http://127.0.0.1:${other.address().port}/`, times: 2 }]);
    const client = once("keystone");
    checkError(await errorOf(() => client.authenticate()), { kind: "unexpected-answer" });
    checkError(await errorOf(() => client.send(CALLS.keystone.removal)), { kind: "unexpected-answer", sent: false });
    assert.deepEqual(got, []);
  });
});

describe("many at a time", () => {
  for (const [kind, more] of FORMS) {
    it(`${named(kind, more)}: 50 reads at once`, async () => {
      const client = once(kind, more);
      const answers = await settled(Promise.all(Array.from({ length: 50 }, () => client.send(CALLS[kind].read))), 30_000);
      const [first, ...others] = answers.map(({ requestId, ...rest }) => rest);
      for (const other of others) assert.deepEqual(other, first);
      if (kind !== "keystone") assert.equal(new Set(answers.map(({ requestId }) => requestId)).size, 50);
    });
  }
});
