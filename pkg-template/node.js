// The journal of a removal in a file, one entry a line (JSON Lines).
import { open, realpath, stat, truncate } from "node:fs/promises";
import { dirname } from "node:path";
import { lockFile } from "./file_lock.js";
import { broken, checkName, closed, entryOf, inUse, journal, queue } from "./journal.js";

const NEWLINE = 10;

/**
 * -> the entries, and where the file is to go on: of a last line that is no entry nothing is kept. One that lacks only its
 * line's end is whole.
 *
 * @param {Buffer} bytes
 */
function read(bytes) {
  const lines = bytes.toString("utf8").split("\n");
  const isEnded = lines.at(-1) === "";
  if (isEnded) lines.pop();
  const entries = lines.map(entryOf);
  if (typeof entries.at(-1) !== "string") return { entries, end: bytes.length, gap: isEnded ? "" : "\n" };
  const end = isEnded ? bytes.length - 1 : bytes.length;
  return { entries, end: end === 0 ? 0 : bytes.lastIndexOf(NEWLINE, end - 1) + 1, gap: "" };
}

/**
 * A new file's name is kept by its folder.
 *
 * @param {string} path
 */
async function syncFolder(path) {
  // Windows opens no folders, and needs none of this.
  if (process.platform === "win32") return;
  const folder = await open(dirname(path));
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

/** @type {typeof import("./node.js").fileJournal} */
export async function fileJournal(path) {
  checkName("path", path);
  // Everything goes to the end, wherever that is by then: nothing is ever overwritten.
  const file = await open(path, "a+");
  /** @type {(() => Promise<void>) | undefined} */
  let release;
  try {
    const real = await realpath(path);
    release = await lockFile(`${real}.lock`);
    return await opened(file, real, release);
  } catch (error) {
    await file.close();
    await release?.();
    throw error;
  }
}

/**
 * @param {import("node:fs/promises").FileHandle} file
 * @param {string} path
 * @param {() => Promise<void>} release
 */
async function opened(file, path, release) {
  const bytes = await file.readFile();
  const { ino } = await file.stat();
  if (bytes.length === 0) await syncFolder(path);
  let { entries, end, gap } = read(bytes);
  let size = bytes.length;
  /** @type {{ error: unknown } | undefined} */
  let failure;
  let isOpen = true;
  const inTurn = queue();

  const check = async () => {
    if (!isOpen) throw closed(path);
    if (failure !== undefined) throw broken(path, failure.error);
    const found = await stat(path);
    if (found.size !== size || found.ino !== ino) throw inUse(path);
  };
  /** What failed in the middle has left nobody knows what. */
  const change = async (/** @type {() => Promise<void>} */ work) => {
    try {
      await work();
    } catch (error) {
      failure = { error };
      throw error;
    }
  };
  const cut = (/** @type {number} */ length) =>
    change(async () => {
      await truncate(path, length);
      size = length;
    });

  const write = (/** @type {string} */ line) =>
    inTurn(async () => {
      await check();
      if (end < size) {
        await cut(end);
        entries.pop();
      }
      const more = Buffer.from(`${gap}${line}\n`);
      try {
        await file.appendFile(more);
      } catch (error) {
        // No room, say: half a line must not stand before the next one.
        await cut(size);
        throw error;
      }
      await change(() => file.sync());
      size += more.length;
      end = size;
      gap = "";
    });
  const clear = () =>
    inTurn(async () => {
      await check();
      await cut(0);
      await change(() => file.sync());
      entries.length = 0;
      end = 0;
      gap = "";
    });
  const close = () =>
    inTurn(async () => {
      if (!isOpen) return;
      isOpen = false;
      await file.close();
      await release();
    });
  return /** @type {import("./journals.js").OpenJournal} */ (journal(entries, write, { clear, close }));
}
