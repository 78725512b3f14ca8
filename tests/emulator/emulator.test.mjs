// The parts of the emulator that no vendor client shows: its command line, formats, check order, CORS, tokens.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { after, before, beforeEach, test } from "node:test";
import { fileURLToPath } from "node:url";
import * as callers from "./callers.mjs";
import { start } from "./main.mjs";

let emulator;
before(async () => {
  emulator = await start();
});
beforeEach(() => emulator.control.reset());
after(() => emulator.close());

const rpc = (...call) => callers.rpc(emulator, ...call);
const password = (overrides, scope) => callers.password(emulator, { overrides, scope });
const release = { Action: "ReleaseBackend", Region: "cn-bj2", ULBId: "ulb-5xyz", BackendId: "backend-1a2b" };

async function ucloud(...call) {
  const { status, requestId, body } = await callers.ucloud(emulator, ...call);
  assert.equal(status, 200);
  assert.match(requestId, /^[0-9a-f-]{36}$/);
  return body;
}

test("the command line prints one line of JSON, serves, and ends with SIGTERM", async () => {
  const child = spawn(process.execPath, [fileURLToPath(new URL("main.mjs", import.meta.url)), "--port", "0"], { stdio: ["pipe", "pipe", "inherit"] });
  const lines = [];
  child.stdout.setEncoding("utf8").on("data", (text) => lines.push(text));
  await once(child.stdout, "data");
  const info = JSON.parse(lines.join(""));
  const urls = ["alibaba", "ucloud", "scloud", "otc", "keystone", "control"].map((name) => info[name].url);
  assert.equal(new Set(urls).size, 6);
  child.stdin.end(); // without --exit-with-stdin this means nothing
  assert.equal((await fetch(`${info.control.url}/state`)).status, 200);
  child.kill("SIGTERM");
  assert.deepEqual(await once(child, "exit"), [0, null]);
  assert.equal(lines.join("").trimEnd().split("\n").length, 1);
});

test("--exit-with-stdin ends with its standard input", async () => {
  const child = spawn(process.execPath, [fileURLToPath(new URL("main.mjs", import.meta.url)), "--exit-with-stdin"], { stdio: ["pipe", "pipe", "inherit"] });
  await once(child.stdout, "data");
  child.stdin.end();
  assert.deepEqual(await once(child, "exit"), [0, null]);
});

test("a port in use is one error, and the ports taken before it are free again", async () => {
  const listen = (port) => new Promise((resolve, reject) => {
    const server = createServer().once("error", reject).listen(port, "127.0.0.1", () => resolve(server));
  });
  const close = (server) => new Promise((resolve) => server.close(resolve));
  const free = async (port) => close(await listen(port)).then(() => true, () => false);
  // Two ports in a row: the first free, the second taken.
  let taken;
  do {
    if (taken) await close(taken);
    taken = await listen(0);
  } while (!(await free(taken.address().port - 1).catch(() => false)));
  const { port } = taken.address();
  await assert.rejects(start({ port: port - 1 }), /EADDRINUSE/);
  assert.equal(await free(port - 1), true);
  await close(taken);
});

test("alibaba: XML unless JSON is asked for, with the content type that vendor clients insist on", async () => {
  const answer = await rpc("DescribeLoadBalancerAttribute", { LoadBalancerId: "lb-bp15lbk8uja8rvm4a0001" });
  assert.equal(answer.headers.get("content-type"), "text/xml;charset=utf-8");
  assert.match(answer.text, /^<\?xml [^>]*\?><DescribeLoadBalancerAttributeResponse><RequestId>/);
  assert.match(answer.text, /<Description>spare &lt;&amp;&gt; standby<\/Description>/);
  assert.equal(answer.text.match(/<BackendServer>/g).length, 6);
  const error = await rpc("DescribeLoadBalancerAttribute", { LoadBalancerId: "lb-none" });
  assert.equal(error.headers.get("content-type"), "text/xml;charset=utf-8");
  assert.match(error.text, /<Error><RequestId>[^<]+<\/RequestId><HostId>[^<]+<\/HostId><Code>InvalidLoadBalancerId.NotFound</);
  const json = await rpc("DescribeLoadBalancerAttribute", { LoadBalancerId: "lb-none" }, { Format: "json" });
  assert.equal(JSON.parse(json.text).Code, "InvalidLoadBalancerId.NotFound");
  assert.equal(json.status, 404);
});

test("alibaba: time, nonce and signature are checked", async () => {
  const code = async (options) => JSON.parse((await rpc("DescribeLoadBalancerAttribute", { LoadBalancerId: "lb-bp15lbk8uja8rvm4a0001" }, { Format: "JSON", ...options })).text).Code;
  assert.equal(await code({ timestamp: new Date(Date.now() - 16 * 60_000) }), "InvalidTimeStamp.Expired");
  assert.equal(await code({ change: (all) => (all.Timestamp = new Date().toISOString()) }), "InvalidTimeStamp.Format");
  assert.equal(await code({ change: (all) => (all.RegionId = "cn-hangzhou") }), "SignatureDoesNotMatch");
  assert.equal(await code({ change: (all) => delete all.SignatureNonce }), "MissingSignatureNonce");
  assert.equal(await code({ nonce: "nonce-1" }), undefined);
  assert.equal(await code({ nonce: "nonce-1" }), "SignatureNonceUsed");
  emulator.control.clock({ offsetMs: 3_600_000 });
  const late = await rpc("DescribeLoadBalancerAttribute", { LoadBalancerId: "x" }, { Format: "JSON" });
  assert.equal(JSON.parse(late.text).Code, "InvalidTimeStamp.Expired");
  assert.ok(Math.abs(Date.parse(late.headers.get("date")) - Date.now() - 3_600_000) < 5000, "the Date header tells the cloud's time");
});

test("alibaba: BackendServers is read as leniently as the cloud reads it, and refused where it refuses", async () => {
  const call = async (BackendServers) => JSON.parse((await rpc("RemoveBackendServers", { LoadBalancerId: "lb-bp15lbk8uja8rvm4a0001", BackendServers }, { Format: "JSON" })).text);
  const count = (answer) => answer.BackendServers?.BackendServer.length;
  assert.equal(count(await call("[{'serverId':'i-bp1fq61enf4loa5i0000','Type':'ecs'}]")), 5);
  assert.equal(count(await call('[{"ServerId":"eni-2ze1sdp50001"}]')), 5, "an ENI without Type is looked for among the ECS instances");
  assert.equal(count(await call('[{"ServerId":"eni-2ze1sdp50001","Type":"eni","ServerIp":"192.168.0.31"}]')), 4);
  assert.equal(count(await call('[{"ServerId":"eni-2ze1sdp50001","Type":"eni"}]')), 2);
  for (const [text, code] of [["[]", "BackendServersMalformed"], ["nonsense", "BackendServersMalformed"], ['[{"Type":"ecs"}]', "BackendServersMalformed"], ['[{"ServerId":"i","Weight":"101"}]', "InvalidWeight.Malformed"]]) {
    assert.equal((await call(text)).Code, code, text);
  }
});

test("ucloud: the checks come in the gateway's order", async () => {
  const code = async (...call) => (await ucloud(...call)).RetCode;
  assert.equal(await code({}, { sign: false }), 160);
  assert.equal(await code({ Action: "NoSuchThing" }, { sign: false }), 161);
  assert.equal(await code({ Action: "ReleaseBackend" }, { sign: false }), 170);
  assert.equal(await code({ Action: "ReleaseBackend", Signature: "0".repeat(40), PublicKey: "nobody" }, { sign: false }), 172);
  assert.equal(await code({ Action: "ReleaseBackend", Signature: "0".repeat(40), PublicKey: emulator.info.ucloud.credentials.publicKey }, { sign: false }), 171);
  assert.equal(await code({ Action: "ReleaseBackend", Region: "cn-bj2" }), 220);
  assert.equal(await code({ ...release, Region: "Not A Region" }), 230);
  assert.equal(await code({ ...release, ProjectId: "org-other" }), 292);
  assert.equal(await code({ ...release, Region: "hk" }), 4103);
  assert.equal(await code({ ...release, BackendId: "backend-3c4d" }), 4110);
  assert.deepEqual(await ucloud(release), { Action: "ReleaseBackendResponse", RetCode: 0 });
  assert.equal(await code(release), 4093);
  const { rules } = emulator.control.state().ucloud;
  assert.deepEqual(rules.map((line) => line.includes("backend-1a2b")), [false, false]);
});

test("ucloud: GET, and pages of listeners", async () => {
  const get = (url, all) => fetch(`${url}/?${new URLSearchParams(all)}`);
  const page = async (Limit, Offset) => ucloud({ Action: "DescribeVServer", Region: "cn-bj2", ULBId: "ulb-5xyz", Limit, Offset }, { send: get });
  const ids = ({ DataSet }) => DataSet.map(({ VServerId }) => VServerId);
  assert.deepEqual(ids(await page("2", "0")), ["vserver-http", "vserver-tcp"]);
  const last = await page("2", "2");
  assert.deepEqual([last.TotalCount, ids(last)], [3, ["vserver-udp"]]);
  assert.equal((await page("two", "0")).RetCode, 230);
});

test("otc: pages end, links point inwards, and who may not is told so", async () => {
  const pool = `${emulator.info.otc.url}/v2.0/lbaas/pools/5a9a3e9e-d1aa-448e-af37-a70171f2a332/members`;
  const token = (await password()).headers.get("x-subject-token");
  const get = async (query, headers = { "x-auth-token": token }) => {
    const response = await fetch(pool + query, { headers });
    return { status: response.status, body: await response.json() };
  };
  const names = [];
  let query = "?limit=2";
  for (let pages = 0; query && pages < 5; pages += 1) {
    const { body } = await get(query);
    names.push(...body.members.map(({ name }) => name));
    const next = body.members_links.find(({ rel }) => rel === "next");
    query = next && new URL(next.href).search;
    if (next) assert.notEqual(new URL(next.href).host, new URL(pool).host);
  }
  assert.deepEqual(names, ["web-1", "web-2", "web-3", "web-4", "web-5"]);
  assert.equal((await get("?limit=2&marker=none")).status, 400);
  assert.deepEqual([(await get("", {})).status, (await get("", { "x-auth-token": "nonsense" })).status], [401, 401]);
  assert.equal((await get("", { "x-auth-token": token, "x-project-id": "another" })).status, 403);
  assert.equal((await get("0")).body.error_code, "APIGW.0101");
});

test("keystone: a token ends, can be revoked, and needs a project for the gateway", async () => {
  const pool = `${emulator.info.otc.url}/v2.0/lbaas/pools/5a9a3e9e-d1aa-448e-af37-a70171f2a332/members`;
  const status = async (token) => (await fetch(pool, { headers: { "x-auth-token": token } })).status;
  const answer = await password();
  assert.equal(answer.status, 201);
  const token = answer.headers.get("x-subject-token");
  const { expires_at: expiresAt, catalog } = (await answer.json()).token;
  assert.match(expiresAt, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/);
  assert.equal(catalog.find(({ type }) => type === "load-balancer").endpoints[0].url, emulator.info.otc.url);
  assert.equal(await status(token), 200);
  emulator.control.clock({ offsetMs: 3_601_000 });
  assert.equal(await status(token), 401);
  emulator.control.clock({ offsetMs: 0 });
  emulator.control.revokeTokens();
  assert.equal(await status(token), 401);
  assert.equal(await status((await password({}, "unscoped")).headers.get("x-subject-token")), 403);
  assert.equal((await password({}, { project: { id: emulator.info.keystone.projectId } })).status, 201);
  assert.equal((await password({}, { project: { name: "eu-de_other" } })).status, 401);
  const wrong = await password({ password: "wrong" });
  assert.deepEqual([wrong.status, (await wrong.json()).error.title, wrong.headers.get("x-subject-token")], [401, "Unauthorized", null]);
});

test("CORS is as in reality, or open for all", async () => {
  const preflight = (url, headers) => fetch(url, { method: "OPTIONS", headers: { origin: "http://page.invalid", "access-control-request-method": "POST", "access-control-request-headers": headers } });
  const allowed = (await preflight(emulator.info.alibaba.url, "authorization")).headers.get("access-control-allow-headers");
  assert.match(allowed, /x-acs-action/);
  assert.doesNotMatch(allowed, /authorization/i);
  assert.equal((await rpc("DescribeRegions", {})).headers.get("access-control-allow-origin"), "*");
  for (const cloud of ["ucloud", "scloud", "otc", "keystone"]) {
    assert.equal((await preflight(emulator.info[cloud].url, "content-type")).headers.get("access-control-allow-origin"), null, cloud);
    assert.equal((await fetch(emulator.info[cloud].url)).headers.get("access-control-allow-origin"), null, cloud);
  }
  const open = await start({ cors: true });
  try {
    for (const cloud of ["alibaba", "ucloud", "scloud", "otc", "keystone"]) {
      assert.equal((await preflight(open.info[cloud].url, "authorization,x-sdk-date")).headers.get("access-control-allow-headers"), "authorization,x-sdk-date", cloud);
      assert.match((await fetch(open.info[cloud].url)).headers.get("access-control-expose-headers"), /X-Subject-Token/, cloud);
    }
  } finally {
    await open.close();
  }
});

test("the log holds no key, token or signature", async () => {
  const call = async (path, init) => (await fetch(emulator.info.control.url + path, init)).json();
  await rpc("DescribeRegions", {});
  await ucloud(release, { send: (url, all) => fetch(`${url}/?${new URLSearchParams(all)}`) });
  await password();
  const text = JSON.stringify(await call("/log"));
  const { alibaba, ucloud: u, keystone } = emulator.info;
  for (const secret of [alibaba.credentials.accessKeyId, alibaba.credentials.accessKeySecret, u.credentials.privateKey, encodeURIComponent(u.credentials.publicKey), keystone.credentials.password]) {
    assert.equal(text.includes(secret), false, secret);
  }
  assert.match(text, /Signature=<redacted>/);
  assert.deepEqual((await call("/log")).map(({ cloud, verified }) => [cloud, verified]), [["alibaba", true], ["ucloud", true], ["keystone", true]]);
  assert.equal((await fetch(`${emulator.info.control.url}/nothing`)).status, 404);
  assert.match((await call("/faults", { method: "POST", body: '[{"effect":"explode"}]' })).error, /effect must be one of/);
});
