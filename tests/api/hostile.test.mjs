// Values that are no plain data: whatever a caller passes in, the answer is invalid-input, nothing
// traps, and the client works on.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Client, OPTIONS, STAMP, checkInvalid, countingFetch, errorOf, operationsOf, unpool, watchStrays } from "./support.mjs";

watchStrays();

const cycle = () => {
  const server = { serverId: "i-1" };
  server.self = server;
  return server;
};
const nested = (depth, inner = "i-1") => {
  let value = inner;
  for (let level = 0; level < depth; level += 1) value = { a: value };
  return value;
};
const nestedLists = (depth) => {
  let value = [];
  for (let level = 0; level < depth; level += 1) value = [value];
  return value;
};
const throwing = (name) => Object.defineProperty({}, name, { enumerable: true, get: () => { throw new Error("this getter throws"); } });
const traps = (...names) => new Proxy({}, Object.fromEntries(names.map((name) => [name, () => { throw new Error("this trap throws"); }])));
const revoked = () => {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
};
const lone = "lb-\ud800";

/** What may stand where an object belongs: [what, value, field under the whole]. */
const NO_OBJECTS = [
  ["undefined", undefined],
  ["null", null],
  ["a list", []],
  ["text", "RemoveBackendServers"],
  ["JSON text", '{"operation":"RemoveBackendServers"}'],
  ["a number", 5],
  ["NaN", Number.NaN],
  ["a boolean", true],
  ["a BigInt", 5n],
  ["a symbol", Symbol("s")],
  ["a function", () => {}],
  ["a Date", new Date()],
  ["a promise of one", Promise.resolve({})],
  ["an object without a prototype that is empty", Object.create(null)],
  ["a revoked proxy", revoked()],
  ["a proxy that throws for everything", traps("get", "has", "ownKeys", "getOwnPropertyDescriptor", "getPrototypeOf")],
  ["a proxy that hides its keys", traps("ownKeys")],
  ["a proxy that throws for each field", new Proxy({ operation: 1 }, { get: () => { throw undefined; } })],
  ["a toJSON that throws", { toJSON: () => { throw "text"; } }],
  ["a toJSON that gives nothing", { toJSON: () => undefined }],
  ["10,000 levels of objects", nested(10_000)],
  ["10,000 levels of lists", nestedLists(10_000)],
  ["200,000 levels of objects", nested(200_000)],
];

const removal = (changes) => ({ operation: "RemoveBackendServers", loadBalancerId: "lb-1", backendServers: [{ serverId: "i-1" }], ...changes });
const server = (changes) => removal({ backendServers: [{ serverId: "i-0" }, { serverId: "i-1", ...changes }] });

/** [what, operation, field]. */
const FIELDS = [
  ["a BigInt", server({ port: 80n }), "backendServers[1].port"],
  ["a BigInt as an id", removal({ loadBalancerId: 1n }), "loadBalancerId"],
  ["a cycle", removal({ backendServers: [{ serverId: "i-0" }, cycle()] }), "backendServers[1].self"],
  ["NaN", server({ port: Number.NaN }), "backendServers[1].port"],
  ["-Infinity", server({ port: Number.NEGATIVE_INFINITY }), "backendServers[1].port"],
  ["-0 as a port", server({ port: -0 }), "backendServers[1].port"],
  ["half a surrogate pair in an id", removal({ loadBalancerId: lone }), "loadBalancerId"],
  ["half a surrogate pair in text", server({ description: lone }), "backendServers[1].description"],
  ["half a surrogate pair in an account", removal({ ownerAccount: "\udc00x" }), "ownerAccount"],
  ["half a surrogate pair in a name", { ...removal(), [lone]: 1 }, "operation"],
  ["a Date as an id", removal({ loadBalancerId: new Date(0) }), "loadBalancerId"],
  ["an invalid Date as an id", removal({ loadBalancerId: new Date(Number.NaN) }), "loadBalancerId"],
  ["a function as an id", removal({ loadBalancerId: () => "lb-1" }), "loadBalancerId"],
  ["a symbol as an id", removal({ loadBalancerId: Symbol("lb-1") }), "loadBalancerId"],
  ["a function as a server", removal({ backendServers: [() => "i-1"] }), "backendServers[0]"],
  ["a Map", removal({ backendServers: new Map([["serverId", "i-1"]]) }), "backendServers"],
  ["a Set", removal({ backendServers: new Set(["i-1"]) }), "backendServers"],
  ["an iterator", removal({ backendServers: ["i-1"].values() }), "backendServers"],
  ["a typed array", removal({ backendServers: new Uint8Array(2) }), "backendServers"],
  ["a getter that throws", removal({ backendServers: [throwing("serverId")] }), "backendServers[0].serverId"],
  ["a getter that throws on top", Object.assign(throwing("loadBalancerId"), { operation: "RemoveBackendServers" }), "loadBalancerId"],
  ["a proxy that throws within", removal({ backendServers: [traps("ownKeys")] }), "backendServers[0]"],
  ["a revoked proxy within", removal({ backendServers: [revoked()] }), "backendServers[0]"],
  ["40 levels within", removal({ ownerAccount: nested(40) }), "ownerAccount"],
  ["a control character in an id", removal({ loadBalancerId: "lb\u0000" }), "loadBalancerId"],
  ["a line break in a name", { ...removal(), "a\nb": 1 }, "a\nb"],
  ["a U+00A0 in front", removal({ loadBalancerId: "\u00a0lb-1" }), "loadBalancerId"],
];

const fetch = countingFetch();
const client = new Client({ ...OPTIONS["alibaba rpc"], fetch });
const proof = () => client.sign(removal(), STAMP);
const before = proof();

async function refused(work, expected) {
  fetch.calls = 0;
  checkInvalid(await errorOf(work), expected);
  assert.equal(fetch.calls, 0, "something was sent");
  assert.deepEqual(proof(), before);
}

describe("operations that are no data", () => {
  for (const method of ["sign", "explain", "send"]) {
    for (const [what, value] of NO_OBJECTS) it(`${method}(${what})`, () => refused(() => client[method](value), {}));
    for (const [what, value, field] of FIELDS) it(`${method}: ${what}`, () => refused(() => client[method](value), { field }));
  }

  it("the caller's object is read once", () => {
    let reads = 0;
    const operation = { ...removal(), get loadBalancerId() { reads += 1; return reads === 1 ? "lb-1" : "../evil"; } };
    assert.deepEqual(client.sign(operation, STAMP), before);
    assert.equal(reads, 1);
  });

  it("what a toJSON gives is what is meant", () => assert.deepEqual(client.sign({ toJSON: removal }, STAMP), before));

  it("an object without a prototype is as good as any", () => {
    assert.deepEqual(client.sign(Object.assign(Object.create(null), removal()), STAMP), before);
  });
});

describe("options that are no data", () => {
  for (const [what, value] of NO_OBJECTS) it(`new Client(${what})`, () => refused(() => new Client(value), {}));
  const whole = (changes) => ({ ...OPTIONS["alibaba rpc"], ...changes });
  const ROWS = [
    ["a BigInt", whole({ timeoutMs: 5n }), "timeoutMs"],
    ["a function for a number", whole({ timeoutMs: () => 5 }), "timeoutMs"],
    ["a symbol for text", whole({ region: Symbol("cn-hangzhou") }), "region"],
    ["a cycle", whole({ credentials: cycle() }), "credentials.self"],
    ["half a surrogate pair", whole({ region: lone }), "region"],
    ["a getter that throws", Object.assign(throwing("fetch"), OPTIONS["alibaba rpc"]), "options"],
    ["a getter of a credential that throws", whole({ credentials: throwing("accessKeySecret") }), "credentials.accessKeySecret"],
    ["a function as a credential", whole({ credentials: { accessKeyId: "testid", accessKeySecret: () => "x" } }), "credentials.accessKeySecret"],
    ["a name of every prototype", JSON.parse(JSON.stringify(OPTIONS["alibaba rpc"]).replace("{", '{"__proto__":{"region":"x"},')), "__proto__"],
    ["10,000 levels within", whole({ headers: nested(10_000) }), undefined],
  ];
  for (const [what, value, field] of ROWS) it(what, () => refused(() => new Client(value), field ? { field } : {}));
});

describe("options of sign and explain that are no data", () => {
  const ROWS = [
    ["an invalid Date", { timestamp: new Date(Number.NaN) }, "timestamp"],
    ["NaN", { timestamp: Number.NaN }, "timestamp"],
    ["a negative time", { timestamp: -1 }, "timestamp"],
    ["1e20", { timestamp: 1e20 }, "timestamp"],
    ["Infinity", { timestamp: Number.POSITIVE_INFINITY }, "timestamp"],
    ["the year 10000", { timestamp: new Date("+010000-01-01T00:00:00Z") }, "timestamp"],
    ["time as text", { timestamp: "2024-03-14T15:09:26Z" }, "timestamp"],
    ["time as null", { timestamp: null }, "timestamp"],
    ["time as a BigInt", { timestamp: 5n }, "timestamp"],
    ["time as an object", { timestamp: {} }, "timestamp"],
    ["time as a symbol", { timestamp: Symbol("now") }, "timestamp"],
    ["a nonce that is a number", { nonce: 5 }, "nonce"],
    ["a nonce that is null", { nonce: null }, "nonce"],
    ["a nonce that is an object", { nonce: { toString: () => "n-1" } }, "nonce"],
    ["an empty nonce", { nonce: "" }, "nonce"],
    ["a nonce with a line break", { nonce: "a\nb" }, "nonce"],
    ["a nonce with a blank", { nonce: "a b" }, "nonce"],
    ["a nonce beyond ASCII", { nonce: "\u00e4" }, "nonce"],
    ["a nonce with half a surrogate pair", { nonce: "a\ud800" }, "nonce"],
    ["an endless nonce", { nonce: "x".repeat(10_240) }, "nonce"],
    ["a getter that throws", throwing("timestamp"), undefined],
    ["a proxy that throws", traps("ownKeys"), undefined],
    ["a misspelt option", { timestmap: 5 }, "timestmap"],
    ["text", "now", "options"],
    ["a number", 1_710_428_966_000, "options"],
    ["a Date", new Date(0), "options"],
    ["a list", [1_710_428_966_000], "options"],
    ["a function", () => {}, "options"],
  ];
  for (const method of ["sign", "explain"]) {
    for (const [what, value, field] of ROWS) it(`${method}: ${what}`, () => refused(() => client[method](removal(), value), field ? { field } : {}));
  }

  it("undefined and null are as good as none", () => {
    for (const value of [undefined, null, {}, { timestamp: undefined, nonce: undefined }]) {
      assert.equal(client.sign(removal(), value).method, "POST");
    }
  });

  it("a time is a Date or milliseconds, fractions dropped", () => {
    for (const timestamp of [new Date(STAMP.timestamp), STAMP.timestamp, STAMP.timestamp + 0.9]) {
      assert.deepEqual(client.sign(removal(), { ...STAMP, timestamp }), before);
    }
    for (const timestamp of [0, 253_402_300_799_999]) client.sign(removal(), { timestamp });
  });
});

describe("options of send and authenticate that are no data", () => {
  const otc = new Client({ ...OPTIONS["otc password"], fetch });
  const SIGNALS = [5, true, "signal", {}, [], () => {}, Symbol("s"), { aborted: true }, { addEventListener: 1, removeEventListener: 1 }, traps("get"), revoked()];
  const ROWS = [
    ...SIGNALS.map((signal, index) => [`signal ${index}`, { signal }, "signal"]),
    ...[0, -1, 600_001, Number.NaN, Number.POSITIVE_INFINITY, "5", null, 5n, {}, Symbol("s")].map((timeoutMs) => [`timeoutMs ${String(timeoutMs)}`, { timeoutMs }, "timeoutMs"]),
    ["a getter that throws", throwing("signal"), undefined],
    ["a proxy that throws", traps("ownKeys"), undefined],
    ["a misspelt option", { timeout: 5 }, "timeout"],
    ["text", "5 s", "options"],
    ["a number", 5, "options"],
    ["a list", [], "options"],
    ["a function", () => {}, "options"],
    ["a signal itself", new AbortController().signal, "options"],
  ];
  for (const [what, value, field] of ROWS) {
    const expected = field ? { field } : {};
    it(`send: ${what}`, () => refused(() => client.send(removal(), value), expected));
    it(`authenticate: ${what}`, () => refused(() => otc.authenticate(value), expected));
  }

  it("wrong input rejects and never throws at once", async () => {
    for (const promise of [client.send(1n), client.send(removal(), throwing("signal")), otc.authenticate({ signal: 5 })]) {
      assert.ok(promise instanceof Promise);
      checkInvalid(await errorOf(() => promise), {});
    }
  });
});

describe("signers alone with bad input", () => {
  const SIGNERS = {
    signAlibabaRpc: { method: "POST", parameters: { Action: "X" }, accessKeySecret: "testsecret" },
    signAlibabaAcs3: { method: "POST", headers: { host: "h" }, accessKeyId: "testid", accessKeySecret: "testsecret" },
    signUcloud: { parameters: { Action: "X" }, privateKey: "privateKey" },
    signSdkHmacSha256: { method: "GET", headers: { host: "h", "x-sdk-date": "20240314T150926Z" }, accessKey: "AK", secretKey: "testsecret" },
  };
  for (const [name, good] of Object.entries(SIGNERS)) {
    const sign = unpool[name];
    for (const [what, value] of NO_OBJECTS) it(`${name}(${what})`, () => refused(() => sign(value), {}));
    for (const field of Object.keys(good)) {
      it(`${name} without ${field}`, () => refused(() => sign({ ...good, [field]: undefined }), { field }));
      for (const value of [5, null, true, [5]]) it(`${name}: ${field} ${JSON.stringify(value)}`, () => refused(() => sign({ ...good, [field]: value }), { field }));
    }
    it(`${name}: a misspelt field`, () => refused(() => sign({ ...good, metod: "POST" }), { field: "metod" }));
    it(`${name} signs good input`, () => assert.match(sign(good).signature, /^[0-9a-zA-Z+/=]+$/));
  }
});
