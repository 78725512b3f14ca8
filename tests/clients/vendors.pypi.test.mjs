// The vendors' own Python clients against the emulator: they succeed with the right secret, and with a wrong one they are refused and nothing changes.
// They live in a virtual environment made from requirements.txt; UNPOOL_PYTHON names its interpreter.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { assertPython, run } from "./python.mjs";
import { observe, start } from "./support.mjs";

let emulator;
before(async () => {
  assertPython();
  emulator = await start();
});
after(() => emulator?.close());

/** `script` must succeed and take out exactly the lines that contain one of `expected`. */
async function removes(cloud, script, request, expected) {
  const { result, removed, log } = await observe(emulator, cloud, () => run(script, request));
  assert.equal(result.ok, true, JSON.stringify(result));
  assert.deepEqual(removed.map((line) => expected.find((part) => line.includes(part))), expected);
  assert.equal(removed.length, expected.length);
  assert.ok(log.every(({ verified }) => verified));
  return result.answer;
}

/** `script` must be refused with `code`, and nothing may have changed. */
async function refuses(cloud, script, request, code, verified = false) {
  const { result, removed, log } = await observe(emulator, cloud, () => run(script, request));
  assert.deepEqual([result.ok, result.code], [false, code], JSON.stringify(result));
  assert.deepEqual(removed, []);
  assert.ok(log.every((entry) => entry.verified === verified), JSON.stringify(log));
}

const wrong = (credentials, field) => ({ ...credentials, [field]: `${credentials[field]}x` });

const LB = "lb-bp15lbk8uja8rvm4a0001";
const OBJECTS = { LoadBalancerId: LB, BackendServers: '[{"ServerId":"i-bp1fq61enf4loa5i0000","Type":"ecs","Weight":"100"}]' };
const BARE = { RegionId: "cn-east-hangzhou-01", LoadBalancerId: "139a00604ad-cn-east-hangzhou-01", BackendServers: '["vm-233","vm-234"]', OwnerAccount: "OwnerAccount" };
const GROUP = { RegionId: "cn-hangzhou", VServerGroupId: "rsp-cige6j5e7p", BackendServers: '[{"ServerId":"eni-2ze1sdp50000","Type":"eni","ServerIp":"172.16.6.1","Port":"80","Description":"测试 *+~!\'()"}]' };

// The RPC client compares the server's string to sign with its own, and says that the secret is wrong only if they are equal.
for (const [name, script, wrongSecret, extra] of [
  ["alibabacloud-slb20140515 (ACS3)", "alibaba_acs3", "SignatureDoesNotMatch", {}],
  ["aliyun-python-sdk-slb (RPC)", "alibaba_rpc", "InvalidAccessKeySecret", {}],
  ["aliyun-python-sdk-slb (RPC, form body)", "alibaba_rpc", "InvalidAccessKeySecret", { inBody: true }],
]) {
  const request = (action, parameters, credentials = emulator.info.alibaba.credentials) => ({
    url: emulator.info.alibaba.url, region: parameters.RegionId ?? "cn-hangzhou", credentials, action, parameters, ...extra,
  });

  test(`${name}: the removal calls take effect`, async () => {
    await removes("alibaba", script, request("RemoveBackendServers", OBJECTS), [`${LB} default ecs i-bp1fq61enf4loa5i0000`]);
    await removes("alibaba", script, request("RemoveBackendServers", BARE), ["vm-233", "vm-234"]);
    const answer = await removes("alibaba", script, request("RemoveVServerGroupBackendServers", GROUP), ["172.16.6.1:80"]);
    assert.equal(answer.BackendServers.BackendServer.length, 5);
  });

  test(`${name}: the Describe calls read`, async () => {
    const lb = await removes("alibaba", script, request("DescribeLoadBalancerAttribute", { LoadBalancerId: LB }), []);
    assert.equal(lb.BackendServers.BackendServer.length, 6);
    const group = await removes("alibaba", script, request("DescribeVServerGroupAttribute", { RegionId: "cn-hangzhou", VServerGroupId: "rsp-cige6j5e7p" }), []);
    assert.equal(group.BackendServers.BackendServer[4].ServerIp, "172.16.6.1");
  });

  test(`${name}: a wrong secret is refused`, async () => {
    const bad = wrong(emulator.info.alibaba.credentials, "accessKeySecret");
    await refuses("alibaba", script, request("RemoveBackendServers", OBJECTS, bad), wrongSecret);
    await refuses("alibaba", script, request("RemoveVServerGroupBackendServers", GROUP, bad), wrongSecret);
  });

  test(`${name}: a temporary key works, and not with another token`, async () => {
    const sts = emulator.info.alibaba.stsCredentials;
    await removes("alibaba", script, request("RemoveBackendServers", OBJECTS, sts), ["i-bp1fq61enf4loa5i0000"]);
    await refuses("alibaba", script, request("RemoveBackendServers", OBJECTS, wrong(sts, "securityToken")), "InvalidSecurityToken.MismatchWithAccessKey");
  });

  test(`${name}: the client understands the emulator's errors`, async () => {
    await refuses("alibaba", script, request("RemoveBackendServers", { ...OBJECTS, LoadBalancerId: "lb-none" }), "InvalidLoadBalancerId.NotFound", true);
    await refuses("alibaba", script, request("RemoveVServerGroupBackendServers", { ...GROUP, VServerGroupId: "rsp-none" }), "InvalidParameter", true);
  });
}

for (const cloud of ["ucloud", "scloud"]) {
  const request = (action, parameters, credentials = emulator.info[cloud].credentials) => {
    const { url, region, projectId } = emulator.info[cloud];
    return { url, region, projectId, credentials, action, parameters };
  };
  const release = (BackendId, credentials) => request("ReleaseBackend", { ULBId: "ulb-5xyz", BackendId }, credentials);

  test(`ucloud-sdk-python3 at ${cloud}: ReleaseBackend and DescribeVServer`, async () => {
    await removes(cloud, "ucloud_client", release("backend-1a2b"), ["backend-1a2b"]);
    const page = await removes(cloud, "ucloud_client", request("DescribeVServer", { ULBId: "ulb-5xyz", Limit: 1, Offset: 1 }), []);
    assert.deepEqual([page.TotalCount, page.DataSet.map(({ VServerId }) => VServerId)], [3, ["vserver-tcp"]]);
  });

  test(`ucloud-sdk-python3 at ${cloud}: a wrong private key is refused, and another brand's key too`, async () => {
    const { credentials } = emulator.info[cloud];
    await refuses(cloud, "ucloud_client", release("backend-1a2b", wrong(credentials, "privateKey")), 171);
    const other = emulator.info[cloud === "ucloud" ? "scloud" : "ucloud"].credentials;
    await refuses(cloud, "ucloud_client", release("backend-1a2b", other), 172);
  });

  test(`ucloud-sdk-python3 at ${cloud}: a temporary key works, and not with another token`, async () => {
    const sts = emulator.info[cloud].stsCredentials;
    await removes(cloud, "ucloud_client", release("backend-1a2b", sts), ["backend-1a2b"]);
    await refuses(cloud, "ucloud_client", release("backend-1a2b", wrong(sts, "securityToken")), 174);
  });

  test(`ucloud-sdk-python3 at ${cloud}: the client understands the emulator's errors`, async () => {
    await refuses(cloud, "ucloud_client", release("backend-3c4d"), 4110, true);
    await refuses(cloud, "ucloud_client", release("backend-none"), 4093, true);
    await refuses(cloud, "ucloud_client", request("ReleaseBackend", { ULBId: "ulb-none", BackendId: "backend-1a2b" }), 4103, true);
    await refuses(cloud, "ucloud_client", request("ReleaseBackend", { ULBId: "ulb-5xyz", BackendId: "backend-1a2b", ProjectId: "org-none" }), 292, true);
  });
}

const POOL = "/v2.0/lbaas/pools/5a9a3e9e-d1aa-448e-af37-a70171f2a332/members";
const MEMBER = "cf024846-7516-4e3a-b0fb-6590322c836f";

test("huaweicloudsdkcore (SDK-HMAC-SHA256, Access): DELETE and GET of members", async () => {
  const { url, credentials, stsCredentials } = emulator.info.otc;
  const call = (method, path, rest = {}) => ({ url, credentials, method, path, ...rest });
  assert.equal((await removes("otc", "huawei_elb", call("DELETE", `${POOL}/${MEMBER}`), [MEMBER])).status, 204);
  const page = await removes("otc", "huawei_elb", call("GET", POOL, { query: [["limit", 2], ["marker", MEMBER]] }), []);
  assert.deepEqual(JSON.parse(page.body).members.map(({ name }) => name), ["web-2", "web-3"]);
  await removes("otc", "huawei_elb", call("DELETE", `${POOL}/${MEMBER}`, { credentials: stsCredentials }), [MEMBER]);
});

test("huaweicloudsdkcore: a wrong secret key, another token and missing rights are refused", async () => {
  const { url, credentials, stsCredentials, readOnlyCredentials } = emulator.info.otc;
  const call = (given) => ({ url, credentials: given, method: "DELETE", path: `${POOL}/${MEMBER}` });
  await refuses("otc", "huawei_elb", call(wrong(credentials, "secretKey")), "401 APIGW.0301");
  await refuses("otc", "huawei_elb", call(wrong(stsCredentials, "securityToken")), "401 APIGW.0301");
  await refuses("otc", "huawei_elb", call(readOnlyCredentials), "403 ELB.9802", true);
  await refuses("otc", "huawei_elb", { ...call(credentials), path: `${POOL}/${MEMBER}0` }, "404 ELB.8904", true);
});

test("keystoneauth1: a token for a password opens the gateway; a wrong password does not", async () => {
  const { identityEndpoint: url, credentials, readOnlyCredentials, region, projectId } = emulator.info.keystone;
  const call = (given) => ({ url, region, credentials: given, method: "DELETE", path: `${POOL}/${MEMBER}` });
  const answer = await removes("otc", "keystone_password", call(credentials), [MEMBER]);
  assert.deepEqual([answer.status, answer.project], [204, projectId]);
  await refuses("otc", "keystone_password", call(wrong(credentials, "password")), 401);
  await refuses("otc", "keystone_password", call(wrong(credentials, "project")), 401);
  await refuses("otc", "keystone_password", call(readOnlyCredentials), 403, true);
});
