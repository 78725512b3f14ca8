// Bad operations: each row is refused by sign, explain and send alike, with the field and a hint, before
// anything is sent, and the client works on.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Client, OPTIONS, STAMP, checkInvalid, countingFetch, errorOf, operationsOf, watchStrays } from "./support.mjs";

watchStrays();

const LONG = "x".repeat(10_240);
const BAD_IDS = ["", " ", "a b", " lb-1", "lb-1 ", "a/b", "..", ".", "%2e%2e", "a%b", "lb\u00e4", "lb\n1", "lb?x", "lb#x", "a".repeat(65), LONG];
const NOT_TEXT = [5, true, null, [], {}, Number.NaN];

const servers = (...backendServers) => ({ operation: "RemoveBackendServers", loadBalancerId: "lb-1", backendServers });
const group = (...backendServers) => ({ operation: "RemoveVServerGroupBackendServers", vServerGroupId: "rsp-1", backendServers });
const weights = (...backendServers) => ({ operation: "SetBackendServers", loadBalancerId: "lb-1", backendServers });
const groupWeights = (...backendServers) => ({ operation: "SetVServerGroupAttribute", vServerGroupId: "rsp-1", backendServers });
const add = (...backendServers) => ({ operation: "AddBackendServers", loadBalancerId: "lb-1", backendServers });
const addToGroup = (...backendServers) => ({ operation: "AddVServerGroupBackendServers", vServerGroupId: "rsp-1", backendServers });
const health = (changes) => ({ operation: "DescribeHealthStatus", loadBalancerId: "lb-1", ...changes });
const policy = (changes) => ({ operation: "UpdatePolicy", ulbId: "ulb-1", vServerId: "vserver-1", policyId: "policy-1", type: "Path", match: "/", backendIds: ["backend-1"], ...changes });
const attribute = (changes) => ({ operation: "UpdateBackendAttribute", ulbId: "ulb-1", backendId: "backend-1", ...changes });
const allocate = (changes) => ({ operation: "AllocateBackend", ulbId: "ulb-1", vServerId: "vserver-1", resourceType: "IP", ...changes });
const update = (changes) => ({ operation: "UpdateMember", poolId: "p-1", memberId: "m-1", ...changes });
const create = (changes) => ({ operation: "CreateMember", poolId: "p-1", address: "10.0.0.1", protocolPort: 80, subnetId: "s-1", ...changes });
const release = (changes) => ({ operation: "ReleaseBackend", ulbId: "ulb-1", backendId: "backend-1", ...changes });
const describeV = (changes) => ({ operation: "DescribeVServer", ulbId: "ulb-1", ...changes });
const member = (changes) => ({ operation: "DeleteMember", poolId: "p-1", memberId: "m-1", ...changes });
const members = (changes) => ({ operation: "ListMembers", poolId: "p-1", ...changes });
const many = (count) => Array.from({ length: count }, (_, index) => ({ serverId: `i-${index}` }));

/** Rows: [what, operation, field, hint?]. */
const ALIBABA = [
  ["no operation", {}, "operation", /RemoveBackendServers/],
  ["an operation that is no text", { operation: 5 }, "operation", /RemoveBackendServers/],
  ["a misspelt operation", { operation: "RemoveBackendServer" }, "operation", /RemoveBackendServers\?/],
  ["an operation in another case", { operation: "removeBackendServers" }, "operation", /RemoveBackendServers\?/],
  ["an operation of another vendor", { operation: "ReleaseBackend" }, "operation", /./],
  ["a field of every object", { operation: "constructor" }, "operation", /./],
  ["a misspelt field", { ...servers("i-1"), loadBalancerID: "lb-1" }, "loadBalancerID", /loadBalancerId/],
  ["a misspelt field of a server", servers({ serverId: "i-1", wieght: 1 }), "backendServers[0].wieght", /weight/],
  ["a field of a prototype", JSON.parse('{"operation":"RemoveBackendServers","loadBalancerId":"lb-1","backendServers":["i-1"],"__proto__":{"x":1}}'), "__proto__"],
  ["a very long field", { ...servers("i-1"), [LONG]: 1 }, LONG.slice(0, 64)],
  ["no load balancer", { operation: "RemoveBackendServers", backendServers: ["i-1"] }, "loadBalancerId"],
  ["no servers", { operation: "RemoveBackendServers", loadBalancerId: "lb-1" }, "backendServers"],
  ["an empty list", servers(), "backendServers"],
  ["an empty list of a group", group(), "backendServers"],
  ["servers that are text", { ...servers(), backendServers: "i-1" }, "backendServers"],
  ["servers that are an object", { ...servers(), backendServers: { serverId: "i-1" } }, "backendServers"],
  ["servers that are JSON text", { ...servers(), backendServers: '["i-1"]' }, "backendServers"],
  ["21 servers", servers(...many(21)), "backendServers", /maxBackendsPerCall/],
  ["21 bare ids", servers(...many(21).map(({ serverId }) => serverId)), "backendServers", /maxBackendsPerCall/],
  ["weight 101", servers({ serverId: "i-0" }, { serverId: "i-1", weight: 101 }), "backendServers[1].weight", /0 to 100/],
  ["weight -1", servers({ serverId: "i-1", weight: -1 }), "backendServers[0].weight", /0 to 100/],
  ["weight abc", servers({ serverId: "i-1", weight: "abc" }), "backendServers[0].weight", /0 to 100/],
  ["weight 1.5", servers({ serverId: "i-1", weight: 1.5 }), "backendServers[0].weight", /0 to 100/],
  ["weight 1e2", servers({ serverId: "i-1", weight: "1e2" }), "backendServers[0].weight", /0 to 100/],
  ["weight NaN", servers({ serverId: "i-1", weight: Number.NaN }), "backendServers[0].weight", /0 to 100/],
  ["weight Infinity", servers({ serverId: "i-1", weight: Number.POSITIVE_INFINITY }), "backendServers[0].weight", /0 to 100/],
  ["weight 1e300", servers({ serverId: "i-1", weight: 1e300 }), "backendServers[0].weight", /0 to 100/],
  ["weight of 40 digits", servers({ serverId: "i-1", weight: "9".repeat(40) }), "backendServers[0].weight", /0 to 100/],
  ["weight true", servers({ serverId: "i-1", weight: true }), "backendServers[0].weight", /0 to 100/],
  ["weight null", servers({ serverId: "i-1", weight: null }), "backendServers[0].weight", /0 to 100/],
  ["port 0", group({ serverId: "i-1", port: 0 }), "backendServers[0].port", /1 to 65535/],
  ["port 65536", group({ serverId: "i-1", port: 65_536 }), "backendServers[0].port", /1 to 65535/],
  ["port +80", group({ serverId: "i-1", port: "+80" }), "backendServers[0].port", /1 to 65535/],
  ["port with a blank", group({ serverId: "i-1", port: " 80" }), "backendServers[0].port", /1 to 65535/],
  ["an address that is none", servers({ serverId: "i-1", serverIp: "web-1" }), "backendServers[0].serverIp", /IP address/],
  ["an address with a path", servers({ serverId: "i-1", serverIp: "10.0.0.1/8" }), "backendServers[0].serverIp", /IP address/],
  ["an unknown type", servers({ serverId: "i-1", type: "ecx" }), "backendServers[0].type", /ec[si]/],
  ["a type in another case", servers({ serverId: "i-1", type: "ECS" }), "backendServers[0].type", /ecs/],
  ["one entry twice", servers({ serverId: "i-1" }, { serverId: "i-2" }, { serverId: "i-1" }), "backendServers[2]", /serverIp or port/],
  ["one bare id twice", servers("i-1", "i-1"), "backendServers[1]", /once/],
  ["one port as number and text", group({ serverId: "i-1", port: 80 }, { serverId: "i-1", port: "80" }), "backendServers[1]", /once/],
  ["one port with leading zeros", group({ serverId: "i-1", port: 80 }, { serverId: "i-1", port: "080" }), "backendServers[1]", /once/],
  ["one address twice", group({ serverId: "eni-1", type: "eni", port: 80, serverIp: "10.0.0.1" }, { serverId: "eni-1", type: "eni", port: 80, serverIp: "10.0.0.1" }), "backendServers[1]", /once/],
  ["an ENI without a type", servers({ serverId: "eni-1" }), "backendServers[0].type", /type: "eni"/],
  ["an ENI of a group without a type", group({ serverId: "eni-1", port: 80, serverIp: "10.0.0.1" }), "backendServers[0].type", /type: "eni"/],
  ["an ENI as ECS", servers({ serverId: "eni-1", type: "ecs" }), "backendServers[0].type", /type: "eni"/],
  ["an ECI without a type", servers({ serverId: "eci-1" }), "backendServers[0].type", /type: "eci"/],
  ["an ENI as a bare id", servers("i-1", "eni-1"), "backendServers[1]", /type: "eni"/],
  ["bare ids for a group", group("i-1"), "backendServers[0]", /serverId/],
  ["objects and bare ids", servers({ serverId: "i-1" }, "i-2"), "backendServers[1]", /serverId/],
  ["bare ids and objects", servers("i-1", { serverId: "i-2" }), "backendServers[0]", /serverId/],
  ["a server that is null", servers(null), "backendServers[0]", /serverId/],
  ["a server that is a list", servers([]), "backendServers[0]", /serverId/],
  ["a server that is a number", servers(5), "backendServers[0]", /serverId/],
  ["a server without an id", group({ port: 80 }), "backendServers[0].serverId", /id/],
  ["a hole in the list", servers(...new Array(1)), "backendServers[0]", /serverId/],
  ["a region that is none", { ...servers("i-1"), regionId: "" }, "regionId"],
  ["an owner that is none", { ...servers("i-1"), ownerAccount: 5 }, "ownerAccount"],
  ["a description of 81 characters", servers({ serverId: "i-1", description: "x".repeat(81) }), "backendServers[0].description"],
  ["a weight to set that is none", weights({ serverId: "i-0", weight: 0 }, { serverId: "i-1" }), "backendServers[1].weight", /0 to 100/],
  ["bare ids to set", weights("i-1"), "backendServers[0]", /serverId/],
  ["bare ids to add", add("i-1"), "backendServers[0]", /serverId/],
  ["21 servers to add", add(...many(21)), "backendServers", /maxBackendsPerCall/],
  ["an entry to set without a port", groupWeights({ serverId: "i-1", weight: 0 }), "backendServers[0].port", /1 to 65535/],
  ["an entry to add without a port", addToGroup({ serverId: "i-1" }), "backendServers[0].port", /1 to 65535/],
  ["an ENI to add without a type", addToGroup({ serverId: "eni-1", port: 80 }), "backendServers[0].type", /type: "eni"/],
  ["nothing to set", { operation: "SetVServerGroupAttribute", vServerGroupId: "rsp-1" }, "backendServers", /vServerGroupName/],
  ["a listener's port that is none", health({ listenerPort: 65_536 }), "listenerPort", /1 to 65535/],
  ["a protocol in another case", health({ listenerProtocol: "TCP" }), "listenerProtocol", /tcp/],
  ["a flag that is text", { operation: "DescribeVServerGroups", loadBalancerId: "lb-1", includeRule: "true" }, "includeRule", /true or false/],
  ...BAD_IDS.flatMap((id) => [
    [`load balancer ${show(id)}`, { ...servers("i-1"), loadBalancerId: id }, "loadBalancerId", /1 to 64/],
    [`bare id ${show(id)}`, servers(id), "backendServers[0]", /1 to 64/],
    [`server ${show(id)}`, group({ serverId: id, port: 1 }), "backendServers[0].serverId", /1 to 64/],
  ]),
  ...NOT_TEXT.map((value) => [`load balancer ${show(value)}`, { ...servers("i-1"), loadBalancerId: value }, "loadBalancerId", /1 to 64/]),
];

const UCLOUD = [
  ["no operation", {}, "operation", /ReleaseBackend/],
  ["a misspelt operation", { operation: "RelaseBackend" }, "operation", /ReleaseBackend\?/],
  ["an operation of another vendor", { operation: "DeleteMember" }, "operation", /./],
  ["a wire name", { ...release(), ULBId: "ulb-1" }, "ULBId", /ulbId/],
  ["a misspelt field", { operation: "ReleaseBackend", ulbId: "ulb-1", backendID: "backend-1" }, "backendID", /backendId/],
  ["no load balancer", release({ ulbId: undefined }), "ulbId"],
  ["no backend", release({ backendId: undefined }), "backendId"],
  ["a list of backends", release({ backendId: ["backend-1"] }), "backendId"],
  ["a region that is none", release({ region: "CN_BJ2" }), "region"],
  ["an empty region", release({ region: "" }), "region"],
  ["a project that is none", release({ projectId: "a b" }), "projectId"],
  ["limit 0", describeV({ limit: 0 }), "limit", /1 to 1000/],
  ["limit abc", describeV({ limit: "abc" }), "limit", /1 to 1000/],
  ["offset -1", describeV({ offset: -1 }), "offset", /0 to/],
  ["a rule without a type", policy({ type: undefined }), "type", /Domain or Path/],
  ["the default rule", policy({ type: "Default" }), "type", /Domain/],
  ["a rule without backends", policy({ backendIds: undefined }), "backendIds"],
  ["a rule with an empty list", policy({ backendIds: [] }), "backendIds", /allowEmpty: true/],
  ["a rule with an empty list and a no", policy({ backendIds: [], allowEmpty: false }), "backendIds", /allowEmpty: true/],
  ["a rule with one backend as text", policy({ backendIds: "backend-1" }), "backendIds", /list/],
  ["a rule with a backend that is none", policy({ backendIds: ["backend-1", "a b"] }), "backendIds[1]", /1 to 64/],
  ["a rule with a backend that is null", policy({ backendIds: [null] }), "backendIds[0]", /1 to 64/],
  ["a rule with a backend twice", policy({ backendIds: ["backend-1", "backend-2", "backend-1"] }), "backendIds[2]", /once/],
  ["a rule with endless backends", policy({ backendIds: Array.from({ length: 100_000 }, (_, index) => `b-${index}`) }), "backendIds", /1000/],
  ["a match of 256 characters", policy({ match: "x".repeat(256) }), "match", /1 to 255/],
  ["priority 10000", policy({ policyPriority: 10_000 }), "policyPriority", /1 to 9999/],
  ["a new rule without backends", { ...policy({ policyId: undefined, backendIds: [] }), operation: "CreatePolicy" }, "backendIds", /at least one/],
  ["a backend's change that is none", attribute({}), "enabled", /weight or port or isBackup/],
  ["enabled true", attribute({ enabled: true }), "enabled", /0 to 1/],
  ["weight 101", attribute({ weight: 101 }), "weight", /0 to 100/],
  ["a new backend that is nothing", allocate({}), "resourceId", /resourceIp/],
  ["a new backend that is two", allocate({ resourceId: "uhost-1", resourceIp: "10.0.0.1", vpcId: "v", subnetId: "s" }), "resourceId", /one of them/],
  ["an address without a VPC", allocate({ resourceIp: "10.0.0.1", subnetId: "s" }), "vpcId"],
  ["an address without a subnet", allocate({ resourceIp: "10.0.0.1", vpcId: "v" }), "subnetId"],
  ["a kind of server that is none", allocate({ resourceType: "Uhost", resourceId: "uhost-1" }), "resourceType", /UHost/],
  ...BAD_IDS.flatMap((id) => [
    [`ulbId ${show(id)}`, release({ ulbId: id }), "ulbId", /1 to 64/],
    [`backendId ${show(id)}`, release({ backendId: id }), "backendId", /1 to 64/],
  ]),
  ...NOT_TEXT.map((value) => [`backendId ${show(value)}`, release({ backendId: value }), "backendId", /1 to 64/]),
];

const OPENSTACK = [
  ["no operation", {}, "operation", /DeleteMember/],
  ["a misspelt operation", { operation: "DeleteMembers" }, "operation", /DeleteMember\?/],
  ["a misspelt field", { operation: "DeleteMember", poolId: "p", memberid: "m" }, "memberid", /memberId/],
  ["no pool", member({ poolId: undefined }), "poolId"],
  ["no member", member({ memberId: undefined }), "memberId"],
  ["limit 0", members({ limit: 0 }), "limit", /1 to 2000/],
  ["a marker that is none", members({ marker: "a&b=c" }), "marker", /1 to 64/],
  ["a member's change that is none", update({}), "weight", /name/],
  ["weight 257", update({ weight: 257 }), "weight", /0 to/],
  ["an address to change", update({ address: "10.0.0.1" }), "address"],
  ["no address", create({ address: undefined }), "address", /IP address/],
  ["an address with a port", create({ address: "10.0.0.1/24" }), "address", /IP address/],
  ["port 0", create({ protocolPort: 0 }), "protocolPort", /1 to 65535/],
  ["a misspelt load balancer", { operation: "GetLoadBalancer", loadbalancerId: "lb" }, "loadbalancerId", /loadBalancerId/],
  ["a load balancer with a path", { operation: "GetLoadBalancerStatuses", loadBalancerId: "../pools" }, "loadBalancerId", /1 to 64/],
  ...BAD_IDS.flatMap((id) => [
    [`poolId ${show(id)}`, member({ poolId: id }), "poolId", /1 to 64/],
    [`memberId ${show(id)}`, member({ memberId: id }), "memberId", /1 to 64/],
  ]),
  ...NOT_TEXT.map((value) => [`memberId ${show(value)}`, member({ memberId: value }), "memberId", /1 to 64/]),
];

/** What is refused of OTC and Huawei besides. */
const OTC = [
  ["weight 101", update({ weight: 101 }), "weight", /0 to 100/],
  ["no subnet", create({ subnetId: undefined }), "subnetId", /subnet/],
];

const TABLES = { "alibaba rpc": ALIBABA, "alibaba acs3": ALIBABA, ucloud: UCLOUD, scloud: UCLOUD, "otc keys": [...OPENSTACK, ...OTC], "openstack token": OPENSTACK, "otc password": [...OPENSTACK, ...OTC] };

for (const [name, rows] of Object.entries(TABLES)) {
  describe(`bad operations: ${name}`, () => {
    const fetch = countingFetch();
    const client = new Client({ ...OPTIONS[name], fetch });
    const vendor = OPTIONS[name].vendor;
    // A password client cannot sign before it has a token; it can always explain.
    const proof = () => client.explain(operationsOf(vendor).removal, STAMP);
    const before = proof();
    for (const [what, operation, field, hint] of rows) {
      it(what, async () => {
        fetch.calls = 0;
        for (const work of [() => client.sign(operation), () => client.explain(operation), () => client.send(operation)]) {
          checkInvalid(await errorOf(work), { field, vendor, ...(hint ? { hint } : {}) });
        }
        assert.equal(fetch.calls, 0, "something was sent");
        assert.deepEqual(proof(), before);
      });
    }
  });
}

describe("good operations that look odd", () => {
  const rpc = new Client(OPTIONS["alibaba rpc"]);
  const sent = (operation) => JSON.parse(new URLSearchParams(rpc.sign(operation, STAMP).body).get("BackendServers"));
  const GOOD = [
    ["several addresses of one ENI", group({ serverId: "eni-1", type: "eni", port: 80, serverIp: "10.0.0.1" }, { serverId: "eni-1", type: "eni", port: 80, serverIp: "10.0.0.2" }), 2],
    ["several ports of one server", group({ serverId: "i-1", port: 80 }, { serverId: "i-1", port: 81 }), 2],
    ["20 servers", servers(...many(20)), 20],
    ["an id of 64 characters", servers("a".repeat(64)), 1],
    ["an id of digits", servers("42"), 1],
    ["undefined in an optional field", servers({ serverId: "i-1", weight: undefined }), 1],
  ];
  for (const [what, operation, count] of GOOD) it(what, () => assert.equal(sent(operation).length, count));

  it("integers as numbers and as decimal text go out alike", () => {
    const numbers = rpc.sign(group({ serverId: "i-1", port: 8080, weight: 100 }), STAMP);
    const texts = rpc.sign(group({ serverId: "i-1", port: "8080", weight: "100" }), STAMP);
    assert.deepEqual(numbers, texts);
    assert.deepEqual(sent(group({ serverId: "i-1", port: 8080 })), [{ ServerId: "i-1", Port: "8080" }]);
    const ucloud = new Client(OPTIONS.ucloud);
    assert.deepEqual(ucloud.sign(describeV({ limit: 5 })), ucloud.sign(describeV({ limit: "5" })));
    const otc = new Client(OPTIONS["otc keys"]);
    assert.deepEqual(otc.sign(members({ limit: 5 }), STAMP), otc.sign(members({ limit: "5" }), STAMP));
  });

  it("maxBackendsPerCall moves the bound", async () => {
    const wide = new Client({ ...OPTIONS["alibaba rpc"], maxBackendsPerCall: 40 });
    wide.sign(servers(...many(40)));
    checkInvalid(await errorOf(() => wide.sign(servers(...many(41)))), { field: "backendServers" });
    const narrow = new Client({ ...OPTIONS["alibaba rpc"], maxBackendsPerCall: 1 });
    checkInvalid(await errorOf(() => narrow.sign(servers(...many(2)))), { field: "backendServers" });
  });
});

function show(value) {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 24 ? `${text.slice(0, 12)}... (${text.length})` : text;
}
