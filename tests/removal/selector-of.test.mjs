// A backend of a picture or a plan, given back as a selector, means that backend and no other.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { IDS, REQUESTS, emulator, errorOf, hasty, patient, removal, unpool, watchStrays } from "./support.mjs";

const { selectorOf } = unpool;
watchStrays();
const cloud = emulator();

const ANYTHING = ["keep-at-least", "most-of-pool", "empty-rule", "cannot-drain", "master-slave", "locked-or-error"];
/** Each cloud's load balancers of the emulator's first state, as a place. */
const PLACES = {
  alibaba: { loadBalancerId: IDS.loadBalancer },
  ucloud: { ulbId: IDS.ulb },
  scloud: { ulbId: IDS.ulb },
  otc: { loadBalancerId: "38278031-cfca-44be-81be-a412f618773b" },
  keystone: { loadBalancerId: "38278031-cfca-44be-81be-a412f618773b" },
};
const where = ({ groupId, id }) => `${groupId} ${id}`;
const backendsOf = (picture) => picture.loadBalancers.flatMap(({ groups }) => groups).flatMap(({ backends }) => backends);

for (const [kind, from] of Object.entries(PLACES)) {
  describe(kind, () => {
    it("each backend of a load balancer is selected alone", async () => {
      const client = patient(cloud, kind);
      const backends = backendsOf(await client.inspect(from));
      assert.ok(backends.length > 3);
      for (const backend of backends) {
        const { entries, absent } = await client.plan({ from, remove: selectorOf(backend), allow: ANYTHING });
        assert.deepEqual([entries.map(where), absent], [[where(backend)], []]);
        // What the plan says of it selects it as well.
        assert.deepEqual(selectorOf(entries[0]), selectorOf(backend));
      }
    });

    it("all of them are selected together, each once", async () => {
      const client = patient(cloud, kind);
      const backends = backendsOf(await client.inspect(from));
      const { entries, absent } = await client.plan({ from, remove: backends.map(selectorOf), allow: ANYTHING });
      assert.deepEqual([entries.map(where).sort(), absent], [backends.map(where).sort(), []]);
    });

    it("what it selects is taken out, and nothing else", async (t) => {
      hasty(t);
      const { from: place, remove } = REQUESTS[kind];
      const client = patient(cloud, kind);
      const before = backendsOf(await client.inspect(from));
      const { entries } = await client.plan({ from: place, remove });
      const { report } = await removal(client, { from, remove: selectorOf(entries[0]), allow: ["keep-at-least", "most-of-pool", "empty-rule"] });
      assert.deepEqual([report.status, report.entries.map(where)], ["done", [where(entries[0])]]);
      const after = backendsOf(await client.inspect(from));
      assert.deepEqual(after.map(where), before.map(where).filter((one) => one !== where(entries[0])));
    });
  });
}

describe("one server in two groups, at the same port", () => {
  it("alibaba: the group tells them apart", async () => {
    const client = patient(cloud, "alibaba");
    const [{ loadBalancerId }] = cloud.control.arrange({ add: { alibaba: { servers: 3, groups: 2, serversPerGroup: 2 } } }).added.alibaba;
    const backends = backendsOf(await client.inspect({ loadBalancerId }));
    const twins = backends.filter(({ id }) => backends.filter((other) => other.id === id).length > 1);
    assert.ok(twins.length > 1, "the emulator has no such server");
    for (const twin of twins) {
      const plan = (remove) => client.plan({ from: { loadBalancerId }, remove, allow: ANYTHING });
      assert.deepEqual((await plan(selectorOf(twin))).entries.map(where), [where(twin)]);
      assert.ok((await plan({ id: twin.id })).entries.length > 1);
    }
  });
});

describe("selectors by id and group", () => {
  it("a group alone selects nothing, nor with a port", async () => {
    for (const remove of [{ groupId: "rsp-1" }, { groupId: "rsp-1", port: 80 }]) {
      const error = await errorOf(() => patient(cloud, "alibaba").plan({ from: PLACES.alibaba, remove }));
      assert.deepEqual([error.kind, error.field], ["invalid-input", "remove"]);
    }
  });

  it("a group narrows what else is given", async () => {
    const client = patient(cloud, "alibaba");
    const remove = { serverId: "i-bp1fq61enf4loa5i0000", groupId: IDS.loadBalancer };
    const { entries } = await client.plan({ from: PLACES.alibaba, remove, allow: ANYTHING });
    assert.deepEqual(entries.map(({ id }) => id), ["i-bp1fq61enf4loa5i0000"]);
    const { absent } = await client.plan({ from: PLACES.alibaba, remove: { ...remove, groupId: "rsp-none" } });
    assert.equal(absent.length, 1);
  });
});

/** The vendor's own fields of each, and whether every backend of the emulator has it. */
const FACTS = {
  alibaba: { name: undefined, address: "serverIp", port: "port", type: "type" },
  ucloud: { name: "resourceName", address: "privateIp", port: "port", type: "resourceType" },
  otc: { name: "name", address: "address", port: "protocolPort", type: undefined },
};

describe("name, address, port and type", () => {
  for (const [kind, fields] of Object.entries(FACTS)) {
    it(`${kind}: are what the vendor said, in pictures, plans and reports`, async (t) => {
      hasty(t);
      const client = patient(cloud, kind);
      const backends = backendsOf(await client.inspect(PLACES[kind]));
      const { plan, report } = await removal(client, { ...REQUESTS[kind], allow: ["keep-at-least", "most-of-pool", "empty-rule"] });
      for (const backend of [...backends, ...plan.entries, ...report.entries]) {
        for (const [name, field] of Object.entries(fields)) {
          const said = field === undefined || backend.saved[field] === "" ? undefined : backend.saved[field];
          assert.equal(backend[name], said, `${name} of ${backend.id}`);
        }
      }
      for (const [name, field] of Object.entries(fields)) {
        assert.equal(backends.some((backend) => backend[name] !== undefined), field !== undefined && backends.some(({ saved }) => saved[field]), name);
      }
      assert.ok(backends.every(({ port }) => port === undefined || Number.isInteger(port)));
      assert.ok(backends.some(({ port }) => port > 0));
    });
  }

  it("a plan from before there were any is carried out, and undone", async (t) => {
    hasty(t);
    for (const kind of Object.keys(FACTS)) {
      cloud.control.reset();
      const client = patient(cloud, kind);
      const plan = await client.plan(REQUESTS[kind]);
      const older = { ...plan, entries: plan.entries.map(({ name, address, port, type, ...rest }) => rest) };
      const entries = [];
      const report = await client.run(older, { journal: { entries: [], append: (entry) => void entries.push(structuredClone(entry)) } });
      assert.equal(report.status, "done");
      // Told by what was saved.
      assert.equal(report.entries[0].port, plan.entries[0].port);
      assert.equal(report.entries[0].address, plan.entries[0].address);
      const undone = await client.undo({ plan: older, journal: entries });
      assert.deepEqual(undone.entries.map(({ outcome }) => outcome), plan.entries.map(() => "restored"));
    }
  });
});
