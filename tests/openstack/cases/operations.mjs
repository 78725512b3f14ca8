// The other operations: what they answer is what plain fetch reads, what they change is what Octavia shows afterwards.
import assert from "node:assert/strict";
import { test } from "node:test";
import { demo, failure, lab, nobody, openstack, poolOf, settled, statuses } from "./shared.mjs";

// Not that of the load balancer: the no-op network driver would know two networks for it, and fail every later change.
const SUBNET = "00000000-0000-0000-0000-000000000004";

/** A member as unpool gives it, from one as Octavia does. */
const asRead = ({ id, name, address, protocol_port: protocolPort, weight, subnet_id: subnetId, ...rest }) => ({
  id,
  name,
  address,
  protocolPort,
  weight,
  subnetId: subnetId ?? undefined,
  adminStateUp: rest.admin_state_up,
  operatingStatus: rest.operating_status,
  provisioningStatus: rest.provisioning_status,
});
const shape = (member) => Object.fromEntries(Object.keys(asRead({})).map((key) => [key, member[key]]));

test("ListMembers and GetMember read what plain fetch reads", async () => {
  const { poolId, id } = await poolOf("a", "b");
  const client = demo();
  const { members } = await client.send(openstack.listMembers({ poolId }));
  assert.deepEqual(members.map(shape), (await lab.api.members(poolId)).map(asRead));
  const { member, requestId } = await client.send(openstack.getMember({ poolId, memberId: id.b }));
  assert.deepEqual(shape(member), asRead(await lab.api.member(poolId, id.b)));
  assert.match(requestId, /^req-/);
});

test("CreateMember adds one with everything that was said of it, and answers with its id", async () => {
  const { poolId } = await poolOf("a");
  const client = demo();
  const watch = await lab.watch();
  const { member } = await client.send(
    openstack.createMember({
      poolId,
      address: "10.0.0.77",
      protocolPort: 8443,
      weight: 7,
      subnetId: SUBNET,
      name: 'é漢 "quoted" \\ & +',
    }),
  );
  assert.equal(member.provisioningStatus, "PENDING_CREATE");
  assert.deepEqual(statuses(await watch.octavia()), [201]);
  await settled();
  const { name, address, protocol_port, weight, subnet_id, admin_state_up } = await lab.api.member(poolId, member.id);
  assert.deepEqual(
    { name, address, protocol_port, weight, subnet_id, admin_state_up },
    {
      name: 'é漢 "quoted" \\ & +',
      address: "10.0.0.77",
      protocol_port: 8443,
      weight: 7,
      subnet_id: SUBNET,
      admin_state_up: true,
    },
  );
});

test("CreateMember without the optional ones leaves them to Octavia", async () => {
  const { poolId } = await poolOf();
  const { member } = await demo().send(
    openstack.createMember({ poolId, address: "10.0.0.78", protocolPort: 80 }),
  );
  await settled();
  const { weight, subnet_id, name } = await lab.api.member(poolId, member.id);
  assert.deepEqual({ weight, subnet_id, name }, { weight: 1, subnet_id: null, name: "" });
});

test("an address and port that are in the pool already are a conflict that stays: sent once, not `busy`", async () => {
  const { poolId } = await poolOf("a");
  const watch = await lab.watch();
  const operation = openstack.createMember({ poolId, address: "10.0.0.11", protocolPort: 8080 });
  const error = await failure(demo(), operation, "invalid-input");
  assert.equal(error.httpStatus, 409);
  assert.equal(error.retryable, false);
  assert.match(error.message, /already using/);
  assert.deepEqual(statuses((await watch.octavia()).filter(({ method }) => method === "POST")), [409]);
});

test("UpdateMember changes the weight and nothing else, from 0 to 256", async () => {
  const { poolId, id } = await poolOf("a");
  const client = demo();
  const before = await lab.api.member(poolId, id.a);
  for (const weight of [0, 256, 1]) {
    const { member } = await client.send(openstack.updateMember({ poolId, memberId: id.a, weight }));
    assert.deepEqual([member.id, member.weight, member.provisioningStatus], [id.a, weight, "PENDING_UPDATE"]);
    await settled();
    assert.deepEqual({ ...(await lab.api.member(poolId, id.a)), updated_at: before.updated_at }, { ...before, weight });
  }
});

test("a weight that Octavia would refuse is not sent", async () => {
  const { poolId, id } = await poolOf("a");
  const client = demo();
  const watch = await lab.watch();
  for (const weight of [-1, 257]) {
    const error = await failure(client, { operation: "UpdateMember", poolId, memberId: id.a, weight }, "invalid-input");
    assert.equal(error.field, "weight");
  }
  assert.deepEqual(await watch.octavia(), []);
  const refused = await lab.api.ask("PUT", `pools/${poolId}/members/${id.a}`, { member: { weight: 257 } });
  assert.equal(refused.status, 400);
});

test("GetPool tells its load balancer, listeners and members", async () => {
  const { poolId, id } = await poolOf("a", "b");
  const { json } = await lab.api.ask("GET", `pools/${poolId}`);
  const { pool } = await demo().send(openstack.getPool({ poolId }));
  assert.equal(pool.id, poolId);
  assert.equal(pool.provisioningStatus, "ACTIVE");
  assert.equal(pool.lbAlgorithm, json.pool.lb_algorithm);
  assert.equal(pool.protocol, json.pool.protocol);
  assert.deepEqual(pool.loadbalancers, [{ id: lab.loadBalancerId }]);
  assert.deepEqual(pool.listeners, [{ id: lab.listenerId }]);
  assert.deepEqual(pool.members.map((member) => member.id).sort(), [id.a, id.b].sort());
});

test("GetLoadBalancer tells its state and address, while it changes as well", async () => {
  const client = demo();
  const read = async () =>
    (await client.send(openstack.getLoadBalancer({ loadBalancerId: lab.loadBalancerId }))).loadbalancer;
  const { id, name, provisioningStatus, vipAddress, listeners, pools } = await read();
  assert.deepEqual(
    { id, name, provisioningStatus, vipAddress, listeners },
    {
      id: lab.loadBalancerId,
      name: "lb-demo",
      provisioningStatus: "ACTIVE",
      vipAddress: "10.0.0.10",
      listeners: [{ id: lab.listenerId }],
    },
  );
  assert.ok(pools.some((pool) => pool.id === lab.poolId));
  await lab.setStatus("load_balancer", lab.loadBalancerId, "ERROR");
  try {
    assert.equal((await read()).provisioningStatus, "ERROR");
  } finally {
    await lab.setStatus("load_balancer", lab.loadBalancerId, "ACTIVE");
  }
});

test("GetLoadBalancerStatuses gives the tree from the load balancer down to the members", async () => {
  const { poolId, id } = await poolOf("a", "b");
  const { statuses: tree } = await demo().send(
    openstack.getLoadBalancerStatuses({ loadBalancerId: lab.loadBalancerId }),
  );
  assert.equal(tree.loadbalancer.id, lab.loadBalancerId);
  assert.equal(tree.loadbalancer.provisioningStatus, "ACTIVE");
  const [listener] = tree.loadbalancer.listeners;
  assert.equal(listener.id, lab.listenerId);
  const [pool] = listener.pools;
  assert.equal(pool.id, poolId);
  const member = pool.members.find((other) => other.id === id.b);
  assert.deepEqual(
    [member.address, member.protocolPort, member.operatingStatus, member.provisioningStatus],
    ["10.0.0.12", 8080, "NO_MONITOR", "ACTIVE"],
  );
});

test("what is not there is `not-found` for each of them, asked once", async () => {
  const { poolId } = await poolOf();
  const client = demo();
  const watch = await lab.watch();
  const operations = [
    openstack.getMember({ poolId, memberId: nobody }),
    openstack.updateMember({ poolId, memberId: nobody, weight: 0 }),
    openstack.createMember({ poolId: nobody, address: "10.0.0.77", protocolPort: 80 }),
    openstack.listMembers({ poolId: nobody }),
    openstack.getPool({ poolId: nobody }),
    openstack.getLoadBalancer({ loadBalancerId: nobody }),
    openstack.getLoadBalancerStatuses({ loadBalancerId: nobody }),
  ];
  for (const operation of operations) {
    assert.equal((await failure(client, operation, "not-found")).httpStatus, 404);
  }
  assert.deepEqual(statuses(await watch.octavia()), operations.map(() => 404));
});
