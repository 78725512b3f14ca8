/// <reference lib="esnext.disposable" />
// Where the journal of a removal can be kept: `client.run(plan, { journal: await storageJournal(sessionStorage, "run-1") })`.
//
// | the run is in             | journal                        | what it survives                                  |
// |---------------------------|--------------------------------|---------------------------------------------------|
// | a page                    | `indexedDbJournal`             | a reload, a crash of tab or browser, a power cut  |
// | a page, for this tab only | `storageJournal`               | a reload                                          |
// | a Durable Object          | `durableObjectJournal`         | everything                                        |
// | a Worker without one      | `kvJournal`, with its caveats  | everything, but it is seen late                   |
// | Node, Deno, Bun           | `fileJournal` of `unpool/node` | a crash, a power cut                              |
// | a test, a short script    | `arrayJournal`                 | nothing                                           |

import type { Journal, JournalEntry } from "./index.js";

export type { Journal, JournalEntry };

/**
 * A journal as it is made here: what the option `journal` of `client.run` takes, and what is kept so far. All makers
 * can be awaited.
 *
 * Nothing but JSON is kept. Entries of several load balancers may be appended while others are
 * still being written: they are kept in the order of the calls.
 */
export interface KeptJournal extends Journal {
  /**
   * What is kept, in its order: what was found, and then what was appended. A text is a line that
   * is no entry, such as one that was being written when the power went; `run` leaves out such a
   * last line and tells of it.
   */
  readonly entries: (JournalEntry | string)[];
  /**
   * Resolves when the entry is as durable as the journal can make it. Rejects if it is not, with
   * the medium's own error (`QuotaExceededError`, `ENOSPC`), or
   * @throws {UnpoolError} `refused`: with the code `journal-in-use`, somebody else has appended to
   * the same journal since it was opened, or cleared it; with `journal-broken`, an earlier failure
   * left behind nobody knows what; with `journal-closed`, it was closed. Nothing is written then. Open the journal again.
   */
  append(entry: JournalEntry): Promise<void>;
}

/** A journal that can be emptied, to be used for another run. */
export interface ClearableJournal extends KeptJournal {
  /** Forgets all entries, here and on the medium. Do so only when the run is done. */
  clear(): Promise<void>;
}

/** A journal that holds something open. `await using` closes it, where the runtime knows that. */
export interface OpenJournal extends ClearableJournal {
  /** Waits for what is being written. What is appended afterwards is rejected. */
  close(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

/** In memory: it ends with the program. New entries are added to the array that is given. */
export declare function arrayJournal(entries?: (JournalEntry | string)[]): ClearableJournal;

/** What is needed of `localStorage` or `sessionStorage`. */
export interface StorageLike {
  readonly length: number;
  key(index: number): string | null;
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
  removeItem(key: string): void;
}

/**
 * In `sessionStorage` or `localStorage`: one item for each entry, `key:000001` and so on. It survives a
 * reload, and with `localStorage` also the end of the tab. Browsers write both to the disk some seconds
 * later, so the last entries can be lost when the whole browser or the machine fails: where that
 * matters use `indexedDbJournal`.
 *
 * An entry that does not fit is rejected with the browser's `QuotaExceededError`, and the journal stays
 * as it was. Browsers allow about 5 million characters for a whole origin.
 *
 * Two tabs that append to one journal in `localStorage` are found out when the second one appends, but
 * browsers do not promise to show one tab at once what another has written: use `webLocks` besides.
 */
export declare function storageJournal(storage: StorageLike, key: string): ClearableJournal;

/**
 * In IndexedDB (database `unpool`, one record for each entry): resolves when the entry is on the disk
 * (`durability: "strict"`), so it survives a crash of the browser. Works in windows and in workers of
 * every kind, and several tabs may have it open. Of two that append, the second one is rejected
 * (`journal-in-use`), without exception.
 *
 * If the browser deletes the data of this origin, or another tab the database, appending is rejected.
 * `navigator.storage.persist()` asks the browser never to delete it for want of space.
 * @throws {UnpoolError} `unsupported` where there is no IndexedDB.
 */
export declare function indexedDbJournal(name: string): Promise<OpenJournal>;

/** What is needed of the storage of a Durable Object, with SQLite or without. */
export interface ObjectStorageLike {
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- values of any type may be there
  list(options: { prefix: string; startAfter: string; limit: number }): Promise<Map<string, any>>;
  put(key: string, value: string): Promise<void>;
  delete(keys: string[]): Promise<number>;
  sync?(): Promise<void>;
}

/**
 * In the storage of a Durable Object, `state.storage`: keys `prefix:000001` and so on. Resolves when the
 * entry is written and not only buffered; entries that several load balancers append at the same time
 * are written as one. Two runs in the object that append to one journal are found out without exception.
 */
export declare function durableObjectJournal(storage: ObjectStorageLike, prefix: string): Promise<ClearableJournal>;

/** What is needed of a binding of Workers KV. */
export interface KvNamespaceLike {
  list(options: { prefix: string; cursor?: string | null }): Promise<{ keys: { name: string }[]; list_complete: boolean; cursor?: string }>;
  get(keys: string[]): Promise<Map<string, string | null>>;
  put(key: string, value: string, options: { expirationTtl?: number }): Promise<void>;
}

/**
 * In Workers KV. **It is the last choice**: what was written is kept, but seen late. Elsewhere, and at
 * times in the same place, an old state is read for a minute or more. So:
 *
 * - Go on with a run only after that time. What is missing in the middle is refused
 *   (`journal-incomplete`); that the *last* entries are missing cannot be seen. A run that goes on from
 *   there looks at the load balancer and may do something again that was done already.
 * - **It is no lock**: two runs that use one journal at the same time do not see each other. That is
 *   refused only when the journal is opened the next time (`journal-forked`). Nothing is overwritten.
 * - KV takes one write a second for each key, so each entry has one of its own, and nothing can be
 *   cleared soon enough to be used again: give each run a new `key`, and `expirationTtl`.
 *
 * A Durable Object (`durableObjectJournal`) has none of this.
 *
 * `expirationTtl`: seconds after which KV forgets an entry, at least 60. Make it longer than the longest
 * time in which anybody may want to go on with the run or undo it.
 * @throws {UnpoolError} `refused` as said above.
 */
export declare function kvJournal(namespace: KvNamespaceLike, key: string, options?: { expirationTtl?: number | undefined }): Promise<KeptJournal>;
