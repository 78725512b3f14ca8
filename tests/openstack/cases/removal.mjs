// DeleteMember against a real Keystone and a real Octavia. Effects are read by plain fetch (rest.mjs).
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { unpool } from "../demo/unpool.mjs";
import { startLab } from "./lab.mjs";

const { Client, UnpoolError, openstack } = unpool;
const nobody = "00000000-0000-0000-0000-0000000000ff";
const clients = [];
let lab;

before(async () => {
  lab = await startLab({ members: ["web-1", "web-2", "web-3", "web-4"] });
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
const withPassword = (changes) =>
  open({ identityEndpoint: lab.identityEndpoint, credentials: { ...lab.credentials, ...changes } });
const withToken = (token) => open({ endpoint: lab.endpoint, credentials: { token } });
const removal = (memberId, poolId = lab.poolId) => openstack.deleteMember({ poolId, memberId });
const names = async () => (await lab.api.members(lab.poolId)).map(({ name }) => name);

/** The error of a call that has to fail, with what must hold for every error here. */
async function failure(client, operation, kind) {
  const error = await client.send(operation).then(
    (answer) => assert.fail(`${kind} expected, answered ${JSON.stringify(answer)}`),
    (thrown) => thrown,
  );
  assert.ok(error instanceof UnpoolError, String(error));
  assert.equal(error.kind, kind, error.message);
  assert.equal(error.vendor, "openstack");
  assert.equal(error.operation, "DeleteMember");
  const shown = `${error.stack} ${JSON.stringify({ ...error })}`;
  for (const secret of [lab.token, lab.credentials.password, lab.reader.password]) {
    assert.ok(!shown.includes(secret), "an error shows a secret");
  }
  return error;
}

test("a password removes the member: token from Keystone, endpoint from its catalog", async () => {
  const client = withPassword();
  await client.send(removal(lab.members[0].id));
  await lab.api.settled(lab.loadBalancerId);
  assert.equal(await lab.api.memberStatus(lab.poolId, lab.members[0].id), 404);
  assert.deepEqual(await names(), ["web-2", "web-3", "web-4"]);
});

test("authenticate tells where and until when, never the token", async () => {
  const client = withPassword();
  const session = await client.authenticate();
  assert.ok(new Date(session.expiresAt) > new Date(), session.expiresAt);
  assert.equal(new URL(session.endpoint).host, new URL(lab.endpoint).host);
  assert.deepEqual(Object.keys(session).filter((key) => !["expiresAt", "projectId", "endpoint"].includes(key)), []);
});

test("a given token removes the member", async () => {
  const client = withToken(lab.token);
  await client.send(removal(lab.members[1].id));
  await lab.api.settled(lab.loadBalancerId);
  assert.equal(await lab.api.memberStatus(lab.poolId, lab.members[1].id), 404);
  assert.deepEqual(await names(), ["web-3", "web-4"]);
});

test("ListMembers reads what plain fetch reads", async () => {
  const client = withPassword();
  const { members } = await client.send(openstack.listMembers({ poolId: lab.poolId }));
  assert.deepEqual(
    members.map(({ id, name, address, protocolPort }) => ({ id, name, address, protocolPort })),
    (await lab.api.members(lab.poolId)).map(({ id, name, address, protocol_port: protocolPort }) => ({
      id,
      name,
      address,
      protocolPort,
    })),
  );
});

test("a wrong password is `auth`, and nothing was sent to the load balancer", async () => {
  const client = withPassword({ password: "not-the-password" });
  const error = await failure(client, removal(lab.members[2].id), "auth");
  assert.equal(error.httpStatus, 401);
  assert.deepEqual(await names(), ["web-3", "web-4"]);
});

test("a wrong token is `auth`", async () => {
  const client = withToken("not-a-token");
  const error = await failure(client, removal(lab.members[2].id), "auth");
  assert.equal(error.httpStatus, 401);
});

test("an unknown member, and an unknown pool, are `not-found`", async () => {
  const client = withPassword();
  const member = await failure(client, removal(nobody), "not-found");
  assert.equal(member.httpStatus, 404);
  assert.match(member.requestId, /^req-/);
  // Octavia titles this answer "Bad Request": the status counts.
  const pool = await failure(client, removal(lab.members[2].id, nobody), "not-found");
  assert.equal(pool.httpStatus, 404);
});

test("a reader is `forbidden`", async () => {
  const client = withPassword(lab.reader);
  const error = await failure(client, removal(lab.members[2].id), "forbidden");
  assert.equal(error.httpStatus, 403);
  assert.deepEqual(await names(), ["web-3", "web-4"]);
});

test("while one change is pending the next is `busy`, and works once that has settled", async () => {
  const client = withPassword();
  await lab.delay(2_000);
  try {
    await client.send(removal(lab.members[2].id));
    const error = await failure(client, removal(lab.members[3].id), "busy");
    assert.equal(error.httpStatus, 409);
    assert.equal(error.retryable, true);
  } finally {
    await lab.delay(0);
  }
  await lab.api.settled(lab.loadBalancerId);
  assert.deepEqual(await names(), ["web-4"]);
  await client.send(removal(lab.members[3].id));
  await lab.api.settled(lab.loadBalancerId);
  assert.deepEqual(await names(), []);
});
