// Who is known and may not: 403, which no repetition and no new token changes.
import assert from "node:assert/strict";
import { test } from "node:test";
import { failure, lab, names, openstack, poolOf, removal, statuses, withKeystone, withToken } from "./shared.mjs";

async function forbidden(client, operation, method) {
  const watch = await lab.watch();
  const error = await failure(client, operation, "forbidden");
  assert.equal(error.httpStatus, 403);
  assert.equal(error.retryable, false);
  const requests = await watch.octavia();
  assert.deepEqual(requests.map((request) => [request.method, request.status]), [[method, 403]]);
  // One for a client that had none yet; refusal is no reason to get another.
  assert.ok((await watch.tokens()).length <= 1);
  return error;
}

test("a reader is `forbidden` to remove, add and change, and may read", async () => {
  const { poolId, id } = await poolOf("a");
  const client = withKeystone(lab.reader);
  await forbidden(client, removal(poolId, id.a), "DELETE");
  await forbidden(client, openstack.updateMember({ poolId, memberId: id.a, weight: 0 }), "PUT");
  await forbidden(client, openstack.createMember({ poolId, address: "10.0.0.77", protocolPort: 80 }), "POST");
  const { members } = await client.send(openstack.listMembers({ poolId }));
  assert.deepEqual(members.map(({ name, weight }) => [name, weight]), [["a", 1]]);
});

test("a user of another project is `forbidden` to remove and to read", async () => {
  const { poolId, id } = await poolOf("a");
  const client = withKeystone(lab.other);
  await forbidden(client, removal(poolId, id.a), "DELETE");
  await forbidden(client, openstack.getMember({ poolId, memberId: id.a }), "GET");
  await forbidden(client, openstack.getLoadBalancer({ loadBalancerId: lab.loadBalancerId }), "GET");
  assert.deepEqual(await names(poolId), ["a"]);
});

test("a token without a project is `forbidden`, and the hint says that", async () => {
  const { poolId, id } = await poolOf("a");
  const { project, projectDomain, ...unscoped } = lab.credentials;
  const client = withToken(await lab.keystone.token(unscoped));
  const error = await forbidden(client, removal(poolId, id.a), "DELETE");
  assert.match(error.hint, /unscoped/);
});

test("a project of somebody else is `auth` at Keystone: no token for it, and nothing is sent", async () => {
  const { poolId, id } = await poolOf("a");
  const client = withKeystone({ ...lab.credentials, project: lab.other.project });
  const watch = await lab.watch();
  await failure(client, removal(poolId, id.a), "auth");
  assert.deepEqual(statuses(await watch.tokens()), [401]);
  assert.deepEqual(await watch.octavia(), []);
});
