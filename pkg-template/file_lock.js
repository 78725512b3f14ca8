// One process at a time: a file beside the one that is locked, which says who holds it. Node has no lock that ends with its
// process, so one that was left behind is known by its process being gone.
import { link, open, readFile, rm } from "node:fs/promises";
import { randomUUID } from "node:crypto";
import { hostname } from "node:os";
import { UnpoolError } from "./errors.js";

/** Who holds a lock. @typedef {{ pid: number, begin?: string | undefined, host: string, id: string }} Holder */

/**
 * When a process began, where the system tells: its number alone is given to another one some day, in containers at once.
 *
 * @param {number} pid
 */
async function beginOf(pid) {
  try {
    // "pid (name) state ...": the name may hold anything; the time is the 22nd field.
    const stat = await readFile(`/proc/${pid}/stat`, "utf8");
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    // It has ended, and its parent has not asked how.
    return fields[0] === "Z" ? "ended" : fields[19];
  } catch {
    return undefined;
  }
}

/** @param {number} pid */
function exists(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (/** @type {any} */ error) {
    // It is somebody else's process.
    return error.code === "EPERM";
  }
}

/** @param {Holder} holder */
async function isAlive({ pid, begin, host }) {
  // Of another machine's processes nothing is known from here.
  if (host !== hostname()) return true;
  if (!exists(pid)) return false;
  const now = await beginOf(pid);
  return begin === undefined || now === undefined || begin === now;
}

/**
 * @param {string} path
 * @returns {Promise<Holder | undefined>}
 */
async function holderOf(path) {
  let said;
  try {
    said = await readFile(path, "utf8");
  } catch (/** @type {any} */ error) {
    if (error.code === "ENOENT") return undefined;
    throw error;
  }
  try {
    const holder = JSON.parse(said);
    if (Number.isInteger(holder?.pid) && typeof holder.id === "string") return holder;
  } catch {
    // Told below.
  }
  throw held(path, "something that is not unpool", "look what the file is, and delete it if nobody needs it");
}

/**
 * @param {string} path
 * @param {string} who
 * @param {string} hint
 */
const held = (path, who, hint) =>
  new UnpoolError({ kind: "refused", code: "locked", message: `${path} is held by ${who}`, retryable: true, sent: false, hint });

/**
 * @param {string} path
 * @param {Holder} holder
 */
function heldBy(path, { pid, host }) {
  if (host !== hostname()) return held(path, `process ${pid} of ${host}`, `delete the file if that process has ended: it cannot be seen from ${hostname()}`);
  if (pid === process.pid) return held(path, "this process", "close() the journal that is open, or go on with it");
  return held(path, `process ${pid}`, "wait until that process has ended; only one may append");
}

/**
 * Puts `own` at `path` if nothing is there: a link appears with its content, or not at all.
 *
 * @param {string} own
 * @param {string} path
 */
async function place(own, path) {
  try {
    await link(own, path);
    return true;
  } catch (/** @type {any} */ error) {
    if (error.code === "EEXIST") return false;
    throw error;
  }
}

/**
 * Takes the lock, or refuses and names its holder. Whoever removes a lock that was left behind must hold a lock on doing
 * so, made for this one: of two that find it at the same time, the later one would remove the first one's new lock.
 *
 * @param {string} own
 * @param {string} path
 * @returns {Promise<void>}
 */
async function take(own, path) {
  while (!(await place(own, path))) {
    const found = await holderOf(path);
    if (found === undefined) continue;
    if (await isAlive(found)) throw heldBy(path, found);
    const replacing = `${path}.${found.id}`;
    await take(own, replacing);
    try {
      if ((await holderOf(path))?.id === found.id) await rm(path, { force: true });
    } finally {
      await rm(replacing, { force: true });
    }
  }
}

/**
 * -> a function that releases the lock.
 *
 * @param {string} path
 */
export async function lockFile(path) {
  const me = { pid: process.pid, begin: await beginOf(process.pid), host: hostname(), id: randomUUID().slice(0, 8) };
  const own = `${path}.${me.id}.new`;
  try {
    const file = await open(own, "wx");
    try {
      await file.writeFile(JSON.stringify(me));
      // After a power cut, a lock without its content would be nobody's for ever.
      await file.sync();
    } finally {
      await file.close();
    }
    await take(own, path);
  } finally {
    await rm(own, { force: true });
  }
  return async () => {
    if ((await holderOf(path))?.id === me.id) await rm(path, { force: true });
  };
}
