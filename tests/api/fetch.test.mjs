// The `fetch` option: how it is called, and that whatever it returns, throws or rejects with settles the
// promise as an error and traps nothing.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Client, OPERATIONS, OPTIONS, STAMP, checkError, errorOf, settled, watchStrays } from "./support.mjs";

watchStrays();

const { removal, read } = OPERATIONS.alibaba;
const BODY = JSON.stringify({ RequestId: "r-1", LoadBalancerId: "lb-1" });
const headers = (values = {}) => ({ get: (name) => values[name] ?? null });
const answer = (changes) => ({ status: 200, headers: headers({ "content-type": "application/json" }), text: () => Promise.resolve(BODY), ...changes });
// One attempt: what is repeated is another file's matter.
const clientWith = (fetch, more) => new Client({ ...OPTIONS["alibaba rpc"], maxAttempts: 1, fetch, ...more });

describe("how fetch is called", () => {
  it("with a URL and plain init, without a receiver", async () => {
    const calls = [];
    const client = clientWith(function (...given) {
      calls.push({ receiver: this, given });
      return Promise.resolve(answer());
    }, { headers: { "channel-key": "abc" } });
    assert.equal((await settled(client.send(removal))).requestId, "r-1");
    const [{ receiver, given: [url, init, ...rest] }] = calls;
    assert.equal(receiver, undefined);
    assert.deepEqual(rest, []);
    assert.equal(url, "https://slb.aliyuncs.com/");
    assert.equal(Object.getPrototypeOf(init), Object.prototype);
    assert.deepEqual(Object.keys(init).sort(), ["body", "credentials", "headers", "method", "redirect", "signal"]);
    assert.equal(init.method, "POST");
    assert.equal(init.redirect, "manual");
    assert.equal(init.credentials, "omit");
    assert.ok(init.signal instanceof AbortSignal);
    assert.deepEqual({ ...init.headers }, { "content-type": "application/x-www-form-urlencoded", "channel-key": "abc" });
    assert.equal(typeof init.body, "string");
  });

  it("a call without a body has none", async () => {
    let seen;
    const client = new Client({ ...OPTIONS["otc keys"], fetch: async (_, init) => { seen = init; return answer({ status: 204, text: async () => "" }); } });
    await settled(client.send(OPERATIONS.openstack.removal));
    assert.equal(seen.method, "DELETE");
    assert.ok(!("body" in seen));
    new Request("https://elb.example/", seen);
  });

  it("every request has a nonce of its own", async () => {
    const nonces = new Set();
    const client = clientWith(async (_, { body }) => {
      nonces.add(new URLSearchParams(body).get("SignatureNonce"));
      return answer();
    });
    await settled(Promise.all(Array.from({ length: 50 }, () => client.send(read))));
    assert.equal(nonces.size, 50);
    for (let count = 0; count < 10; count += 1) nonces.add(new URLSearchParams(new Client(OPTIONS["alibaba rpc"]).sign(removal).body).get("SignatureNonce"));
    assert.equal(nonces.size, 60);
  });

  it("the global fetch is looked up at each call", async () => {
    const real = globalThis.fetch;
    try {
      globalThis.fetch = async () => answer();
      const client = new Client(OPTIONS["alibaba rpc"]);
      assert.equal((await settled(client.send(read))).requestId, "r-1");
      globalThis.fetch = async () => answer({ text: async () => BODY.replace("r-1", "r-2") });
      assert.equal((await settled(client.send(read))).requestId, "r-2");
      globalThis.fetch = undefined;
      checkError(await errorOf(() => client.send(read)), { kind: "network" });
    } finally {
      globalThis.fetch = real;
    }
  });

  it("what it signs is what sign() gives", async () => {
    let sent;
    const client = clientWith(async (url, init) => { sent = { url, ...init }; return answer(); });
    await settled(client.send(removal));
    const parameters = new URLSearchParams(sent.body);
    const same = client.sign(removal, { timestamp: Date.parse(parameters.get("Timestamp")), nonce: parameters.get("SignatureNonce") });
    assert.equal(same.body, sent.body);
    assert.equal(same.url, sent.url);
  });
});

const GOOD = [
  ["a mock", answer()],
  ["a mock with text that is no promise", answer({ text: () => BODY })],
  ["a mock without headers", answer({ headers: undefined })],
  ["a mock with null headers", answer({ headers: null })],
  ["a Response", new Response(BODY)],
  ["Headers of the platform", answer({ headers: new Headers() })],
];
describe("what fetch may return", () => {
  for (const [what, value] of GOOD) {
    it(`a promise of ${what}`, async () => assert.equal((await settled(clientWith(async () => (value instanceof Response ? value.clone() : value)).send(removal))).requestId, "r-1"));
    it(`${what}, at once`, async () => assert.equal((await settled(clientWith(() => (value instanceof Response ? value.clone() : value)).send(removal))).requestId, "r-1"));
  }
  it("a thenable", async () => {
    const thenable = { then: (resolve) => resolve(answer()) };
    assert.equal((await settled(clientWith(() => thenable).send(removal))).requestId, "r-1");
  });
});

const boom = () => { throw new Error("boom"); };
const UNKNOWN = "unknown";
/** [what, fetch, kind of a read, sent]. */
const BAD = [
  ["undefined", () => undefined, "unexpected-answer", UNKNOWN],
  ["null", async () => null, "unexpected-answer", UNKNOWN],
  ["text", async () => BODY, "unexpected-answer", UNKNOWN],
  ["a number", async () => 200, "unexpected-answer", UNKNOWN],
  ["a symbol", async () => Symbol("s"), "unexpected-answer", UNKNOWN],
  ["an empty object", async () => ({}), "unexpected-answer", UNKNOWN],
  ["a function", async () => () => {}, "unexpected-answer", UNKNOWN],
  ["a status that is text", async () => answer({ status: "200" }), "unexpected-answer", UNKNOWN],
  ["status NaN", async () => answer({ status: Number.NaN }), "unexpected-answer", UNKNOWN],
  ["status -1", async () => answer({ status: -1 }), "unexpected-answer", UNKNOWN],
  ["status 1e9", async () => answer({ status: 1e9 }), "unexpected-answer", UNKNOWN],
  ["status 0", async () => answer({ status: 0, text: async () => "" }), "unexpected-answer", true],
  ["Response.error()", async () => Response.error(), "unexpected-answer", true],
  ["a status that throws", async () => Object.defineProperty(answer({ status: 1 }), "status", { get: boom }), "unexpected-answer", true],
  ["headers that throw", async () => Object.defineProperty(answer(), "headers", { get: boom }), "unexpected-answer", true],
  ["headers that are text", async () => answer({ headers: "x" }), undefined, true],
  ["headers.get that throws", async () => answer({ headers: { get: boom } }), "unexpected-answer", true],
  ["headers without get", async () => answer({ headers: {} }), "unexpected-answer", true],
  ["headers.get that gives numbers", async () => answer({ headers: { get: () => 5 } }), undefined, true],
  ["no text()", async () => answer({ text: undefined }), "unexpected-answer", true],
  ["text() that throws", async () => answer({ text: boom }), "unexpected-answer", true],
  ["text() that throws text", async () => answer({ text: () => { throw "boom"; } }), "unexpected-answer", true],
  ["text() that rejects", async () => answer({ text: async () => boom() }), "unexpected-answer", true],
  ["text() that rejects with undefined", async () => answer({ text: () => Promise.reject() }), "unexpected-answer", true],
  ["text() of bytes", async () => answer({ text: async () => new Uint8Array(4) }), "unexpected-answer", true],
  ["text() of undefined", async () => answer({ text: async () => undefined }), "unexpected-answer", true],
  ["text() with half a surrogate pair", async () => answer({ text: async () => `{"RequestId":"\ud800` }), "unexpected-answer", true],
  ["5 MiB", async () => answer({ text: async () => " ".repeat(5 << 20) + BODY }), "unexpected-answer", true],
  ["5 MiB by its own word", async () => answer({ headers: headers({ "content-length": String(5 << 20) }), text: boom }), "unexpected-answer", true],
  ["a body read already", async () => { const response = new Response(BODY); await response.text(); return response; }, "unexpected-answer", true],
  ["a throwing proxy", async () => new Proxy({}, { get: (_, name) => (name === "then" ? undefined : boom()) }), "unexpected-answer", true],
  ["a thenable that throws", () => ({ then: boom }), "network", UNKNOWN],
  ["a getter of then that throws", () => Object.defineProperty({}, "then", { get: boom }), "network", UNKNOWN],
  ["throws an Error", boom, "network", UNKNOWN],
  ["throws text", () => { throw "boom"; }, "network", UNKNOWN],
  ["throws undefined", () => { throw undefined; }, "network", UNKNOWN],
  ["throws null", () => { throw null; }, "network", UNKNOWN],
  ["throws a symbol", () => { throw Symbol("boom"); }, "network", UNKNOWN],
  ["throws something whose message throws", () => { throw Object.defineProperty({}, "message", { get: boom }); }, "network", UNKNOWN],
  ["throws a proxy that throws", () => { throw new Proxy({}, { get: boom, has: boom, getPrototypeOf: boom }); }, "network", UNKNOWN],
  ["rejects with an Error", async () => boom(), "network", UNKNOWN],
  ["rejects with text", () => Promise.reject("boom"), "network", UNKNOWN],
  ["rejects with undefined", () => Promise.reject(), "network", UNKNOWN],
  ["rejects with null", () => Promise.reject(null), "network", UNKNOWN],
  ["rejects with a frozen error", () => Promise.reject(Object.freeze(new Error("boom"))), "network", UNKNOWN],
  ["never settles", () => new Promise(() => {}), "timeout", UNKNOWN, { timeoutMs: 50 }],
  ["never gives its text", async () => answer({ text: () => new Promise(() => {}) }), "timeout", UNKNOWN, { timeoutMs: 50 }],
];

describe("what else fetch may do", () => {
  for (const [what, fetch, kind, sent, options] of BAD) {
    it(`${what}: read`, async () => {
      const client = clientWith(fetch);
      if (kind === undefined) return void assert.equal((await settled(client.send(read, options))).requestId, "r-1");
      checkError(await errorOf(() => client.send(read, options)), { kind, sent: kind === "unexpected-answer" && sent === UNKNOWN ? UNKNOWN : sent, operation: read.operation, vendor: "alibaba" });
      assert.equal(client.sign(removal, STAMP).method, "POST", "the client works on");
    });
    it(`${what}: removal`, async () => {
      const client = clientWith(fetch);
      if (kind === undefined) return void assert.equal((await settled(client.send(removal, options))).requestId, "r-1");
      const error = await errorOf(() => client.send(removal, options));
      checkError(error, { kind: "outcome-unknown", retryable: false, sent, operation: removal.operation, hint: /read/ });
      checkError(error.cause, { kind });
    });
    it(`${what}: Keystone`, async () => {
      const client = new Client({ ...OPTIONS["otc password"], maxAttempts: 1, fetch });
      checkError(await errorOf(() => client.authenticate(options)), {});
      checkError(await errorOf(() => client.send(OPERATIONS.openstack.removal, options)), { sent: false, operation: "DeleteMember" });
    });
  }

  it("what was thrown is the cause", async () => {
    for (const thrown of [new Error("boom"), "boom", { any: "thing" }, 5]) {
      const client = clientWith(() => Promise.reject(thrown));
      assert.equal((await errorOf(() => client.send(read))).cause, thrown);
      assert.equal((await errorOf(() => client.send(removal))).cause.cause, thrown);
    }
  });

  it("only Node's own words prove that nothing was sent", async () => {
    const refused = (code) => clientWith(() => Promise.reject(Object.assign(new TypeError("fetch failed"), { cause: { code } })));
    for (const code of ["ECONNREFUSED", "ENOTFOUND", "UND_ERR_CONNECT_TIMEOUT"]) checkError(await errorOf(() => refused(code).send(removal)), { kind: "network", sent: false });
    for (const code of ["ECONNRESET", "EPIPE", "UND_ERR_SOCKET", undefined, 5]) checkError(await errorOf(() => refused(code).send(removal)), { kind: "outcome-unknown", sent: "unknown" });
  });

  it("a port that fetch blocks: the request never left (Node's own fetch)", async () => {
    const client = new Client({ ...OPTIONS["alibaba rpc"], endpoint: "http://127.0.0.1:6000", allowHttp: true, maxAttempts: 1 });
    checkError(await errorOf(() => client.send(removal)), { kind: "network", sent: false });
  });
});
