// The connection breaks after Octavia has taken the request: the answer is lost, the change is under way. What Octavia
// says to a second attempt depends on how far it is: 409 while the first is pending, 404 when it is done.
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  deletions, demo, during, failure, held, lab, losing, names, openstack, poolOf, removal, settled, statuses,
} from "./shared.mjs";

test("a removal whose answer is lost with one attempt is `outcome-unknown`, and was made", async () => {
  const { poolId, id } = await poolOf("a", "b");
  const watch = await lab.watch();
  const client = demo({ fetch: losing("DELETE"), maxAttempts: 1 });
  const error = await failure(client, removal(poolId, id.a), "outcome-unknown");
  assert.equal(error.sent, "unknown");
  assert.deepEqual(statuses(await deletions(watch)), [204]);
  await settled();
  assert.deepEqual(await names(poolId), ["b"]);
});

test("a removal whose answer is lost: refused while the first is pending, then gone, which is success", async () => {
  const { poolId, id } = await poolOf("a", "b");
  const client = demo({ fetch: losing("DELETE"), maxAttempts: 10 });
  await held(async (release) => {
    const watch = await lab.watch();
    const sending = client.send(removal(poolId, id.a));
    await during(sending, "a second attempt", async () => (await deletions(watch)).length >= 2);
    await release();
    assert.equal((await sending).alreadyGone, true);
    const seen = statuses(await deletions(watch));
    assert.deepEqual([seen[0], seen.at(-1)], [204, 404]);
    assert.ok(seen.slice(1, -1).every((status) => status === 409), String(seen));
  });
  assert.deepEqual(await names(poolId), ["b"]);
});

test("a removal whose answer is lost stays `outcome-unknown` where the lock outlasts the attempts", async () => {
  const { poolId, id } = await poolOf("a", "b");
  const client = demo({ fetch: losing("DELETE") });
  await held(async () => {
    const watch = await lab.watch();
    await failure(client, removal(poolId, id.a), "outcome-unknown");
    assert.deepEqual(statuses(await deletions(watch)), [204, 409, 409]);
  });
  assert.deepEqual(await names(poolId), ["b"]);
});

test("an added member whose answer is lost is looked for, and not added again", async () => {
  const { poolId } = await poolOf("a");
  const client = demo({ fetch: losing("POST") });
  const watch = await lab.watch();
  await client.send(openstack.createMember({ poolId, address: "10.0.0.77", protocolPort: 80, name: "new" }));
  await settled();
  assert.equal((await watch.octavia()).filter(({ method }) => method === "POST").length, 1);
  assert.deepEqual(await names(poolId), ["a", "new"]);
});
