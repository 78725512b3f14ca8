// Locks between tabs, by Web Locks, in Chromium.
import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";
import { load, failure } from "../stores/support.mjs";
import { launch } from "./chromium.mjs";
import { startPackageSite } from "./package-site.mjs";

let site;
let browser;
let one;
let two;
let context;
before(async () => {
  site = await startPackageSite();
  browser = await launch();
}, { timeout: 60_000 });
after(async () => {
  await browser?.close();
  await site?.close();
});
beforeEach(async () => {
  await context?.close();
  context = await browser.newContext();
  [one, two] = [await tab(), await tab()];
});

async function tab() {
  const page = await context.newPage();
  await page.goto(site.url);
  await page.evaluate(async () => {
    const { webLocks } = await import("./locks.js");
    globalThis.said = [];
    /** Takes the lock and keeps it until `letGo(how it ends)`. */
    globalThis.take = (key, options) =>
      webLocks(options)(key, () => {
        said.push("has it");
        return new Promise((resolve, reject) => (globalThis.letGo = (error) => (error ? reject(new Error(error)) : resolve("done"))));
      }).then(
        (value) => void said.push(value),
        (error) => void said.push({ name: error.name, message: error.message, ...error, cause: error.cause && String(error.cause) }),
      );
  });
  const said = () => page.evaluate(() => said);
  return {
    page,
    said,
    take: (key, options) => page.evaluate(([key, options]) => void take(key, options), [key, options]),
    letGo: (error) => page.evaluate((error) => letGo(error), error),
    async until(count) {
      await page.waitForFunction((count) => said.length >= count, count, { timeout: 10_000 });
      return said();
    },
  };
}

test("the second tab waits until the first one has ended, well or not", async () => {
  for (const [error, end] of [[undefined, "done"], ["no such server", { name: "Error", message: "no such server" }]]) {
    await one.page.reload();
    await two.page.reload();
    [one, two] = [await tab(), await tab()];
    await one.take("lb-1", { holder: "ann" });
    await one.until(1);
    await two.take("lb-1", { holder: "bob" });
    await two.page.waitForTimeout(200);
    assert.deepEqual(await two.said(), []);
    await one.letGo(error);
    const [, ended] = await one.until(2);
    assert.deepEqual(typeof ended === "string" ? ended : { name: ended.name, message: ended.message }, end);
    assert.deepEqual(await two.until(1), ["has it"]);
    await two.letGo();
    assert.deepEqual(await two.until(2), ["has it", "done"]);
  }
});

test("the second tab is refused at once, and told who has it, also for names with anything in them", async () => {
  for (const [index, holder] of ["ann", 'ann: "x" \n:é', "another tab"].entries()) {
    const key = `alibaba https://x/"${index}":`;
    await one.take(key, holder === "another tab" ? undefined : { holder });
    await one.until(2 * index + 1);
    await two.take(key, { wait: false });
    const refused = (await two.until(index + 1)).at(-1);
    assert.deepEqual([refused.name, refused.kind, refused.code, refused.retryable, refused.sent], ["UnpoolError", "refused", "locked", true, false]);
    assert.equal(refused.message, `${key} is being changed by ${holder}`);
    assert.ok(refused.hint.includes(holder));
    await one.letGo();
    await one.until(2 * index + 2);
  }
  await two.take("free", { wait: false });
  assert.equal((await two.until(4)).at(-1), "has it");
});

test("a key that begins with another one is another lock, with its own holder", async () => {
  // The longer one first: it is the first to be found, too.
  await two.take("lb-1:2", { holder: "bob" });
  await two.until(1);
  await one.take("lb-1", { holder: "ann", wait: false });
  assert.deepEqual(await one.until(1), ["has it"]);
  const three = await tab();
  await three.take("lb-1:2", { wait: false });
  assert.match((await three.until(1))[0].message, /by bob$/);
  await three.take("lb-1", { wait: false });
  assert.match((await three.until(2))[1].message, /by ann$/);
});

test("after the holder has ended, its name is gone", async () => {
  await one.take("lb-1", { holder: "ann" });
  await one.until(1);
  await one.letGo();
  await one.until(2);
  await two.take("lb-1", { holder: "bob" });
  await two.until(1);
  await one.take("lb-1", { wait: false });
  assert.match((await one.until(3))[2].message, /by bob$/);
  const names = await one.page.evaluate(async () => (await navigator.locks.query()).held.map(({ name }) => name));
  assert.equal(names.length, 2);
});

for (const [how, end] of [
  ["crashes", async (page) => {
    const crashed = page.waitForEvent("crash");
    page.goto("chrome://crash").catch(() => {});
    await crashed;
  }],
  ["is closed", (page) => page.close()],
  ["is reloaded", (page) => page.reload()],
]) {
  test(`a tab that ${how} frees its lock`, async () => {
    await one.take("lb-1", { holder: "ann" });
    await one.until(1);
    await two.take("lb-1", { holder: "bob" });
    await two.page.waitForTimeout(100);
    assert.deepEqual(await two.said(), []);
    await end(one.page);
    assert.deepEqual(await two.until(1), ["has it"]);
  });
}

test("a signal ends the waiting, and nothing else", async () => {
  await one.take("lb-1");
  await one.until(1);
  await two.page.evaluate(() => {
    globalThis.abort = new AbortController();
    void take("lb-1", { signal: abort.signal });
  });
  await two.page.waitForTimeout(100);
  await two.page.evaluate(() => abort.abort(new Error("enough")));
  const [aborted] = await two.until(1);
  assert.deepEqual([aborted.name, aborted.kind, aborted.cause], ["UnpoolError", "aborted", "Error: enough"]);
  for (const options of ["{ signal: AbortSignal.abort() }", "{ signal: AbortSignal.abort(), wait: false }"]) {
    await two.page.evaluate(`void take("free", ${options})`);
  }
  assert.deepEqual((await two.until(3)).slice(1).map(({ kind }) => kind), ["aborted", "aborted"]);
  await two.page.evaluate(() => {
    globalThis.abort = new AbortController();
    void take("free", { signal: abort.signal });
  });
  await two.until(4);
  await two.page.evaluate(() => abort.abort());
  await two.letGo();
  assert.equal((await two.until(5)).at(-1), "done");
});

test("without Web Locks it is unsupported, and nothing is done", { skip: globalThis.navigator?.locks && "this Node has them" }, async () => {
  const { webLocks } = await load("locks");
  const error = await failure(webLocks({ holder: "ann" })("lb-1", () => assert.fail("it has it")));
  assert.deepEqual([error.kind, error.sent], ["unsupported", false]);
  assert.match(error.hint, /leaseLock/);
});

test("without IndexedDB, too", async () => {
  const { indexedDbJournal } = await load("journals");
  assert.equal((await failure(indexedDbJournal("run"))).kind, "unsupported");
});

test("options are checked", async () => {
  const { webLocks } = await load("locks");
  for (const [field, options] of [["holder", { holder: "" }], ["wait", { wait: 5 }], ["signal", { signal: {} }], ["mode", { mode: "shared" }]]) {
    assert.throws(() => webLocks(options), { kind: "invalid-input", field });
  }
});
