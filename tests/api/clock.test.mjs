// A clock that is wrong: learnt from the answer's Date, signed once more, and kept.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { CALLS, FORMS, emulator, named } from "./cloud.mjs";
import { ALIBABA, clientOf, pauses, scripted } from "./scripted.mjs";
import { OPERATIONS, checkError, errorOf, settled, watchStrays } from "./support.mjs";

watchStrays();
const cloud = emulator();
const MINUTE = 60_000;
/** The clouds whose signatures have a time; a Keystone token has none, and UCloud's never end. */
const TIMED = FORMS.filter(([kind]) => ["alibaba", "otc"].includes(kind));
const { removal, read } = OPERATIONS.alibaba;

describe("a clock that is 20 minutes wrong", () => {
  for (const [kind, more] of TIMED) {
    for (const [what, offsetMs] of [["behind", 20 * MINUTE], ["ahead", -20 * MINUTE]]) {
      it(`${named(kind, more)}, ${what}: corrected once, and kept`, async () => {
        cloud.control.clock({ offsetMs });
        const client = cloud.client(kind, more);
        await settled(client.send(CALLS[kind].read));
        assert.deepEqual(cloud.control.log().map(({ verified }) => verified), [false, true]);
        // What was learnt serves every later call, and what sign() and explain() give.
        await settled(client.send(CALLS[kind].removal));
        const request = client.sign(CALLS[kind].read);
        assert.equal((await fetch(request.url, request)).status, 200);
        assert.deepEqual(cloud.control.log().map(({ verified }) => verified), [false, true, true, true]);
      });
    }
  }

  it("is corrected again when it changes", async () => {
    const client = cloud.client("alibaba");
    for (const [offsetMs, arrived] of [[20 * MINUTE, 2], [-20 * MINUTE, 2], [0, 2], [0, 1]]) {
      cloud.control.clock({ offsetMs });
      cloud.control.clearLog();
      await settled(client.send(CALLS.alibaba.read));
      assert.equal(cloud.control.log().length, arrived);
    }
  });

  it("is another client's own", async () => {
    cloud.control.clock({ offsetMs: 20 * MINUTE });
    await settled(cloud.client("alibaba").send(CALLS.alibaba.read));
    await settled(cloud.client("alibaba").send(CALLS.alibaba.read));
    assert.deepEqual(cloud.control.log().map(({ verified }) => verified), [false, true, false, true]);
  });

  it("a time that the caller gives is taken as it is", async () => {
    cloud.control.clock({ offsetMs: 20 * MINUTE });
    const client = cloud.client("alibaba");
    await settled(client.send(CALLS.alibaba.read));
    assert.match(client.sign(CALLS.alibaba.read, { timestamp: 1_710_428_966_000 }).body, /Timestamp=2024-03-14T15%3A09%3A26Z/);
  });

  it("five calls at once all end well", async () => {
    cloud.control.clock({ offsetMs: 20 * MINUTE });
    const client = cloud.client("otc");
    await settled(Promise.all(Array.from({ length: 5 }, () => client.send(CALLS.otc.read))));
    const { length } = cloud.control.log();
    assert.ok(length > 5 && length <= 10, `${length} requests`);
    cloud.control.clearLog();
    await settled(client.send(CALLS.otc.read));
    assert.equal(cloud.control.log().length, 1, "no correction was added to another");
  });
});

describe("what a correction is not", () => {
  const date = (offset) => new Date(Date.now() + offset).toUTCString();
  const expired = (headers) => ({ ...ALIBABA.expired, headers });

  it("one of the attempts: there is one more where maxAttempts is 1, and no pause", async (t) => {
    const asked = pauses(t, 0.5);
    const fetch = scripted(expired({ date: date(20 * MINUTE) }), ALIBABA.done);
    assert.equal((await clientOf("alibaba rpc", fetch, { maxAttempts: 1 }).send(removal)).requestId, "r-done");
    assert.equal(fetch.sent.length, 2);
    assert.deepEqual(asked, []);
  });

  it("a repetition of what may not be repeated: an Add was refused before anything was done", async () => {
    const add = { operation: "AddBackendServers", loadBalancerId: "lb-1", backendServers: [{ serverId: "i-1" }] };
    const fetch = scripted(expired({ date: date(-20 * MINUTE) }), ALIBABA.done);
    await settled(clientOf("alibaba rpc", fetch).send(add));
    const stamps = fetch.sent.map(({ body }) => Date.parse(new URLSearchParams(body).get("Timestamp")));
    assert.ok(Math.abs(stamps[1] - stamps[0] + 20 * MINUTE) < 10_000);
  });

  it("made twice in one call", async () => {
    for (const offset of [20 * MINUTE, 40 * MINUTE]) {
      const fetch = scripted(() => new Response(JSON.stringify(ALIBABA.expired.body), { status: 400, headers: { date: date(offset * fetch.sent.length) } }));
      checkError(await errorOf(() => clientOf("alibaba rpc", fetch).send(removal)), {
        kind: "auth", code: "InvalidTimeStamp.Expired", field: "timestamp", sent: true, retryable: false, hint: /clock/,
      });
      assert.equal(fetch.sent.length, 2);
    }
  });

  for (const [what, headers] of [
    ["without a Date", {}],
    ["with a Date that is none", { date: "yesterday" }],
    ["where the clock is right", { date: date(0) }],
  ]) {
    it(`made ${what}`, async () => {
      const fetch = scripted(expired(headers));
      for (const operation of [read, removal]) {
        checkError(await errorOf(() => clientOf("alibaba rpc", fetch).send(operation)), { kind: "auth", field: "timestamp", hint: /Date/ });
      }
      assert.equal(fetch.sent.length, 2);
    });
  }
});
