// One lab for all cases of a run, and what they all do with it.
import assert from "node:assert/strict";
import { after, before } from "node:test";
import { unpool } from "../../demo/unpool.mjs";
import { startLab } from "../lab.mjs";

const { Client, UnpoolError, openstack } = unpool;
export { openstack, UnpoolError };

/** An id of nothing. */
export const nobody = "00000000-0000-0000-0000-0000000000ff";
const clients = [];
const secrets = new Set();

/** The lab, from the first `before` on. */
export let lab;
before(async () => {
  lab = await startLab({ members: [] });
  for (const { password } of [lab.credentials, lab.reader, lab.other]) secrets.add(password);
  secrets.add(lab.token);
}, { timeout: 600_000 });
after(async () => {
  for (const client of clients) client.free();
  await lab?.stop();
});

function open(options) {
  const client = new Client({ vendor: "openstack", region: lab.region, allowHttp: true, ...options });
  clients.push(client);
  return client;
}

/** A client with any credentials that Keystone takes; `options` are the client's. */
export function withKeystone(credentials, options) {
  const { applicationCredentialSecret: secret } = credentials;
  if (secret) secrets.add(secret);
  return open({ identityEndpoint: lab.identityEndpoint, credentials, ...options });
}
export const withPassword = (options) => withKeystone(lab.credentials, options);
/** The demo user with a token: no Keystone, and Octavia knows it already. */
export const demo = (options) => withToken(lab.token, options);
export function withToken(token, options) {
  secrets.add(token);
  return open({ endpoint: lab.endpoint, credentials: { token }, ...options });
}

const pools = [];
let second;

/** Octavia takes longer for every change with every pool, so all cases use the same ones. */
async function filled(index, names) {
  await settled();
  pools[index] ??= index === 0 ? lab.poolId : (await lab.pool([])).poolId;
  const members = await lab.fill(pools[index], names);
  return { poolId: pools[index], id: Object.fromEntries(members.map(({ id, name }) => [name, id])) };
}
/** The pool with members of these names: `{ poolId, id: { name: memberId } }`. */
export const poolOf = (...names) => filled(0, names);
export const secondPoolOf = (...names) => filled(1, names);
/** The same on another load balancer, whose id it tells, too. */
export async function secondBalancerOf(...names) {
  second ??= await lab.balancer([]);
  const { loadBalancerId, poolId } = second;
  await lab.api.settled(loadBalancerId);
  const members = await lab.fill(poolId, names, loadBalancerId);
  return { loadBalancerId, poolId, id: Object.fromEntries(members.map(({ id, name }) => [name, id])) };
}

export const removal = (poolId, memberId) => openstack.deleteMember({ poolId, memberId });
export const settled = () => lab.api.settled(lab.loadBalancerId);
export const names = async (poolId) => (await lab.api.members(poolId)).map(({ name }) => name).sort();
export const statuses = (requests) => requests.map(({ status }) => status);
export const deletions = async (watch) => (await watch.octavia()).filter(({ method }) => method === "DELETE");
export const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** A fetch that loses the answers to the first `count` requests of this method, all of which arrive. */
export function losing(method, count = 1) {
  let lost = 0;
  return async (url, init) => {
    const response = await fetch(url, init);
    if (lost >= count || init.method !== method) return response;
    lost += 1;
    await response.text();
    throw disconnected();
  };
}

/** As Node's fetch says that a connection broke. */
export function disconnected() {
  const cause = Object.assign(new Error("other side closed"), { code: "UND_ERR_SOCKET" });
  return Object.assign(new TypeError("fetch failed"), { cause });
}

/** A fetch that lets `work` happen once, before the request that `when` chooses. */
export function interrupted(when, work) {
  let done = false;
  return async (url, init) => {
    if (!done && when(new URL(url), init)) {
      done = true;
      await work();
    }
    return fetch(url, init);
  };
}

/** Until `check` holds, while `sending` is under way: if that ends earlier, so does this. */
export async function during(sending, what, check, timeoutMs = 15_000) {
  let ended = false;
  const end = sending.finally(() => (ended = true));
  const checking = async () => {
    const deadline = Date.now() + timeoutMs;
    while (!(await check())) {
      assert.ok(!ended, `the call ended before ${what}`);
      assert.ok(Date.now() < deadline, `${what}: not within ${timeoutMs} ms`);
      await wait(20);
    }
  };
  const failed = new Promise((_, reject) => end.catch(reject));
  await Promise.race([checking(), failed]);
}

/** Keeps every change pending while `work` runs; `release()` lets them go on. */
export async function held(work) {
  await lab.delay(600_000);
  try {
    return await work(() => lab.delay(0));
  } finally {
    await lab.delay(0);
    await settled();
  }
}

/** In seconds. */
export const LIFETIME = 4;

/** Runs `work` while Keystone gives tokens that live for so many seconds, four by default. */
export async function shortLived(work, seconds = LIFETIME) {
  await lab.configure("keystone", { token: { expiration: seconds } });
  try {
    return await work();
  } finally {
    await lab.configure("keystone", {});
  }
}

/** The error of a call that has to fail, with what must hold for every error here. */
export async function failure(client, operation, kind) {
  const error = await client.send(operation).then(
    (answer) => assert.fail(`${kind} expected, answered ${JSON.stringify(answer)}`),
    (thrown) => thrown,
  );
  assert.ok(error instanceof UnpoolError, String(error));
  assert.equal(error.kind, kind, error.message);
  assert.equal(error.vendor, "openstack");
  assert.equal(error.operation, operation.operation);
  hidesSecrets(`${error.stack} ${JSON.stringify({ ...error })}`);
  return error;
}

export function hidesSecrets(shown) {
  for (const secret of secrets) assert.ok(!shown.includes(secret), "a secret is shown");
}
