// Every removal call leaves a Worker, and the emulator's state shows what it did.
import assert from "node:assert/strict";
import { before, beforeEach, test } from "node:test";
import { calls, withWrongSecret } from "../demo/calls.mjs";
import { unpool } from "../demo/unpool.mjs";
import { captured } from "../packaging/install.mjs";
import { fresh, setUp } from "./support.mjs";

let lab;

before(async (t) => {
  lab = await setUp(t);
});
beforeEach(() => fresh(lab));

test("the Worker's entry has the names of the default one", async () => {
  assert.deepEqual(await lab.value("names"), Object.keys(unpool).sort());
});

test("a client can be made while the Worker is loaded", async () => {
  assert.match(await lab.value("early"), /"Signature":"[0-9a-f]{40}"/);
});

test("signs the same bytes as the vendor's client, and never one nonce twice", async () => {
  const { expected, job } = await captured();
  const operation = unpool.alibaba.removeVServerGroupBackendServers(job.parameters);
  const { first, nonces } = await lab.value("sign", { client: job.client, operation, stamp: job.stamp });
  assert.equal(first.body, expected.body);
  assert.notEqual(nonces[0], nonces[1]);
  assert.ok(nonces.every((nonce) => nonce.length >= 24));
});

const member = calls().find(({ cloud }) => cloud === "otc");
const rows = [
  ...calls().map((call) => ({ ...call, options: (change) => lab.options(call.cloud, { ...call.client, ...change }) })),
  { ...member, name: "otc DeleteMember, Keystone password", options: (change) => lab.password(change) },
  { ...calls()[1], name: "alibaba RemoveBackendServers, ACS3", options: (change) => lab.options("alibaba", { signature: "acs3", ...change }) },
  { ...member, name: "otc DeleteMember, AK/SK scoped", options: (change) => lab.options("otc", { signature: "scoped", ...change }) },
];

for (const { name, cloud, pool, operation, gone, left, expectedLeft, options } of rows) {
  const poolNow = () => lab.backends().filter((line) => line.startsWith(`${cloud} ${pool}`));

  test(`${name}: what is named is gone, and nothing else`, async () => {
    const before = poolNow();
    const answer = await lab.value("send", { client: options(), operation: operation(unpool) });
    const expected = gone.map((line) => `${cloud} ${pool}${line}`);
    assert.deepEqual(before.filter((line) => !poolNow().includes(line)).sort(), expected.sort());
    assert.equal(poolNow().length, before.length - expected.length);
    if (left) assert.deepEqual(left(answer).sort(), expectedLeft.toSorted());
  });

  test(`${name}: a wrong secret is auth and changes nothing`, async () => {
    const before = lab.backends();
    const { credentials } = options();
    const error = await lab.error("send", { client: options({ credentials: withWrongSecret(credentials) }), operation: operation(unpool) });
    assert.equal(error.kind, "auth");
    assert.deepEqual(lab.backends(), before);
    for (const secret of Object.values(withWrongSecret(credentials)).filter((value) => value.endsWith("-wrong"))) {
      assert.ok(!JSON.stringify(error).includes(secret), "the error holds the secret");
    }
  });
}

test("what sign() returns is what the Worker's own fetch takes", async () => {
  const before = lab.backends();
  const { operation } = calls()[0];
  assert.equal(await lab.value("send by hand", { client: lab.options("scloud"), operation: operation(unpool) }), 200);
  assert.equal(lab.backends().length, before.length - 1);
});

test("one client serves requests at the same time, and each gets its own token where it must", { timeout: 20_000 }, async () => {
  const input = { client: lab.password(), operation: unpool.openstack.listMembers({ poolId: member.pool.trim() }) };
  // Slow enough that all ask before the first has a token: no request may wait for what another one is doing.
  lab.emulator.control.faults([{ cloud: "keystone", operation: "CreateToken", effect: "delay", ms: 300, times: 10 }]);
  const answers = await Promise.all(Array.from({ length: 4 }, () => lab.value("shared", input)));
  for (const { members } of answers) assert.ok(members.length > 0);
  const tokens = () => lab.emulator.control.log().filter(({ operation }) => operation === "CreateToken").length;
  const used = tokens();
  await lab.value("shared", input);
  assert.equal(tokens(), used, "a token that lives is used again");
});

test("a Worker with an old compatibility date removes as well", async (t) => {
  const old = await setUp(t, { compatibilityDate: "2022-03-21" });
  const { operation } = calls()[0];
  const before = old.backends();
  assert.equal((await old.value("send", { client: old.options("scloud"), operation: operation(unpool) })).retCode, 0);
  assert.equal(old.backends().length, before.length - 1);
});
