// DeleteMember. Effects are read by plain fetch (rest.mjs), requests are counted by the services.
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  deletions, failure, lab, names, nobody, openstack, poolOf, removal, settled, statuses, withKeystone, withPassword,
  withToken,
} from "./shared.mjs";

test("a password removes the member: one token from Keystone, the endpoint from its catalog, one DELETE, 204", async () => {
  const { poolId, id } = await poolOf("a", "b");
  const watch = await lab.watch();
  const answer = await withPassword().send(removal(poolId, id.a));
  assert.match(answer.requestId, /^req-/);
  assert.equal((await watch.tokens()).length, 1);
  assert.deepEqual(
    (await watch.octavia()).map(({ method, path, status }) => [method, path, status]),
    [["DELETE", `/v2.0/lbaas/pools/${poolId}/members/${id.a}`, 204]],
  );
  await settled();
  assert.equal(await lab.api.memberStatus(poolId, id.a), 404);
  assert.deepEqual(await names(poolId), ["b"]);
});

test("a given token removes the member, and Keystone is not asked", async () => {
  const { poolId, id } = await poolOf("a", "b");
  const watch = await lab.watch();
  await withToken(lab.token).send(removal(poolId, id.b));
  assert.equal((await watch.tokens()).length, 0);
  await settled();
  assert.deepEqual(await names(poolId), ["a"]);
});

test("authenticate tells where and until when, never the token", async () => {
  const session = await withPassword().authenticate();
  assert.ok(new Date(session.expiresAt) > new Date(), session.expiresAt);
  assert.equal(new URL(session.endpoint).host, new URL(lab.endpoint).host);
  assert.deepEqual(Object.keys(session).filter((key) => !["expiresAt", "projectId", "endpoint"].includes(key)), []);
});

test("a wrong password is `auth`, asked once, and nothing is sent to the load balancer", async () => {
  const { poolId, id } = await poolOf("a");
  const watch = await lab.watch();
  const client = withKeystone({ ...lab.credentials, password: "not-the-password" });
  const error = await failure(client, removal(poolId, id.a), "auth");
  assert.equal(error.httpStatus, 401);
  assert.equal(error.sent, false);
  assert.deepEqual(statuses(await watch.tokens()), [401]);
  assert.deepEqual(await watch.octavia(), []);
  assert.deepEqual(await names(poolId), ["a"]);
});

test("a wrong token is `auth`, asked once", async () => {
  const { poolId, id } = await poolOf("a");
  const watch = await lab.watch();
  const error = await failure(withToken("not-a-token"), removal(poolId, id.a), "auth");
  assert.equal(error.httpStatus, 401);
  assert.deepEqual(statuses(await watch.octavia()), [401]);
});

test("an unknown member, an unknown pool and a member of another pool are `not-found`, each asked once", async () => {
  const [{ poolId, id }, other] = [await poolOf("a"), await poolOf("b")];
  const client = withPassword();
  const watch = await lab.watch();
  const member = await failure(client, removal(poolId, nobody), "not-found");
  assert.equal(member.httpStatus, 404);
  assert.match(member.requestId, /^req-/);
  // Octavia titles this answer "Bad Request": the status counts.
  const pool = await failure(client, removal(nobody, id.a), "not-found");
  assert.equal(pool.httpStatus, 404);
  await failure(client, removal(poolId, other.id.b), "not-found");
  assert.deepEqual(statuses(await deletions(watch)), [404, 404, 404]);
  assert.deepEqual(await names(other.poolId), ["b"]);
});

test("a removal that was made before is `not-found`: nobody but the caller can know that it was meant", async () => {
  const { poolId, id } = await poolOf("a");
  const client = withPassword();
  await client.send(removal(poolId, id.a));
  await settled();
  const error = await failure(client, openstack.deleteMember({ poolId, memberId: id.a }), "not-found");
  assert.equal(error.retryable, false);
});
