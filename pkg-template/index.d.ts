/// <reference lib="esnext.disposable" />
// The hand-written part. Below the mark, clouds, options, places, selectors, operations, builders and answers are generated
// from the same tables that check, sign and read them.

/** The version of this package. */
export declare const version: string;

/** What an `AbortSignal` needs to have here. Signals of every runtime fit. */
export interface SignalLike {
  readonly aborted: boolean;
  readonly reason?: unknown;
  addEventListener(type: "abort", listener: () => void): void;
  removeEventListener(type: "abort", listener: () => void): void;
}

/** What a `Response` needs to have here. */
export interface ResponseLike {
  readonly status: number;
  readonly headers: { get(name: string): string | null };
  text(): Promise<string>;
}

/** A function like the global `fetch`. It is called as `fetch(url, init)` without a receiver. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- the init types of runtimes do not agree
export type FetchLike = (url: string, init?: any) => Promise<ResponseLike>;

/** What kind of thing went wrong, which is also what to do about it. */
export type ErrorKind =
  | "invalid-input"
  | "auth"
  | "forbidden"
  | "not-found"
  | "busy"
  | "throttled"
  | "server"
  | "network"
  | "timeout"
  | "aborted"
  | "outcome-unknown"
  | "refused"
  | "unexpected-answer"
  | "unsupported";

/** What a client throws: nothing else. A journal also passes on what its medium says. It never holds a secret. */
export declare class UnpoolError extends Error {
  private constructor();
  readonly name: "UnpoolError";
  /** What kind of thing went wrong. */
  readonly kind: ErrorKind;
  /** The vendor of the client. */
  readonly vendor?: VendorName;
  /** The operation, in the vendor's words. */
  readonly operation?: string;
  /** The vendor's own code. */
  readonly code?: string;
  /** The HTTP status of the answer. */
  readonly httpStatus?: number;
  /** The vendor's id of the request: give it to the vendor's support. */
  readonly requestId?: string;
  /**
   * Whether the same call may help later as it is. What may be repeated was repeated already. Always
   * `false` for an outcome that nobody knows: read first.
   */
  readonly retryable: boolean;
  /** Whether the request left: certainly not, certainly (an answer came), or nobody can tell. */
  readonly sent: boolean | "unknown";
  /** What to do. */
  readonly hint?: string;
  /** The field of the input that is wrong, such as `backendServers[3].port`. */
  readonly field?: string;
  /**
   * How long the vendor asked to wait, in milliseconds. Up to a minute is waited before the call is
   * repeated; where it is longer, the call ends at once and you wait.
   */
  readonly retryAfterMs?: number;
  /** How the attempts before this one ended, the first one first; absent where there was only one. */
  readonly attempts?: readonly UnpoolError[];
  /** What is behind it: another `UnpoolError`, or whatever the runtime threw. */
  readonly cause?: unknown;
  /** The fields, for logs. */
  toJSON(): Record<string, unknown>;
}

export interface SignOptions {
  /** The time to sign at, for tests and replays. Default: now. */
  timestamp?: Date | number | undefined;
  /** The nonce to sign with, for tests and replays. Default: a new one. */
  nonce?: string | undefined;
}

export interface SendOptions {
  /**
   * Aborts the call, its pauses included; with `AbortSignal.timeout(ms)` a limit for the whole. A
   * change that may have left is `outcome-unknown` then, not `aborted`.
   */
  signal?: SignalLike | undefined;
  /** How long one exchange may take, its body included: one attempt at one page. */
  timeoutMs?: number | undefined;
}

/** A signed request: `fetch(request.url, request)` sends it. The URL must not be edited. */
export interface SignedRequest<V extends VendorName = VendorName> {
  method: string;
  url: string;
  headers: Record<string, string>;
  body?: string;
  redirect: "manual";
  operation: string;
  vendor: V;
}

/** What would be signed and sent; secrets, tokens and signatures are replaced by `REDACTED`. */
export interface Explanation<V extends VendorName = VendorName> {
  vendor: V;
  operation: string;
  /** The scheme: `rpc`, `acs3`, `ucloud`, `access`, `scoped` or `token`. */
  signature: string;
  method: string;
  url: string;
  headers: Record<string, string>;
  body?: string;
  /** The stages of the signature, in order: canonical request, string to sign, … */
  stages: { name: string; text: string }[];
  /** A command line for the same request. */
  curl: string;
}

/** What may be told of a token; never the token itself. */
export interface TokenInfo {
  /** When it expires, as the identity service wrote it. */
  expiresAt: string;
  projectId: string;
  /** Where requests go. */
  endpoint?: string;
}

/**
 * A client of one vendor. The only thing that holds secrets.
 *
 * `Client` alone is one of whichever vendor: each vendor's client is a `Client`, and a `Client` is none of a certain vendor.
 */
export declare class Client<V extends VendorName = VendorName> {
  /**
   * @throws {UnpoolError} `invalid-input` naming the option; `unsupported` for a region without this API.
   */
  constructor(options: ClientOptions<V>);
  /**
   * Signs an operation, without any I/O. Same input, same time and nonce: same bytes.
   *
   * @throws {UnpoolError} `invalid-input` naming the field; `auth` where a token is needed first.
   */
  sign(operation: OperationOf<V>, options?: SignOptions): SignedRequest<V>;
  /**
   * What would be signed and sent, stage by stage, without secrets; no I/O. With Keystone credentials and no token yet,
   * that is the request for a token.
   */
  explain(operation: OperationOf<V>, options?: SignOptions): Explanation<V>;
  /**
   * Signs and sends an operation, again where that may help and can do no harm, and reads its
   * answer. Gets a Keystone token by itself. Lists come with all their pages.
   *
   * @throws {UnpoolError} of every kind but `refused`.
   */
  send<const O extends OperationOf<V>>(operation: O, options?: SendOptions): Promise<AnswerOf<V, O>>;
  /** Gets a Keystone token now, so that `sign` can be used. */
  authenticate(options?: SendOptions): Promise<TokenInfo>;
  /**
   * What is on these load balancers: groups, backends, rules, weights, health. Only reads.
   *
   * The first `inspect`, `plan` or `run` loads the safe removal, which is a module of its own.
   *
   * @throws {UnpoolError} `invalid-input` naming the field; the error of a read that could not be made;
   * `network` or `unsupported` where the safe removal could not be loaded, which the next call tries again.
   */
  inspect(from: PlaceOf<V> | readonly PlaceOf<V>[], options?: ReadOptions): Promise<Picture<V>>;
  /**
   * What a removal would do, and what speaks against it. Only reads. A plan with `refusals` is
   * returned all the same, and `run` refuses it: it throws.
   *
   * @throws {UnpoolError} `invalid-input` naming the field; the error of a read that could not be made;
   * `network` or `unsupported` where the safe removal could not be loaded.
   */
  plan(request: PlanRequest<V>, options?: ReadOptions): Promise<Plan<V>>;
  /**
   * Carries a plan out: look, drain, wait, detach, remove, look until gone. Every change is decided
   * by a read made directly before it; the plan is a claim that is compared with the world, so that
   * editing it buys nothing. What was drained and cannot be removed is put back.
   *
   * Never rejects once something may have been changed: the report says what became of each entry.
   *
   * @throws {UnpoolError} before anything is sent: `invalid-input` for what is no plan of this client's
   * cloud, endpoint and region, for a wrong option, and for a journal of another plan or one that was changed;
   * `refused` for a plan with refusals, or one that is too old; `network` or `unsupported` where the safe removal could
   * not be loaded, `aborted` where that was aborted. A lock that refuses is no exception: the report is `refused`.
   */
  run(plan: Plan<V>, options?: RunOptions): Promise<Report>;
  /**
   * Puts back what a run has taken out, drained or detached: weights, switches, ports, descriptions, rules. Of its
   * report, or of its plan and journal where it never came to a report. What the run did not change is not touched, and
   * what is there already is not added twice. UCloud and OpenStack give new ids: `newId` of the report's entries.
   *
   * It may have a journal of its own, and is then gone on with like a run. As `run`, it never rejects once something
   * may have been changed.
   *
   * Call it when the run has ended. By the plan and journal of a run that is still under way in this program, it waits
   * for that run and is then `refused` with the code `journal-in-use`, since the journal has grown: call it again.
   *
   * @throws {UnpoolError} before anything is sent: `invalid-input` for what is no report, or no plan and journal, of this
   * client's cloud, endpoint and region.
   */
  undo(of: Undoable, options?: RunOptions): Promise<UndoReport>;
  /** Forgets the credentials. Always succeeds; every later call is `invalid-input`. */
  free(): void;
  [Symbol.dispose](): void;
}

/** What can say no. */
export type Guard =
  /** Too few servers would stay in service, in a group or in a forwarding rule. */
  | "keep-at-least"
  /** More than half of a group would go at once. */
  | "most-of-pool"
  /** A forwarding rule would have no backend left; see `onEmptyRule`. */
  | "empty-rule"
  /** The service ignores weight or switch here, so nothing can be drained. */
  | "cannot-drain"
  /** It is also, or only, in a master-slave server group: no call takes it out of that. If allowed, it stays there. */
  | "master-slave"
  /** The load balancer is locked or in an error. */
  | "locked-or-error"
  /** Somebody else changed what the plan is about. */
  | "changed-by-someone"
  /** The plan is older than `maxPlanAgeMs`. */
  | "plan-too-old";

/** What is to be taken out, from where, and under which conditions. */
export interface PlanRequest<V extends VendorName = VendorName> {
  readonly from: PlaceOf<V> | readonly PlaceOf<V>[];
  readonly remove: SelectorOf<V> | readonly SelectorOf<V>[];
  /**
   * How long to wait between draining and taking out. Default 30,000 ms: no vendor here says when a
   * server is idle. `false` takes them out at once.
   */
  readonly drain?: false | { readonly waitMs?: number | undefined } | undefined;
  /**
   * How many servers in service each group and each forwarding rule must keep: a number, or a share
   * such as `"50%"`, rounded up. In service are those that are switched on, have weight where weights
   * count, and do not fail their health check. Default 1.
   */
  readonly keepAtLeast?: number | `${number}` | `${number}%` | undefined;
  /** Guards that are not to stop this, by name: see the table of guards in docs/safe-removal.md. */
  readonly allow?: readonly Guard[] | undefined;
  /** What to do about a forwarding rule that would have no backend left. Default `stop`. */
  readonly onEmptyRule?: "stop" | "delete-rule" | "leave-empty" | undefined;
  /** How old the plan may be when its run begins. Default 15 minutes. */
  readonly maxPlanAgeMs?: number | undefined;
}

export interface ReadOptions {
  /** Aborts it. */
  signal?: SignalLike | undefined;
  /** How long one exchange may take, its body included. */
  timeoutMs?: number | undefined;
  /** How many load balancers are looked at, or worked on, at once: 1 to 100. Default 4. */
  concurrency?: number | undefined;
}

/**
 * An entry of a journal: plain JSON without secrets, from some hundred bytes to some kilobytes. The fields named here
 * are for the reader; how the others are read is the module's own affair.
 */
export interface JournalEntry {
  schema: "unpool/journal@1";
  vendor: VendorName;
  /** The digest of the plan. */
  plan: string;
  /** The load balancer. Each has a chain of entries of its own. */
  lane: string;
  /** Counts the lane's entries, from 0 on. */
  seq: number;
  /** A call will be sent; what came of it; what reads showed since; the lane is over. */
  entry: "intent" | "result" | "seen" | "end";
  at: string;
  /** Of an intent: the operation. */
  operation?: { operation: string; [name: string]: unknown };
  /** Of a result: why it failed, or that nobody knows. */
  error?: ErrorData;
  /** Of itself, of its predecessor in the lane, and of the plan. */
  digest: string;
  [name: string]: unknown;
}

/** Where a run writes down what it does. `unpool/journals` and `unpool/node` have ready ones. */
export interface Journal {
  /**
   * What was written so far, in the order in which it was: the run goes on from there. The last one may be the text of
   * a line that was cut off: it is dropped, the report says so, and the next `append` must overwrite it in what you store.
   */
  readonly entries?: readonly (JournalEntry | string | { readonly [name: string]: unknown })[] | undefined;
  /**
   * Is awaited before each call that changes something (intent) and after it (result), and must end only when the entry
   * is safe. If it fails, nothing more is written or sent, for any load balancer. Several of them write at once. One that
   * is under way when the run is aborted, or its deadline passes, has five seconds to end.
   */
  append(entry: JournalEntry): void | PromiseLike<void>;
}

/** What a lock gives to those who hold it. */
export interface Lease {
  /**
   * Is awaited directly before each call that changes something. If it throws, nothing more is sent. Those of `unpool/locks`
   * throw an `UnpoolError`: `refused`, code `locked`.
   */
  check?(): void | PromiseLike<void>;
}

/**
 * Lets one at a time work on a load balancer, whose `key` (vendor, endpoint and id) is a text. Calls `work` once it is free, and ends as that ends;
 * or throws, best with the holder's name: nothing is done on that load balancer then. `unpool/locks` has ready ones.
 */
export type Lock = <T>(key: string, work: (lease?: Lease) => Promise<T>) => Promise<T>;

export interface RunOptions extends ReadOptions {
  /** What the run does is written here ahead, and a run that was cut off is gone on with from here. */
  journal?: Journal | undefined;
  /**
   * Lets others wait, or refuses, while a load balancer is worked on. Without it, runs in the same program still wait
   * for each other (in Cloudflare Workers they do not: there, take `leaseLock` of `unpool/locks`).
   */
  lock?: Lock | undefined;
  /** Told while it runs. What it returns or throws is not looked at. */
  onEvent?: ((event: RunEvent) => void) | undefined;
  /**
   * How many operations may be sent. The run then ends as `paused`, and leaves things as they are. Give at least
   * `plan.calls.reads + plan.calls.changes`: each resumed run repeats its reads before it comes to a change.
   */
  maxCalls?: number | undefined;
  /**
   * The moment at which to end at the latest, a `Date` or milliseconds since 1970: the run then ends as `paused`, and
   * leaves things as they are. `60_000` is long past; give `Date.now() + 60_000`.
   */
  deadline?: Date | number | undefined;
}

/** How a health check sees a backend: `mixed` is passed for some listeners and failed for others. */
export type Health = "healthy" | "unhealthy" | "mixed" | "unknown";

/**
 * A server in a group, on one port and address.
 *
 * `name`, `address`, `port` and `type` are there where the vendor tells them:
 *
 * |           | `name`         | `address`             | `port`           | `type`                         |
 * |-----------|----------------|-----------------------|------------------|--------------------------------|
 * | Alibaba   |                | where the vendor says | in server groups | `ecs`, `eni`, `eci`            |
 * | UCloud    | the server's   | yes                   | yes              | `UHost`, `UNI`, `UHybrid`, ... |
 * | OpenStack | the member's   | yes                   | yes              |                                |
 */
export interface Backend {
  /** The group that it is in. */
  groupId: string;
  /** What tells it in its group: the vendor's id, or the server's with address and port. */
  id: string;
  /** What tells its server; one server can be several backends. */
  server: string;
  health: Health;
  weight: number;
  enabled: boolean;
  name?: string;
  address?: string;
  port?: number;
  /** What kind of server it is, in the vendor's words. */
  type?: string;
  /** What the vendor said of it, with the vendor's names of the fields in camelCase. */
  saved: Record<string, unknown>;
}

/**
 * What `remove` takes to mean exactly this backend of `inspect` or `plan`, and nothing else on its load balancer: its group
 * and what tells it there. It fits every vendor's client.
 *
 * ```js
 * const [{ groups }] = (await client.inspect(from)).loadBalancers;
 * const plan = await client.plan({ from, remove: groups[0].backends.filter(isOld).map(selectorOf) });
 * ```
 */
export declare function selectorOf(backend: Pick<Backend, "id" | "groupId">): { groupId: string; id: string };

/** What is on a load balancer. */
export interface Picture<V extends VendorName = VendorName> {
  schema: "unpool/picture@1";
  vendor: V;
  endpoint: string;
  region: string;
  readAt: string;
  loadBalancers: {
    id: string;
    name: string;
    /** Its state, in the vendor's words. */
    status: string;
    /** As `http:80`; the ids of listeners where the vendor tells no more. */
    listeners: string[];
    groups: {
      id: string;
      /** `default`, `vServerGroup`, `masterSlaveServerGroup`, `VServer` or `pool`. */
      kind: string;
      name: string;
      /** How it chooses a backend, in the vendor's words. */
      method: string;
      /** The listeners and rules that send to it. */
      usedBy: string[];
      /** The forwarding rules that send to some of its backends. */
      rules: { id: string; matches: string; custom: boolean; backends: string[]; saved: Record<string, unknown> }[];
      backends: Backend[];
    }[];
  }[];
}

/** A backend that a plan is about. (Entries of a journal are another thing: `JournalEntry`.) */
export interface PlanEntry extends Backend {
  loadBalancerId: string;
}

/** A guard that said no. */
export interface Refusal {
  guard: Guard;
  message: string;
  hint: string;
  loadBalancerId: string;
  groupId?: string;
}

/** A forwarding rule that has to let go of backends. */
export interface PlanRule {
  loadBalancerId: string;
  groupId: string;
  id: string;
  matches: string;
  backends: string[];
  saved: Record<string, unknown>;
}

/** What a removal would do. Plain data: log it, store it, post it, show it to somebody who decides. */
export interface Plan<V extends VendorName = VendorName> {
  schema: "unpool/plan@1";
  vendor: V;
  /** The host of the endpoint; of Keystone where a catalogue tells the endpoint. */
  endpoint: string;
  region: string;
  createdAt: string;
  request: PlanRequest<V>;
  /** What is to be taken out, as it was found. */
  entries: PlanEntry[];
  /** The selectors that fit nothing. */
  absent: SelectorOf<V>[];
  /** The load balancers; `from` are the numbers of the places that lead to each. */
  loadBalancers: { id: string; name: string; status: string; from: number[] }[];
  /** The groups, and what remains in them. */
  groups: {
    loadBalancerId: string;
    id: string;
    kind: string;
    name: string;
    usedBy: string[];
    backends: { before: number; after: number };
    inService: { before: number; after: number };
  }[];
  /** The rules that are touched. */
  rules: (PlanRule & { action: "edit" | "delete" | "empty" | "stop"; remaining: string[] })[];
  /** What is done in which order; `entries` are numbers of entries. Each load balancer has its own course. */
  steps: (
    | { step: "drain" | "remove"; loadBalancerId: string; groupId: string; entries: number[]; calls: number }
    | { step: "wait"; loadBalancerId: string; waitMs: number }
    | { step: "detach"; loadBalancerId: string; groupId: string; ruleId: string }
  )[];
  /** What to know before. A guard here is one that was allowed. */
  warnings: (
    | { warning: "shared-group" | "idle-timeout" | "session-persistence" | "already-drained"; message: string; loadBalancerId: string; groupId: string; guard?: undefined }
    | (Refusal & { warning?: undefined })
  )[];
  /** What speaks against it. */
  refusals: Refusal[];
  /** How many calls a run makes at least. */
  calls: { reads: number; changes: number };
}

/**
 * What became of an entry: `removed` was there at the last read before and is gone after; `absent` was
 * gone before; `failed` is still there; `unknown` may be gone, and no read tells.
 */
export type Outcome = "removed" | "absent" | "failed" | "unknown" | "not-tried";
/** How an entry was when it was last seen. */
export type EntryState = "serving" | "drained" | "detached" | "gone" | "unknown";

/** An error as plain data. */
export interface ErrorData {
  kind: ErrorKind;
  message: string;
  retryable?: boolean;
  sent?: boolean | "unknown";
  hint?: string;
  code?: string;
  [name: string]: unknown;
}

/** An entry of a report. */
export interface ReportEntry extends PlanEntry {
  outcome: Outcome;
  state: EntryState;
  /** The calls that were, or may have been, carried out for it: what an undo looks at. */
  did: ("drain" | "remove")[];
  /** The last call for it, where no read has shown what became of that. */
  unseen?: "drain" | "restore" | "remove";
  error?: ErrorData;
}

/**
 * What became of an entry in an undo: `restored` is back; `present` was there already; `absent` is gone, and not by the
 * run; `failed` could not be put back; `unknown` may be back, and no read tells.
 */
export type UndoOutcome = "restored" | "present" | "absent" | "failed" | "unknown" | "not-tried";

/** An entry of an undo's report. */
export interface UndoEntry extends PlanEntry {
  outcome: UndoOutcome;
  state: EntryState;
  did: ("drain" | "remove" | "return")[];
  /** The last call for it, where no read has shown what became of that. */
  unseen?: "restore" | "add";
  /** The id that it has now, where the vendor gave it another one. */
  newId?: string;
  error?: ErrorData;
}

/** What an undo is of: a report, or a plan and the journal of its run. */
export type Undoable = Report | { readonly plan: Plan; readonly journal: Pick<Journal, "entries"> | NonNullable<Journal["entries"]> };

/** What became of an undo. Plain data. */
export interface UndoReport extends Omit<Report, "schema" | "entries"> {
  schema: "unpool/undo@1";
  entries: UndoEntry[];
}

/** What became of a run. Plain data. */
export interface Report {
  schema: "unpool/report@1";
  vendor: VendorName;
  endpoint: string;
  region: string;
  /**
   * `done`: everything is as it was to be. `incomplete`: not everything. `refused`: a guard or a lock said no, and nothing
   * was removed; after a guard's no what was drained is put back, after a lock that was lost nothing more is sent. `paused`
   * and `aborted`: it was stopped, and left as it was. A paused load balancer may have been refused or failed before: what
   * it still puts back is put back by the run that goes on from the journal.
   *
   * After `refused`, `paused` and `aborted` servers may be drained: see the `state` of each entry.
   */
  status: "done" | "incomplete" | "refused" | "paused" | "aborted";
  /** The digest of the plan. */
  plan: string;
  plannedAt: string;
  startedAt: string;
  endedAt: string;
  /** How many operations were sent. */
  calls: number;
  /** From how many entries of a journal it went on, and whether a line that was cut off was dropped. */
  resumed?: { entries: number; droppedLine: boolean };
  /** For a paused run: before when there was nothing to do anyway. */
  resumeAt?: string;
  loadBalancers: {
    id: string;
    status: "done" | "refused" | "failed" | "paused" | "aborted";
    refusal?: Refusal;
    error?: ErrorData;
    calls: number;
    /** The numbers of the request's places that lead to it. */
    from: number[];
  }[];
  entries: ReportEntry[];
  /**
   * What became of the rules: `unknown` where an edit was sent and no read tells. One that was deleted and made again
   * has a new id, and `plannedId`. `did` is what was, or may have been, done to it.
   */
  rules: (PlanRule & {
    state: "untouched" | "edited" | "deleted" | "restored" | "unknown";
    did?: "edit" | "delete";
    plannedId?: string;
  })[];
  /** The selectors that fitted nothing when the plan was made: a typing mistake is among them, too. */
  absent: Plan["absent"];
  request: PlanRequest;
}

/** The steps of a run. */
export type RunStep = "check" | "drain" | "wait" | "detach" | "remove" | "put-back";
/** What a pause is for: a drain, a lock, an effect that does not show yet, before a call is looked for or repeated. */
export type WaitReason = "drain" | "locked" | "effect" | "settle" | "retry";

/** What every event has, and what some have. `done` of `total` entries have their outcome. */
export interface RunEventBase {
  at: string;
  loadBalancerId: string;
  done: number;
  total: number;
  step?: RunStep;
  why?: WaitReason;
  until?: string;
  attempt?: number;
  error?: ErrorData;
  refusal?: Refusal;
  entry?: ReportEntry | UndoEntry;
}

/** What happens in a run. */
export type RunEvent = RunEventBase &
  (
    | { event: "step-begin" | "step-end"; step: RunStep }
    /** A pause, at most until then. */
    | { event: "wait"; why: WaitReason; until: string }
    /** A call failed, or nobody knows: it is looked for, and repeated if need be. `attempt` is the number of the one that failed. */
    | { event: "retry"; attempt: number; error: ErrorData }
    | { event: "refused"; refusal: Refusal }
    /** A backend has its outcome. Those of one call come together, with the same `done`. */
    | { event: "entry"; entry: ReportEntry | UndoEntry }
  );

/** A plan in words, line by line: what speaks against it first, a summary at the end. */
export declare function describePlan(plan: Plan): string;
/** A report in words, line by line. */
export declare function describeReport(report: Report | UndoReport): string;

/** Pairs of names and values, raw: not encoded. */
export type Pairs = { readonly [name: string]: string } | readonly (readonly [string, string])[];

/** Alibaba's RPC signature (HMAC-SHA1). `parameters` is the whole pool of query and body parameters. */
export declare function signAlibabaRpc(input: {
  method: string;
  parameters: { readonly [name: string]: string };
  accessKeySecret: string;
}): { stringToSign: string; signature: string };

/** What the header-based signatures take. */
export interface CanonicalInput {
  method: string;
  /** The raw path, without the canonical closing slash. Default: `/`. */
  path?: string | undefined;
  query?: Pairs | undefined;
  /** Every header to be signed, host and date included. Names are lower-cased, values trimmed. */
  headers: Pairs;
  body?: string | undefined;
  /** The names of the headers to sign, if not those that the scheme says. */
  signedHeaders?: readonly string[] | undefined;
}

/** Every stage of a header-based signature. */
export interface CanonicalSignature {
  canonicalRequest: string;
  stringToSign: string;
  signature: string;
  authorization: string;
}

/** Alibaba's ACS3-HMAC-SHA256. */
export declare function signAlibabaAcs3(
  input: CanonicalInput & { accessKeyId: string; accessKeySecret: string },
): CanonicalSignature;

/** UCloud's SHA-1 signature. The string to sign holds the key and is not returned. `parameters` may nest. */
export declare function signUcloud(input: {
  parameters: { readonly [name: string]: unknown };
  privateKey: string;
}): { signature: string };

/** Huawei's and OTC's SDK-HMAC-SHA256; `scope` selects the scoped variant. The date is the header `x-sdk-date`. */
export declare function signSdkHmacSha256(
  input: CanonicalInput & { accessKey: string; secretKey: string; scope?: { region: string; service: string } | undefined },
): CanonicalSignature;

/** The regions of a cloud, to choose from. */
export declare function regions(vendor: VendorName): string[];

/** Starts the module that signs and sends ahead of its first use. Never needed in this entry. */
export declare function init(): Promise<void>;

/** An integer as a number or as decimal text. */
export type Integer = number | `${number}`;

