// Uses every public name, as a program of a user's does. It is compiled and never run.
import {
  Client,
  UnpoolError,
  alibaba,
  describePlan,
  describeReport,
  init,
  openstack,
  regions,
  selectorOf,
  signAlibabaAcs3,
  signAlibabaRpc,
  signSdkHmacSha256,
  signUcloud,
  ucloud,
  version,
} from "unpool";
import type {
  AddBackendServers,
  AddBackendServersAnswer,
  AddVServerGroupBackendServers,
  AddVServerGroupBackendServersAnswer,
  AlibabaCredentials,
  AlibabaOptions,
  AlibabaPlace,
  AlibabaSelector,
  AllocateBackend,
  AllocateBackendAnswer,
  AnswerOf,
  ApplicationCredentials,
  Backend,
  CanonicalInput,
  CanonicalSignature,
  ClientOptions,
  CommonOptions,
  CreateMember,
  CreateMemberAnswer,
  CreatePolicy,
  CreatePolicyAnswer,
  DeleteMember,
  DeleteMemberAnswer,
  DeletePolicy,
  DeletePolicyAnswer,
  DescribeHealthStatus,
  DescribeHealthStatusAnswer,
  DescribeLoadBalancerAttribute,
  DescribeLoadBalancerAttributeAnswer,
  DescribeMasterSlaveServerGroupAttribute,
  DescribeMasterSlaveServerGroupAttributeAnswer,
  DescribeMasterSlaveServerGroups,
  DescribeMasterSlaveServerGroupsAnswer,
  DescribeULB,
  DescribeULBAnswer,
  DescribeVServer,
  DescribeVServerAnswer,
  DescribeVServerGroupAttribute,
  DescribeVServerGroupAttributeAnswer,
  DescribeVServerGroups,
  DescribeVServerGroupsAnswer,
  EntryState,
  ErrorData,
  ErrorKind,
  Explanation,
  FetchLike,
  GetLoadBalancer,
  GetLoadBalancerAnswer,
  GetLoadBalancerStatuses,
  GetLoadBalancerStatusesAnswer,
  GetMember,
  GetMemberAnswer,
  GetPool,
  GetPoolAnswer,
  Guard,
  Health,
  Integer,
  Journal,
  JournalEntry,
  KeyCredentials,
  Lease,
  ListMembers,
  ListMembersAnswer,
  Lock,
  OpenstackCredentials,
  OpenstackOptions,
  OpenstackPlace,
  OpenstackSelector,
  OperationOf,
  Operations,
  Outcome,
  Pairs,
  PasswordCredentials,
  Picture,
  PlaceOf,
  Plan,
  PlanEntry,
  PlanRequest,
  PlanRule,
  ReadOptions,
  Refusal,
  ReleaseBackend,
  ReleaseBackendAnswer,
  RemoveBackendServers,
  RemoveBackendServersAnswer,
  RemoveVServerGroupBackendServers,
  RemoveVServerGroupBackendServersAnswer,
  Report,
  ReportEntry,
  ResponseLike,
  RunEvent,
  RunEventBase,
  RunOptions,
  RunStep,
  SelectorOf,
  SendOptions,
  SetBackendServers,
  SetBackendServersAnswer,
  SetVServerGroupAttribute,
  SetVServerGroupAttributeAnswer,
  SignOptions,
  SignalLike,
  SignedRequest,
  TokenCredentials,
  TokenInfo,
  UcloudCredentials,
  UcloudOptions,
  UcloudPlace,
  UcloudSelector,
  UndoEntry,
  UndoOutcome,
  UndoReport,
  Undoable,
  UpdateBackendAttribute,
  UpdateBackendAttributeAnswer,
  UpdateMember,
  UpdateMemberAnswer,
  UpdatePolicy,
  UpdatePolicyAnswer,
  UserIdCredentials,
  VendorName,
  Vendors,
  WaitReason,
} from "unpool";

/** Compiles only where both types are the same. */
type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
const is = <_ extends true>(): void => {};

// ---- options ----

const key: AlibabaCredentials = { accessKeyId: "id", accessKeySecret: "secret", securityToken: undefined };
const pair: UcloudCredentials = { publicKey: "public", privateKey: "private" };
const token: TokenCredentials = { token: "token" };
const aksk: KeyCredentials = { accessKey: "ak", secretKey: "sk", projectId: "p" };
const password: PasswordCredentials = { username: "u", password: "p", userDomain: "Default", project: "demo" };
const userId: UserIdCredentials = { userId: "u", password: "p", projectId: "p" };
const application: ApplicationCredentials = { applicationCredentialId: "i", applicationCredentialSecret: "s" };
const any: readonly OpenstackCredentials[] = [token, aksk, password, userId, application];

const answer: ResponseLike = { status: 200, headers: { get: (name) => (name === "date" ? "" : null) }, text: async () => "{}" };
const fetchLike: FetchLike = async (url) => (url === "" ? Promise.reject(new Error("no")) : answer);
const common: CommonOptions = {
  endpoint: "https://example.com",
  allowHttp: false,
  fetch: fetchLike,
  timeoutMs: 10_000,
  maxAttempts: 1,
  headers: { "channel-key": "x" },
  maxBackendsPerCall: 20,
};
const forAlibaba: AlibabaOptions = { ...common, vendor: "alibaba", region: "cn-hangzhou", credentials: key, signature: "rpc", format: "xml", network: "vpc" };
const forUcloud: UcloudOptions = { vendor: "scloud", region: "sg", credentials: pair, projectId: "p", encoding: "form" };
const forOpenstack: OpenstackOptions = { vendor: "otc", credentials: aksk, region: "eu-de", signature: "scoped", interface: "public" };
const narrowed: ClientOptions<"alibaba"> = forAlibaba;
const whichever: ClientOptions = forUcloud;

// ---- clients: the vendor comes from the options ----

const client = new Client({ vendor: "alibaba", region: "cn-hangzhou", credentials: key });
is<Same<typeof client, Client<"alibaba">>>();
const releaser = new Client({ vendor: "scloud", region: "sg", credentials: pair });
is<Same<typeof releaser, Client<"scloud">>>();
const deleter = new Client({ vendor: "openstack", identityEndpoint: "https://keystone/v3", credentials: password });
is<Same<typeof deleter, Client<"openstack">>>();
const clients = [new Client(narrowed), new Client(forAlibaba), new Client(forOpenstack), new Client(forUcloud), new Client(whichever)];

// @ts-expect-error Another vendor's credentials.
new Client({ vendor: "alibaba", region: "cn-hangzhou", credentials: pair });
// @ts-expect-error No credentials.
new Client({ vendor: "alibaba", region: "cn-hangzhou" });
// @ts-expect-error No such vendor.
new Client({ vendor: "aliyun", region: "cn-hangzhou", credentials: key });
// @ts-expect-error Another vendor's option.
new Client({ vendor: "alibaba", region: "cn-hangzhou", credentials: key, encoding: "form" });
// @ts-expect-error No such option.
new Client({ vendor: "ucloud", region: "cn-bj2", credentials: pair, retries: 3 });
// @ts-expect-error No such value.
new Client({ vendor: "alibaba", region: "cn-hangzhou", credentials: key, signature: "v4" });

// ---- builders and operations: literals are the same ----

const servers: readonly { readonly serverId: string; readonly port: Integer }[] = Object.freeze([{ serverId: "i-1", port: "80" as const }]);
const removal: RemoveBackendServers = alibaba.removeBackendServers({ loadBalancerId: "lb-1", backendServers: servers, regionId: undefined });
const bare: RemoveBackendServers = alibaba.removeBackendServers({ loadBalancerId: "lb-1", backendServers: ["i-1", "i-2"] as const });
const grouped: RemoveVServerGroupBackendServers = alibaba.removeVServerGroupBackendServers({ vServerGroupId: "rsp-1", backendServers: servers });
const describe: DescribeLoadBalancerAttribute = alibaba.describeLoadBalancerAttribute({ loadBalancerId: "lb-1" });
const describeGroup: DescribeVServerGroupAttribute = alibaba.describeVServerGroupAttribute({ vServerGroupId: "rsp-1" });
const release: ReleaseBackend = ucloud.releaseBackend({ ulbId: "ulb-1", backendId: "backend-1" });
const describeV: DescribeVServer = ucloud.describeVServer({ ulbId: "ulb-1", limit: 100, offset: "0" });
const removeMember: DeleteMember = openstack.deleteMember({ poolId: "p", memberId: "m" });
const listMembers: ListMembers = openstack.listMembers({ poolId: "p" });
const groups: DescribeVServerGroups = alibaba.describeVServerGroups({ loadBalancerId: "lb-1", includeListener: true });
const pairs: DescribeMasterSlaveServerGroups = alibaba.describeMasterSlaveServerGroups({ loadBalancerId: "lb-1", includeListener: true });
const pairOf: DescribeMasterSlaveServerGroupAttribute = alibaba.describeMasterSlaveServerGroupAttribute({ masterSlaveServerGroupId: "rsp-1" });
const health: DescribeHealthStatus = alibaba.describeHealthStatus({ loadBalancerId: "lb-1", listenerPort: "80", listenerProtocol: "https" });
const weights: SetBackendServers = alibaba.setBackendServers({ loadBalancerId: "lb-1", backendServers: [{ serverId: "i-1", weight: 0 }] });
const groupWeights: SetVServerGroupAttribute = alibaba.setVServerGroupAttribute({ vServerGroupId: "rsp-1", vServerGroupName: "name" });
const add: AddBackendServers = alibaba.addBackendServers({ loadBalancerId: "lb-1", backendServers: [{ serverId: "i-1" }] });
const addToGroup: AddVServerGroupBackendServers = alibaba.addVServerGroupBackendServers({ vServerGroupId: "rsp-1", backendServers: servers });
const describeUlb: DescribeULB = ucloud.describeULB({});
const disable: UpdateBackendAttribute = ucloud.updateBackendAttribute({ ulbId: "ulb-1", backendId: "backend-1", enabled: 0 });
const rule = { ulbId: "ulb-1", vServerId: "vserver-1", type: "Path", match: "/", backendIds: Object.freeze(["backend-1"]) } as const;
const updateRule: UpdatePolicy = ucloud.updatePolicy({ ...rule, policyId: "policy-1", allowEmpty: false });
const createRule: CreatePolicy = ucloud.createPolicy(rule);
const deleteRule: DeletePolicy = ucloud.deletePolicy({ policyId: "policy-1" });
const allocate: AllocateBackend = ucloud.allocateBackend({ ulbId: "ulb-1", vServerId: "vserver-1", resourceType: "UHost", resourceId: "uhost-1" });
const getMember: GetMember = openstack.getMember({ poolId: "p", memberId: "m" });
const updateMember: UpdateMember = openstack.updateMember({ poolId: "p", memberId: "m", weight: 0, tags: ["a"] });
const createMember: CreateMember = openstack.createMember({ poolId: "p", address: "10.0.0.1", protocolPort: 80 });
const getPool: GetPool = openstack.getPool({ poolId: "p" });
const getBalancer: GetLoadBalancer = openstack.getLoadBalancer({ loadBalancerId: "lb" });
const getStatuses: GetLoadBalancerStatuses = openstack.getLoadBalancerStatuses({ loadBalancerId: "lb" });

// @ts-expect-error No load balancer.
alibaba.removeBackendServers({ backendServers: servers });
// @ts-expect-error Bare ids have no port, which a vServer group needs.
alibaba.removeVServerGroupBackendServers({ vServerGroupId: "rsp-1", backendServers: ["i-1"] });
// @ts-expect-error No such type of server.
alibaba.removeBackendServers({ loadBalancerId: "lb-1", backendServers: [{ serverId: "i-1", type: "vm" }] });
// @ts-expect-error A weight to set is given.
alibaba.setBackendServers({ loadBalancerId: "lb-1", backendServers: [{ serverId: "i-1" }] });
// @ts-expect-error A rule without a type would be one of domains.
ucloud.updatePolicy({ ulbId: "ulb-1", vServerId: "vserver-1", policyId: "policy-1", match: "/", backendIds: [] });
// @ts-expect-error A rule is not emptied by leaving its backends out.
ucloud.updatePolicy({ ulbId: "ulb-1", vServerId: "vserver-1", policyId: "policy-1", type: "Path", match: "/" });
// @ts-expect-error No such parameter.
ucloud.releaseBackend({ ulbId: "ulb-1", backendId: "backend-1", force: true });

// ---- sign and explain ----

const when: SignOptions = { timestamp: new Date(0), nonce: "n" };
const request: SignedRequest = client.sign(removal, when);
is<Same<typeof request.redirect, "manual">>();
const explained: Explanation = client.explain({ operation: "RemoveBackendServers", loadBalancerId: "lb-1", backendServers: ["i-1"] }, { timestamp: 0 });
const texts: string[] = explained.stages.map(({ name, text }) => name + text);

// @ts-expect-error Another vendor's operation.
client.sign(release);
// @ts-expect-error Another vendor's operation.
releaser.explain(removeMember);
// @ts-expect-error Another vendor's operation.
void deleter.send(removal);
// @ts-expect-error No such operation.
client.sign({ operation: "StopLoadBalancer", loadBalancerId: "lb-1" });

// ---- send: the operation chooses the answer ----

const signal: SignalLike = { aborted: false, addEventListener() {}, removeEventListener() {} };
const how: SendOptions = { signal, timeoutMs: 1000 };

export async function send(): Promise<void> {
  const removed: RemoveBackendServersAnswer = await client.send(removal, how);
  is<Same<typeof removed.requestId, string>>();
  const first: string | undefined = removed.backendServers[0]?.serverId;
  const group: RemoveVServerGroupBackendServersAnswer = await client.send(grouped);
  const balancer: DescribeLoadBalancerAttributeAnswer = await client.send(describe);
  const ports: (number | undefined)[] = balancer.listenerPortsAndProtocol.map(({ listenerPort }) => listenerPort);
  const members: DescribeVServerGroupAttributeAnswer = await client.send(describeGroup);
  const released: ReleaseBackendAnswer = await releaser.send(release);
  const page: DescribeVServerAnswer = await releaser.send(describeV);
  const gone: DeleteMemberAnswer = await deleter.send(removeMember);
  const listed: ListMembersAnswer = await deleter.send(listMembers);
  const literal = await deleter.send({ operation: "ListMembers", poolId: "p" });
  is<Same<typeof literal, ListMembersAnswer>>();
  const info: TokenInfo = await deleter.authenticate({ timeoutMs: 1000 });
  // @ts-expect-error No such field.
  void listed.pools;
  // @ts-expect-error That is another operation's answer.
  const wrong: ListMembersAnswer = await releaser.send(release);
  const ofGroups: DescribeVServerGroupsAnswer = await client.send(groups);
  const rules: (string | undefined)[] = ofGroups.vServerGroups.flatMap(({ associatedObjects }) => associatedObjects?.rules ?? []).map(({ ruleId }) => ruleId);
  const ofPairs: DescribeMasterSlaveServerGroupsAnswer = await client.send(pairs);
  const ofPair: DescribeMasterSlaveServerGroupAttributeAnswer = await client.send(pairOf);
  const roles: (string | undefined)[] = ofPair.masterSlaveBackendServers.map(({ serverType }) => serverType);
  const states: DescribeHealthStatusAnswer = await client.send(health);
  const set: SetBackendServersAnswer = await client.send(weights);
  const setGroup: SetVServerGroupAttributeAnswer = await client.send(groupWeights);
  const added: AddBackendServersAnswer = await client.send(add);
  const addedToGroup: AddVServerGroupBackendServersAnswer = await client.send(addToGroup);
  const balancers: DescribeULBAnswer = await releaser.send(describeUlb);
  const frontendPorts: (number | undefined)[] = balancers.dataSet.flatMap(({ vServerSet }) => vServerSet).map(({ frontendPort }) => frontendPort);
  const disabled: UpdateBackendAttributeAnswer = await releaser.send(disable);
  const updatedRule: UpdatePolicyAnswer = await releaser.send(updateRule);
  const createdRule: CreatePolicyAnswer = await releaser.send(createRule);
  is<Same<typeof createdRule.policyId, string>>();
  const deletedRule: DeletePolicyAnswer = await releaser.send(deleteRule);
  const allocated: AllocateBackendAnswer = await releaser.send(allocate);
  is<Same<typeof allocated.backendId, string>>();
  const member: GetMemberAnswer = await deleter.send(getMember);
  const updatedMember: UpdateMemberAnswer = await deleter.send(updateMember);
  const createdMember: CreateMemberAnswer = await deleter.send(createMember);
  const pool: GetPoolAnswer = await deleter.send(getPool);
  const loadBalancer: GetLoadBalancerAnswer = await deleter.send(getBalancer);
  const tree: GetLoadBalancerStatusesAnswer = await deleter.send(getStatuses);
  const treeMembers: (string | undefined)[] = tree.statuses.loadbalancer.listeners.flatMap(({ pools }) => pools).flatMap((one) => one.members).map(({ id }) => id);
  void [rules, ofPairs, roles, states, set, setGroup, added, addedToGroup, frontendPorts, disabled, updatedRule, deletedRule];
  void [member, updatedMember, createdMember, pool, loadBalancer, treeMembers];
  await init();
  void [bare, first, group, ports, members, released, page, gone, info, wrong];
}

// ---- the safe removal: places, selectors and guards are the vendor's ----

const place: AlibabaPlace = { loadBalancerId: "lb-1", defaultGroupOnly: true };
const chosen: AlibabaSelector = { serverId: "i-1", port: "80", health: "unhealthy" };
const guards: readonly Guard[] = ["keep-at-least", "changed-by-someone"];
const wanted: PlanRequest<"alibaba"> = {
  from: Object.freeze([place, { vServerGroupId: "rsp-1" }]),
  remove: Object.freeze([chosen, { address: "10.0.0.1" }]),
  drain: { waitMs: 30_000 },
  keepAtLeast: "50%",
  allow: guards,
  onEmptyRule: "stop",
  maxPlanAgeMs: undefined,
};
is<Same<PlaceOf<"scloud">, UcloudPlace>>();
is<Same<SelectorOf<"ucloud">, UcloudSelector>>();
is<Same<PlaceOf<"huawei">, OpenstackPlace>>();
is<Same<SelectorOf<"otc">, OpenstackSelector>>();

export async function takeOut(): Promise<void> {
  const reading: ReadOptions = { signal, timeoutMs: 1000, concurrency: 2 };
  const picture = await client.inspect(place, reading);
  const anybodys: Picture = picture;
  is<Same<typeof picture, Picture<"alibaba">>>();
  const backends: Backend[] = picture.loadBalancers.flatMap(({ groups: found }) => found).flatMap((group) => group.backends);
  const plan: Plan<"alibaba"> = await client.plan(wanted, reading);
  is<Same<typeof plan.schema, "unpool/plan@1">>();
  // What was stored and read again is a plan, too.
  const stored: Plan<"alibaba"> = JSON.parse(JSON.stringify(plan));
  const refusals: Refusal[] = plan.refusals;
  const held: PlanRule[] = plan.rules;
  const entries: PlanEntry[] = plan.entries;
  const waits: number[] = plan.steps.flatMap((step) => (step.step === "wait" ? [step.waitMs] : []));
  const written: JournalEntry[] = [];
  const journal: Journal = { entries: written, append: (entry) => void written.push(entry) };
  const lease: Lease = { check: async () => {} };
  const lock: Lock = (key, work) => work(key === "" ? undefined : lease);
  const running: RunOptions = { ...reading, onEvent: heard, maxCalls: 50, deadline: new Date(0), journal, lock };
  const report: Report = await client.run(stored, running);
  const whatever: Undoable[] = [report, { plan, journal }, { plan, journal: written }, { plan, journal: ["{"] }];
  const undone: UndoReport = await client.undo(whatever[0] ?? report, { journal: { append: async () => {} } });
  const back: [UndoOutcome, string | undefined][] = undone.entries.map(({ outcome, newId }: UndoEntry) => [outcome, newId]);
  is<Same<typeof undone.schema, "unpool/undo@1">>();
  // @ts-expect-error What is written has to be kept somewhere.
  await client.run(stored, { journal: { entries: [] } });
  const ended: [Outcome, EntryState, ErrorData | undefined][] = report.entries.map(({ outcome, state, error }: ReportEntry) => [outcome, state, error]);
  const seen: Health[] = backends.map(({ health: state }) => state);
  const words: string[] = [describePlan(plan), describeReport(report), describeReport(undone)];
  await releaser.plan({ from: { ulbId: "ulb-1" }, remove: { backendId: "backend-1" }, drain: false });
  await deleter.plan({ from: [{ poolId: "p" }, { loadBalancerId: "l" }], remove: { memberId: "m" }, keepAtLeast: 2 });

  // What selects exactly one backend fits every vendor's request.
  const known: [string | undefined, string | undefined, number | undefined, string | undefined][] = backends.map(({ name, address, port, type }) => [name, address, port, type]);
  await client.plan({ from: place, remove: backends.map(selectorOf) });
  await deleter.plan({ from: { poolId: "p" }, remove: entries.map(selectorOf) });
  await releaser.plan({ from: { ulbId: "ulb-1" }, remove: selectorOf({ id: "backend-1", groupId: "vserver-1" }) });
  void [anybodys, known];
  // @ts-expect-error Without its group it may be several.
  selectorOf({ id: "i-1" });

  // @ts-expect-error Another vendor's place.
  await client.inspect({ poolId: "p" });
  // @ts-expect-error Another vendor's selector.
  await releaser.plan({ from: { ulbId: "ulb-1" }, remove: { memberId: "m" } });
  // @ts-expect-error Nothing to remove.
  await releaser.plan({ from: { ulbId: "ulb-1" } });
  // @ts-expect-error No such guard.
  await releaser.plan({ from: { ulbId: "ulb-1" }, remove: { backendId: "b" }, allow: ["everything"] });
  // @ts-expect-error No such choice.
  await releaser.plan({ from: { ulbId: "ulb-1" }, remove: { backendId: "b" }, onEmptyRule: "delete" });
  // @ts-expect-error `true` says no time.
  await releaser.plan({ from: { ulbId: "ulb-1" }, remove: { backendId: "b" }, drain: true });
  // @ts-expect-error No such share.
  await releaser.plan({ from: { ulbId: "ulb-1" }, remove: { backendId: "b" }, keepAtLeast: "half" });
  // @ts-expect-error Another vendor's plan.
  await releaser.run(plan);
  // @ts-expect-error Only a run is told of.
  await client.plan(wanted, { onEvent: heard });
  void [refusals, held, entries, waits, ended, seen, words, back];
}

const steps: readonly RunStep[] = ["check", "drain", "wait", "detach", "remove", "put-back"];
const reasons: readonly WaitReason[] = ["drain", "locked", "effect", "settle", "retry"];
const line = ({ event, step, why, done, total }: RunEvent): string => `${done}/${total} ${event} ${step ?? why ?? ""}`;
const share = ({ done, total }: RunEventBase): number => done / total;
void [steps, reasons, line, share];

function heard(event: RunEvent): string {
  const share = `${event.done}/${event.total} ${event.loadBalancerId} ${event.at}`;
  switch (event.event) {
    case "step-begin":
    case "step-end":
      return share + event.step;
    case "wait":
      return event.why + event.until;
    case "retry":
      return `${event.attempt} ${event.error.kind}`;
    case "refused":
      return event.refusal.hint;
    case "entry":
      return event.entry.outcome;
    default: {
      const none: never = event;
      return none;
    }
  }
}

is<Same<AnswerOf<"otc", ListMembers>, ListMembersAnswer>>();
is<Same<OperationOf<"huawei">["operation"], `${"Delete" | "Get" | "Update" | "Create"}Member` | "ListMembers" | "GetPool" | `GetLoadBalancer${"" | "Statuses"}`>>();
is<Same<keyof Operations, VendorName>>();
is<Same<keyof Vendors, VendorName>>();
is<Same<Operations["alibaba"]["clb"]["RemoveBackendServers"]["answer"], RemoveBackendServersAnswer>>();
is<Same<AnswerOf<"alibaba", ListMembers>, never>>();
// What no vendor is called is a mistake everywhere, and never taken for OpenStack.
// @ts-expect-error
type NoOperation = OperationOf<"aliyun">;
// @ts-expect-error
type NoAnswer = AnswerOf<"aliyun", ListMembers>;
// @ts-expect-error
type NoPlace = PlaceOf<"aliyun">;
// @ts-expect-error
type NoSelector = SelectorOf<"aliyun">;
// @ts-expect-error
type NoOptions = ClientOptions<"aliyun">;
// @ts-expect-error
type NoClient = Client<"aliyun">;
// @ts-expect-error
type NoPlan = Plan<"aliyun">;
export type Nothing = [NoOperation, NoAnswer, NoPlace, NoSelector, NoOptions, NoClient, NoPlan];

// ---- errors ----

export function advise(error: unknown): string {
  if (!(error instanceof UnpoolError)) throw error;
  const kind: ErrorKind = error.kind;
  const sent: boolean | "unknown" = error.sent;
  if (error.kind === "outcome-unknown") return "look before you do it again";
  // @ts-expect-error No such kind.
  if (error.kind === "unknown-outcome") return "";
  const vendor: VendorName | undefined = error.vendor;
  return [kind, sent, vendor, error.code, error.httpStatus, error.requestId, error.retryable, error.hint, error.field, error.retryAfterMs]
    .concat(error.name, error.message, error.operation, JSON.stringify(error.toJSON()), String(error.cause))
    .join();
}

// ---- the signers alone ----

const rpc: { stringToSign: string; signature: string } = signAlibabaRpc({ method: "POST", parameters: { Action: "X" }, accessKeySecret: "s" });
const query: Pairs = [["a", "1"]] as const;
const input: CanonicalInput = { method: "GET", path: "/", query, headers: { host: "example.com" }, body: undefined, signedHeaders: ["host"] };
const acs3: CanonicalSignature = signAlibabaAcs3({ ...input, accessKeyId: "id", accessKeySecret: "s" });
const sdk: CanonicalSignature = signSdkHmacSha256({ ...input, accessKey: "ak", secretKey: "sk", scope: { region: "", service: "" } });
const sha1: string = signUcloud({ parameters: { Action: "X", Nested: { a: [1, null, true] } }, privateKey: "p" }).signature;

// ---- the rest ----

const known: string[] = regions("alibaba");
const text: string = version;
{
  using scoped = new Client(forAlibaba);
  scoped.free();
}
client[Symbol.dispose]();

void [any, clients, describeGroup, texts, rpc, acs3, sdk, sha1, known, text];
