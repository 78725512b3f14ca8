// The journal in a file: what is acknowledged is there, whatever happened; one process at a time.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { appendFile, mkdir, open, readFile, readdir, rename, rm, symlink, truncate, unlink, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { entries, entry, failure, folderFor, load, sleep } from "./support.mjs";

const { fileJournal } = await load("node");
const { lockFile } = await load("file_lock");
const program = fileURLToPath(new URL("file-writer.mjs", import.meta.url));
const line = (one) => `${JSON.stringify(one)}\n`;
const text = (list) => list.map(line).join("");

async function fileFor(t, content) {
  const path = join(await folderFor(t), "journal.jsonl");
  if (content !== undefined) await writeFile(path, content);
  return path;
}

/** A process that writes -> { said: lines so far, until(pattern), ended, kill() } */
function writer(t, path, env = {}, [file, ...args] = [process.execPath, program]) {
  const child = spawn(file, args, { env: { ...process.env, JOURNAL: path, ...env }, stdio: ["ignore", "pipe", "inherit"] });
  t.after(() => child.kill("SIGKILL"));
  const said = [];
  let heard = () => {};
  createInterface({ input: child.stdout }).on("line", (line) => {
    said.push(line);
    heard();
  });
  const ended = new Promise((resolve) => child.on("close", resolve));
  return {
    said,
    ended,
    pid: child.pid,
    kill: () => {
      child.kill("SIGKILL");
      return ended;
    },
    until: (isEnough) =>
      new Promise((resolve, reject) => {
        heard = () => isEnough(said) && resolve();
        heard();
        ended.then(() => reject(new Error(`ended, and said ${said.slice(-3)}`)));
      }),
  };
}

test("entries are there when the file is opened again, and are lines of JSON", async (t) => {
  const path = await fileFor(t);
  const first = await fileJournal(path);
  assert.deepEqual(first.entries, []);
  await Promise.all(entries(50).map((one) => first.append(one)));
  assert.deepEqual(first.entries, entries(50));
  await first.close();
  assert.equal(await readFile(path, "utf8"), text(entries(50)));
  const second = await fileJournal(path);
  assert.deepEqual(second.entries, entries(50));
  await second.append(entry(50));
  await second.close();
  assert.equal(await readFile(path, "utf8"), text(entries(51)));
  assert.deepEqual(await readdir(join(path, "..")), ["journal.jsonl"]);
});

test("opening changes nothing; a last line cut at any byte is handed over as text and gone after the next entry", async (t) => {
  const path = await fileFor(t);
  const before = text(entries(3));
  const last = Buffer.from(line(entry(3)));
  for (let length = 1; length < last.length; length++) {
    const part = last.subarray(0, length);
    const content = Buffer.concat([Buffer.from(before), part]);
    await writeFile(path, content);
    const journal = await fileJournal(path);
    // Without its line's end only, it is whole.
    const isWhole = length === last.length - 1;
    assert.deepEqual(journal.entries, [...entries(3), isWhole ? entry(3) : part.toString()], `cut at ${length}`);
    assert.ok(content.equals(await readFile(path)));
    await journal.append(entry(4));
    const expected = isWhole ? [...entries(4), entry(4)] : [...entries(3), entry(4)];
    assert.deepEqual(journal.entries, expected);
    await journal.close();
    assert.equal(await readFile(path, "utf8"), text(expected));
  }
});

for (const [name, content, found, after] of [
  ["a last line that is no JSON", `${text(entries(1))}{"lane":\n`, [entry(0), '{"lane":'], [entry(0)]],
  ["a last line that is no object", `${text(entries(1))}17\n`, [entry(0), "17"], [entry(0)]],
  ["only such a line", "[1]\n", ["[1]"], []],
  ["only the beginning of a line", '{"la', ['{"la'], []],
  ["an empty last line", `${text(entries(1))}\n`, [entry(0), ""], [entry(0)]],
  ["zeros of a disk that was not written", `${text(entries(1))}\0\0\0`, [entry(0), "\0\0\0"], [entry(0)]],
  ["a broken line in the middle, which is nobody's to drop", `oops\n${text(entries(1))}`, ["oops", entry(0)], ["oops", entry(0)]],
]) {
  test(`${name} is handed over`, async (t) => {
    const path = await fileFor(t, content);
    const journal = await fileJournal(path);
    assert.deepEqual(journal.entries, found);
    await journal.append(entry(9));
    assert.deepEqual(journal.entries, [...after, entry(9)]);
    await journal.close();
    const again = await fileJournal(path);
    assert.deepEqual(again.entries, [...after, entry(9)]);
    await again.close();
  });
}

test("kill -9 in the middle of thousands of appends: every acknowledged entry is there, in order", async (t) => {
  const path = await fileFor(t);
  const seen = new Map();
  for (const enough of [400, 1200, 700]) {
    const { said, until, kill } = writer(t, path, { LANES: "4" });
    await until((said) => said.length > enough);
    await kill();
    assert.match(said[0], /^open /);
    for (const [, lane, seq] of said.join("\n").matchAll(/^(lb-\d) (\d+)$/gm)) seen.set(lane, Math.max(seen.get(lane) ?? -1, Number(seq)));

    const journal = await fileJournal(path);
    const broken = journal.entries.filter((one) => typeof one === "string");
    assert.ok(broken.length <= 1 && (broken.length === 0 || journal.entries.at(-1) === broken[0]));
    for (const [lane, last] of seen) {
      const own = journal.entries.filter((one) => one.lane === lane);
      assert.ok(own.length > last, `${lane}: ${last} was acknowledged, ${own.length} are there`);
      // At most the one that was under way is there besides.
      assert.ok(own.length <= last + 2);
      assert.deepEqual(own, entries(own.length, lane));
    }
    await journal.close();
  }
  assert.equal(seen.size, 4);
});

test("a process that was killed blocks nobody, and one that lives is named", async (t) => {
  const path = await fileFor(t);
  const first = writer(t, path, { COUNT: "1", STAY: "1" });
  await first.until((said) => said.length === 2);
  const error = await failure(fileJournal(path));
  assert.deepEqual([error.kind, error.code, error.retryable, error.sent], ["refused", "locked", true, false]);
  assert.equal(error.message, `${path}.lock is held by process ${first.pid}`);
  const second = writer(t, path);
  await second.ended;
  assert.match(second.said[0], /^refused locked/);
  await first.kill();
  const journal = await fileJournal(path);
  assert.deepEqual(journal.entries, entries(1, "lb-0"));
  await journal.close();
});

test("of many that find a lock left behind, one takes it", async (t) => {
  for (let round = 0; round < 3; round++) {
    const path = await fileFor(t);
    const dead = writer(t, path, { COUNT: "1" });
    await dead.ended;
    assert.equal((await readdir(join(path, ".."))).length, 2, "it left its lock");
    const all = Array.from({ length: 6 }, () => writer(t, path, { COUNT: "1", STAY: "1" }));
    await Promise.all(all.map(({ until, ended }) => Promise.race([until((said) => said.length > 1), ended])));
    const openers = all.filter(({ said }) => /^open/.test(said[0]));
    assert.equal(openers.length, 1, all.map(({ said }) => said[0]).join("; "));
    await Promise.all(all.map(({ kill }) => kill()));
    assert.deepEqual((await readdir(join(path, ".."))).sort(), ["journal.jsonl", "journal.jsonl.lock"]);
  }
});

test("of many calls that find a lock left behind, one takes it", async (t) => {
  const path = join(await folderFor(t), "lock");
  for (let round = 0; round < 40; round++) {
    await writeFile(path, JSON.stringify({ pid: 2 ** 22 + 1, host: hostname(), id: "one" }));
    const ends = await Promise.allSettled(Array.from({ length: 12 }, (_, index) => sleep(index % 5).then(() => lockFile(path))));
    const won = ends.filter(({ status }) => status === "fulfilled");
    assert.equal(won.length, 1, `round ${round}`);
    for (const { reason } of ends) assert.ok(reason === undefined || reason.code === "locked", reason?.stack);
    await won[0].value();
    assert.deepEqual(await readdir(join(path, "..")), []);
  }
});

test("a crash while a lock is taken over blocks nobody either", async (t) => {
  const path = await fileFor(t, "");
  const gone = (id) => JSON.stringify({ pid: 2 ** 22 + 1, host: hostname(), id });
  await writeFile(`${path}.lock`, gone("one"));
  await writeFile(`${path}.lock.one`, gone("two"));
  await (await fileJournal(path)).close();
  assert.deepEqual(await readdir(join(path, "..")), ["journal.jsonl"]);
});

test("a process number that was given to another process is no holder", { skip: process.platform !== "linux" }, async (t) => {
  const path = await fileFor(t, "");
  await writeFile(`${path}.lock`, JSON.stringify({ pid: process.pid, begin: "1", host: hostname(), id: "one" }));
  await (await fileJournal(path)).close();
});

test("of another machine nothing is known: refused, and it is said what to do", async (t) => {
  const path = await fileFor(t, "");
  await writeFile(`${path}.lock`, JSON.stringify({ pid: 2 ** 22 + 1, host: "elsewhere", id: "one" }));
  const { code, message, hint } = await failure(fileJournal(path));
  assert.equal(code, "locked");
  assert.match(message, /held by process \d+ of elsewhere$/);
  assert.match(hint, /^delete the file if that process has ended/);
  assert.deepEqual((await readdir(join(path, ".."))).sort(), ["journal.jsonl", "journal.jsonl.lock"]);
});

test("a lock that says nothing is not removed", async (t) => {
  const path = await fileFor(t, "");
  await writeFile(`${path}.lock`, "mine");
  assert.equal((await failure(fileJournal(path))).code, "locked");
  assert.equal(await readFile(`${path}.lock`, "utf8"), "mine");
});

test("twice in one process: refused, by every name of the file", async (t) => {
  const path = await fileFor(t, "");
  const other = join(path, "..", "other.jsonl");
  await symlink(path, other);
  const journal = await fileJournal(path);
  for (const name of [path, other]) {
    const { code, message } = await failure(fileJournal(name));
    assert.deepEqual([code, message], ["locked", `${path}.lock is held by this process`]);
  }
  await journal.close();
  await journal.close();
  await (await fileJournal(other)).close();
});

for (const [name, change] of [
  ["appended to", (path) => appendFile(path, line(entry(7)))],
  ["cut", (path) => truncate(path, 5)],
  ["replaced by a file of the same length", async (path) => {
    await writeFile(`${path}.new`, await readFile(path));
    await rename(`${path}.new`, path);
  }],
]) {
  test(`a file that somebody else has ${name} is not written to`, async (t) => {
    const path = await fileFor(t);
    const journal = await fileJournal(path);
    await journal.append(entry(0));
    await change(path);
    const changed = await readFile(path, "utf8");
    const { kind, code } = await failure(journal.append(entry(1)));
    assert.deepEqual([kind, code], ["refused", "journal-in-use"]);
    assert.equal((await failure(journal.clear())).code, "journal-in-use");
    assert.equal(await readFile(path, "utf8"), changed);
    assert.deepEqual(journal.entries, [entry(0)]);
    await journal.close();
  });
}

test("a file that was deleted takes nothing", async (t) => {
  const path = await fileFor(t);
  const journal = await fileJournal(path);
  await journal.append(entry(0));
  await unlink(path);
  await assert.rejects(journal.append(entry(1)), { code: "ENOENT" });
  assert.deepEqual(journal.entries, [entry(0)]);
  await journal.close();
});

test("no room: rejected, nothing of it stays, and all that was acknowledged is there", { skip: process.platform === "win32" }, async (t) => {
  const path = await fileFor(t);
  // 8 blocks of 512 bytes or of 1 KiB, depending on the shell: no end of an entry is there.
  const { said, ended } = writer(t, path, { LANES: "3" }, ["sh", "-c", 'ulimit -f 8; exec "$0" "$1"', process.execPath, program]);
  await ended;
  assert.deepEqual(said.filter((line) => line.startsWith("failed")), ["failed EFBIG", "failed EFBIG", "failed EFBIG"]);
  const content = await readFile(path, "utf8");
  assert.ok(content.endsWith("\n"));
  const journal = await fileJournal(path);
  const acknowledged = said.filter((line) => /^lb-\d /.test(line));
  assert.ok(acknowledged.length > 3);
  assert.deepEqual(journal.entries.map(({ lane, seq }) => `${lane} ${seq}`), acknowledged);
  await journal.append(entry(99));
  assert.equal(await readFile(path, "utf8"), content + line(entry(99)));
  await journal.close();
});

/** Until the end of `t`, what is done when a file is synced. */
async function onSync(t, path, work) {
  const handle = await open(path, "a");
  const prototype = Object.getPrototypeOf(handle);
  await handle.close();
  const { sync } = prototype;
  prototype.sync = async function () {
    await work();
    return sync.call(this);
  };
  const undo = () => (prototype.sync = sync);
  t.after(undo);
  return undo;
}

test("an entry is acknowledged after it was synced, and a new file's folder is synced, too", async (t) => {
  const path = await fileFor(t);
  const order = [];
  await onSync(t, join(path, "../probe"), async () => {
    await sleep(20);
    order.push("synced");
  });
  const journal = await fileJournal(path);
  order.push("opened");
  await Promise.all(entries(2).map((one) => journal.append(one).then(() => order.push(`appended ${one.seq}`))));
  await journal.close();
  // The lock's file, then the folder.
  assert.deepEqual(order, ["synced", "synced", "opened", "synced", "appended 0", "synced", "appended 1"]);
});

test("a journal that was closed is another one's by then: nothing is written or cleared", async (t) => {
  const path = await fileFor(t);
  const one = await fileJournal(path);
  await one.append(entry(0));
  await one.close();
  const other = await fileJournal(path);
  await other.append(entry(1));
  for (const work of [() => one.clear(), () => one.append(entry(2))]) {
    assert.equal((await failure(work())).code, "journal-closed");
  }
  await other.append(entry(2));
  await other.close();
  assert.equal(await readFile(path, "utf8"), text(entries(3)));
});

test("a journal that cannot be opened is not locked", async (t) => {
  const path = await fileFor(t);
  const undo = await onSync(t, join(path, "../probe"), () => Promise.reject(new Error("EIO")));
  await assert.rejects(fileJournal(path), /EIO/);
  undo();
  await (await fileJournal(path)).close();
});

test("after a failed sync nobody knows what is on the disk: nothing more is written until it is opened again", async (t) => {
  const path = await fileFor(t, "");
  const journal = await fileJournal(path);
  const disk = new Error("EIO");
  const undo = await onSync(t, path, () => Promise.reject(disk));
  await assert.rejects(journal.append(entry(0)), disk);
  undo();
  const { kind, code, cause } = await failure(journal.append(entry(1)));
  assert.deepEqual([kind, code, cause], ["refused", "journal-broken", disk]);
  assert.equal((await failure(journal.clear())).code, "journal-broken");
  assert.deepEqual(journal.entries, []);
  await journal.close();
  assert.equal(await readFile(path, "utf8"), text(entries(1)));
});

test("what is appended together is written one after another, and close() waits for it", async (t) => {
  const path = await fileFor(t);
  const journal = await fileJournal(path);
  const appended = entries(20).map((one) => journal.append(one));
  await journal.close();
  assert.equal(await readFile(path, "utf8"), text(entries(20)));
  await Promise.all(appended);
  await assert.rejects(journal.append(entry(20)));
  assert.equal(await readFile(path, "utf8"), text(entries(20)));
});

test("clear() empties the file, also of half a line", async (t) => {
  const path = await fileFor(t, `${text(entries(2))}{"la`);
  const journal = await fileJournal(path);
  await journal.clear();
  assert.deepEqual(journal.entries, []);
  assert.equal(await readFile(path, "utf8"), "");
  await journal.append(entry(0));
  await journal.close();
  assert.equal(await readFile(path, "utf8"), text(entries(1)));
});

test("await using closes it", { skip: Symbol.asyncDispose === undefined }, async (t) => {
  const path = await fileFor(t);
  const journal = await fileJournal(path);
  await journal[Symbol.asyncDispose]();
  await (await fileJournal(path)).close();
});

test("a folder that is not there is the file system's error, and nothing is left open", async (t) => {
  const folder = await folderFor(t);
  await assert.rejects(fileJournal(join(folder, "none/journal.jsonl")), { code: "ENOENT" });
  await mkdir(join(folder, "journal.jsonl"));
  await assert.rejects(fileJournal(join(folder, "journal.jsonl")), { code: "EISDIR" });
  await rm(join(folder, "journal.jsonl"), { recursive: true });
  await assert.rejects(fileJournal(""), { kind: "invalid-input", field: "path" });
  assert.deepEqual(await readdir(folder), []);
});
