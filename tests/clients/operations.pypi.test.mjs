// The operations around a removal, called by the vendors' own Python clients: right secret, and wrong secret.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { ALIBABA, OTC, UCLOUD } from "./calls.mjs";
import { assertPython, run } from "./python.mjs";
import { start, watch } from "./support.mjs";

let emulator;
before(async () => {
  assertPython();
  emulator = await start();
});
after(() => emulator?.close());

const wrong = (credentials, field) => ({ ...credentials, [field]: `${credentials[field]}x` });

/** Every call must succeed, answer as it should, and change what it should. */
async function succeeds(cloud, script, calls, requests, answerOf = (answer) => answer) {
  const { result, changes, log } = await watch(emulator, cloud, () => run(script, requests));
  result.forEach((one, index) => {
    const { look, expected, action, path } = calls[index];
    assert.equal(one.ok, true, `${action ?? path}: ${JSON.stringify(one)}`);
    assert.deepEqual(look(answerOf(one.answer, calls[index])), expected, action ?? path);
  });
  assert.equal(result.length, calls.length);
  assert.deepEqual(changes, calls.flatMap((call) => call.changes));
  assert.ok(log.length >= calls.length && log.every(({ verified }) => verified));
}

/** Every call must be refused with `code`, and nothing may change. */
async function refuses(cloud, script, requests, code) {
  const { result, changes, log } = await watch(emulator, cloud, () => run(script, requests));
  assert.deepEqual(result.map((one) => [one.ok, one.code]), requests.map(() => [false, code]), JSON.stringify(result));
  assert.deepEqual(changes, []);
  assert.ok(log.every(({ verified }) => !verified), JSON.stringify(log));
}

// The RPC client compares the server's string to sign with its own, and says that the secret is wrong only if they are equal.
for (const [name, script, code, extra] of [
  ["alibabacloud-slb20140515 (ACS3)", "alibaba_acs3", "SignatureDoesNotMatch", {}],
  ["aliyun-python-sdk-slb (RPC)", "alibaba_rpc", "InvalidAccessKeySecret", {}],
  ["aliyun-python-sdk-slb (RPC, form body)", "alibaba_rpc", "InvalidAccessKeySecret", { inBody: true }],
]) {
  const requests = (credentials) => ALIBABA.map(({ action, parameters }) => ({ url: emulator.info.alibaba.url, region: "cn-hangzhou", credentials, action, parameters: textual(script, parameters), ...extra }));

  test(`${name}: the operations around a removal`, async () => {
    await succeeds("alibaba", script, ALIBABA, requests(emulator.info.alibaba.credentials));
  });
  test(`${name}: a wrong secret is refused by each of them`, async () => {
    await refuses("alibaba", script, requests(wrong(emulator.info.alibaba.credentials, "accessKeySecret")), code);
  });
}

/** The RPC client wants text; Python would write True. */
function textual(script, parameters) {
  return script === "alibaba_rpc" ? Object.fromEntries(Object.entries(parameters).map(([name, value]) => [name, String(value)])) : parameters;
}

for (const cloud of ["ucloud", "scloud"]) {
  const requests = (credentials) => {
    const { url, region, projectId } = emulator.info[cloud];
    return UCLOUD.map(({ action, parameters }) => ({ url, region, projectId, credentials, action, parameters }));
  };

  test(`ucloud-sdk-python3 at ${cloud}: the operations around a removal`, async () => {
    await succeeds(cloud, "ucloud_client", UCLOUD, requests(emulator.info[cloud].credentials));
  });
  test(`ucloud-sdk-python3 at ${cloud}: a wrong private key is refused by each of them`, async () => {
    await refuses(cloud, "ucloud_client", requests(wrong(emulator.info[cloud].credentials, "privateKey")), 171);
  });
}

const bodyOf = ({ status, body }, call) => {
  assert.equal(status, call.status, call.path);
  return JSON.parse(body);
};
const atGateway = (rest) => OTC.map(({ method, path, body }) => ({ method, path, body, ...rest }));

test("huaweicloudsdkcore (SDK-HMAC-SHA256, Access): the operations around a removal", async () => {
  const { url, credentials } = emulator.info.otc;
  await succeeds("otc", "huawei_elb", OTC, atGateway({ url, credentials }), bodyOf);
  await refuses("otc", "huawei_elb", atGateway({ url, credentials: wrong(credentials, "secretKey") }), "401 APIGW.0301");
});

test("keystoneauth1: the operations around a removal", async () => {
  const { identityEndpoint: url, credentials, region } = emulator.info.keystone;
  await succeeds("otc", "keystone_password", OTC, atGateway({ url, region, credentials }), bodyOf);
  await refuses("otc", "keystone_password", atGateway({ url, region, credentials: wrong(credentials, "password") }), 401);
});

test("keystoneauth1 takes the internal endpoint of the catalogue when asked, and a reader changes nothing", async () => {
  const { identityEndpoint: url, credentials, readOnlyCredentials, region } = emulator.info.keystone;
  const [read, change] = atGateway({ url, region });
  const { result, log } = await watch(emulator, "otc", () => run("keystone_password", [{ ...read, credentials, interface: "internal" }, { ...change, credentials: readOnlyCredentials }]));
  assert.deepEqual([result[0].ok, result[1].code], [true, 403]);
  assert.deepEqual(log.map(({ target, verified, applied }) => [target.startsWith("/internal/"), verified, applied]), [[true, true, false], [false, true, false]]);
});
