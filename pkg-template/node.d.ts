// What needs Node, or a runtime with Node's `node:fs` (Deno, Bun).
import type { OpenJournal } from "./journals.js";

/**
 * A journal in a file, one entry a line (JSON Lines); the file is made if it is not there.
 *
 * `append` resolves when the line is on the disk (`fsync`), so what it has acknowledged survives a crash of
 * the program and a power cut. A line that was being written then is the last one of `entries`, as a text,
 * and is cut off before the first new entry is written. If a line cannot be written as a whole (no room),
 * its beginning is cut off again and `append` rejects.
 *
 * One process at a time: `<path>.lock` says which process has the file open. Opening it is refused while that
 * one lives; if it has ended, in whatever way, the lock is taken over. A lock of another machine (on a shared
 * disk) or of a container that was replaced by one with another name cannot be judged: it is refused, and the
 * message says which file to delete. Whoever writes to the file in spite of the lock, or moves or deletes it,
 * is found out at the next `append` (`journal-in-use`).
 *
 * Only to look at a journal, read the file: that needs no lock.
 *
 * ```js
 * await using journal = await fileJournal("removal-lb-1.jsonl");
 * const report = await client.run(plan, { journal });
 * ```
 * @throws {UnpoolError} `refused`, code `locked`: another process has it open. What the file system says
 * (`ENOENT`, `EACCES`) is thrown as it is.
 */
export declare function fileJournal(path: string): Promise<OpenJournal>;
