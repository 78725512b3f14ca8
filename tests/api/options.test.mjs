// Bad client options: each row is refused by the constructor with the option and a hint, nothing is
// sent, and other clients work on.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Client, OPTIONS, STAMP, checkInvalid, countingFetch, errorOf, operationsOf, unpool, watchStrays } from "./support.mjs";

watchStrays();

const without = (object, name) => Object.fromEntries(Object.entries(object).filter(([key]) => key !== name));
const NOT_TEXT = [5, true, null, [], {}, Number.NaN, ""];

/** Options of a kind, some of them changed; undefined takes one away. */
const options = (kind, changes) => ({ ...OPTIONS[kind], ...changes });
const credentials = (kind, changes) => options(kind, { credentials: { ...OPTIONS[kind].credentials, ...changes } });

/** Every kind of credentials: each field missing, of a wrong type and misspelt. */
const CREDENTIALS = Object.keys(OPTIONS).flatMap((kind) => {
  const given = OPTIONS[kind].credentials;
  const names = Object.keys(given);
  // Where credentials come in kinds, their first field says of which.
  const kinds = ["otc", "huawei", "openstack"].includes(OPTIONS[kind].vendor);
  const rows = [
    [kind, "no credentials", without(OPTIONS[kind], "credentials"), "credentials", /./],
    ...["text", 5, null, [], true].map((value) => [kind, `credentials ${show(value)}`, options(kind, { credentials: value }), "credentials", /object/]),
    [kind, "empty credentials", options(kind, { credentials: {} }), kinds ? "credentials" : `credentials.${names[0]}`, /./],
    [kind, "an unknown field", credentials(kind, { color: "blue" }), "credentials.color", /one of/],
  ];
  for (const [index, name] of names.entries()) {
    const field = `credentials.${name}`;
    rows.push([kind, `no ${name}`, options(kind, { credentials: without(given, name) }), kinds && index === 0 ? "credentials" : field.replace("projectId", "project"), /./]);
    if (index > 0) rows.push([kind, `a misspelt ${name}`, options(kind, { credentials: { ...without(given, name), [`${name}s`]: "x" } }), `${field}s`, new RegExp(`\\b${name}\\?`)]);
    for (const value of NOT_TEXT) rows.push([kind, `${name} ${show(value)}`, credentials(kind, { [name]: value }), field, /./]);
  }
  return rows;
});

const MORE_CREDENTIALS = [
  ["alibaba rpc", "a secret with a blank at its end", credentials("alibaba rpc", { accessKeySecret: "testsecret " }), "credentials.accessKeySecret", /without blanks/],
  ["alibaba rpc", "a key id with a line break", credentials("alibaba rpc", { accessKeyId: "testid\n" }), "credentials.accessKeyId", /without blanks/],
  ["alibaba rpc", "a key id beyond ASCII", credentials("alibaba rpc", { accessKeyId: "testid\u00e9" }), "credentials.accessKeyId", /./],
  ["alibaba rpc", "an endless secret", credentials("alibaba rpc", { accessKeySecret: "x".repeat(10_240) }), "credentials.accessKeySecret", /./],
  ["alibaba rpc", "an empty security token", credentials("alibaba rpc", { securityToken: "" }), "credentials.securityToken", /./],
  ["alibaba rpc", "a security token that is null", credentials("alibaba rpc", { securityToken: null }), "credentials.securityToken", /./],
  ["ucloud", "a private key with a blank", credentials("ucloud", { privateKey: "a b" }), "credentials.privateKey", /without blanks/],
  ["ucloud", "an access key of another vendor", options("ucloud", { credentials: { accessKeyId: "a", accessKeySecret: "b" } }), "credentials.accessKeyId", /publicKey/],
  ["otc keys", "a project that is none", credentials("otc keys", { projectId: "a/b" }), "credentials.projectId", /1 to 64/],
  ["otc keys", "a token beside keys", credentials("otc keys", { token: "t" }), "credentials.accessKey", /token/],
  ["otc password", "no project", options("otc password", { credentials: without(OPTIONS["otc password"].credentials, "project") }), "credentials.project", /projectId/],
  ["openstack user id", "a project's name without a domain", options("openstack user id", { credentials: { userId: "u", password: "p", project: "demo" } }), "credentials.projectDomain", /domain/],
  ["openstack token", "a token with a line break", credentials("openstack token", { token: "gAAAA\r\nx-evil: 1" }), "credentials.token", /without blanks/],
];

const OTHERS = [
  ["alibaba rpc", "a misspelt vendor", options("alibaba rpc", { vendor: "alibba" }), "vendor", /alibaba\?/],
  ["alibaba rpc", "a vendor in another case", options("alibaba rpc", { vendor: "Alibaba" }), "vendor", /alibaba\?/],
  ["alibaba rpc", "a vendor that is none", options("alibaba rpc", { vendor: "aws" }), "vendor", /one of: alibaba, ucloud, scloud, otc, huawei, openstack/],
  ["alibaba rpc", "no vendor", without(OPTIONS["alibaba rpc"], "vendor"), "vendor", /alibaba/],
  ...[5, null, [], {}, ""].map((vendor) => ["alibaba rpc", `vendor ${show(vendor)}`, options("alibaba rpc", { vendor }), "vendor", /alibaba/]),
  ["alibaba rpc", "a misspelt option", options("alibaba rpc", { timeoutMS: 5 }), "timeoutMS", /timeoutMs\?/],
  ["alibaba rpc", "an option of another vendor", options("alibaba rpc", { encoding: "json" }), "encoding", /one of/],
  ["ucloud", "an option of another vendor", options("ucloud", { network: "vpc" }), "network", /one of/],
  ["alibaba rpc", "a misspelt fetch", options("alibaba rpc", { fecth: () => {} }), "fecth", /fetch\?/],
  ["alibaba rpc", "a misspelt region", options("alibaba rpc", { region: "cn-hangzou" }), "region", /cn-hangzhou/],
  ["alibaba acs3", "a misspelt region", options("alibaba acs3", { region: "eu-central1" }), "region", /eu-central-1/],
  ["alibaba rpc", "a region without a VPC host", options("alibaba rpc", { region: "cn-fujian", network: "vpc" }), "region", /endpoint/],
  ["otc keys", "a misspelt region", options("otc keys", { region: "eu-dee" }), "region", /eu-de/],
  ["huawei scoped", "a misspelt region", options("huawei scoped", { region: "cn-nort-4" }), "region", /cn-north-4/],
  ...["alibaba rpc", "ucloud", "scloud", "otc keys", "huawei scoped"].flatMap((kind) => [
    [kind, "no region", options(kind, { region: undefined }), "region", /region/],
    [kind, "an empty region", options(kind, { region: "" }), "region", /./],
    ...["CN-HANGZHOU", "a_b", "a.b", "a/b", "a b", "a".repeat(65), 5, null].map((region) => [kind, `region ${show(region)}`, options(kind, { region }), "region", /./]),
  ]),
  ["alibaba rpc", "a region in capitals at an endpoint", options("alibaba rpc", { region: "CN", endpoint: "https://slb.example" }), "region", /cn-hangzhou/],
  ["openstack token", "no endpoint", options("openstack token", { endpoint: undefined }), "endpoint", /URL/],
  ["openstack user id", "no identity endpoint", options("openstack user id", { identityEndpoint: undefined }), "identityEndpoint", /Keystone/],
  ["alibaba rpc", "an unknown signature", options("alibaba rpc", { signature: "acs4" }), "signature", /acs3\?/],
  ["otc keys", "an unknown signature", options("otc keys", { signature: "v11" }), "signature", /access, scoped/],
  ["alibaba rpc", "an unknown format", options("alibaba rpc", { format: "JSON" }), "format", /json\?/],
  ["alibaba rpc", "an unknown network", options("alibaba rpc", { network: "private" }), "network", /public|vpc/],
  ["ucloud", "an unknown encoding", options("ucloud", { encoding: "jsno" }), "encoding", /json\?/],
  ["ucloud", "a project that is none", options("ucloud", { projectId: "a b" }), "projectId", /1 to 64/],
  ["openstack user id", "an unknown interface", options("openstack user id", { interface: "pubic" }), "interface", /public\?/],
  ["alibaba rpc", "allowHttp as text", options("alibaba rpc", { allowHttp: "true" }), "allowHttp", /true or false/],
  ...[0, -1, 600_001, 1.5, "abc", Number.NaN, Number.POSITIVE_INFINITY, null, true].map((value) => ["alibaba rpc", `timeoutMs ${show(value)}`, options("alibaba rpc", { timeoutMs: value }), "timeoutMs", /1 to 600000/]),
  ...[0, 41, "x"].map((value) => ["alibaba rpc", `maxBackendsPerCall ${show(value)}`, options("alibaba rpc", { maxBackendsPerCall: value }), "maxBackendsPerCall", /1 to 40/]),
  ["alibaba rpc", "maxAttempts 0", options("alibaba rpc", { maxAttempts: 0 }), "maxAttempts", /1 to 10/],
  ...[5, null, "fetch", {}, []].map((fetch) => ["alibaba rpc", `fetch ${show(fetch)}`, options("alibaba rpc", { fetch }), "fetch", /function/]),
];

const ENDPOINTS = [
  "", "slb.aliyuncs.com", "//slb.aliyuncs.com", "ftp://slb.aliyuncs.com", "https:/slb.aliyuncs.com", "https://", "https:///path", "javascript:alert(1)",
  "https://user:pass-word@slb.aliyuncs.com", "https://user@slb.aliyuncs.com", "https://slb.aliyuncs.com?x=1", "https://slb.aliyuncs.com/?x=1", "https://slb.aliyuncs.com#f",
  "https://slb.aliyuncs.com/#f", "https://slb aliyuncs.com", "https://slb.aliyuncs.com\n.example", " https://slb.aliyuncs.com", "https://example\\@slb.aliyuncs.com",
  "https://b\u00fccher.example", "https://slb.aliyuncs.com:0", "https://slb.aliyuncs.com:65536", "https://slb.aliyuncs.com:+80", "https://slb.aliyuncs.com:", "https://[::1", "https://[x]",
  "https://.example", "https://slb.aliyuncs.com/../x", "https://slb.aliyuncs.com/%2e%2e/x", "https://slb.aliyuncs.com/a//b", `https://${"a".repeat(3_000)}`,
  "http://slb.aliyuncs.com", "http://127.0.0.1:8080", "http://localhost", 5, null, [], {},
].map((endpoint) => [endpoint, {}]);
const HTTP_ENDPOINTS = ["http://slb.aliyuncs.com", "http://10.0.0.1", "http://0.0.0.0", "http://localhost.example", "http://127.0.0.1.example", "http://127.1", "http://128.0.0.1", "http://[::2]", "http://user@127.0.0.1"].map(
  (endpoint) => [endpoint, { allowHttp: true }],
);
const ENDPOINT_ROWS = [...ENDPOINTS, ...HTTP_ENDPOINTS].flatMap(([endpoint, more]) => {
  const what = `${show(endpoint)} ${more.allowHttp ? "with allowHttp" : ""}`;
  return [
    ...["alibaba rpc", "ucloud", "otc keys"].map((kind) => [kind, `endpoint ${what}`, options(kind, { endpoint, ...more }), "endpoint", /./]),
    ["openstack user id", `identityEndpoint ${what}`, options("openstack user id", { identityEndpoint: endpoint, ...more }), "identityEndpoint", /./],
  ];
});
const PATH_ROWS = ["alibaba rpc", "ucloud"].map((kind) => [kind, "an endpoint with a path", options(kind, { endpoint: "https://gateway.example/slb" }), "endpoint", /path/]);

const FORBIDDEN_HEADERS = ["host", "Host", "authorization", "AUTHORIZATION", "x-auth-token", "X-Subject-Token", "x-acs-action", "X-Acs-Anything", "x-sdk-date", "x-security-token", "x-project-id", "content-type", "content-length"];
const HEADER_ROWS = [
  ...FORBIDDEN_HEADERS.map((name) => [name, "x", /extras such as/]),
  ...["", "a b", "a:b", "a\nb", "a\r\nb", "\u00e4"].map((name) => [name, "x", /extras such as/]),
  ...["a\nb", "a\r\nx-evil: 1", "\u0000", "\u00e4", "\ud83d\ude00", ""].map((value) => ["channel-key", value, /./]),
].map(([name, value, hint]) => ["alibaba rpc", `header ${show(name)}: ${show(value)}`, options("alibaba rpc", { headers: { [name]: value } }), `headers.${name}`, hint]);
const HEADERS_ROWS = [5, "x", null, [], ["a: b"], { "channel-key": 5 }, { "channel-key": null }, { "channel-key": ["x"] }].map((headers) => ["alibaba rpc", `headers ${show(headers)}`, options("alibaba rpc", { headers }), "headers", /object of strings/]);

describe("bad client options", () => {
  const fetch = countingFetch();
  const client = new Client({ ...OPTIONS["alibaba rpc"], fetch });
  const proof = () => client.sign(operationsOf("alibaba").removal, STAMP);
  const before = proof();
  const rows = [...CREDENTIALS, ...MORE_CREDENTIALS, ...OTHERS, ...ENDPOINT_ROWS, ...PATH_ROWS, ...HEADER_ROWS, ...HEADERS_ROWS];
  for (const [kind, what, given, field, hint] of rows) {
    it(`${kind}: ${what}`, async () => {
      fetch.calls = 0;
      const error = await errorOf(() => new Client("fetch" in given ? given : { ...given, fetch }));
      checkInvalid(error, { field, hint });
      assert.equal(fetch.calls, 0, "something was sent");
      assert.doesNotMatch(`${error.message} ${error.hint}`, /pass-word|testsecret|Fake-/, "a secret is shown");
      assert.deepEqual(proof(), before);
    });
  }

  for (const region of ["eu-nl", "eu-ch2"]) {
    it(`otc ${region} has the v3 API only`, async () => {
      const error = await errorOf(() => new Client(options("otc keys", { region })));
      assert.equal(error.kind, "unsupported");
      assert.equal(error.field, "region");
      assert.equal(error.vendor, "otc");
      assert.match(error.message, /v3/);
      assert.match(error.hint, /eu-de/);
    });
  }
});

describe("good client options that look odd", () => {
  const ANY = ["a", "moon-base-1", "0", "a".repeat(64)];
  for (const region of ANY) {
    it(`region ${show(region)} is taken where it does not choose the host`, () => {
      for (const kind of ["ucloud", "scloud", "openstack token"]) new Client(options(kind, { region })).free();
      for (const kind of ["alibaba rpc", "alibaba acs3", "otc keys", "huawei scoped"]) new Client(options(kind, { region, endpoint: "https://gateway.example" })).free();
    });
  }

  it("a region that chooses the host is taken from the list that regions() gives", () => {
    for (const kind of ["alibaba rpc", "ucloud", "scloud", "otc keys", "huawei scoped"]) {
      const list = unpool.regions(OPTIONS[kind].vendor);
      assert.ok(list.length > 0);
      for (const region of list) new Client(options(kind, { region })).free();
    }
    assert.deepEqual(unpool.regions("openstack"), []);
  });

  it("regions() of an unknown vendor names the nearest", async () => {
    checkInvalid(await errorOf(() => unpool.regions("huawai")), { field: "vendor", hint: /huawei\?/ });
    for (const vendor of [undefined, null, 5, {}, "\ud800"]) checkInvalid(await errorOf(() => unpool.regions(vendor)), { field: "vendor" });
  });

  const ENDPOINT_HOSTS = [
    ["https://SLB.Example", "https://slb.example/"],
    ["HTTPS://slb.example/", "https://slb.example/"],
    ["https://slb.example:443", "https://slb.example/"],
    ["https://slb.example:8443", "https://slb.example:8443/"],
    ["https://[::1]:8443", "https://[::1]:8443/"],
    ["http://127.0.0.1:80", "http://127.0.0.1/"],
    ["http://localhost:8080", "http://localhost:8080/"],
    ["http://[::1]:8080", "http://[::1]:8080/"],
  ];
  for (const [endpoint, url] of ENDPOINT_HOSTS) {
    it(`endpoint ${endpoint}`, () => {
      const client = new Client(options("alibaba rpc", { endpoint, allowHttp: true }));
      assert.equal(client.sign(operationsOf("alibaba").removal).url, url);
      assert.equal(new URL(url).href, url, "the platform would write the URL otherwise");
    });
  }

  it("an endpoint of a load balancer service may have a path and a version", () => {
    for (const endpoint of ["https://cloud.example/load-balancer", "https://cloud.example/load-balancer/", "https://cloud.example/load-balancer/v2.0"]) {
      const client = new Client(options("openstack token", { endpoint }));
      assert.equal(client.sign(operationsOf("openstack").removal).url, "https://cloud.example/load-balancer/v2.0/lbaas/pools/p-1/members/m-1");
    }
  });

  it("http is taken for the host inside UCloud's network, with allowHttp only", async () => {
    const inside = { endpoint: "http://api.service.ucloud.cn" };
    assert.equal(new Client(options("ucloud", { ...inside, allowHttp: true })).sign(operationsOf("ucloud").removal).url, "http://api.service.ucloud.cn/");
    checkInvalid(await errorOf(() => new Client(options("ucloud", inside))), { field: "endpoint", hint: /allowHttp/ });
    checkInvalid(await errorOf(() => new Client(options("alibaba rpc", { ...inside, allowHttp: true }))), { field: "endpoint" });
  });

  it("extra headers go along, in lower case", () => {
    const client = new Client(options("ucloud", { headers: { "Channel-Key": "abc", "x-request-source": "a b" } }));
    const { headers } = client.sign(operationsOf("ucloud").removal);
    assert.equal(headers["channel-key"], "abc");
    assert.equal(headers["x-request-source"], "a b");
  });
});

function show(value) {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 60 ? `${text.slice(0, 24)}... (${text.length})` : text;
}
