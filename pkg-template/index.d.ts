/// <reference lib="esnext.disposable" />
// The hand-written part. Below the mark, operations, builders and answers are generated from the
// same tables that check, sign and read them.

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

/** Everything that goes wrong is thrown as one of these. It never holds a secret. */
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

/** Alibaba's access key. Prefer temporary (STS) credentials, above all in a browser. */
export interface AlibabaCredentials {
  accessKeyId: string;
  accessKeySecret: string;
  securityToken?: string | undefined;
}

/**
 * UCloud's and SCloud's key pair. A request signed with it has no expiry: whoever has the request
 * can repeat it until the key is revoked. It is a permanent capability.
 */
export interface UcloudCredentials {
  publicKey: string;
  privateKey: string;
  securityToken?: string | undefined;
}

/** A Keystone token that is scoped to a project. */
export interface TokenCredentials {
  token: string;
}

/** An OTC or Huawei key pair (AK/SK). */
export interface KeyCredentials {
  accessKey: string;
  secretKey: string;
  securityToken?: string | undefined;
  projectId?: string | undefined;
}

/** A Keystone user and password. Give the project by name or by id. */
export interface PasswordCredentials {
  username: string;
  password: string;
  userDomain: string;
  project?: string | undefined;
  projectId?: string | undefined;
  projectDomain?: string | undefined;
}

/** A Keystone user by id, and password. */
export interface UserIdCredentials {
  userId: string;
  password: string;
  project?: string | undefined;
  projectId?: string | undefined;
  projectDomain?: string | undefined;
}

/** A Keystone application credential. */
export interface ApplicationCredentials {
  applicationCredentialId: string;
  applicationCredentialSecret: string;
}

export type OpenstackCredentials =
  | TokenCredentials
  | KeyCredentials
  | PasswordCredentials
  | UserIdCredentials
  | ApplicationCredentials;

/** What every client takes. */
export interface CommonOptions {
  /** Where to send instead of the vendor's own endpoint: an https URL. */
  endpoint?: string | undefined;
  /** Takes an http endpoint on a loopback address, or a vendor's http-only host inside its network. */
  allowHttp?: boolean | undefined;
  /** Used instead of the global `fetch`. */
  fetch?: FetchLike | undefined;
  /**
   * How long one exchange may take, its body included: one attempt at one page, not the whole call.
   * Default 30,000; for UCloud's changes 65,000.
   */
  timeoutMs?: number | undefined;
  /**
   * How often a call is tried at most, and each page of a list, and a token: 1 to 10. Default 3; 1
   * means that nothing is repeated. Each attempt is signed anew, after a pause that grows.
   */
  maxAttempts?: number | undefined;
  /** Extra headers, sent unsigned, such as `channel-key`. */
  headers?: { readonly [name: string]: string } | undefined;
  /** How many backend servers one call may name. Default 20, as Alibaba documents. */
  maxBackendsPerCall?: number | undefined;
}

export interface AlibabaOptions extends CommonOptions {
  vendor: "alibaba";
  /** The region. It chooses the host, unless `endpoint` is given. */
  region: string;
  credentials: AlibabaCredentials;
  /** Which of the region's hosts. Default: `public`. */
  network?: "public" | "vpc" | undefined;
  /** The signature. Default: `rpc`, which needs no CORS preflight. */
  signature?: "rpc" | "acs3" | undefined;
  /** The format of answers. Default: `json`. */
  format?: "json" | "xml" | undefined;
}

export interface UcloudOptions extends CommonOptions {
  vendor: "ucloud" | "scloud";
  /** The region, which is a parameter of every call. */
  region: string;
  credentials: UcloudCredentials;
  /** The project; sub-accounts must give one. */
  projectId?: string | undefined;
  /** The encoding of requests. Default: `json`, for which a page asks the cloud first. */
  encoding?: "json" | "form" | undefined;
}

export interface OpenstackOptions extends CommonOptions {
  vendor: "otc" | "huawei" | "openstack";
  /** The region: chooses the host (otc, huawei) or the entry of the catalogue (openstack). */
  region?: string | undefined;
  credentials: OpenstackCredentials;
  /** The AK/SK signature variant. Default: `access`. */
  signature?: "access" | "scoped" | undefined;
  /** The URL of Keystone; `/v3` at its end may be left out. */
  identityEndpoint?: string | undefined;
  /** Which endpoint of the catalogue. Default: `public`. */
  interface?: "public" | "internal" | "admin" | undefined;
}

/** The clouds. */
export type VendorName = "alibaba" | "ucloud" | "scloud" | "otc" | "huawei" | "openstack";

/** The options of a client. */
export type ClientOptions<V extends VendorName = VendorName> = Extract<
  AlibabaOptions | UcloudOptions | OpenstackOptions,
  { vendor: V } | { vendor: "ucloud" | "scloud" } | { vendor: "otc" | "huawei" | "openstack" }
> & { vendor: V };

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
export interface SignedRequest {
  method: string;
  url: string;
  headers: Record<string, string>;
  body?: string;
  redirect: "manual";
  operation: string;
  vendor: VendorName;
}

/** What would be signed and sent; secrets, tokens and signatures are replaced by `REDACTED`. */
export interface Explanation {
  vendor: VendorName;
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

/** A client of one vendor. The only thing that holds secrets. */
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
  sign(operation: OperationOf<V>, options?: SignOptions): SignedRequest;
  /** What would be signed and sent, stage by stage, without secrets; no I/O. */
  explain(operation: OperationOf<V>, options?: SignOptions): Explanation;
  /**
   * Signs and sends an operation, again where that may help and can do no harm, and reads its
   * answer. Gets a Keystone token by itself. Lists come with all their pages.
   *
   * @throws {UnpoolError} of every kind but `refused`.
   */
  send<const O extends OperationOf<V>>(operation: O, options?: SendOptions): Promise<AnswerOf<V, O>>;
  /** Gets a Keystone token now, so that `sign` can be used. */
  authenticate(options?: SendOptions): Promise<TokenInfo>;
  /** Forgets the credentials. Always succeeds; every later call is `invalid-input`. */
  free(): void;
  [Symbol.dispose](): void;
}

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

/** Starts the module ahead of its first use. Never needed in this entry. */
export declare function init(): Promise<void>;

/** An integer as a number or as decimal text. */
export type Integer = number | `${number}`;

