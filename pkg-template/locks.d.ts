// Locks for removals: `client.run(plan, { lock: webLocks({ holder: "ann" }) })`. One run at a time for each load
// balancer, wherever the others are: `webLocks` for the tabs of a browser profile, `leaseLock` for Workers.
import type { Lease, Lock, ResponseLike, SignalLike } from "./index.js";

export type { Lease, Lock };

export interface WebLocksOptions {
  /** Who is to be asked when somebody else has to wait: a name, at most 200 characters. Other tabs of this origin see it. */
  holder?: string | undefined;
  /** `false` refuses at once; by default it is waited until the lock is free. */
  wait?: boolean | undefined;
  /** Ends the waiting. It must be an `AbortSignal` of the runtime. What has the lock already goes on. */
  signal?: SignalLike | undefined;
}

/**
 * A lock between the tabs and workers of one origin in one browser profile, by Web Locks. It ends with its
 * tab, also when that crashes. It knows nothing of other browsers and machines.
 *
 * The lock throws an `UnpoolError`: `refused` with the code `locked`, whose message names the holder;
 * `aborted`; `unsupported` where there are no Web Locks (they need https or localhost).
 */
export declare function webLocks(options?: WebLocksOptions): Lock;

/** What is needed of a binding of a Durable Object class. */
export interface LeaseNamespaceLike {
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- the ids are the runtime's own
  idFromName(name: string): any;
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- as above, and the init types of runtimes do not agree
  get(id: any): { fetch(url: string, init?: any): Promise<ResponseLike> };
}

export interface LeaseLockOptions {
  /** Who is to be asked when somebody else has to wait: a name, at most 200 characters. */
  holder: string;
  /**
   * How long a lease lasts if nobody renews it, in milliseconds: so long others wait when a run ends without
   * a word. Default 180,000. It must be longer than the longest that a change can be under way (65 s), since
   * it is renewed before each change and not while one is awaited; and longer than the drain's wait if the
   * program may sleep meanwhile, without timers.
   */
  leaseMs?: number | undefined;
  /** How long to wait for a lease that somebody else has, in milliseconds. By default it is refused at once. */
  wait?: number | undefined;
  /** Ends the waiting, and the asking of an object that cannot be reached. */
  signal?: SignalLike | undefined;
}

/** The lease of a `leaseLock`. */
export interface HeldLease extends Lease {
  /**
   * Renews the lease. An object that cannot be reached is asked again until the lease runs out.
   * @throws {UnpoolError} `refused`, code `locked`: it is lost; the message names who has it now.
   */
  check(): Promise<void>;
  /** Grows by one with each lease on this load balancer. */
  readonly fence: number;
}

/**
 * A lock between any number of Workers, by a lease that a Durable Object keeps, one object for each load
 * balancer. Export the class `BalancerLease` from your Worker and bind it:
 *
 * ```jsonc
 * "durable_objects": { "bindings": [{ "name": "LEASES", "class_name": "BalancerLease" }] },
 * "migrations": [{ "tag": "v1", "new_sqlite_classes": ["BalancerLease"] }]
 * ```
 * ```js
 * export { BalancerLease } from "unpool/locks";
 * const report = await client.run(plan, { lock: leaseLock(env.LEASES, { holder: "autoscaler" }) });
 * ```
 *
 * The lease is renewed before each change and, while the work goes on, every third of `leaseMs`, so a drain
 * may take longer than the lease. It is released when the work ends, in whatever way; a Worker that dies
 * leaves it to run out. A lease that was lost stops the run before its next change. No cloud knows of leases:
 * against consoles and Terraform stands only that each change is decided by a read made directly before it.
 *
 * The lock throws an `UnpoolError`: `refused` with the code `locked`, whose message names the holder and until
 * when; `aborted`; `network` if the object cannot be reached; `unexpected-answer` if the binding is of another
 * class.
 */
export declare function leaseLock(
  namespace: LeaseNamespaceLike,
  options: LeaseLockOptions,
): <T>(key: string, work: (lease: HeldLease) => Promise<T>) => Promise<T>;

/** What is needed of the state of a Durable Object, with SQLite or without. */
export interface LeaseStateLike {
  readonly storage: {
    // eslint-disable-next-line @typescript-eslint/no-explicit-any -- the lease's form is of no concern to others
    get(key: string): Promise<any>;
    put(key: string, value: object): Promise<void>;
    getAlarm(): Promise<number | null>;
    setAlarm(time: number): Promise<void>;
  };
}

/**
 * A Durable Object class that keeps the lease on one load balancer. It calls nobody, and needs neither
 * `nodejs_compat` nor `cloudflare:workers`.
 *
 * `POST https://lease/look` answers who has it: `{ holder, until, fence }`, or `{ fence }` if nobody has.
 */
export declare class BalancerLease {
  constructor(state: LeaseStateLike, env?: unknown);
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- a Response, whose type is the runtime's own
  fetch(request: { readonly url: string; json(): Promise<any> }): Promise<any>;
  alarm(): Promise<void>;
}
