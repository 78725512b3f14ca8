// The lease in workerd, with SQLite and without, and the lock that is made of it.
import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import { folderFor, sleep } from "./support.mjs";
import { startWorkerd } from "./workerd.mjs";

let worker;
before(async (t) => {
  worker = await startWorkerd(t, await folderFor(t));
});
const LONG = 60_000;

for (const [name, binding] of [
  ["with SQLite", "SQL_LEASE"],
  ["without SQLite", "KV_LEASE"],
]) {
  describe(name, () => {
    const raw = (key, action, fields) => worker.ask("raw", { binding, key, action, ...fields });
    const acquire = (key, owner, leaseMs = LONG) => raw(key, "acquire", { owner, holder: `${owner} of test`, leaseMs });
    const renew = (key, owner, fence, leaseMs = LONG) => raw(key, "renew", { owner, fence, leaseMs });
    const release = (key, owner, fence) => raw(key, "release", { owner, fence });
    const look = async (key) => {
      const { status, ...shown } = await raw(key, "look");
      assert.equal(status, 200);
      return shown;
    };

    it("of three that come at once, one gets it, and the others hear who", async () => {
      const owners = ["ann", "bob", "cleo"];
      const { value } = await worker.ask("race", { binding, key: "race", owners, leaseMs: LONG });
      assert.deepEqual(value.map(({ status }) => status).sort(), [200, 409, 409]);
      const holder = owners[value.findIndex(({ status }) => status === 200)];
      for (const answer of value) assert.deepEqual([answer.holder, answer.fence], [holder, 1]);
    });

    it("acquired, renewed, released; the fence grows with each one who gets it", async () => {
      const begun = Date.now();
      const first = await acquire("life", "ann");
      assert.deepEqual([first.status, first.holder, first.fence], [200, "ann of test", 1]);
      assert.ok(Math.abs(first.until - begun - LONG) < 5_000);
      assert.equal(first.owner, undefined, "who knows the owner's id can do as the owner");
      assert.deepEqual(await look("life"), { holder: "ann of test", until: first.until, fence: 1 });
      await sleep(20);
      const renewed = await renew("life", "ann", 1);
      assert.equal(renewed.status, 200);
      assert.ok(renewed.until > first.until);
      const { status, holder, until } = await acquire("life", "bob");
      assert.deepEqual([status, holder, until], [409, "ann of test", renewed.until]);
      assert.equal((await release("life", "ann", 1)).status, 200);
      assert.deepEqual(await look("life"), { fence: 1 });
      const second = await acquire("life", "bob");
      assert.deepEqual([second.status, second.fence], [200, 2]);
    });

    it("who asks again, because the answer was lost, has the same lease", async () => {
      assert.equal((await acquire("again", "ann")).fence, 1);
      const again = await acquire("again", "ann");
      assert.deepEqual([again.status, again.fence], [200, 1]);
    });

    it("what a former owner says counts for nothing", async () => {
      await acquire("former", "ann");
      await release("former", "ann", 1);
      await acquire("former", "bob");
      for (const [owner, fence] of [["ann", 1], ["ann", 2], ["bob", 1], ["ann", undefined]]) {
        assert.equal((await release("former", owner, fence)).status, 409);
        assert.equal((await renew("former", owner, fence)).status, 409);
      }
      const { holder, fence } = await look("former");
      assert.deepEqual([holder, fence], ["bob of test", 2]);
    });

    it("one that has run out is free, and lost to its owner even if nobody came", async () => {
      const { until } = await acquire("short", "ann", 1_500);
      assert.equal((await acquire("short", "bob", 1_500)).status, 409);
      await sleep(until - Date.now() + 50);
      assert.deepEqual(await look("short"), { fence: 1 });
      assert.equal((await renew("short", "ann", 1)).status, 409);
      const { status, fence } = await acquire("short", "bob", LONG);
      assert.deepEqual([status, fence], [200, 2]);
      const refused = await renew("short", "ann", 1);
      assert.deepEqual([refused.status, refused.holder, refused.fence], [409, "bob of test", 2]);
    });

    it("its alarm clears it away, and comes again for one that was renewed", async () => {
      const stored = async () => (await raw("alarm", "stored")).lease;
      const { until: first } = await acquire("alarm", "ann", 1_000);
      const { until } = await renew("alarm", "ann", 1, 4_000);
      await sleep(first - Date.now() + 500);
      assert.equal((await stored()).owner, "ann");
      await sleep(until - Date.now());
      for (let tries = 50; tries > 0 && (await stored()).owner; tries--) await sleep(100);
      assert.deepEqual(await stored(), { fence: 1 });
    });

    it("a crash: a lease that runs goes on, its alarm comes, and the fence grows on", async () => {
      await acquire("crash", "ann");
      await acquire("crash short", "ann", 1_000);
      const { alarm } = await raw("crash short", "stored");
      assert.ok(Math.abs(alarm - Date.now()) < 5_000);
      await worker.crash();
      const refused = await acquire("crash", "bob");
      assert.deepEqual([refused.status, refused.holder, refused.fence], [409, "ann of test", 1]);
      assert.equal((await renew("crash", "ann", 1)).status, 200);
      await sleep(Math.max(0, alarm - Date.now()) + 500);
      assert.deepEqual(await look("crash short"), { fence: 1 });
      await release("crash", "ann", 1);
      await worker.crash();
      assert.equal((await acquire("crash", "bob")).fence, 2);
      assert.equal((await acquire("crash short", "bob")).fence, 2);
    });

    it("what is no request of a lock is refused and changes nothing", async () => {
      for (const fields of [{}, { owner: "", holder: "a", leaseMs: 1 }, { owner: "a", leaseMs: 1 }, { owner: "a", holder: "a", leaseMs: 0 }, { owner: "a", holder: "a", leaseMs: 1e12 }, { owner: "a", holder: "a", leaseMs: "1" }]) {
        assert.equal((await raw("odd", "acquire", fields)).status, 400, JSON.stringify(fields));
      }
      assert.equal((await raw("odd", "renew", { owner: "a", fence: 1 })).status, 400);
      assert.equal((await raw("odd", "release", {})).status, 400);
      for (const action of ["steal", "constructor", ""]) assert.equal((await raw("odd", action, {})).status, 404);
      assert.deepEqual(await look("odd"), { fence: 0 });
    });

    it("the lock: the second one is refused and told who and until when; then it is free", async () => {
      const hold = (holder, work, options) => worker.ask("hold", { binding, key: "lock", holder, work, ...options });
      const first = hold("ann", [{ check: true }, { sleep: 2_000 }, { check: true }]);
      while ((await look("lock")).holder === undefined) await sleep(10);
      const { error } = await hold("bob", [{}]);
      assert.deepEqual([error.name, error.kind, error.code, error.retryable, error.sent], ["UnpoolError", "refused", "locked", true, false]);
      const [, until] = /^lock is being changed by ann until (.*Z)$/.exec(error.message);
      assert.ok(Math.abs(Date.parse(until) - Date.now() - 180_000) < 5_000, until);
      assert.match(error.hint, /ask ann/);
      const waiting = hold("cleo", [{}], { wait: 20_000 });
      const { value } = await first;
      assert.deepEqual(value.map(({ fence }) => fence), [1, 1, 1]);
      const { value: [next] } = await waiting;
      assert.equal(next.fence, 2);
      assert.ok(next.at >= value.at(-1).at);
      assert.deepEqual(await worker.ask("raw", { binding, key: "lock", action: "look" }), { status: 200, fence: 2 });
    });

    it("the lock is released when the work fails, and its error is told", async () => {
      const { error } = await worker.ask("hold", { binding, key: "fails", holder: "ann", work: [{ fail: "no such server" }] });
      assert.equal(error.message, "no such server");
      assert.deepEqual(await look("fails"), { fence: 1 });
    });

    it("work that takes longer than the lease keeps it", async () => {
      const work = worker.ask("hold", { binding, key: "drain", holder: "ann", leaseMs: 3_000, work: [{ sleep: 5_000 }, { check: true }] });
      await sleep(4_000);
      assert.equal((await acquire("drain", "bob")).holder, "ann");
      assert.equal((await work).value.length, 2);
    });
  });
}
