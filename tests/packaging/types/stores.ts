// `unpool/journals`, `unpool/locks` and `unpool/node`, with the types that the runtimes have for what they are given.
import type { Journal as JournalOfRuns, JournalEntry as EntryOfRuns, Lease as LeaseOfRuns, Lock as LockOfRuns, RunOptions, UnpoolError } from "unpool";
import {
  arrayJournal,
  durableObjectJournal,
  indexedDbJournal,
  kvJournal,
  storageJournal,
  type ClearableJournal,
  type Journal,
  type JournalEntry,
  type KeptJournal,
  type KvNamespaceLike,
  type ObjectStorageLike,
  type OpenJournal,
  type StorageLike,
} from "unpool/journals";
import {
  BalancerLease,
  leaseLock,
  webLocks,
  type HeldLease,
  type Lease,
  type LeaseLockOptions,
  type LeaseNamespaceLike,
  type LeaseStateLike,
  type Lock,
  type WebLocksOptions,
} from "unpool/locks";
import { fileJournal } from "unpool/node";

/** Compiles only where both types are the same. */
type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
const is = <_ extends true>(): void => {};

const ENTRY: JournalEntry = { schema: "unpool/journal@1", vendor: "otc", plan: "p", lane: "lb-1", seq: 0, entry: "intent", at: "", digest: "d" };

/** What a run takes. */
interface Plugs {
  journal?: { entries?: readonly (object | string)[] | undefined; append(entry: JournalEntry): void | PromiseLike<void> };
  lock?: <T>(key: string, work: (lease?: { check?(): void | PromiseLike<void> }) => Promise<T>) => Promise<T>;
}

/** As Cloudflare's own types have them, in what matters. */
interface CloudflareStorage {
  get<T = unknown>(key: string, options?: { noCache?: boolean }): Promise<T | undefined>;
  get<T = unknown>(keys: string[], options?: { noCache?: boolean }): Promise<Map<string, T>>;
  list<T = unknown>(options?: { start?: string; startAfter?: string; end?: string; prefix?: string; reverse?: boolean; limit?: number }): Promise<Map<string, T>>;
  put<T>(key: string, value: T, options?: { allowUnconfirmed?: boolean }): Promise<void>;
  put<T>(entries: Record<string, T>, options?: { allowUnconfirmed?: boolean }): Promise<void>;
  delete(key: string, options?: { allowUnconfirmed?: boolean }): Promise<boolean>;
  delete(keys: string[], options?: { allowUnconfirmed?: boolean }): Promise<number>;
  getAlarm(options?: { allowConcurrency?: boolean }): Promise<number | null>;
  setAlarm(scheduledTime: number | Date, options?: { allowUnconfirmed?: boolean }): Promise<void>;
  sync(): Promise<void>;
}
type ListResult = { list_complete: false; keys: { name: string; expiration?: number }[]; cursor: string } | { list_complete: true; keys: { name: string; expiration?: number }[] };
interface CloudflareKv {
  get(key: string, options?: { cacheTtl?: number }): Promise<string | null>;
  get(keys: string[], options?: { cacheTtl?: number }): Promise<Map<string, string | null>>;
  list(options?: { limit?: number; prefix?: string | null; cursor?: string | null }): Promise<ListResult>;
  put(key: string, value: string | Uint8Array, options?: { expiration?: number; expirationTtl?: number; metadata?: unknown }): Promise<void>;
}
interface Id {
  toString(): string;
}
interface CloudflareNamespace {
  idFromName(name: string): Id;
  get(id: Id, options?: { locationHint?: string }): { readonly id: Id; fetch(url: string, init?: { method?: string; body?: string }): Promise<{ status: number; headers: { get(name: string): string | null }; text(): Promise<string> }> };
}

export async function journals(storage: StorageLike, objectStorage: CloudflareStorage, kv: CloudflareKv): Promise<Plugs[]> {
  const inMemory: ClearableJournal = arrayJournal([ENTRY, '{"la']);
  const inStorage: ClearableJournal = await storageJournal(storage, "run");
  const inDatabase: OpenJournal = await indexedDbJournal("run");
  const inObject: ClearableJournal = await durableObjectJournal(objectStorage, "run");
  const inKv: KeptJournal = await kvJournal(kv, "run", { expirationTtl: 86_400 });
  await using inFile: OpenJournal = await fileJournal("run.jsonl");
  await inFile.append({ ...ENTRY, weight: 100 });
  await inMemory.clear();
  const last: JournalEntry | string | undefined = inFile.entries.at(-1);
  void last;
  const likes: [ObjectStorageLike, KvNamespaceLike] = [objectStorage, kv];
  void likes;
  // What is made here is what a run takes: it is one type, whichever entry it is imported from.
  const all: Journal[] = [inMemory, inStorage, inDatabase, inObject, inKv, inFile, arrayJournal()];
  is<Same<Journal, JournalOfRuns> & Same<JournalEntry, EntryOfRuns> & Same<Lock, LockOfRuns> & Same<Lease, LeaseOfRuns>>();
  const options: RunOptions[] = all.map((journal) => ({ journal, lock: webLocks() }));
  return options.map(({ journal }) => ({ ...(journal && { journal }) }));
}

export class Leases extends BalancerLease {
  constructor(state: { storage: CloudflareStorage }) {
    super(state);
  }
}

export async function locks(namespace: CloudflareNamespace, signal: AbortSignalLike): Promise<string> {
  const inTabs: WebLocksOptions = { holder: "ann", wait: false, signal };
  const leases: LeaseLockOptions = { holder: "ann", leaseMs: 240_000, wait: 5_000, signal };
  const all: Lock[] = [webLocks(), webLocks(inTabs)];
  const plugs: Plugs[] = [{ lock: webLocks(inTabs) }, { lock: leaseLock(namespace, leases) }];
  const like: LeaseNamespaceLike = namespace;
  const state = (storage: CloudflareStorage): LeaseStateLike => ({ storage });
  const guarded = (lease?: Lease): void | PromiseLike<void> => lease?.check?.();
  const held = async (lease: HeldLease): Promise<number> => {
    await lease.check();
    await guarded(lease);
    return lease.fence;
  };
  const fence: number = await leaseLock(like, leases)("lb-1", held);
  void [all, plugs, state];
  return webLocks()("lb-1", async () => `fence ${fence}`);
}
interface AbortSignalLike {
  readonly aborted: boolean;
  addEventListener(type: "abort", listener: () => void): void;
  removeEventListener(type: "abort", listener: () => void): void;
}

export const isLocked = (error: UnpoolError): boolean => error.kind === "refused" && error.code === "locked";

// @ts-expect-error Somebody must be there to be asked.
leaseLock({} as CloudflareNamespace, {});
// @ts-expect-error An entry has a lane.
void arrayJournal().append({ seq: 0, digest: "d" });
// @ts-expect-error KV is not cleared.
void (await kvJournal({} as CloudflareKv, "run")).clear();
