// What is sent again and what is not, when, and what the caller is told of it.
import assert from "node:assert/strict";
import { createServer } from "node:http";
import { describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { CALLS, FORMS, emulator, named } from "./cloud.mjs";
import { ALIBABA, after, clientOf, pauses, scripted } from "./scripted.mjs";
import { OPERATIONS, UnpoolError, checkError, errorOf, settled, watchStrays } from "./support.mjs";

watchStrays();
const cloud = emulator();
const target = (kind) => (kind === "keystone" ? "otc" : kind);

const { removal, read } = OPERATIONS.alibaba;
const add = { operation: "AddBackendServers", loadBalancerId: "lb-1", backendServers: [{ serverId: "i-1" }] };
const lost = new TypeError("fetch failed");
const kinds = (error) => error.attempts?.map(({ kind }) => kind);

/** Sends with answers from a list. -> how it ended, how many requests left, and the pauses between them. */
async function play(t, operation, answers, { random, ...options } = {}) {
  const asked = pauses(t, random);
  const fetch = scripted(...answers);
  const sending = settled(clientOf("alibaba rpc", fetch, options).send(operation));
  const [answer, error] = await sending.then((value) => [value], (thrown) => [undefined, thrown]);
  return { answer, error, count: fetch.sent.length, sent: fetch.sent, asked };
}

describe("what passes at the second try", () => {
  /** What is done to the first request, and whether it was carried out. */
  const FAULTS = [
    ["too many requests", { effect: "throttle" }, false],
    ["locked or away", { effect: "busy" }, false],
    ["dropped before it was carried out", { effect: "drop-before" }, false],
    ["dropped after it was carried out", { effect: "drop-after" }, true],
    ["no answer in time", { effect: "hang" }, false, 200],
    ["a 502 without a word", { effect: "status", status: 502 }, false],
    ["a 502 in HTML, carried out", { effect: "html", apply: true }, true],
  ];
  for (const [kind, more] of FORMS) {
    for (const [what, rule, applied, timeoutMs] of FAULTS) {
      it(`${named(kind, more)}: ${what}`, async (t) => {
        t.mock.method(Math, "random", () => 0);
        const client = cloud.client(kind, more);
        if (kind === "keystone") await settled(client.authenticate());
        for (const [name, operation] of Object.entries(CALLS[kind])) {
          cloud.control.clearLog();
          cloud.control.faults([{ cloud: target(kind), ...rule }]);
          const answer = await settled(client.send(operation, { timeoutMs }));
          const arrived = cloud.control.log().filter((entry) => entry.operation === operation.operation);
          assert.equal(arrived.length, 2, name);
          // Alibaba ignores servers that are not there: its second answer is a plain success.
          const gone = name === "removal" && applied && target(kind) !== "alibaba";
          assert.equal(answer.alreadyGone, gone ? true : undefined, name);
          if (gone) assert.deepEqual(answer, { alreadyGone: true });
        }
        assert.deepEqual(cloud.control.changes().filter(({ resource }) => !/rule|polic/i.test(resource)).map(({ change }) => change), ["removed"]);
      });
    }
  }

  it("every attempt is signed anew", async (t) => {
    for (const [name, operation, nonceOf] of [
      ["alibaba rpc", removal, ({ body }) => new URLSearchParams(body).get("SignatureNonce")],
      ["alibaba acs3", removal, ({ headers }) => headers["x-acs-signature-nonce"]],
    ]) {
      pauses(t);
      const fetch = scripted(ALIBABA.busy, ALIBABA.busy, ALIBABA.done);
      await settled(clientOf(name, fetch).send(operation));
      assert.equal(new Set(fetch.sent.map(nonceOf)).size, 3, name);
      t.mock.restoreAll();
    }
  });

  it("each page of a list has its own attempts", async (t) => {
    t.mock.method(Math, "random", () => 0);
    const [{ pools: [{ poolId }] }] = cloud.control.arrange({ add: { otc: { members: 5 } } }).added.otc;
    const operation = { operation: "ListMembers", poolId, limit: 2 };
    cloud.control.faults([
      { cloud: "otc", effect: "throttle" },
      { cloud: "otc", effect: "throttle", contains: "marker=" },
    ]);
    const { members } = await settled(cloud.client("otc", { maxAttempts: 2 }).send(operation));
    assert.equal(members.length, 5);
    assert.equal(new Set(members.map(({ id }) => id)).size, 5);
    assert.equal(cloud.control.log().length, 5);
  });
});

describe("what is never sent again", () => {
  for (const [what, answer, expected] of [
    ["a refusal", ALIBABA.forbidden, { kind: "forbidden", sent: true, retryable: false }],
    ["a read's answer that makes no sense", ALIBABA.page, { kind: "unexpected-answer", sent: true, retryable: false }, [read]],
    ["what nobody can find", { status: 404, body: { Code: "InvalidLoadBalancerId.NotFound", Message: "no" } }, { kind: "not-found", sent: true }],
  ]) {
    it(what, async (t) => {
      for (const operation of answer === ALIBABA.page ? [read] : [read, removal, add]) {
        const { error, count, asked } = await play(t, operation, [answer]);
        checkError(error, { ...expected, attempts: undefined });
        assert.deepEqual([count, asked], [1, []]);
        t.mock.restoreAll();
      }
    });
  }

  it("an Add of unknown fate, without another attempt or a look", async (t) => {
    for (const answer of [lost, ALIBABA.silent, ALIBABA.failed]) {
      const { error, count } = await play(t, add, [answer], { maxAttempts: 1 });
      checkError(error, { kind: "outcome-unknown", retryable: false, operation: add.operation });
      assert.equal(count, 1);
      t.mock.restoreAll();
    }
  });

  it("anything, where maxAttempts is 1", async (t) => {
    for (const [operation, answer, kind] of [
      [read, ALIBABA.throttled, "throttled"],
      [removal, ALIBABA.busy, "busy"],
      [read, lost, "network"],
      [removal, lost, "outcome-unknown"],
    ]) {
      const { error, count, asked } = await play(t, operation, [answer], { maxAttempts: 1 });
      checkError(error, { kind });
      assert.ok(!("attempts" in error));
      assert.deepEqual([count, asked], [1, []]);
      t.mock.restoreAll();
    }
  });
});

describe("the error after the last attempt", () => {
  it("is the last one, and holds those before it in order", async (t) => {
    const { error, count } = await play(t, removal, [ALIBABA.throttled, ALIBABA.busy, ALIBABA.away]);
    checkError(error, { kind: "server", code: "ServiceUnavailable", requestId: "r-3", sent: true, retryable: true, operation: removal.operation, vendor: "alibaba" });
    assert.equal(count, 3);
    const [first, second, ...more] = error.attempts;
    assert.deepEqual(more, []);
    checkError(first, { kind: "throttled", code: "Throttling.User", requestId: "r-1", operation: removal.operation, attempts: undefined });
    checkError(second, { kind: "busy", code: "BackendServer.configuring", requestId: "r-2", operation: removal.operation, attempts: undefined });
    const written = JSON.parse(JSON.stringify(error));
    assert.deepEqual(written.attempts.map(({ name, kind, message }) => [name, kind, message]), error.attempts.map(({ kind, message }) => ["UnpoolError", kind, message]));
  });

  it("has as many as maxAttempts allows", async (t) => {
    for (const maxAttempts of [2, 5]) {
      const { error, count } = await play(t, read, [ALIBABA.busy], { maxAttempts });
      assert.equal(count, maxAttempts);
      assert.deepEqual(kinds(error), Array(maxAttempts - 1).fill("busy"));
      t.mock.restoreAll();
    }
  });

  it("keeps what the runtime threw as the cause of the last one", async (t) => {
    const thrown = [new Error("first"), new Error("second"), new Error("third")];
    const { error } = await play(t, read, thrown);
    checkError(error, { kind: "network", sent: "unknown" });
    assert.equal(error.cause, thrown[2]);
    assert.deepEqual(error.attempts.map(({ message }) => /first|second/.exec(message)?.[0]), ["first", "second"]);
  });

  it("is an unknown outcome as soon as one attempt was", async (t) => {
    for (const [last, cause] of [[ALIBABA.busy, "busy"], [ALIBABA.forbidden, "forbidden"], [lost, "network"]]) {
      const { error } = await play(t, removal, [lost, last]);
      checkError(error, { kind: "outcome-unknown", retryable: false, operation: removal.operation, vendor: "alibaba", hint: /read/ });
      checkError(error.cause, { kind: cause });
      assert.ok(kinds(error).every((kind) => ["outcome-unknown", "busy"].includes(kind)));
      t.mock.restoreAll();
    }
  });

  it("is no unknown outcome where no attempt left", async () => {
    const server = createServer();
    await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
    const endpoint = `http://127.0.0.1:${server.address().port}`;
    await new Promise((resolve) => server.close(resolve));
    const error = await errorOf(() => cloud.client("ucloud", { endpoint }).send(CALLS.ucloud.removal));
    checkError(error, { kind: "network", sent: false, retryable: true });
    assert.deepEqual(error.attempts.map(({ kind, sent }) => [kind, sent]), Array(2).fill(["network", false]));
  });
});

describe("alreadyGone", () => {
  const gone = { status: 404, body: { faultcode: "Client", faultstring: "Member m-1 not found." } };
  const noPool = { status: 404, body: { faultcode: "Client", faultstring: "Pool p-1 not found." } };
  const denied = { status: 409, body: { faultcode: "Client", faultstring: "Load Balancer l is immutable and cannot be updated." } };
  const { removal: remove, read: list } = OPERATIONS.openstack;

  for (const [what, answers, expected, operation = remove] of [
    ["after a lost answer", [lost, gone], undefined],
    ["after two", [lost, { status: 502 }, gone], undefined],
    ["not at the first attempt", [gone], "not-found"],
    ["not after attempts that certainly did nothing", [denied, denied, gone], "not-found"],
    ["not where the pool is what is missing", [lost, noPool], "outcome-unknown"],
    ["not for a read", [lost, noPool], "not-found", list],
  ]) {
    it(what, async (t) => {
      pauses(t);
      const fetch = scripted(...answers);
      const sending = clientOf("openstack token", fetch).send(operation);
      if (expected === undefined) assert.deepEqual(await settled(sending), { alreadyGone: true });
      else checkError(await errorOf(() => sending), { kind: expected });
      assert.equal(fetch.sent.length, answers.length);
    });
  }
});

describe("the pause", () => {
  it("is between nothing and a ceiling that doubles", async (t) => {
    for (const [random, expected] of [[0, []], [0.5, [250, 500, 1_000, 2_000, 4_000]], [1 - 2 ** -53, [500, 1_000, 2_000, 4_000, 8_000]]]) {
      const { asked, count } = await play(t, read, [ALIBABA.busy], { maxAttempts: 6, random });
      assert.deepEqual(asked, expected);
      assert.equal(count, 6);
      t.mock.restoreAll();
    }
  });

  const DATE = "Thu, 14 Mar 2024 15:09:26 GMT";
  for (const [what, answer, expected] of [
    ["in seconds", after(ALIBABA.throttled, 7), 7_000],
    ["as a date, counted from the answer's own", after(ALIBABA.throttled, "Thu, 14 Mar 2024 15:09:56 GMT", { date: DATE }), 30_000],
    ["in Alibaba's own header", { ...ALIBABA.throttled, headers: { "x-acs-retry-after": "1234" } }, 1_234],
    ["a minute", after(ALIBABA.busy, 60), 60_000],
    ["of a gateway without a word", after(ALIBABA.silent, 3), 3_000],
  ]) {
    it(`is what the cloud asks for: ${what}`, async (t) => {
      for (const operation of [read, removal]) {
        const { asked, answer: done } = await play(t, operation, [answer, ALIBABA.done]);
        assert.deepEqual(asked, [expected]);
        assert.equal(done.requestId, "r-done");
        t.mock.restoreAll();
      }
    });
  }

  it("is left to the caller where it is longer than a minute", async (t) => {
    const { error, count, asked } = await play(t, removal, [after(ALIBABA.throttled, 61), ALIBABA.done]);
    checkError(error, { kind: "throttled", retryable: true, retryAfterMs: 61_000, attempts: undefined });
    assert.deepEqual([count, asked], [1, []]);
  });

  it("is waited for", async () => {
    cloud.control.faults([{ cloud: "otc", effect: "throttle", headers: { "retry-after": "1" } }]);
    await settled(cloud.client("otc").send(CALLS.otc.removal));
    const [first, second] = cloud.control.log().map(({ at }) => Date.parse(at));
    // Both are read from the emulator's log, in whole milliseconds.
    assert.ok(second - first >= 990, `${second - first} ms`);
  });
});

describe("an abort", () => {
  const REASON = new Error("enough");

  it("during the pause ends the call at once, and nothing more is sent", async () => {
    for (const [operation, answer, kind] of [
      [read, ALIBABA.busy, "aborted"],
      [removal, ALIBABA.busy, "aborted"],
      [removal, ALIBABA.silent, "outcome-unknown"],
    ]) {
      const fetch = scripted(after(answer, 30), ALIBABA.done);
      const controller = new AbortController();
      const call = errorOf(() => clientOf("alibaba rpc", fetch).send(operation, { signal: controller.signal }));
      await sleep(20);
      controller.abort(REASON);
      const error = await call;
      checkError(error, { kind, retryable: false, vendor: "alibaba" });
      assert.equal((kind === "aborted" ? error : error.cause).cause, REASON);
      assert.deepEqual(kinds(error), [kind === "aborted" ? "busy" : "outcome-unknown"]);
      assert.equal(fetch.sent.length, 1);
    }
  });

  it("while a request is under way is never followed by another", async (t) => {
    pauses(t);
    for (const [operation, kind] of [[read, "aborted"], [removal, "outcome-unknown"], [add, "outcome-unknown"]]) {
      const controller = new AbortController();
      const fetch = scripted(ALIBABA.busy, () => {
        setImmediate(() => controller.abort(REASON));
        return new Promise(() => {});
      });
      const error = await errorOf(() => clientOf("alibaba rpc", fetch).send(operation, { signal: controller.signal }));
      checkError(error, { kind, retryable: false });
      assert.deepEqual(kinds(error), ["busy"]);
      await sleep(20);
      assert.equal(fetch.sent.length, 2);
    }
  });

  it("between answer and pause counts too", async () => {
    const controller = new AbortController();
    const fetch = scripted(() => {
      controller.abort(REASON);
      return new Response(JSON.stringify(ALIBABA.busy.body), { status: 400 });
    });
    const error = await errorOf(() => clientOf("alibaba rpc", fetch).send(read, { signal: controller.signal }));
    checkError(error, { kind: "aborted" });
    assert.equal(fetch.sent.length, 1);
  });
});

describe("free() during the pause", () => {
  for (const [what, answer, kind] of [["after a refusal", ALIBABA.busy, "invalid-input"], ["after a lost answer", ALIBABA.silent, "outcome-unknown"]]) {
    it(`${what}: the call ends, and nothing more is sent`, async (t) => {
      t.mock.method(Math, "random", () => 0.1);
      const client = clientOf("alibaba rpc", scripted(() => {
        setImmediate(() => client.free());
        return new Response(JSON.stringify(answer.body ?? ""), { status: answer.status });
      }));
      const error = await errorOf(() => client.send(removal));
      checkError(error, { kind, retryable: false, operation: removal.operation });
      if (kind === "outcome-unknown") checkError(error.cause, { kind: "invalid-input", sent: false });
      assert.ok(error.attempts.every((attempt) => attempt instanceof UnpoolError));
      assert.equal(error.attempts.length, 1);
    });
  }
});
