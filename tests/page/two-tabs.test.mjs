// Two tabs that carry out the same removal, with Web Locks and a journal in IndexedDB, in Chromium: what was done is read
// from the cloud's own log.
import assert from "node:assert/strict";
import { after, before, beforeEach, describe, it } from "node:test";
import { packageFolder } from "../demo/unpool.mjs";
import { emulator } from "../api/cloud.mjs";
import { arrange, arrived, changes, hasty, operator, optionsOf, sameChanges, undisturbed, writes, KINDS } from "../survival/support.mjs";
import { launch } from "./chromium.mjs";
import { startPackageSite } from "./package-site.mjs";

const cloud = emulator({ cors: true });
let site;
let browser;
let context;
before(async () => {
  site = await startPackageSite(packageFolder);
  browser = await launch();
}, { timeout: 60_000 });
after(async () => {
  await browser?.close();
  await site?.close();
});
beforeEach(async () => {
  await context?.close();
  context = await browser.newContext();
});

/** A tab that runs plans: -> { run(job), said(): its reports so far, until(count), holds(), letGo(), crash(), page } */
async function tab() {
  const page = await context.newPage();
  await page.goto(site.url);
  await page.evaluate(async () => {
    const [{ Client }, { indexedDbJournal }, { webLocks }] = await Promise.all([import("./index.js"), import("./journals.js"), import("./locks.js")]);
    globalThis.said = [];
    globalThis.isHolding = false;
    /** Runs a plan; with `hold` it stands still behind the entry of that number until `letGo()`. */
    globalThis.run = async ({ client, plan, name, hold, ...options }) => {
      try {
        const journal = await indexedDbJournal(name);
        const append = async (entry) => {
          await journal.append(entry);
          if (journal.entries.length !== hold) return;
          isHolding = true;
          await new Promise((resolve) => (globalThis.letGo = resolve));
        };
        const report = await new Client(client).run(plan, { journal: { entries: journal.entries, append }, lock: webLocks(options) });
        await journal.close?.();
        said.push(report);
      } catch (error) {
        said.push({ name: error.name, message: error.message, ...error });
      }
    };
  });
  return {
    page,
    run: (job) => page.evaluate((job) => void run(job), job),
    said: () => page.evaluate(() => said),
    holds: () => page.waitForFunction(() => isHolding, undefined, { timeout: 15_000 }),
    letGo: () => page.evaluate(() => letGo()),
    async until(count) {
      await page.waitForFunction((count) => said.length >= count, count, { timeout: 30_000 });
      return (await page.evaluate(() => said)).at(-1);
    },
    async crash() {
      const crashed = page.waitForEvent("crash");
      page.goto("chrome://crash").catch(() => {});
      await crashed;
    },
  };
}

for (const kind of KINDS) {
  describe(kind, () => {
    const planned = () => operator(cloud, kind).plan({ ...arrange(cloud, kind), drain: { waitMs: 40 } });
    const jobOf = (plan, more) => ({ client: optionsOf(cloud, kind), plan, name: "run-1", ...more });
    /** What a run that nobody disturbs changes. */
    async function measure(t) {
      hasty(t);
      const expected = await undisturbed(cloud, kind);
      t.mock.restoreAll();
      return expected;
    }

    it("the second one waits, and finds that nothing is left to do", async (t) => {
      const expected = await measure(t);
      const plan = await planned();
      const [one, two] = [await tab(), await tab()];
      await one.run(jobOf(plan, { holder: "ann", hold: 1 }));
      await one.holds();
      const sent = arrived(cloud);
      await two.run(jobOf(plan, { holder: "bob", name: "run-2" }));
      await two.page.waitForTimeout(300);
      assert.deepEqual(await two.said(), []);
      assert.equal(arrived(cloud), sent);
      await one.letGo();
      assert.equal((await one.until(1)).status, "done");
      const report = await two.until(1);
      assert.ok(report.entries.every(({ outcome, state }) => outcome === "absent" && state === "gone"), JSON.stringify(report));
      sameChanges(changes(cloud), expected);
    });

    it("the second one is refused, and the error names the holder; nothing is sent for it", async (t) => {
      const expected = await measure(t);
      const plan = await planned();
      const [one, two] = [await tab(), await tab()];
      await one.run(jobOf(plan, { holder: "ann", hold: 2 }));
      await one.holds();
      const sent = arrived(cloud);
      await two.run(jobOf(plan, { holder: "bob", name: "run-2", wait: false }));
      const report = await two.until(1);
      assert.equal(arrived(cloud), sent);
      assert.equal(report.status, "refused");
      const [{ id, error }] = report.loadBalancers;
      assert.deepEqual([error.kind, error.code, error.sent], ["refused", "locked", false]);
      assert.equal(error.message, `${kind} ${plan.endpoint} ${id} is being changed by ann`);
      await one.letGo();
      assert.equal((await one.until(1)).status, "done");
      sameChanges(changes(cloud), expected);
    });

    // Behind a result; and behind an intent, where it first has to be found out whether it was sent.
    for (const hold of kind === "ucloud" ? [2, 7] : [2, 5, 6]) {
      it(`a tab that crashes behind its ${hold}th entry frees the lock, and another one goes on from its journal`, async (t) => {
        const expected = await measure(t);
        const plan = await planned();
        const [one, two] = [await tab(), await tab()];
        await one.run(jobOf(plan, { holder: "ann", hold }));
        await one.holds();
        // It has opened its journal before: what is there now is not what was planned, and it knows nothing of it.
        await two.run(jobOf(plan, { holder: "bob", name: "run-2" }));
        await one.crash();
        const stale = await two.until(1);
        assert.equal(stale.status, "refused");
        assert.equal(stale.loadBalancers[0].refusal.guard, "changed-by-someone");
        const before = writes(cloud).length;
        await two.run(jobOf(plan, { holder: "bob" }));
        const report = await two.until(2);
        assert.equal(report.status, "done", JSON.stringify(report));
        assert.equal(report.resumed.entries, hold);
        assert.ok(writes(cloud).length > before);
        sameChanges(changes(cloud), expected);
      });
    }
  });
}
