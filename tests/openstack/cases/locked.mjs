// While Octavia carries out one change it refuses the others of the same load balancer: 409. One in ERROR does so for
// ever, in the same words.
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  deletions, during, failure, held, lab, names, openstack, poolOf, removal, settled, statuses, withPassword,
} from "./shared.mjs";

test("with one attempt, the next change is `busy` while one is pending, and works once that has settled", async () => {
  const { poolId, id } = await poolOf("a", "b", "c");
  const client = withPassword({ maxAttempts: 1 });
  await held(async () => {
    await client.send(removal(poolId, id.a));
    const watch = await lab.watch();
    const error = await failure(client, removal(poolId, id.b), "busy");
    assert.equal(error.httpStatus, 409);
    assert.equal(error.retryable, true);
    assert.equal(error.sent, true);
    assert.deepEqual(statuses(await watch.octavia()), [409]);
  });
  assert.deepEqual(await names(poolId), ["b", "c"]);
  await client.send(removal(poolId, id.b));
  await settled();
  assert.deepEqual(await names(poolId), ["c"]);
});

test("a lock is waited out within maxAttempts: refused, refused, removed once", async () => {
  const { poolId, id } = await poolOf("a", "b", "c");
  const client = withPassword({ maxAttempts: 10 });
  await held(async (release) => {
    await client.send(removal(poolId, id.a));
    const watch = await lab.watch();
    const sending = client.send(removal(poolId, id.b));
    await during(sending, "a second attempt", async () => (await deletions(watch)).length >= 2);
    await release();
    await sending;
    const seen = statuses(await deletions(watch));
    assert.equal(seen.pop(), 204);
    assert.ok(seen.length >= 2 && seen.every((status) => status === 409), String(seen));
  });
  assert.deepEqual(await names(poolId), ["c"]);
});

test("a lock that stays is `busy` after three attempts, the default", async () => {
  const { poolId, id } = await poolOf("a", "b");
  const client = withPassword();
  await held(async () => {
    await client.send(removal(poolId, id.a));
    const watch = await lab.watch();
    const error = await failure(client, removal(poolId, id.b), "busy");
    assert.equal(error.httpStatus, 409);
    assert.deepEqual(statuses(await deletions(watch)), [409, 409, 409]);
  });
  assert.deepEqual(await names(poolId), ["b"]);
});

test("adding a member waits like a removal, and adds one: a locked load balancer certainly added nothing", async () => {
  const { poolId, id } = await poolOf("a", "b");
  const client = withPassword({ maxAttempts: 10 });
  await held(async (release) => {
    await client.send(removal(poolId, id.a));
    const watch = await lab.watch();
    const posts = async () => (await watch.octavia()).filter(({ method }) => method === "POST");
    const sending = client.send(
      openstack.createMember({ poolId, address: "10.0.0.77", protocolPort: 8080, name: "new" }),
    );
    await during(sending, "the first attempt", async () => (await posts()).length >= 1);
    await release();
    await sending;
    const seen = statuses(await posts());
    assert.equal(seen.pop(), 201);
    assert.ok(seen.length >= 1 && seen.every((status) => status === 409), String(seen));
  });
  assert.deepEqual(await names(poolId), ["b", "new"]);
});

test("readers are not locked out by a change", async () => {
  const { poolId, id } = await poolOf("a", "b");
  const client = withPassword({ maxAttempts: 1 });
  await held(async () => {
    await client.send(removal(poolId, id.a));
    const { members } = await client.send(openstack.listMembers({ poolId }));
    assert.deepEqual(
      members.map(({ name, provisioningStatus }) => [name, provisioningStatus]).sort(),
      [["a", "PENDING_DELETE"], ["b", "ACTIVE"]],
    );
  });
});

for (const [what, table, row] of [
  ["load balancer", "load_balancer", () => lab.loadBalancerId],
  ["pool", "pool", ({ poolId }) => poolId],
]) {
  test(`a ${what} in ERROR is not asked for ever: the error names ERROR, and nothing is changed`, async () => {
    const pool = await poolOf("a");
    const { poolId, id } = pool;
    const client = withPassword();
    await lab.setStatus(table, row(pool), "ERROR");
    try {
      const watch = await lab.watch();
      const error = await failure(client, removal(poolId, id.a), "busy");
      assert.equal(error.httpStatus, 409);
      assert.equal(error.sent, true);
      assert.match(`${error.message} ${error.hint}`, /\bERROR\b/);
      const requests = await watch.octavia();
      const attempts = requests.filter(({ method }) => method === "DELETE");
      assert.ok(attempts.length >= 1 && attempts.length <= 3, `${attempts.length} attempts`);
      // Looking why it is locked is welcome, a flood is not.
      assert.ok(requests.length <= 9, `${requests.length} requests`);
      assert.deepEqual(await names(poolId), ["a"]);
    } finally {
      await lab.setStatus(table, row(pool), "ACTIVE");
    }
    await client.send(removal(poolId, id.a));
    await settled();
    assert.deepEqual(await names(poolId), []);
  });
}

test("a member in ERROR locks nothing: it can be removed", async () => {
  const { poolId, id } = await poolOf("a");
  await lab.setStatus("member", id.a, "ERROR");
  await withPassword().send(removal(poolId, id.a));
  await settled();
  assert.deepEqual(await names(poolId), []);
});
