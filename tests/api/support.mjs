// What the tests of the JavaScript API share: the built package, clients of every vendor, and watchers
// that make a hanging promise or a stray exception a failure of the test that caused it.
import assert from "node:assert/strict";
import { afterEach } from "node:test";
import { unpool } from "../demo/unpool.mjs";

export const { Client, UnpoolError } = unpool;
export { unpool };

/** A time and nonce at which every signature is the same. */
export const STAMP = { timestamp: 1_710_428_966_000, nonce: "n-1" };

/** Options of one client per vendor and kind of credentials; nothing in them is real. */
export const OPTIONS = {
  "alibaba rpc": { vendor: "alibaba", region: "cn-hangzhou", credentials: { accessKeyId: "testid", accessKeySecret: "testsecret" } },
  "alibaba acs3": { vendor: "alibaba", region: "cn-hangzhou", signature: "acs3", credentials: { accessKeyId: "testid", accessKeySecret: "testsecret" } },
  ucloud: { vendor: "ucloud", region: "cn-bj2", credentials: { publicKey: "publicKey+1=", privateKey: "privateKey/1=" } },
  scloud: { vendor: "scloud", region: "sg", encoding: "form", credentials: { publicKey: "publicKey+2=", privateKey: "privateKey/2=" } },
  "otc keys": { vendor: "otc", region: "eu-de", credentials: { accessKey: "AK1", secretKey: "secret-of-AK1" } },
  "huawei scoped": { vendor: "huawei", region: "cn-north-4", signature: "scoped", credentials: { accessKey: "AK2", secretKey: "secret-of-AK2" } },
  "openstack token": { vendor: "openstack", endpoint: "https://octavia.example:9876", credentials: { token: "gAAAAAB-token" } },
  "otc password": {
    vendor: "otc",
    region: "eu-de",
    credentials: { username: "demo", password: "Fake-Password-1", userDomain: "OTC1", project: "eu-de_demo" },
  },
  "openstack user id": {
    vendor: "openstack",
    identityEndpoint: "https://keystone.example/v3",
    credentials: { userId: "u1", password: "Fake-Password-2", projectId: "p1" },
  },
  "openstack application": {
    vendor: "openstack",
    identityEndpoint: "https://keystone.example/v3",
    credentials: { applicationCredentialId: "app1", applicationCredentialSecret: "Fake-Secret-3" },
  },
};

/** A removal and a read of each family. */
export const OPERATIONS = {
  alibaba: {
    removal: { operation: "RemoveBackendServers", loadBalancerId: "lb-1", backendServers: [{ serverId: "i-1" }] },
    read: { operation: "DescribeLoadBalancerAttribute", loadBalancerId: "lb-1" },
  },
  ucloud: {
    removal: { operation: "ReleaseBackend", ulbId: "ulb-1", backendId: "backend-1" },
    read: { operation: "DescribeVServer", ulbId: "ulb-1" },
  },
  openstack: {
    removal: { operation: "DeleteMember", poolId: "p-1", memberId: "m-1" },
    read: { operation: "ListMembers", poolId: "p-1" },
  },
};

const FAMILY = { alibaba: "alibaba", ucloud: "ucloud", scloud: "ucloud", otc: "openstack", huawei: "openstack", openstack: "openstack" };

export const operationsOf = (vendor) => OPERATIONS[FAMILY[vendor]];

/** A `fetch` that counts its calls and answers none: for whatever must not be sent. */
export function countingFetch() {
  const fetch = () => {
    fetch.calls += 1;
    return Promise.reject(new TypeError("this test sends nothing"));
  };
  fetch.calls = 0;
  return fetch;
}

/** The error that `work` throws or rejects with; a failure if there is none. */
export async function errorOf(work) {
  let result;
  try {
    result = work();
    if (typeof result?.then === "function") result = await settled(result);
  } catch (error) {
    return error;
  }
  assert.fail(`no error; the result is ${JSON.stringify(result)}`);
}

// Taken now: a test may replace the global one.
const { setTimeout } = globalThis;

/** The promise's own end, or a failure if it has none in time. */
export function settled(promise, ms = 10_000) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new assert.AssertionError({ message: `not settled within ${ms} ms` })), ms);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

/** Checks an UnpoolError; a `hint` that is expected is a pattern, any other must at least be there. */
export function checkError(error, expected) {
  const shown = `${error?.stack ?? String(error)}\n${JSON.stringify(error)}`;
  assert.ok(error instanceof UnpoolError, `not an UnpoolError: ${shown}`);
  assert.ok(typeof error.message === "string" && error.message !== "", `no message: ${shown}`);
  const { hint, ...exact } = expected;
  for (const [name, value] of Object.entries(exact)) assert.deepEqual(error[name], value, `${name}: ${shown}`);
  if (hint) assert.match(error.hint ?? "", hint, shown);
}

/** Bad input: names the field, says what to do, repeats no endless input, and was not sent. */
export function checkInvalid(error, expected) {
  checkError(error, { kind: "invalid-input", sent: false, retryable: false, ...expected });
  assert.ok(error.hint, `no hint: ${error.message}`);
  for (const text of [error.message, error.hint, error.field]) assert.ok(text.length < 2_000, `too long: ${text.slice(0, 200)}`);
}

/** Call once in a test file: no test may leave an unhandled rejection or an uncaught exception behind. */
export function watchStrays() {
  const strays = [];
  for (const event of ["unhandledRejection", "uncaughtException"]) process.on(event, (thrown) => strays.push(`${event}: ${thrown?.stack ?? String(thrown)}`));
  afterEach(async () => {
    // Rejections are reported after the microtasks, and what a module throws in a task of its own after that.
    await new Promise(setImmediate);
    await new Promise(setImmediate);
    assert.deepEqual(strays.splice(0), []);
  });
}
