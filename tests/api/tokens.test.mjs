// Keystone tokens of many calls: one for all of them, renewed when it is refused, and nobody's call depends on another's.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { CALLS, emulator } from "./cloud.mjs";
import { clientOf, scripted } from "./scripted.mjs";
import { OPERATIONS, checkError, errorOf, settled, watchStrays } from "./support.mjs";

watchStrays();
const cloud = emulator();
const { removal, read } = CALLS.keystone;
const application = () => cloud.client("keystone", { credentials: cloud.info.keystone.applicationCredentials });

const arrived = (name) => cloud.control.log().filter(({ operation }) => operation === name);
const tokens = () => arrived("CreateToken").length;
const slowKeystone = (...more) => cloud.control.faults([...more, { cloud: "keystone", effect: "delay", ms: 150, times: "always" }]);

describe("a token that is refused", () => {
  for (const [what, make] of [["of a password", () => cloud.client("keystone")], ["of an application credential", application]]) {
    it(`${what}: renewed once, and the call sent again`, async () => {
      const client = make();
      await settled(client.send(read));
      cloud.control.revokeTokens();
      cloud.control.clearLog();
      await settled(client.send(removal));
      assert.deepEqual(cloud.control.log().map(({ operation, status }) => [operation, status]), [["DeleteMember", 401], ["CreateToken", 201], ["DeleteMember", 204]]);
      // The new one is kept.
      await settled(client.send(read));
      assert.equal(tokens(), 1);
    });
  }

  it("is renewed where maxAttempts is 1, too: it was refused before anything was done", async () => {
    const client = cloud.client("keystone", { maxAttempts: 1 });
    await settled(client.authenticate());
    cloud.control.revokeTokens();
    await settled(client.send(removal));
    assert.equal(tokens(), 2);
  });

  it("for ever: one renewal, then the refusal", async () => {
    const client = cloud.client("keystone");
    await settled(client.authenticate());
    cloud.control.faults([{ cloud: "otc", effect: "revoke-token", times: "always" }]);
    for (const [operation, before] of [[removal, 1], [read, 2]]) {
      const error = await errorOf(() => client.send(operation));
      checkError(error, { kind: "auth", httpStatus: 401, sent: true, retryable: false, operation: operation.operation, vendor: "openstack" });
      assert.equal(arrived(operation.operation).length, 2);
      assert.ok(tokens() <= before + 2, `${tokens()} tokens`);
    }
  });

  it("that was given cannot be renewed, and stays what is sent", async () => {
    const client = cloud.client("otc", { credentials: { token: "revoked-long-ago" } });
    for (let count = 1; count <= 2; count += 1) {
      checkError(await errorOf(() => client.send(removal)), { kind: "auth", httpStatus: 401, sent: true, retryable: false });
      assert.equal(arrived("DeleteMember").length, count);
    }
    assert.equal(tokens(), 0);
  });

  it("is no reason to log in again: the user may not do this", async () => {
    const client = cloud.client("keystone reader");
    checkError(await errorOf(() => client.send(removal)), { kind: "forbidden", retryable: false });
    assert.deepEqual([tokens(), arrived("DeleteMember").length], [1, 1]);
  });

  it("is shown by no error, not even by one that comes after it was replaced", async () => {
    const token = (count) => new Response(JSON.stringify({ token: { expires_at: "2099-01-01T00:00:00Z", issued_at: "2098-12-31T00:00:00Z", project: { id: "p" } } }), {
      status: 201, headers: { "x-subject-token": `SECRET-TOKEN-${count}` },
    });
    let count = 0;
    let answerLate;
    const refused = (text) => new Response(JSON.stringify({ error_code: "APIGW.0301", error_msg: text }), { status: 401 });
    const fetch = scripted(
      () => token((count += 1)),
      // The first call's answer is held back until the second one has renewed the token.
      (_, init) => new Promise((resolve) => {
        answerLate = () => resolve(new Response(JSON.stringify({ error_code: "ELB.9999", error_msg: `you sent ${JSON.stringify(init.headers)}` }), { status: 400 }));
      }),
      () => refused("token"),
      () => token((count += 1)),
      { status: 204 },
    );
    const client = clientOf("otc password", fetch);
    const late = errorOf(() => client.send(OPERATIONS.openstack.removal));
    while (!answerLate) await sleep(1);
    await settled(client.send(OPERATIONS.openstack.removal));
    answerLate();
    const error = await late;
    checkError(error, { kind: "invalid-input", sent: true });
    assert.doesNotMatch(`${error.stack}${JSON.stringify(error)}`, /SECRET-TOKEN/);
  });
});

describe("five calls at once", () => {
  const five = (client, more = {}) => Array.from({ length: 5 }, (_, index) => client.send(read, more[index]));
  const members = async (calls) => {
    for (const answer of await settled(Promise.all(calls))) assert.equal(answer.members.length, 5);
  };

  it("share one token", async () => {
    slowKeystone();
    await members(five(cloud.client("keystone")));
    assert.equal(tokens(), 1);
    assert.equal(arrived("ListMembers").length, 5);
  });

  it("share it with authenticate()", async () => {
    slowKeystone();
    const client = cloud.client("keystone");
    const told = client.authenticate();
    await members(five(client));
    assert.equal((await settled(told)).projectId, cloud.info.keystone.projectId);
    assert.equal(tokens(), 1);
  });

  it("the first one's abort does not hurt the others", async () => {
    slowKeystone();
    const controller = new AbortController();
    const reason = new Error("enough");
    const [first, ...others] = five(cloud.client("keystone"), [{ signal: controller.signal }]);
    const ended = errorOf(() => first);
    await sleep(50);
    controller.abort(reason);
    const error = await ended;
    checkError(error, { kind: "aborted", sent: false, operation: "ListMembers" });
    assert.equal(error.cause, reason);
    await members(others);
    assert.equal(arrived("ListMembers").length, 4);
    assert.equal(tokens(), 2, "the others share the next one");
  });

  it("another one's abort does not hurt the first", async () => {
    slowKeystone();
    const controller = new AbortController();
    const [first, second, ...others] = five(cloud.client("keystone"), [undefined, { signal: controller.signal }]);
    const ended = errorOf(() => second);
    await sleep(50);
    controller.abort("enough");
    const error = await ended;
    checkError(error, { kind: "aborted", sent: false, cause: "enough" });
    await members([first, ...others]);
    assert.equal(tokens(), 1);
  });

  it("the first one's time limit is its own", async () => {
    slowKeystone();
    const [first, ...others] = five(cloud.client("keystone", { maxAttempts: 1 }), [{ timeoutMs: 50 }]);
    checkError(await errorOf(() => first), { kind: "timeout", sent: false, operation: "ListMembers" });
    await members(others);
    assert.equal(tokens(), 2);
  });

  it("a Keystone that fails once fails nobody", async () => {
    for (const effect of ["server", "drop-before", "busy"]) {
      cloud.control.reset();
      slowKeystone({ cloud: "keystone", effect });
      await members(five(cloud.client("keystone")));
      assert.equal(tokens(), 2, effect);
    }
  });

  it("a token that was refused is renewed for all of them, and all end well", async () => {
    const client = cloud.client("keystone");
    await settled(client.authenticate());
    cloud.control.revokeTokens();
    cloud.control.clearLog();
    slowKeystone();
    await members(five(client));
    assert.equal(tokens(), 1);
    assert.equal(arrived("ListMembers").length, 10);
  });

  it("free() ends them all, and none leaves", async () => {
    slowKeystone();
    const client = cloud.client("keystone");
    const calls = five(client).map((call) => errorOf(() => call));
    await sleep(50);
    client.free();
    for (const error of await settled(Promise.all(calls))) checkError(error, { kind: "invalid-input", sent: false, retryable: false, operation: "ListMembers" });
    assert.equal(arrived("ListMembers").length, 0);
  });

  it("two clients share nothing", async () => {
    slowKeystone();
    await members([cloud.client("keystone").send(read), cloud.client("keystone").send(read)]);
    assert.equal(tokens(), 2);
  });
});
