// Two Workers that are asked at once: one has the lease, the other is refused or waits; and one that loses it in mid-run.
import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import { KINDS, arrange, arrived, changes, emulator, finish, hasty, operator, optionsOf, sameChanges, undisturbed, watchStrays, writes } from "./support.mjs";
import { gate, startWorkerd } from "./workerd.mjs";

watchStrays();
const cloud = emulator();
let worker;
before(async (t) => {
  worker = await startWorkerd(t);
}, { timeout: 120_000 });

const valueOf = ({ value, error }) => {
  assert.equal(error, undefined, JSON.stringify(error));
  return value;
};
/** A name of its own for each test: the leases of one emulator's load balancers have the same keys. */
const leaseOf = ({ vendor, endpoint, loadBalancers: [{ id }] }) => `${vendor} ${endpoint} ${id}`;
const lease = (plan, action, more) => worker.ask("lease", { key: leaseOf(plan), action, ...more });

for (const kind of KINDS) {
  describe(kind, () => {
    const run = async (plan, holder, more) => valueOf(await worker.ask("leased", { client: optionsOf(cloud, kind), plan, holder, ...more }));
    const planned = (drain = { waitMs: 30 }) => operator(cloud, kind).plan({ ...arrange(cloud, kind), drain });

    it("of two requests one is refused, the error names the holder, and nothing is sent for it; then it is free", async (t) => {
      const { url, arrived: held, open } = await gate(t);
      const plan = await planned();
      const first = run(plan, "ann", { gate: url, hold: 3 });
      await held;
      const sent = arrived(cloud);
      const { report, entries } = await run(plan, "bob");
      assert.equal(arrived(cloud), sent);
      assert.deepEqual(entries, []);
      assert.equal(report.status, "refused");
      const [{ status, error }] = report.loadBalancers;
      assert.deepEqual([status, error.kind, error.code, error.retryable, error.sent], ["refused", "refused", "locked", true, false]);
      assert.match(error.message, /is being changed by ann until /);
      assert.ok(error.message.startsWith(leaseOf(plan)));
      assert.ok(report.entries.every(({ outcome }) => outcome === "not-tried"));
      open();
      assert.equal((await first).report.status, "done");
      assert.equal((await lease(plan, "look")).holder, undefined, "it was not released");
      const writesBefore = writes(cloud).length;
      const third = await run(plan, "cleo");
      assert.ok(third.report.entries.every(({ outcome }) => outcome === "absent"));
      assert.equal(writes(cloud).length, writesBefore);
    });

    it("of two requests one waits, if it is told to, and then finds that nothing is left to do", async (t) => {
      hasty(t);
      const expected = await undisturbed(cloud, kind);
      t.mock.restoreAll();
      const { url, arrived: held, open } = await gate(t);
      const plan = await planned(false);
      const first = run(plan, "ann", { gate: url, hold: 1 });
      await held;
      const sent = arrived(cloud);
      const second = run(plan, "bob", { wait: 60_000 });
      await new Promise((resolve) => setTimeout(resolve, 400));
      assert.equal(arrived(cloud), sent, "it does not wait");
      open();
      const [one, two] = await Promise.all([first, second]);
      assert.equal(one.report.status, "done");
      assert.ok(two.report.entries.every(({ outcome }) => outcome === "absent" || outcome === "not-tried"), JSON.stringify(two.report));
      // Not drained, or each of them the once.
      sameChanges(changes(cloud), expected.filter((line) => !/ -> 0$/.test(line)));
    });

    for (const [how, to, names] of [["somebody else has it", "dave of ops", /dave of ops is changing it now/], ["it has run out", undefined, /is lost, somebody else may change it now/]]) {
      it(`a lease that is lost before any change (${how}): nothing more is sent, and the run is gone on with later`, async (t) => {
        hasty(t);
        const expected = await undisturbed(cloud, kind);
        for (let at = 0; ; at++) {
          // The Worker's clock is the real one.
          t.mock.restoreAll();
          const plan = await planned();
          await lease(plan, "lose", { at, to });
          const { report, entries } = await run(plan, "ann");
          await lease(plan, "lose", { at: -1 });
          if (report.status === "done") {
            assert.equal(at, writes(cloud).length, "it was checked before each change");
            break;
          }
          assert.equal(writes(cloud).length, at, `${at}: something was sent`);
          const [{ status, error }] = report.loadBalancers;
          assert.deepEqual([status, error.kind, error.code], ["refused", "refused", "locked"]);
          assert.match(error.message, names);
          assert.ok(report.entries.every(({ state, outcome }) => state !== "unknown" && outcome !== "unknown"));
          // Free again, for the next one.
          await lease(plan, "release", { owner: "theirs" });
          hasty(t);
          await finish(cloud, kind, plan, entries, expected, { message: `at ${at}` });
        }
      });
    }
  });
}
