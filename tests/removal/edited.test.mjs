// A plan is a claim, not a permission: whatever is done to one, a run does no more than what its request allows.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { IDS, REQUESTS, checkError, checkInvalid, emulator, errorOf, hasty, outcomes, patient, watchStrays, writes } from "./support.mjs";

watchStrays();
const cloud = emulator();

const request = { from: { poolId: IDS.pool }, remove: { memberId: IDS.member } };
const OTHER = "9a7aff27-fd41-4ec1-ba4c-3eb92c629313";
const fresh = (more) => patient(cloud, "otc").plan({ ...request, ...more });
const run = (plan, kind = "otc") => patient(cloud, kind).run(plan);
const edited = async (change, more) => {
  const plan = await fresh(more);
  return change(plan) ?? plan;
};
const untouched = (work) => async (t) => {
  hasty(t);
  const before = cloud.control.state();
  await work(t);
  assert.deepEqual(cloud.control.state(), before);
  assert.deepEqual(writes(cloud), []);
};

describe("an edited plan", () => {
  it("entries that were added are not removed", async (t) => {
    hasty(t);
    const plan = await edited((plan) => void plan.entries.push({ ...plan.entries[0], id: OTHER, server: "10.0.0.12", saved: { ...plan.entries[0].saved, id: OTHER, address: "10.0.0.12" } }));
    const report = await run(plan);
    assert.ok(cloud.control.state().otc.backends.some((line) => line.includes(OTHER) && line.endsWith("weight=1")));
    assert.deepEqual(outcomes(report).find((line) => line.startsWith(OTHER)), `${OTHER} not-tried serving`);
    assert.ok(!cloud.control.changes().some(({ ids }) => ids.memberId === OTHER));
  });

  it("entries that were taken out of it are noticed", untouched(async () => {
    const plan = await edited((plan) => void plan.entries.pop(), { remove: [{ memberId: IDS.member }, { memberId: OTHER }] });
    const report = await run(plan);
    assert.equal(report.status, "refused");
    assert.equal(report.loadBalancers[0].refusal.guard, "changed-by-someone");
  }));

  it("all entries taken out: it does nothing, or is noticed", untouched(async () => {
    const plan = await edited((plan) => void (plan.entries = []));
    const report = await run(plan);
    assert.equal(report.status, "refused");
  }));

  it("refusals that were emptied come back", untouched(async () => {
    const plan = await edited((plan) => void (plan.refusals = []), { keepAtLeast: 5 });
    const report = await run(plan);
    assert.equal(report.status, "refused");
    assert.equal(report.loadBalancers[0].refusal.guard, "keep-at-least");
  }));

  it("steps, counts and remaining lists mean nothing", async (t) => {
    hasty(t);
    const report = await run(await edited((plan) => void Object.assign(plan, {
      steps: [{ step: "remove", loadBalancerId: "x", groupId: "y", entries: [0, 1, 2, 999], calls: 1e6 }], calls: { reads: 0, changes: 0 }, groups: [], warnings: "none", absent: null,
    })));
    assert.equal(report.status, "done");
    assert.deepEqual(writes(cloud), ["UpdateMember", "DeleteMember"]);
  });

  it("a weight that was edited is another one than that of the world", untouched(async () => {
    const report = await run(await edited((plan) => void (plan.entries[0].weight = 99)));
    assert.equal(report.status, "refused");
    assert.equal(report.loadBalancers[0].refusal.guard, "changed-by-someone");
  }));

  it("a load balancer's id that was edited leads nowhere else", async (t) => {
    hasty(t);
    const [{ loadBalancerId, pools: [{ poolId }] }] = cloud.control.arrange({ add: { otc: { members: 3 } } }).added.otc;
    const before = cloud.control.state();
    const plan = await edited((plan) => {
      plan.loadBalancers[0].id = loadBalancerId;
      for (const item of [...plan.groups, ...plan.steps, ...plan.entries]) item.loadBalancerId = loadBalancerId;
      for (const entry of plan.entries) entry.groupId = poolId;
    });
    const report = await run(plan);
    assert.equal(report.status, "refused");
    assert.deepEqual(cloud.control.state(), before);
  });

  it("rules of a plan mean nothing either", async (t) => {
    hasty(t);
    const client = patient(cloud, "ucloud");
    const plan = await client.plan({ from: { ulbId: IDS.ulb, vServerId: "vserver-http" }, remove: { backendId: "backend-1a2b" } });
    const other = await client.plan({ from: { ulbId: IDS.ulb, vServerId: "vserver-http" }, remove: { backendId: "backend-3c4d" }, onEmptyRule: "delete-rule" });
    const report = await client.run({ ...plan, rules: other.rules });
    assert.equal(report.status, "done");
    assert.ok(cloud.control.state().ucloud.rules.includes("ulb-5xyz vserver-http Custom policy-api /api [backend-3c4d]"));
    assert.deepEqual(writes(cloud), ["UpdateBackendAttribute", "ReleaseBackend"]);
    // And rules that were taken out of it are noticed.
    const held = await client.run({ ...other, rules: [] });
    assert.equal(held.status, "refused");
    assert.ok(cloud.control.state().ucloud.rules.some((line) => line.includes("policy-api /api [backend-3c4d]")));
  });

  it("an edited request is what it says: with all its guards", untouched(async () => {
    // More to remove than was planned for: it was in no plan.
    const report = await run(await edited((plan) => void (plan.request.remove = [{ memberId: IDS.member }, { memberId: OTHER }])));
    assert.equal(report.status, "refused");
    assert.match(report.loadBalancers[0].refusal.message, /is selected, too, and was not when the plan was made/);
  }));

  it("`from` numbers that lead nowhere", untouched(async () => {
    for (const from of [[], [7], [-1], ["x"], [0.5], null, "x"]) {
      let report;
      try {
        report = await run(await edited((plan) => void (plan.loadBalancers[0].from = from)));
      } catch (error) {
        checkInvalid(error, {});
        continue;
      }
      assert.notEqual(report.status, "done", JSON.stringify(from));
      assert.ok(report.entries.every(({ outcome }) => outcome === "not-tried"), JSON.stringify(report.entries));
    }
  }));

  it("places of another load balancer say nothing of this one", untouched(async () => {
    const [{ pools: [{ poolId, memberIds }] }] = cloud.control.arrange({ add: { otc: { members: 4 } } }).added.otc;
    const client = patient(cloud, "otc");
    const plan = await client.plan({ from: [request.from, { poolId }], remove: [request.remove, { memberId: memberIds[0] }] });
    const [one, two] = plan.loadBalancers;
    [one.from, two.from] = [two.from, one.from];
    let report;
    try {
      report = await client.run(plan);
    } catch (error) {
      checkInvalid(error, {});
    }
    assert.notEqual(report?.status, "done");
    for (const { outcome, state } of report?.entries ?? []) assert.equal(outcome === "absent" || state === "gone", false, "they are all there");
    cloud.control.reset();
  }));

  it("the same place twice is read twice, and nothing more", async (t) => {
    hasty(t);
    const report = await run(await edited((plan) => void (plan.loadBalancers[0].from = [0, 0])));
    assert.equal(report.status, "done");
    assert.deepEqual(outcomes(report), [`${IDS.member} removed gone`]);
  });

  it("a load balancer or an entry twice", async (t) => {
    hasty(t);
    for (const list of ["entries", "loadBalancers"]) {
      cloud.control.reset();
      const report = await run(await edited((plan) => void plan[list].push(plan[list][0])));
      const line = cloud.control.state().otc.backends.find((line) => line.includes(IDS.member));
      for (const { outcome } of report.entries) assert.equal(outcome === "removed", line === undefined, `${list}: ${outcome}`);
      assert.ok(cloud.control.changes().every(({ ids }) => ids.memberId === IDS.member));
    }
  });
});

describe("a plan for somebody else", () => {
  it("another vendor, endpoint or region", untouched(async () => {
    const plan = await fresh();
    checkInvalid(await errorOf(() => run(plan, "keystone")), { field: "vendor", message: "what was given is for another vendor", hint: /this client's vendor is openstack/ });
    checkInvalid(await errorOf(() => run({ ...plan, endpoint: "elb.example" })), { field: "endpoint", hint: /this client's endpoint is 127\.0\.0\.1/ });
    checkInvalid(await errorOf(() => run({ ...plan, region: "eu-nl" })), { field: "region", hint: /this client's region is eu-de/ });
    const ucloud = await patient(cloud, "ucloud").plan(REQUESTS.ucloud);
    checkInvalid(await errorOf(() => run(ucloud, "scloud")), { field: "vendor" });
    checkInvalid(await errorOf(() => run(ucloud, "alibaba")), { field: "vendor" });
  }));

  it("another schema, or none", untouched(async () => {
    const plan = await fresh();
    for (const schema of [undefined, null, "", "unpool/plan@2", "unpool/report@1", 1, ["unpool/plan@1"]]) {
      checkInvalid(await errorOf(() => run({ ...plan, schema })), { field: "schema", hint: /client\.plan\(\)/ });
    }
    const picture = await patient(cloud, "otc").inspect(request.from);
    checkInvalid(await errorOf(() => run(picture)), { field: "schema" });
  }));

  it("a report is no plan", async (t) => {
    hasty(t);
    const report = await run(await fresh());
    checkInvalid(await errorOf(() => run(report)), { field: "schema" });
  });
});

describe("a damaged plan", () => {
  const DAMAGED = [
    ["request", (plan) => void delete plan.request],
    ["createdAt", (plan) => void delete plan.createdAt],
    ["createdAt", (plan) => void (plan.createdAt = "yesterday")],
    ["createdAt", (plan) => void (plan.createdAt = 5)],
    ["entries", (plan) => void delete plan.entries[0].id],
    ["entries", (plan) => void delete plan.entries[0].weight],
    ["entries", (plan) => void (plan.entries[0].weight = "heavy")],
    ["entries", (plan) => void (plan.entries[0].id = 5)],
    ["entries", (plan) => void (plan.entries[0].saved = "x")],
    ["entries", (plan) => void (plan.entries[0].saved = [])],
    ["entries", (plan) => void (plan.entries[0] = null)],
    ["entries", (plan) => void (plan.entries[0].groupId = null)],
    ["loadBalancers", (plan) => void (plan.loadBalancers = [])],
    ["loadBalancers", (plan) => void (plan.entries[0].loadBalancerId = "elsewhere")],
    ["rules", (plan) => void (plan.rules = [{ id: "x" }])],
    ["from", (plan) => void delete plan.request.from],
    ["remove[0]", (plan) => void (plan.request.remove = [{}])],
    ["keepAtLeast", (plan) => void (plan.request.keepAtLeast = "most")],
    ["allow[0]", (plan) => void (plan.request.allow = ["everything"])],
  ];
  for (const [field, change] of DAMAGED) {
    it(`${field}: ${String(change).replace(/^.*=> void /, "")}`, untouched(async () => {
      const error = await errorOf(async () => run(await edited(change)));
      checkInvalid(error, {});
      assert.equal(error.field, field, error.message);
    }));
  }

  it("is nothing like a plan", untouched(async () => {
    const cycle = { schema: "unpool/plan@1" };
    cycle.request = { from: cycle };
    const junk = [
      null, undefined, 5, "", "plan", true, [], {}, [[]], () => {}, Symbol("plan"), 10n, new Map(), cycle, "x".repeat(10_240), { schema: "x".repeat(10_240) },
      { schema: "unpool/plan@1", vendor: "x".repeat(10_240) }, JSON.parse(`${'{"a":'.repeat(200)}1${"}".repeat(200)}`), new Proxy({}, { ownKeys() { throw new Error("no"); } }),
      { get schema() { throw new Error("no"); } }, { toJSON: () => undefined }, { toJSON() { throw new Error("no"); } },
    ];
    for (const plan of junk) checkInvalid(await errorOf(() => run(plan)), {});
  }));

  it("wherever a value of another kind is put, it ends in an error or a report, and changes nothing else", async (t) => {
    hasty(t);
    const plan = await fresh({ drain: false });
    const paths = [...pathsOf(plan)];
    assert.ok(paths.length > 50);
    const values = [null, 7, "x", [], {}, [null], "x".repeat(10_240)];
    for (const [index, path] of paths.entries()) {
      // Two of them each, so that all come everywhere.
      for (const value of [values[index % 7], values[(index + 3) % 7]]) {
        const copy = structuredClone(plan);
        put(copy, path, value);
        let ended;
        try {
          ended = await run(copy);
        } catch (error) {
          checkError(error, { sent: false });
          assert.ok(["invalid-input", "refused"].includes(error.kind), `${path.join(".")}: ${error.kind}`);
        }
        if (ended) assert.ok(["done", "refused", "incomplete"].includes(ended.status));
        assert.ok(cloud.control.changes().every(({ ids }) => ids.memberId === IDS.member), path.join("."));
        if (cloud.control.changes().length > 0) cloud.control.reset();
      }
    }
  });
});

function* pathsOf(value, path = []) {
  if (path.length > 0) yield path;
  if (value !== null && typeof value === "object") for (const [name, child] of Object.entries(value)) yield* pathsOf(child, [...path, name]);
}

function put(target, path, value) {
  const parent = path.slice(0, -1).reduce((object, name) => object[name], target);
  parent[path.at(-1)] = value;
}
