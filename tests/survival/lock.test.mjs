// A lock that misbehaves: nothing is changed without it, and what it leaves half done can be gone on with.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { KINDS, UnpoolError, arrange, arrived, checkError, checkInvalid, emulator, errorOf, finish, hasty, memory, never, operator, sameChanges, changes, settled, undisturbed, watchStrays, writes } from "./support.mjs";

watchStrays();
const cloud = emulator();

async function planned(kind, count, more) {
  const client = operator(cloud, kind, more);
  const plan = await client.plan(arrange(cloud, kind, count));
  return { client, plan, sent: arrived(cloud) };
}

const refusedOf = ({ status, loadBalancers: [{ status: own, error }] }) => ({ status, own, error });
const heldBy = (holder) => new UnpoolError({ kind: "refused", code: "locked", message: `it is being changed by ${holder}`, retryable: true, sent: false });

describe("a lock", () => {
  for (const kind of KINDS) {
    it(`${kind}: is asked once for each load balancer, and all is done under it`, async (t) => {
      hasty(t);
      let held = 0;
      const keys = [];
      let outside = 0;
      const client = operator(cloud, kind, { fetch: (url, init) => ((outside += held === 0), fetch(url, init)) });
      const plan = await client.plan(arrange(cloud, kind, 3));
      outside = 0;
      const lock = async (key, work) => {
        keys.push(key);
        held++;
        try {
          return await work();
        } finally {
          held--;
        }
      };
      const report = await settled(client.run(plan, { lock, concurrency: 2 }));
      assert.equal(report.status, "done");
      assert.equal(outside, 0);
      const host = new URL(cloud.info[kind].url).host;
      assert.deepEqual(keys.sort(), report.loadBalancers.map(({ id }) => `${kind} ${plan.endpoint} ${id}`).sort());
      assert.ok(plan.endpoint.includes(host.split(":")[0]));
      // An undo asks for the same ones.
      keys.length = 0;
      assert.equal((await settled(client.undo(report, { lock }))).status, "done");
      assert.equal(new Set(keys).size, 3);
    });

    it(`${kind}: that throws, or gives nothing: refused, and nothing is sent`, async () => {
      for (const [lock, message] of [
        [() => Promise.reject(heldBy("ann")), /^it is being changed by ann$/],
        [() => { throw heldBy("ann"); }, /^it is being changed by ann$/],
        [() => Promise.reject(new Error("bob has it")), /^the lock was not given: Error: bob has it$/],
        [() => Promise.reject(undefined), /^the lock was not given: /],
        [async () => {}, /^the lock was not given: it ended without having begun$/],
        [() => "mine", /^the lock was not given: it ended without having begun$/],
      ]) {
        const { client, plan, sent } = await planned(kind);
        const journal = memory();
        const report = await settled(client.run(plan, { lock, journal }));
        const { status, own, error } = refusedOf(report);
        assert.deepEqual([status, own, error.kind, error.code, error.sent], ["refused", "refused", "refused", "locked", false]);
        assert.match(error.message, message);
        assert.equal(arrived(cloud), sent);
        assert.deepEqual(journal.entries, []);
        assert.ok(report.entries.every(({ outcome }) => outcome === "not-tried"));
      }
    });

    it(`${kind}: that calls the work twice, or again afterwards: it is done once`, async (t) => {
      hasty(t);
      const expected = await undisturbed(cloud, kind);
      const { client, plan } = await planned(kind);
      let again;
      const report = await settled(client.run(plan, {
        async lock(key, work) {
          again = work;
          const [one, two] = await Promise.all([work(), work()]);
          assert.equal(one, two);
          await work();
          return one;
        },
      }));
      assert.equal(report.status, "done");
      sameChanges(changes(cloud), expected);
      const sent = arrived(cloud);
      await again();
      assert.equal(arrived(cloud), sent);
    });

    it(`${kind}: that calls the work late: none is done`, async () => {
      const { client, plan, sent } = await planned(kind);
      let late;
      const report = await settled(client.run(plan, { lock: async (key, work) => void (late = work) }));
      assert.equal(report.status, "refused");
      await settled(late());
      assert.equal(arrived(cloud), sent);
    });

    it(`${kind}: that ends while the work is under way, in whatever way: nothing is changed from then on`, async (t) => {
      hasty(t);
      const expected = await undisturbed(cloud, kind);
      for (const [end, message] of [
        [(resolve) => resolve(), /^the lock was lost: it ended before the work did$/],
        [(_, reject) => reject(new Error("the object was moved")), /^the lock was lost: Error: the object was moved$/],
        [(_, reject) => reject(heldBy("bob")), /^it is being changed by bob$/],
      ]) {
        for (let after = 0; after < 4; after++) {
          const { client, plan } = await planned(kind);
          const journal = memory({
            after(_, { entry }) {
              if (entry === "result" && --left === 0) letGo();
            },
          });
          let left = after;
          let letGo;
          const lock = (key, work) => {
            const lost = new Promise((resolve, reject) => (letGo = () => end(resolve, reject)));
            void work();
            if (after === 0) letGo();
            return lost;
          };
          const report = await settled(client.run(plan, { lock, journal }));
          const { own, error } = refusedOf(report);
          assert.deepEqual([own, error.kind, error.code], ["refused", "refused", "locked"]);
          assert.match(error.message, message);
          assert.equal(writes(cloud).length, after);
          await finish(cloud, kind, plan, journal.entries, expected, { message: `after ${after}` });
        }
      }
    });
  }

  it("what others wait for is released before the run ends", async (t) => {
    hasty(t);
    const { client, plan } = await planned("ucloud");
    let released = false;
    const lock = async (key, work) => {
      try {
        return await work();
      } finally {
        await new Promise((resolve) => setTimeout(resolve, 30));
        released = true;
      }
    };
    await settled(client.run(plan, { lock }));
    assert.equal(released, true);
  });

  it("that cannot be released does no harm to what was done", async (t) => {
    hasty(t);
    const { client, plan } = await planned("ucloud");
    const lock = async (key, work) => {
      await work();
      throw new Error("the object was moved");
    };
    const report = await settled(client.run(plan, { lock }));
    assert.equal(report.status, "done");
    assert.equal(report.loadBalancers[0].error, undefined);
  });

  it("that is not released, and the caller aborts: the run ends", async (t) => {
    hasty(t);
    const { client, plan } = await planned("ucloud");
    const controller = new AbortController();
    const lock = async (key, work) => {
      await work();
      setTimeout(() => controller.abort(), 5);
      await never();
    };
    assert.equal((await settled(client.run(plan, { lock, signal: controller.signal }))).status, "done");
  });

  it("that is not given, and the caller aborts: aborted, and nothing is sent, not even if it is given then", async () => {
    const { client, plan, sent } = await planned("ucloud");
    const controller = new AbortController();
    let late;
    const lock = (key, work) => {
      late = work;
      setTimeout(() => controller.abort("enough"), 5);
      return never();
    };
    const report = await settled(client.run(plan, { lock, signal: controller.signal }));
    assert.deepEqual([report.status, report.loadBalancers[0].error.kind], ["aborted", "aborted"]);
    await settled(late());
    assert.equal(arrived(cloud), sent);
  });

  it("that is not given until the deadline: paused, and nothing is sent", async () => {
    const { client, plan, sent } = await planned("ucloud", 2);
    const begun = performance.now();
    const report = await settled(client.run(plan, { lock: never, deadline: Date.now() + 100 }));
    assert.ok(performance.now() - begun < 4_000);
    assert.deepEqual([report.status, ...report.loadBalancers.map(({ status }) => status)], ["paused", "paused", "paused"]);
    assert.equal(arrived(cloud), sent);
  });

  it("is none: says so", async () => {
    const { client, plan, sent } = await planned("ucloud");
    for (const lock of [null, {}, "lock", 1, Promise.resolve(never)]) {
      checkInvalid(await errorOf(() => client.run(plan, { lock })), { field: "lock" });
    }
    assert.equal(arrived(cloud), sent);
  });

  it("of one load balancer is refused: the others are done", async (t) => {
    hasty(t);
    const { client, plan } = await planned("ucloud", 3);
    const lock = (key, work) => (key.endsWith("seed2") ? Promise.reject(heldBy("ann")) : work());
    const report = await settled(client.run(plan, { lock }));
    assert.deepEqual(report.loadBalancers.map(({ id, status }) => `${id} ${status}`), ["ulb-seed1 done", "ulb-seed2 refused", "ulb-seed3 done"]);
    assert.ok(changes(cloud).every((line) => !line.includes("ulb-seed2")));
    assert.equal(report.status, "incomplete");
  });
});

describe("a lease", () => {
  for (const kind of KINDS) {
    it(`${kind}: is checked directly before each change; where it throws, nothing is sent, and the run goes on later`, async (t) => {
      hasty(t);
      const expected = await undisturbed(cloud, kind);
      for (let at = 0; ; at++) {
        const { client, plan } = await planned(kind);
        const journal = memory();
        let checks = 0;
        let sent;
        const lease = {
          async check() {
            assert.equal(journal.entries.at(-1).entry, "intent");
            if (checks++ !== at) return;
            sent = arrived(cloud);
            throw heldBy("ann");
          },
        };
        const report = await settled(client.run(plan, { journal, lock: (key, work) => work(lease) }));
        if (sent === undefined) {
          assert.equal(report.status, "done");
          assert.equal(checks, writes(cloud).length);
          assert.ok(at > 3);
          break;
        }
        assert.equal(arrived(cloud), sent, `at ${at}: something was sent`);
        assert.equal(checks, at + 1);
        const { own, error } = refusedOf(report);
        assert.deepEqual([own, error.kind, error.message], ["refused", "refused", "it is being changed by ann"]);
        assert.equal(report.status, report.entries.some(({ outcome }) => outcome === "removed") ? "incomplete" : "refused");
        assert.ok(report.entries.every(({ outcome, state }) => outcome !== "unknown" && state !== "unknown"), "what was not sent is not unknown");
        await finish(cloud, kind, plan, journal.entries, expected, { message: `at ${at}` });
      }
    });
  }

  it("throws what it likes, or without a promise", async () => {
    for (const thrown of [undefined, null, "gone", new Error("gone"), Object.create(null)]) {
      for (const check of [() => Promise.reject(thrown), () => { throw thrown; }]) {
        const { client, plan } = await planned("ucloud");
        const report = await settled(client.run(plan, { lock: (key, work) => work({ check }) }));
        const { own, error } = refusedOf(report);
        assert.deepEqual([own, error.kind, error.code], ["refused", "refused", "locked"]);
        assert.match(error.message, /^the lock was lost: /);
        assert.deepEqual(writes(cloud), []);
      }
    }
  });

  it("may have no check, and be anything", async (t) => {
    hasty(t);
    for (const lease of [undefined, null, {}, "mine", { check: undefined }]) {
      const { client, plan } = await planned("ucloud");
      assert.equal((await settled(client.run(plan, { lock: (key, work) => work(lease) }))).status, "done");
    }
  });

  it("whose check does not end, and the caller aborts: aborted, nothing sent, and the journal says so", async (t) => {
    hasty(t);
    const expected = await undisturbed(cloud, "ucloud");
    const { client, plan } = await planned("ucloud");
    const controller = new AbortController();
    const journal = memory();
    const check = () => {
      setTimeout(() => controller.abort(), 5);
      return never();
    };
    const report = await settled(client.run(plan, { journal, lock: (key, work) => work({ check }), signal: controller.signal }));
    assert.equal(report.status, "aborted");
    assert.deepEqual(writes(cloud), []);
    assert.deepEqual(journal.entries.map(({ entry }) => entry), ["intent", "result"]);
    await finish(cloud, "ucloud", plan, journal.entries, expected);
  });

  it("whose check does not end until the deadline: paused, and nothing sent", async (t) => {
    for (const clock of ["goes on", "stands, as where a timer is early"]) {
      const { client, plan } = await planned("ucloud");
      const now = Date.now();
      if (clock !== "goes on") t.mock.method(Date, "now", () => now);
      const report = await settled(client.run(plan, { lock: (key, work) => work({ check: never }), deadline: now + 150 }));
      assert.equal(report.status, "paused", clock);
      assert.deepEqual(writes(cloud), [], clock);
    }
  });

  it("is checked under an undo, too", async (t) => {
    hasty(t);
    const { client, plan } = await planned("ucloud");
    const report = await client.run(plan);
    cloud.control.clearChanges();
    const undone = await settled(client.undo(report, { lock: (key, work) => work({ check: () => Promise.reject(heldBy("ann")) }) }));
    assert.equal(undone.status, "refused");
    checkError(new UnpoolError(undone.loadBalancers[0].error), { kind: "refused", message: "it is being changed by ann" });
    assert.deepEqual(changes(cloud), []);
  });
});
