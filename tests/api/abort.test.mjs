// Aborting and freeing: at any moment, for any reason, while any number of calls are under way.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { CALLS, FORMS, emulator, named } from "./cloud.mjs";
import { Client, OPERATIONS, OPTIONS, STAMP, UnpoolError, checkError, checkInvalid, countingFetch, errorOf, settled, watchStrays } from "./support.mjs";

watchStrays();
const cloud = emulator();

const { removal, read } = OPERATIONS.alibaba;
const never = () => new Promise(() => {});
const clientWith = (fetch) => new Client({ ...OPTIONS["alibaba rpc"], fetch });
const later = (work, ms = 5) => setTimeout(work, ms);

/** A signal of somebody else, which tells who listens. */
function mockSignal() {
  const listeners = new Set();
  return {
    aborted: false,
    reason: undefined,
    listeners,
    addEventListener: (_, listener) => void listeners.add(listener),
    removeEventListener: (_, listener) => void listeners.delete(listener),
    abort(reason) {
      this.aborted = true;
      this.reason = reason;
      for (const listener of [...listeners]) listener({ type: "abort" });
    },
  };
}

const REASONS = [
  ["an Error", new Error("enough")],
  ["text", "enough"],
  ["undefined as it is", undefined, mockSignal],
  ["null", null],
  ["an object", { enough: true }],
  ["a number", 0],
  ["a symbol", Symbol("enough"), mockSignal],
  ["a DOMException", new DOMException("enough", "AbortError")],
  ["a function", () => {}],
];

describe("abort", () => {
  for (const [what, reason, make = () => new AbortController()] of REASONS) {
    const start = () => {
      const controller = make();
      return { signal: controller.signal ?? controller, abort: () => controller.abort(reason) };
    };

    it(`before the call, with ${what}: not sent`, async () => {
      const fetch = countingFetch();
      const { signal, abort } = start();
      abort();
      for (const operation of [removal, read]) {
        const error = await errorOf(() => clientWith(fetch).send(operation, { signal }));
        checkError(error, { kind: "aborted", sent: false, retryable: false, operation: operation.operation });
        assert.equal(error.cause, reason ?? error.cause);
        assert.equal(error.cause, signal.reason);
      }
      assert.equal(fetch.calls, 0);
    });

    it(`while waiting, with ${what}`, async () => {
      for (const [operation, kind] of [[removal, "outcome-unknown"], [read, "aborted"]]) {
        const { signal, abort } = start();
        later(abort);
        const error = await errorOf(() => clientWith(never).send(operation, { signal }));
        checkError(error, { kind, sent: "unknown" });
        const aborted = operation === removal ? error.cause : error;
        checkError(aborted, { kind: "aborted" });
        assert.equal(aborted.cause, signal.reason);
      }
    });

    it(`while the body comes, with ${what}`, async () => {
      const { signal, abort } = start();
      const client = clientWith(async () => ({ status: 200, headers: new Headers(), text: () => { later(abort); return never(); } }));
      const error = await errorOf(() => client.send(removal, { signal }));
      checkError(error, { kind: "outcome-unknown" });
      assert.equal(error.cause.cause, signal.reason);
    });

    it(`after the answer, with ${what}: nothing happens`, async () => {
      const { signal, abort } = start();
      const client = clientWith(async () => new Response('{"RequestId":"r-1"}'));
      assert.equal((await settled(client.send(removal, { signal }))).requestId, "r-1");
      abort();
      await new Promise((resolve) => later(resolve));
    });
  }

  for (const [kind, more] of FORMS) {
    it(`${named(kind, more)}: the real fetch is stopped`, async () => {
      const client = cloud.client(kind, more);
      if (kind === "keystone") await settled(client.authenticate());
      for (const reason of [new Error("enough"), "enough", undefined]) {
        for (const operation of Object.values(CALLS[kind])) {
          cloud.control.faults([{ effect: "hang", times: 10 }]);
          const controller = new AbortController();
          later(() => controller.abort(reason), 20);
          const error = await errorOf(() => client.send(operation, { signal: controller.signal }));
          checkError(error, { kind: operation === CALLS[kind].removal ? "outcome-unknown" : "aborted", sent: "unknown" });
        }
      }
      cloud.control.faults([]);
      await settled(client.send(CALLS[kind].read));
    });
  }

  it("the fetch's own signal is aborted without a reason of ours", async () => {
    let signal;
    const client = clientWith((_, init) => { signal = init.signal; return never(); });
    await errorOf(() => client.send(read, { timeoutMs: 20 }));
    assert.equal(signal.aborted, true);
    assert.equal(signal.reason.name, "AbortError");
  });

  it("nobody listens to the caller's signal afterwards, whatever the end", async () => {
    const ENDS = {
      answer: () => Promise.resolve(new Response('{"RequestId":"r-1"}')),
      refusal: () => Promise.resolve(new Response("x", { status: 502 })),
      rejection: () => Promise.reject(new Error("boom")),
      throw: () => { throw new Error("boom"); },
      nothing: () => undefined,
      timeout: never,
    };
    for (const [end, fetch] of Object.entries(ENDS)) {
      const signal = mockSignal();
      await settled(clientWith(fetch).send(read, { signal, timeoutMs: 20 }).catch((error) => assert.ok(error instanceof UnpoolError)));
      assert.equal(signal.listeners.size, 0, end);
    }
    const signal = mockSignal();
    later(() => signal.abort("enough"));
    checkError(await errorOf(() => clientWith(never).send(read, { signal })), { kind: "aborted" });
    assert.equal(signal.listeners.size, 0, "abort");
  });

  it("a signal that throws is one that never fires", async () => {
    const boom = () => { throw new Error("boom"); };
    const client = clientWith(async () => new Response('{"RequestId":"r-1"}'));
    const throwing = Object.defineProperties({ addEventListener: boom, removeEventListener: boom }, { aborted: { get: boom }, reason: { get: boom } });
    assert.equal((await settled(client.send(read, { signal: throwing }))).requestId, "r-1");
  });

  it("one signal for many calls", async () => {
    const controller = new AbortController();
    const client = clientWith(never);
    const calls = Array.from({ length: 50 }, () => errorOf(() => client.send(read, { signal: controller.signal })));
    later(() => controller.abort("enough"));
    for (const error of await settled(Promise.all(calls))) checkError(error, { kind: "aborted" });
  });
});

describe("free", () => {
  const METHODS = {
    sign: (client, operation) => client.sign(operation, STAMP),
    explain: (client, operation) => client.explain(operation),
    send: (client, operation) => client.send(operation),
    authenticate: (client) => client.authenticate(),
  };

  for (const name of Object.keys(OPTIONS)) {
    it(`${name}: later calls are invalid-input, and freeing again is fine`, async () => {
      const fetch = countingFetch();
      const client = new Client({ ...OPTIONS[name], fetch });
      client.free();
      client.free();
      client[Symbol.dispose]?.();
      const family = { alibaba: "alibaba", ucloud: "ucloud", scloud: "ucloud" }[OPTIONS[name].vendor] ?? "openstack";
      for (const work of Object.values(METHODS)) {
        const error = await errorOf(() => work(client, OPERATIONS[family].removal));
        checkError(error, { kind: "invalid-input", sent: false, hint: /new Client/ });
      }
      assert.equal(fetch.calls, 0);
    });
  }

  it("Symbol.dispose is free", { skip: Symbol.dispose ? false : "this runtime has no Symbol.dispose" }, async () => {
    const client = new Client(OPTIONS["alibaba rpc"]);
    client[Symbol.dispose]();
    checkError(await errorOf(() => client.sign(removal)), { kind: "invalid-input" });
  });

  it("one client's end is not another's", () => {
    const [one, other] = [new Client(OPTIONS["alibaba rpc"]), new Client(OPTIONS["alibaba rpc"])];
    const before = other.sign(removal, STAMP);
    one.free();
    assert.deepEqual(other.sign(removal, STAMP), before);
  });

  for (const [kind, more] of FORMS) {
    it(`${named(kind, more)}: during a call that is answered`, async () => {
      const client = cloud.client(kind, more);
      if (kind === "keystone") await settled(client.authenticate());
      cloud.control.faults([{ effect: "delay", ms: 30 }]);
      const call = client.send(CALLS[kind].removal);
      later(() => client.free());
      const there = cloud.control.state();
      await settled(call);
      assert.notDeepEqual(cloud.control.state(), there, "the change was made");
      checkError(await errorOf(() => client.send(CALLS[kind].read)), { kind: "invalid-input" });
    });

    it(`${named(kind, more)}: during a call that fails`, async () => {
      const client = cloud.client(kind, more);
      if (kind === "keystone") await settled(client.authenticate());
      cloud.control.faults([{ effect: "status", status: 403, ms: 30, body: { Code: "Forbidden", RetCode: 299, error_code: "ELB.9802", Message: "m", error_msg: "m" } }]);
      const call = errorOf(() => client.send(CALLS[kind].removal));
      later(() => client.free());
      checkError(await call, { kind: "forbidden", sent: true });
    });
  }

  it("while a token is fetched: the call does not leave", async () => {
    cloud.control.faults([{ cloud: "keystone", effect: "delay", ms: 30 }]);
    const client = cloud.client("keystone");
    const call = errorOf(() => client.send(CALLS.keystone.removal));
    later(() => client.free());
    checkError(await call, { kind: "invalid-input", sent: false });
    assert.equal(cloud.control.log().filter((entry) => entry.cloud === "otc").length, 0);
  });

  it("50 calls under way, freed at once", async () => {
    const client = clientWith(() => new Promise((resolve) => later(() => resolve(new Response('{"RequestId":"r-1"}')))));
    const calls = Array.from({ length: 50 }, () => client.send(removal));
    await new Promise(setImmediate);
    client.free();
    for (const answer of await settled(Promise.all(calls))) assert.equal(answer.requestId, "r-1");
    checkInvalid(await errorOf(() => client.send({})), {});
  });

  it("right after send(): the calls have left by then, and end", async () => {
    let calls = 0;
    const client = clientWith(() => (calls++, Promise.resolve(new Response('{"RequestId":"r-1"}'))));
    const sent = Array.from({ length: 5 }, () => client.send(removal));
    client.free();
    for (const { requestId } of await settled(Promise.all(sent))) assert.equal(requestId, "r-1");
    assert.equal(calls, 5);
  });

  it("inside fetch itself", async () => {
    const client = clientWith(() => {
      client.free();
      return Promise.resolve(new Response('{"RequestId":"r-1"}'));
    });
    assert.equal((await settled(client.send(removal))).requestId, "r-1");
  });
});
