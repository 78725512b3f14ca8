// The gateway's operations, and who may call them.
import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";
import * as callers from "./callers.mjs";
import { start } from "./main.mjs";

let emulator;
before(async () => {
  emulator = await start();
});
beforeEach(() => emulator.control.reset());
after(() => emulator.close());

const POOL = "/v2.0/lbaas/pools/5a9a3e9e-d1aa-448e-af37-a70171f2a332";
const MEMBER = `${POOL}/members/cf024846-7516-4e3a-b0fb-6590322c836f`;
const LB = "/v2.0/lbaas/loadbalancers/38278031-cfca-44be-81be-a412f618773b";
const otc = (method, path, options) => callers.otc(emulator, method, path, options);
const code = async (...call) => {
  const { status, error_code: own } = await otc(...call);
  return [status, own];
};
const wish = { address: "10.0.0.99", protocol_port: 80, subnet_id: "823d5866-6e30-45c2-9b1a-a1ebc3757fdb" };

test("UpdateMember sets weight and name; admin_state_up is kept and means nothing", async () => {
  const { status, member } = await otc("PUT", MEMBER, { body: { member: { weight: 0, admin_state_up: false } } });
  assert.deepEqual([status, member.weight, member.admin_state_up, member.name], [200, 0, false, "web-1"]);
  assert.equal((await otc("GET", MEMBER)).member.weight, 0);
  assert.equal((await otc("PUT", MEMBER, { body: { member: { name: "out" } } })).member.name, "out");
  for (const body of [{ member: { weight: 101 } }, { member: { weight: "0" } }, { member: { address: "10.0.0.1" } }, { member: { protocol_port: 81 } }, { member: null }, {}, "{"]) {
    assert.deepEqual(await code("PUT", MEMBER, { body }), [400, "ELB.8902"], JSON.stringify(body));
  }
  assert.deepEqual(await code("PUT", `${POOL}/members/none`, { body: { member: { weight: 0 } } }), [404, "ELB.8904"]);
});

test("CreateMember needs address, port and subnet, gives an id, and refuses a double", async () => {
  const { status, member } = await otc("POST", `${POOL}/members`, { body: { member: wish } });
  assert.deepEqual([status, member.address, member.protocol_port, member.weight, member.name], [201, "10.0.0.99", 80, 1, ""]);
  assert.equal((await otc("GET", `${POOL}/members/${member.id}`)).member.id, member.id);
  const again = await otc("POST", `${POOL}/members`, { body: { member: wish } });
  assert.deepEqual([again.status, again.error_code], [409, "ELB.8907"]);
  assert.match(again.error_msg, /already using ip 10\.0\.0\.99/);
  for (const name of Object.keys(wish)) {
    assert.deepEqual(await code("POST", `${POOL}/members`, { body: { member: { ...wish, [name]: undefined } } }), [400, "ELB.8902"], name);
  }
});

test("GetPool, GetLoadBalancer and GetLoadBalancerStatuses point at each other", async () => {
  const { pool } = await otc("GET", POOL);
  assert.equal(pool.members.length, 5);
  assert.equal(pool.loadbalancers[0].id, LB.split("/").at(-1));
  const { loadbalancer } = await otc("GET", LB);
  assert.deepEqual(loadbalancer.pools.map(({ id }) => id).includes(pool.id), true);
  assert.deepEqual([loadbalancer.listeners.length, loadbalancer.provisioning_status], [2, "ACTIVE"]);
  const { statuses } = await otc("GET", `${LB}/statuses`);
  const [listener] = statuses.loadbalancer.listeners;
  assert.equal(listener.pools[0].members.length, 5);
  assert.deepEqual(Object.keys(listener.pools[0].members[0]).sort(), ["address", "id", "operating_status", "protocol_port", "provisioning_status"]);
  assert.equal(statuses.loadbalancer.pools.length, 2, "every pool, once more");
  for (const path of [`${POOL}0`, `${LB}0`, `${LB}0/statuses`]) assert.deepEqual(await code("GET", path), [404, "ELB.8904"], path);
});

test("25 members come in pages", async () => {
  const [{ pools: [{ poolId, memberIds }] }] = emulator.control.arrange({ add: { otc: { members: 25 } } }).added.otc;
  const seen = [];
  for (let marker = ""; ; marker = `&marker=${seen.at(-1)}`) {
    const { members } = await otc("GET", `/v2.0/lbaas/pools/${poolId}/members?limit=10${marker}`);
    if (members.length === 0) break;
    seen.push(...members.map(({ id }) => id));
  }
  assert.deepEqual(seen, memberIds);
});

test("a reader reads and changes nothing; another project is forbidden", async () => {
  const { readOnlyCredentials, otherProjectCredentials } = emulator.info.keystone;
  const tokenOf = async (credentials) => (await callers.password(emulator, { credentials })).headers.get("x-subject-token");
  const reader = await tokenOf(readOnlyCredentials);
  assert.equal((await otc("GET", MEMBER, { token: reader })).status, 200);
  assert.deepEqual(await code("PUT", MEMBER, { token: reader, body: { member: { weight: 0 } } }), [403, "ELB.9802"]);
  assert.deepEqual(await code("POST", `${POOL}/members`, { token: reader, body: { member: wish } }), [403, "ELB.9802"]);
  assert.deepEqual(await code("DELETE", MEMBER, { token: reader }), [403, "ELB.9802"]);
  const stranger = await tokenOf(otherProjectCredentials);
  for (const [method, path] of [["GET", POOL], ["DELETE", MEMBER], ["GET", LB]]) assert.deepEqual(await code(method, path, { token: stranger }), [403, "ELB.9803"], path);
  assert.deepEqual(emulator.control.changes(), []);
});

test("a load balancer in ERROR refuses every change, for ever, and says so", async () => {
  const id = LB.split("/").at(-1);
  emulator.control.arrange({ set: [{ cloud: "otc", id, provisioningStatus: "ERROR", envelope: "octavia" }] });
  const answer = await otc("DELETE", MEMBER);
  assert.deepEqual([answer.status, answer.faultstring], [409, `Load Balancer ${id} is immutable and cannot be updated.`]);
  assert.equal((await otc("GET", LB)).loadbalancer.provisioning_status, "ERROR");
});

test("keystone: an application credential, and a catalogue with more than one way", async () => {
  const { identityEndpoint, applicationCredentials, region } = emulator.info.keystone;
  const ask = (extra, secret = applicationCredentials.applicationCredentialSecret) =>
    fetch(`${identityEndpoint}/auth/tokens`, {
      method: "POST",
      body: JSON.stringify({ auth: { identity: { methods: ["application_credential"], application_credential: { id: applicationCredentials.applicationCredentialId, secret } }, ...extra } }),
    });
  const answer = await ask({});
  const { token } = await answer.json();
  assert.deepEqual([answer.status, token.methods, token.project.name], [201, ["application_credential"], "eu-de_demo"]);
  assert.deepEqual([(await ask({ scope: { project: { name: "eu-de_demo" } } })).status, (await ask({}, "wrong")).status], [401, 401]);
  const endpoints = token.catalog.find(({ type }) => type === "load-balancer").endpoints;
  const url = (face, where) => endpoints.find((one) => one.interface === face && one.region === where).url;
  const get = async (base) => (await fetch(base + POOL, { headers: { "x-auth-token": answer.headers.get("x-subject-token") } })).status;
  assert.deepEqual([await get(url("public", region)), await get(url("internal", region)), await get(url("public", `${region}-elsewhere`))], [200, 200, 404]);
});

test("keystone: tokens are counted, and live as long as is asked for", async () => {
  emulator.control.setTokens({ ttlMs: 60_000 });
  const token = (await callers.password(emulator)).headers.get("x-subject-token");
  assert.equal((await otc("GET", MEMBER, { token })).status, 200);
  // The cloud's clock, and not a wait: a busy machine may take longer for the call before than a token would live.
  emulator.control.clock({ offsetMs: 61_000 });
  assert.equal((await otc("GET", MEMBER, { token })).status, 401);
  assert.deepEqual(emulator.control.tokens(), { ttlMs: 60_000, live: 0, issued: 1, accepted: 1, rejected: 1 });
  emulator.control.reset();
  assert.deepEqual(emulator.control.tokens(), { ttlMs: 3_600_000, live: 0, issued: 0, accepted: 0, rejected: 0 });
});
