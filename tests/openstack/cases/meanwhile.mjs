// Another client, openstacksdk, changes the same pool at the same time.
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  deletions, demo, during, failure, held, interrupted, lab, names, openstack, poolOf, removal, settled, statuses,
} from "./shared.mjs";

const sdk = (name, positional, named) => lab.sdk().call(name, positional, named);

test("the SDK's change is pending: ours waits, and both are made", async () => {
  const { poolId, id } = await poolOf("a", "b", "c");
  const client = demo({ maxAttempts: 10 });
  await held(async (release) => {
    await sdk("delete_member", [id.a, poolId]);
    const watch = await lab.watch();
    const sending = client.send(removal(poolId, id.b));
    await during(sending, "the first attempt", async () => (await deletions(watch)).length >= 1);
    await release();
    await sending;
    const seen = statuses(await deletions(watch));
    assert.deepEqual([seen[0], seen.at(-1)], [409, 204]);
  });
  assert.deepEqual(await names(poolId), ["c"]);
});

test("our change is pending: the SDK is refused by the same lock, and afterwards sees what we did", async () => {
  const { poolId, id } = await poolOf("a", "b");
  const client = demo();
  await held(async () => {
    await client.send(openstack.updateMember({ poolId, memberId: id.a, weight: 0 }));
    await assert.rejects(sdk("delete_member", [id.b, poolId]), { status: 409 });
  });
  const members = await sdk("members", [poolId]);
  assert.deepEqual(members.map(({ name, weight }) => [name, weight]).sort(), [["a", 0], ["b", 1]]);
});

test("a member that the SDK removed between our list and our removal is `not-found`", async () => {
  const { poolId } = await poolOf("a", "b");
  const client = demo();
  const { members } = await client.send(openstack.listMembers({ poolId }));
  const { id } = members.find(({ name }) => name === "a");
  await sdk("delete_member", [id, poolId]);
  await settled();
  const watch = await lab.watch();
  const error = await failure(client, removal(poolId, id), "not-found");
  assert.equal(error.retryable, false);
  assert.deepEqual(statuses(await deletions(watch)), [404]);
  assert.deepEqual(await names(poolId), ["b"]);
});

test("a weight that the SDK set is read, and ours is written over it", async () => {
  const { poolId, id } = await poolOf("a");
  const client = demo();
  await sdk("update_member", [id.a, poolId], { weight: 42, name: "renamed" });
  await settled();
  const { member } = await client.send(openstack.getMember({ poolId, memberId: id.a }));
  assert.deepEqual([member.weight, member.name], [42, "renamed"]);
  await client.send(openstack.updateMember({ poolId, memberId: id.a, weight: 0 }));
  await settled();
  const seen = await sdk("get_member", [id.a, poolId]);
  assert.deepEqual([seen.weight, seen.name], [0, "renamed"]);
});

test("a member that the SDK added at our address and port: ours is refused once, theirs stays", async () => {
  const { poolId } = await poolOf("a");
  const theirs = await sdk("create_member", [poolId], { address: "10.0.0.77", protocol_port: 80, name: "theirs" });
  await settled();
  const watch = await lab.watch();
  const operation = openstack.createMember({ poolId, address: "10.0.0.77", protocolPort: 80, name: "ours" });
  const error = await failure(demo(), operation, "invalid-input");
  assert.equal(error.httpStatus, 409);
  assert.equal((await watch.octavia()).filter(({ method }) => method === "POST").length, 1);
  assert.equal((await lab.api.member(poolId, theirs.id)).name, "theirs");
});

test("a pool that the SDK removed is `not-found`", async () => {
  const { poolId, members } = await lab.pool(["a"]);
  const client = demo();
  await sdk("delete_pool", [poolId]);
  await settled();
  await failure(client, removal(poolId, members[0].id), "not-found");
  await failure(client, openstack.listMembers({ poolId }), "not-found");
});

test("members added and removed between our pages: those that stayed are all there, once", async () => {
  const { poolId, id } = await poolOf("a", "b", "c", "d", "e", "f");
  const order = (await lab.api.members(poolId)).map(({ name }) => name);
  const change = async () => {
    await sdk("delete_member", [id[order[0]], poolId]);
    await settled();
    await sdk("create_member", [poolId], { address: "10.0.0.77", protocol_port: 80, name: "late" });
    await settled();
  };
  const client = demo({ fetch: interrupted((url) => url.searchParams.has("marker"), change) });
  const { members } = await client.send(openstack.listMembers({ poolId, limit: 2 }));
  const listed = members.map(({ name }) => name);
  assert.equal(new Set(listed).size, listed.length);
  // The first was read before it went; the late one comes last, in Octavia's order of creation.
  assert.deepEqual(listed, [...order, "late"]);
});

test("the marker itself is removed between our pages: the list is read anew, and is what Octavia has", async () => {
  const { poolId, id } = await poolOf("a", "b", "c", "d", "e");
  const order = (await lab.api.members(poolId)).map(({ name }) => name);
  const change = async () => {
    await sdk("delete_member", [id[order[1]], poolId]);
    await settled();
  };
  const watch = await lab.watch();
  const client = demo({ fetch: interrupted((url) => url.searchParams.has("marker"), change) });
  const { members } = await client.send(openstack.listMembers({ poolId, limit: 2 }));
  assert.deepEqual(members.map(({ name }) => name), order.filter((name) => name !== order[1]));
  assert.equal(statuses(await watch.octavia()).filter((status) => status === 400).length, 1);
});
