// Journals in Chromium: in localStorage, sessionStorage and IndexedDB; two tabs, reloads, a full storage, crashes.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { entries, entry, folderFor, killChildren } from "../stores/support.mjs";
import { launch, launchProfile } from "./chromium.mjs";
import { startPackageSite } from "./package-site.mjs";

let site;
let browser;
before(async () => {
  site = await startPackageSite();
  browser = await launch();
}, { timeout: 60_000 });
after(async () => {
  await browser?.close();
  await site?.close();
});

const MAKERS = {
  localStorage: (name) => `storageJournal(localStorage, ${JSON.stringify(name)})`,
  sessionStorage: (name) => `storageJournal(sessionStorage, ${JSON.stringify(name)})`,
  IndexedDB: (name) => `indexedDbJournal(${JSON.stringify(name)})`,
};
const KINDS = Object.keys(MAKERS);

/** A tab with what the tests do there: `open`, `append`, ... each gives { value } or { error }. */
async function tab(context) {
  const page = await context.newPage();
  await page.goto(site.url);
  const ask = async (code, input) => {
    const { value, error } = await page.evaluate(
      async ([code, input]) => {
        const journals = await import("./journals.js");
        try {
          const work = new Function("journals", "input", `const { storageJournal, indexedDbJournal } = journals; return (async () => { ${code} })();`);
          return { value: await work(journals, input) };
        } catch (error) {
          return { error: { name: error.name, message: error.message, ...error } };
        }
      },
      [code, input],
    );
    if (error) throw Object.assign(new Error(error.message), error);
    return value;
  };
  return {
    page,
    ask,
    open: (kind, name) => ask(`globalThis.journal = await ${MAKERS[kind](name)}; return journal.entries;`),
    /** One after another, or together. */
    append: (entries, together = false) =>
      ask("if (input.together) await Promise.all(input.entries.map((one) => journal.append(one))); else for (const one of input.entries) await journal.append(one); return journal.entries.length;", { entries, together }),
    clear: () => ask("await journal.clear(); return journal.entries;"),
  };
}

/** A tab of its own, in a profile of its own. */
async function fresh(t) {
  const context = await browser.newContext();
  t.after(() => context.close());
  return { context, ...(await tab(context)) };
}

for (const kind of KINDS) {
  describe(kind, () => {
    it("2,000 entries are there after a reload, in the order of the calls", async (t) => {
      const { page, open, append } = await fresh(t);
      assert.deepEqual(await open(kind, "run"), []);
      assert.equal(await append(entries(2000), true), 2000);
      await page.reload();
      assert.deepEqual(await open(kind, "run"), entries(2000));
      assert.equal(await append([entry(2000)]), 2001);
      await page.reload();
      assert.equal((await open(kind, "run")).length, 2001);
    });

    it("one that was cleared by another opener takes nothing more of this one, and begins anew for who opens it", async (t) => {
      const { ask, open, append, clear } = await fresh(t);
      await open(kind, "run");
      await append(entries(2));
      await ask("globalThis.other = journal;");
      await open(kind, "run");
      await clear();
      await append([entry(0)]);
      const code = await ask('return other.append({ late: true }).then(() => "accepted", ({ code }) => code);');
      assert.equal(code, "journal-in-use");
      assert.deepEqual(await open(kind, "run"), [entry(0)]);
    });

    it("another journal is another one, and clear() leaves it", async (t) => {
      const { open, append, clear } = await fresh(t);
      await open(kind, "run");
      await append(entries(2));
      await open(kind, "run:000001");
      await append(entries(3, "lb-2"));
      assert.deepEqual(await open(kind, "run"), entries(2));
      assert.deepEqual(await clear(), []);
      assert.equal(await append([entry(0)]), 1);
      assert.deepEqual(await open(kind, "run"), entries(1));
      assert.deepEqual(await open(kind, "run:000001"), entries(3, "lb-2"));
    });

    it("of two that have it open, the first to append goes on, and the other is refused", async (t) => {
      const { open, append, ask } = await fresh(t);
      await open(kind, "run");
      await append(entries(1));
      await ask(`globalThis.other = await ${MAKERS[kind]("run")};`);
      await append([entry(1)]);
      await assert.rejects(ask("await other.append(input);", entry(1)), { name: "UnpoolError", kind: "refused", code: "journal-in-use", sent: false, message: "somebody else appends to the journal run" });
      assert.equal(await append([entry(2)]), 3);
      assert.deepEqual(await open(kind, "run"), entries(3));
    });

    // What a tab has in sessionStorage goes with it.
    if (kind === "sessionStorage") return;
    it("a tab that crashes loses nothing that was acknowledged", async (t) => {
      const { context, page, open, append } = await fresh(t);
      await open(kind, "run");
      await append(entries(20));
      const crashed = page.waitForEvent("crash");
      page.goto("chrome://crash").catch(() => {});
      await crashed;
      assert.deepEqual(await (await tab(context)).open(kind, "run"), entries(20));
    });
  });
}

describe("localStorage and sessionStorage", () => {
  for (const kind of ["localStorage", "sessionStorage"]) {
    it(`${kind}: a full storage rejects, what was there stays, and smaller entries go on`, async (t) => {
      const { page, open, append, ask } = await fresh(t);
      await open(kind, "run");
      await append(entries(1));
      const large = { ...entry(1), text: "x".repeat(6 << 20) };
      await assert.rejects(append([large]), { name: "QuotaExceededError" });
      assert.equal(await append([entry(1)]), 2);
      await ask(`for (let length = 4 << 20; length > 0; length >>= 1) try { ${kind}.setItem("other" + length, "x".repeat(length)); } catch {}`);
      await assert.rejects(append([entry(2)]), { name: "QuotaExceededError" });
      await page.reload();
      assert.deepEqual(await open(kind, "run"), entries(2));
    });

    it(`${kind}: one item an entry; a line that is none stays text; other items are none of it`, async (t) => {
      const { open, append, ask } = await fresh(t);
      await ask(`${kind}.setItem("run", "1"); ${kind}.setItem("run:x", "2"); ${kind}.setItem("run:000002", '{"la'); ${kind}.setItem("run:000001", ${JSON.stringify(JSON.stringify(entry(0)))});`);
      assert.deepEqual(await open(kind, "run"), [entry(0), '{"la']);
      await append([entry(1)]);
      assert.deepEqual(await ask(`return Object.keys(${kind}).sort();`), ["run", "run:000001", "run:000002", "run:000003", "run:x"]);
      assert.deepEqual(await ask(`return JSON.parse(${kind}.getItem("run:000003"));`), entry(1));
    });
  }

  it("a tab whose journal another tab has gone on with is refused", async (t) => {
    const { context, ...one } = await fresh(t);
    const two = await tab(context);
    await one.open("localStorage", "run");
    await two.open("localStorage", "run");
    await one.append([entry(0)]);
    // When one tab sees what another wrote is up to the browser.
    await two.page.waitForFunction(() => localStorage.getItem("run:000001") !== null);
    await assert.rejects(two.append([entry(0)]), { code: "journal-in-use" });
    assert.deepEqual(await two.open("localStorage", "run"), entries(1));
  });
});

describe("IndexedDB", () => {
  it("two tabs that append at the same time: each entry is kept or rejected, and only one goes on", async (t) => {
    const { context, ...one } = await fresh(t);
    const two = await tab(context);
    const race = (tab) => tab.ask("const ends = await Promise.allSettled(input.map((entry) => journal.append(entry))); return ends.map(({ reason }) => reason?.code ?? 'kept');", entries(30, tab === one ? "lb-1" : "lb-2"));
    await one.open("IndexedDB", "run");
    await two.open("IndexedDB", "run");
    const ends = await Promise.all([race(one), race(two)]);
    const kept = ends.map((list) => list.filter((end) => end === "kept").length);
    assert.deepEqual(new Set(ends.flat()), new Set(["kept", "journal-in-use"]));
    const found = await one.open("IndexedDB", "run");
    assert.equal(found.length, kept[0] + kept[1]);
    for (const [index, lane] of ["lb-1", "lb-2"].entries()) assert.deepEqual(found.filter((one) => one.lane === lane), entries(kept[index], lane));
  });

  it("the whole browser is killed: every acknowledged entry is there", async (t) => {
    const folder = await folderFor(t);
    const context = await launchProfile(folder);
    const { page, open } = await tab(context);
    await open("IndexedDB", "run");
    let acknowledged = 0;
    await page.exposeFunction("acknowledge", (count) => void (acknowledged = count));
    const ended = page
      .evaluate(async (one) => {
        for (let seq = 0; ; seq++) {
          await journal.append({ ...one, seq, digest: `d${seq}` });
          acknowledge(seq + 1);
        }
      }, entry(0))
      .catch(() => {});
    while (acknowledged < 100) await page.waitForTimeout(5);
    const closed = context.waitForEvent("close");
    await killChildren(folder);
    await closed;
    await ended;
    const again = await launchProfile(folder);
    t.after(() => again.close());
    const found = await (await tab(again)).open("IndexedDB", "run");
    assert.ok(found.length >= acknowledged, `${acknowledged} acknowledged, ${found.length} found`);
    assert.deepEqual(found, entries(found.length));
  });

  it("a database that is deleted in another tab is not held up, and takes nothing more", async (t) => {
    const { context, ...one } = await fresh(t);
    const two = await tab(context);
    await one.open("IndexedDB", "run");
    await one.append(entries(1));
    const deleted = await two.ask('return new Promise((resolve, reject) => { const request = indexedDB.deleteDatabase("unpool"); request.onsuccess = () => resolve("deleted"); request.onblocked = () => resolve("blocked"); request.onerror = reject; });');
    assert.equal(deleted, "deleted");
    await assert.rejects(one.append([entry(1)]), { name: "InvalidStateError" });
    assert.deepEqual(await one.open("IndexedDB", "run"), []);
  });

  it("close() waits for what is being written, and then nothing is taken", async (t) => {
    const { open, ask } = await fresh(t);
    await open("IndexedDB", "run");
    const ends = await ask("const ends = input.map((one) => journal.append(one)); await journal.close(); ends.push(journal.append(input[0])); return (await Promise.allSettled(ends)).map(({ status }) => status);", entries(5));
    assert.deepEqual(ends, [...Array(5).fill("fulfilled"), "rejected"]);
    assert.deepEqual(await open("IndexedDB", "run"), entries(5));
  });

  it("resolves once the transaction is on the disk, and asks for that", async (t) => {
    const { open, append, ask } = await fresh(t);
    await ask("const { transaction } = IDBDatabase.prototype; globalThis.seen = []; IDBDatabase.prototype.transaction = function (...given) { const made = transaction.apply(this, given); if (made.mode === 'readwrite') { seen.push(made.durability); made.addEventListener('complete', () => seen.push('complete')); } return made; };");
    await open("IndexedDB", "run");
    await append(entries(2));
    assert.deepEqual(await ask("return seen;"), ["strict", "complete", "strict", "complete"]);
  });
});
