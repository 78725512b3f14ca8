// Tokens that end: by time, by revocation, with the credential that they came from.
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  LIFETIME, deletions, failure, lab, names, openstack, poolOf, removal, settled, shortLived, statuses, wait,
  withKeystone, withPassword, withToken,
} from "./shared.mjs";

/** The token that a client holds: signing shows it, nothing else does. */
const tokenOf = (client) =>
  client.sign(openstack.listMembers({ poolId: lab.poolId })).headers["x-auth-token"];

test("a client goes on working for two lifetimes of its token", async () => {
  const { poolId } = await poolOf("a");
  await shortLived(async () => {
    const client = withPassword();
    const watch = await lab.watch();
    const end = Date.now() + 2 * LIFETIME * 1_000 + 500;
    let calls = 0;
    while (Date.now() < end) {
      const { members } = await client.send(openstack.listMembers({ poolId }));
      assert.deepEqual(members.map(({ name }) => name), ["a"]);
      calls += 1;
      await wait(300);
    }
    const requests = await watch.octavia();
    const tokens = await watch.tokens();
    assert.deepEqual([...new Set(statuses(tokens))], [201]);
    // About one for each lifetime that began, and none for each call; a slow machine makes few and long calls.
    assert.ok(tokens.length >= 2 && tokens.length <= 5, `${tokens.length} tokens for ${calls} calls`);
    assert.ok(calls > tokens.length);
    assert.equal(new Set(requests.map(({ token }) => token)).size, tokens.length, "each token was used");
    // A token may end on its way. The very next request has another and is answered.
    for (const [index, { status, token }] of requests.entries()) {
      if (status !== 401) continue;
      const next = requests[index + 1];
      assert.equal(next?.status, 200);
      assert.notEqual(next.token, token);
    }
    assert.equal(requests.filter(({ status }) => status === 200).length, calls);
  });
});

test("a token is renewed before it ends: Octavia sees no expired one", async () => {
  const { poolId, id } = await poolOf("a");
  await shortLived(async () => {
    const client = withPassword();
    const watch = await lab.watch();
    await client.authenticate();
    const first = tokenOf(client);
    await wait(12_500);
    await client.send(removal(poolId, id.a));
    assert.notEqual(tokenOf(client), first);
    assert.deepEqual(statuses(await watch.tokens()), [201, 201]);
    assert.deepEqual(statuses(await watch.octavia()), [204]);
    // Renewed when a quarter of its life is left; the new one outlives the call on a busy machine, too.
  }, 16);
  await settled();
});

test("an expired token is renewed once after a 401, and the removal is sent again: a clock that was set back", async () => {
  const { poolId, id } = await poolOf("a", "b");
  const now = Date.now;
  await shortLived(async () => {
    const client = withPassword();
    await client.authenticate();
    const start = now();
    const watch = await lab.watch();
    await wait(LIFETIME * 1_000 + 200);
    // For the client no time went by, so it takes its token for live.
    Date.now = () => start;
    try {
      await client.send(removal(poolId, id.a));
    } finally {
      Date.now = now;
    }
    const [refused, done, ...more] = await deletions(watch);
    assert.deepEqual([refused.status, done.status, more], [401, 204, []]);
    assert.notEqual(done.token, refused.token);
    assert.deepEqual(statuses(await watch.tokens()), [201]);
  });
  await settled();
  assert.deepEqual(await names(poolId), ["b"]);
});

test("a revoked token is renewed once, and the new one is kept", async () => {
  const { poolId, id } = await poolOf("a", "b", "c");
  const client = withPassword();
  await client.authenticate();
  await lab.keystone.revoke(tokenOf(client));
  const watch = await lab.watch();
  await client.send(removal(poolId, id.a));
  await settled();
  await client.send(removal(poolId, id.b));
  await settled();
  assert.deepEqual(statuses(await watch.octavia()), [401, 204, 204]);
  assert.deepEqual(statuses(await watch.tokens()), [201]);
  assert.deepEqual(await names(poolId), ["c"]);
});

test("with one attempt a revoked token is renewed as well: getting in is no repetition of the call", async () => {
  const { poolId, id } = await poolOf("a");
  const client = withPassword({ maxAttempts: 1 });
  await client.authenticate();
  await lab.keystone.revoke(tokenOf(client));
  const watch = await lab.watch();
  await client.send(removal(poolId, id.a));
  await settled();
  assert.deepEqual(statuses(await deletions(watch)), [401, 204]);
});

test("a revoked token that was given cannot be renewed: `auth`, sent once", async () => {
  const { poolId, id } = await poolOf("a");
  const token = await lab.keystone.token(lab.credentials);
  await lab.keystone.revoke(token);
  const watch = await lab.watch();
  const error = await failure(withToken(token), removal(poolId, id.a), "auth");
  assert.equal(error.httpStatus, 401);
  assert.deepEqual(statuses(await watch.octavia()), [401]);
  assert.deepEqual(await watch.tokens(), []);
  assert.deepEqual(await names(poolId), ["a"]);
});

/** A new application credential of the demo user, and a client that has it. */
async function applicationClient(name, roles) {
  const { id, secret, remove } = await lab.keystone.applicationCredential(
    await lab.keystone.session(lab.credentials),
    { name, roles },
  );
  const credentials = { applicationCredentialId: id, applicationCredentialSecret: secret };
  return { client: withKeystone(credentials), credentials, remove };
}

test("an application credential removes a member, and its token is renewed like any other", async () => {
  const { poolId, id } = await poolOf("a", "b", "c");
  const { client } = await applicationClient("remover");
  const watch = await lab.watch();
  await client.send(removal(poolId, id.a));
  await settled();
  await client.authenticate();
  await lab.keystone.revoke(tokenOf(client));
  await client.send(removal(poolId, id.b));
  await settled();
  assert.deepEqual(statuses(await watch.octavia()), [204, 401, 204]);
  assert.deepEqual(statuses(await watch.tokens()), [201, 201, 201]);
  assert.deepEqual(await names(poolId), ["c"]);
});

test("an application credential with the reader's role only is `forbidden`", async () => {
  const { poolId, id } = await poolOf("a");
  const { client } = await applicationClient("reader", ["reader"]);
  const watch = await lab.watch();
  const error = await failure(client, removal(poolId, id.a), "forbidden");
  assert.equal(error.httpStatus, 403);
  assert.deepEqual(statuses(await watch.octavia()), [403]);
  assert.deepEqual(await names(poolId), ["a"]);
});

test("a wrong secret is `auth`, and nothing is sent to the load balancer", async () => {
  const { poolId, id } = await poolOf("a");
  const { credentials } = await applicationClient("known");
  const watch = await lab.watch();
  const client = withKeystone({ ...credentials, applicationCredentialSecret: "not-its-secret" });
  const error = await failure(client, removal(poolId, id.a), "auth");
  assert.equal(error.httpStatus, 401);
  assert.deepEqual(await watch.octavia(), []);
});

test("an application credential that was removed is `auth`: its token is refused, and no new one is given", async () => {
  const { poolId, id } = await poolOf("a");
  const { client, remove } = await applicationClient("removed");
  await client.authenticate();
  await remove();
  const watch = await lab.watch();
  const error = await failure(client, removal(poolId, id.a), "auth");
  // Keystone says 404 of the credential here, which is not "no Keystone at this address".
  assert.doesNotMatch(`${error.message} ${error.hint}`, /identityEndpoint|no Keystone/);
  assert.deepEqual(statuses(await deletions(watch)), [401]);
  assert.deepEqual(statuses(await watch.tokens()), [404]);
  assert.deepEqual(await names(poolId), ["a"]);
});
