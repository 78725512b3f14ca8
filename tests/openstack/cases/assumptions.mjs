// What the other cases take for granted of Octavia and Keystone, by plain fetch. When one of these fails, Octavia has
// changed, and not what is tested with it.
import assert from "node:assert/strict";
import { test } from "node:test";
import { octavia } from "../rest.mjs";
import { held, lab, nobody, poolOf, secondPoolOf, settled, wait } from "./shared.mjs";

const remove = (api, poolId, memberId) => api.ask("DELETE", `pools/${poolId}/members/${memberId}`);
const text = ({ json }) => json.faultstring ?? json.description ?? json.error.message;

test("Octavia: one change locks every pool of its load balancer, until it is done", async () => {
  const [one, two] = [await poolOf("a", "b"), await secondPoolOf("c")];
  await held(async () => {
    assert.equal((await remove(lab.api, one.poolId, one.id.a)).status, 204);
    assert.equal((await lab.api.member(one.poolId, one.id.a)).provisioning_status, "PENDING_DELETE");
    for (const refused of [
      await remove(lab.api, one.poolId, one.id.a),
      await remove(lab.api, one.poolId, one.id.b),
      await remove(lab.api, two.poolId, two.id.c),
    ]) {
      assert.equal(refused.status, 409);
      assert.match(text(refused), /^(Pool|Load Balancer) \S+ is immutable and cannot be updated\.$/);
    }
  });
  assert.equal((await remove(lab.api, one.poolId, one.id.a)).status, 404);
  assert.equal((await remove(lab.api, two.poolId, two.id.c)).status, 204);
  await settled();
});

test("Octavia: a load balancer or pool in ERROR answers in the same words as a locked one", async () => {
  const { poolId, id } = await poolOf("a");
  for (const [table, row] of [["load_balancer", lab.loadBalancerId], ["pool", poolId]]) {
    await lab.setStatus(table, row, "ERROR");
    const refused = await remove(lab.api, poolId, id.a);
    await lab.setStatus(table, row, "ACTIVE");
    assert.equal(refused.status, 409);
    assert.match(text(refused), /is immutable and cannot be updated/);
  }
});

test("Octavia: readers, other projects and tokens without a project are 403; unknown pools are a 404 titled 400", async () => {
  const { poolId, id } = await poolOf("a");
  const { project, projectDomain, ...unscoped } = lab.credentials;
  for (const user of [lab.reader, lab.other, unscoped]) {
    const api = octavia(lab.endpoint, await lab.keystone.token(user));
    assert.equal((await remove(api, poolId, id.a)).status, 403, user.username);
  }
  const { status, json } = await remove(lab.api, nobody, id.a);
  assert.deepEqual([status, json.title], [404, "Bad Request"]);
});

test("Octavia: a token is 401 once it expired, and once it was revoked unless it was seen before", async () => {
  const { poolId } = await poolOf();
  const read = async (token) => (await octavia(lab.endpoint, token).ask("GET", `pools/${poolId}`)).status;
  const [unseen, seen] = [await lab.keystone.token(lab.credentials), await lab.keystone.token(lab.credentials)];
  assert.equal(await read(seen), 200);
  await lab.keystone.revoke(unseen);
  await lab.keystone.revoke(seen);
  // Octavia remembers tokens for some minutes, so the cases revoke a token before its first use.
  assert.deepEqual([await read(unseen), await read(seen)], [401, 200]);

  // Long enough for its first use, however busy the machine is.
  await lab.configure("keystone", { token: { expiration: 15 } });
  try {
    const short = await lab.keystone.token(lab.credentials);
    const end = Date.now() + 15_000;
    assert.equal(await read(short), 200);
    await wait(end + 100 - Date.now());
    assert.equal(await read(short), 401);
  } finally {
    await lab.configure("keystone", {});
  }
});

test("Octavia: a full page has a next link even where nothing follows, and the marker must exist", async () => {
  const { poolId, id } = await poolOf("a", "b", "c");
  const page = (query) => lab.api.ask("GET", `pools/${poolId}/members?${query}`);
  const { json } = await page("limit=3");
  assert.equal(json.members.length, 3);
  assert.deepEqual(json.members_links.map(({ rel }) => rel), ["next"]);
  await lab.api.removeMember(poolId, id.b);
  await settled();
  const refused = await page(`limit=3&marker=${id.b}`);
  assert.equal(refused.status, 400);
  assert.match(text(refused), /^Supplied pagination marker \S+ is not valid\.$/);
});

test("Keystone: an application credential that was removed is a 404, a wrong secret a 401", async () => {
  const credential = await lab.keystone.applicationCredential(await lab.keystone.session(lab.credentials), {
    name: "assumed",
  });
  const ask = async (secret) => (await lab.keystone.withApplicationCredential(credential.id, secret)).status;
  assert.deepEqual([await ask(credential.secret), await ask("wrong")], [201, 401]);
  await credential.remove();
  assert.equal(await ask(credential.secret), 404);
});
