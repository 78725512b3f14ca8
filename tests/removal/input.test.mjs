// What is asked for wrongly is refused with the field and what to do, before anything is sent.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Client, OPTIONS, countingFetch } from "../api/support.mjs";
import { IDS, checkInvalid, emulator, errorOf, patient, watchStrays } from "./support.mjs";

watchStrays();

const clientOf = (name, fetch = countingFetch()) => ({ client: new Client({ ...OPTIONS[name], fetch }), fetch });
const from = { loadBalancerId: "lb-1" };
const remove = { serverId: "i-1" };
const wrong = (field, request, hint) => [field, request, hint];

/** The field that is named, the request, and what the hint says. */
const REQUESTS = [
  wrong("from", { remove }),
  wrong("remove", { from }),
  wrong("from", { from: [], remove }, /at least one place/),
  wrong("from", { from: "lb-1", remove }),
  wrong("from", { from: null, remove }),
  wrong("from.loadBalancerId", { from: {}, remove }, /vServerGroupId/),
  wrong("from.loadBalancerId", { from: { loadBalancerId: "" }, remove }),
  wrong("from.loadBalancerId", { from: { loadBalancerId: 5n.toString().repeat(100) }, remove }),
  wrong("from.loadBalancerId", { from: { loadBalancerId: "lb-1/../x" }, remove }, /letters, digits/),
  wrong("from.loadBalancerId", { from: { loadBalancerId: "lb-1", vServerGroupId: "rsp-1" }, remove }, /one of them/),
  wrong("from.defaultGroupOnly", { from: { loadBalancerId: "lb-1", defaultGroupOnly: "yes" }, remove }),
  wrong("from.defaultGroupOnly", { from: { vServerGroupId: "rsp-1", defaultGroupOnly: true }, remove }),
  wrong("from.poolId", { from: { poolId: "p-1" }, remove }, /one of: loadBalancerId, vServerGroupId/),
  wrong("from[1].loadBalancerId", { from: [from, { loadBalancerId: "?" }], remove }),
  wrong("from[1]", { from: [from, null], remove }),
  wrong("remove", { from, remove: [] }, /at least one server/),
  wrong("remove", { from, remove: "i-1" }),
  wrong("remove", { from, remove: {} }, /the server, its address, or health/),
  wrong("remove[1]", { from, remove: [remove, { port: 80 }] }, /the server, its address, or health/),
  wrong("remove[0]", { from, remove: [[remove]] }),
  wrong("remove.serverId", { from, remove: { serverId: "" } }),
  wrong("remove.serverId", { from, remove: { serverId: "i 1" } }),
  wrong("remove.serverIp", { from, remove: { serverIp: "nowhere" } }),
  wrong("remove.address", { from, remove: { address: "10.0.0.1 10.0.0.2" } }),
  wrong("remove.port", { from, remove: { ...remove, port: 0 } }, /1 to 65535/),
  wrong("remove.port", { from, remove: { ...remove, port: "http" } }),
  wrong("remove.port", { from, remove: { ...remove, port: 80.5 } }),
  wrong("remove.health", { from, remove: { health: "ill" } }, /unhealthy/),
  wrong("remove.health", { from, remove: { health: true } }),
  wrong("remove.memberId", { from, remove: { memberId: "m-1" } }, /serverId/),
  wrong("drain", { from, remove, drain: 5 }, /waitMs.* or false/),
  wrong("drain", { from, remove, drain: "no" }),
  wrong("drain", { from, remove, drain: null }),
  wrong("drain", { from, remove, drain: [] }),
  wrong("drain.waitMs", { from, remove, drain: { waitMs: -1 } }, /0 to 86400000/),
  wrong("drain.waitMs", { from, remove, drain: { waitMs: 86_400_001 } }),
  wrong("drain.waitMs", { from, remove, drain: { waitMs: "soon" } }),
  wrong("drain.wait", { from, remove, drain: { wait: 5 } }, /waitMs/),
  ...[-1, 1.5, 100_001, "x", "", "%", "101%", "-1%", "1.5%", "50 %", true, null, [], {}, NaN].map((keepAtLeast) => wrong("keepAtLeast", { from, remove, keepAtLeast }, /number of servers, or a share/)),
  wrong("allow", { from, remove, allow: "keep-at-least" }),
  wrong("allow", { from, remove, allow: null }),
  wrong("allow[0]", { from, remove, allow: ["everything"] }, /keep-at-least, most-of-pool, empty-rule/),
  wrong("allow[1]", { from, remove, allow: ["keep-at-least", 5] }),
  ...["delete", "", 5, null, true].map((onEmptyRule) => wrong("onEmptyRule", { from, remove, onEmptyRule }, /stop.*delete-rule.*leave-empty/)),
  ...[0, -5, "x", 1e12, null, 1.5].map((maxPlanAgeMs) => wrong("maxPlanAgeMs", { from, remove, maxPlanAgeMs })),
  wrong("dryRun", { from, remove, dryRun: true }, /one of: from, remove, drain/),
  wrong("keepAtleast", { from, remove, keepAtleast: 1 }, /keepAtLeast/),
];

describe("a plan request", () => {
  for (const [field, request, hint = /./] of REQUESTS) {
    it(`${field}: ${JSON.stringify(request).slice(0, 100)}`, async () => {
      const { client, fetch } = clientOf("alibaba rpc");
      const error = await errorOf(() => client.plan(request, { signal: AbortSignal.timeout(500) }));
      checkInvalid(error, { field, hint, vendor: "alibaba" });
      assert.equal(fetch.calls, 0);
    });
  }

  it("has the words of its vendor", async () => {
    for (const [name, given, field] of [
      ["ucloud", { from: { ulbId: "ulb-1" }, remove: { memberId: "m-1" } }, "remove.memberId"],
      ["ucloud", { from: { loadBalancerId: "ulb-1" }, remove: { backendId: "b-1" } }, "from.loadBalancerId"],
      ["ucloud", { from: { vServerId: "vserver-1" }, remove: { backendId: "b-1" } }, "from.ulbId"],
      ["scloud", { from: { ulbId: "ulb-1", vServerId: "" }, remove: { backendId: "b-1" } }, "from.vServerId"],
      ["otc keys", { from: { ulbId: "ulb-1" }, remove: { memberId: "m-1" } }, "from.ulbId"],
      ["otc keys", { from: { poolId: "p-1", loadBalancerId: "l-1" }, remove: { memberId: "m-1" } }, "from.loadBalancerId"],
      ["openstack token", { from: { poolId: "p-1" }, remove: { serverId: "i-1" } }, "remove.serverId"],
      ["openstack token", { from: { poolId: "." }, remove: { memberId: "m-1" } }, "from.poolId"],
      ["huawei scoped", { from: { poolId: "p-1" }, remove: { memberId: "%2e" } }, "remove.memberId"],
    ]) {
      const { client, fetch } = clientOf(name);
      const error = await errorOf(() => client.plan(given));
      checkInvalid(error, {});
      assert.equal(error.field, field, name);
      assert.equal(fetch.calls, 0);
    }
  });

  it("is nothing like one", async () => {
    const cycle = { from };
    cycle.remove = cycle;
    for (const given of [undefined, null, 5, "", "x", true, [], () => {}, Symbol("x"), 10n, cycle, { from: 10n, remove }, new Map(), "x".repeat(10_240), { get from() { throw new Error("no"); } }]) {
      const { client, fetch } = clientOf("alibaba rpc");
      for (const method of ["plan", "inspect", "run"]) checkInvalid(await errorOf(() => client[method](given)), {});
      assert.equal(fetch.calls, 0);
    }
  });

  it("as a whole is named", async () => {
    const { client } = clientOf("alibaba rpc");
    for (const given of [null, 5, []]) {
      assert.equal((await errorOf(() => client.plan(given))).field, "request");
      assert.equal((await errorOf(() => client.run(given))).field.replace("schema", "plan"), "plan");
    }
    for (const given of [null, 5]) assert.equal((await errorOf(() => client.inspect(given))).field, "from");
  });

  it("takes what means the same", async () => {
    const { client, fetch } = clientOf("alibaba rpc", countingFetch());
    for (const given of [
      { from: [from], remove: [remove] }, { from, remove, drain: true }, { from, remove, drain: {} }, { from, remove, allow: [] }, { from, remove, drain: undefined, keepAtLeast: undefined },
      { from, remove: { serverId: "i-1", port: "80" } }, { from: { ...from, defaultGroupOnly: false }, remove },
    ]) {
      const before = fetch.calls;
      await errorOf(() => client.plan(given, { timeoutMs: 5, signal: AbortSignal.timeout(50) }));
      assert.ok(fetch.calls > before, JSON.stringify(given));
    }
  });
});

describe("what inspect is given", () => {
  it("is a place, or a list of places", async () => {
    const { client, fetch } = clientOf("alibaba rpc");
    for (const [given, field] of [[[], "from"], [{}, "from.loadBalancerId"], [[{}], "from[0].loadBalancerId"], [{ from }, "from.from"], ["lb-1", "from"], [{ loadBalancerId: "a b" }, "from.loadBalancerId"]]) {
      const error = await errorOf(() => client.inspect(given));
      checkInvalid(error, {});
      assert.equal(error.field, field, JSON.stringify(given));
    }
    assert.equal(fetch.calls, 0);
  });
});

describe("options", () => {
  const WRONG = {
    signal: [5, {}, "x", true],
    timeoutMs: [0, -1, "soon", NaN, {}],
    timeoutMs: [0, -1, 1.5, 600_001, "x", null, NaN, Infinity],
    concurrency: [0, -1, 1.5, 101, "2", null, NaN, Infinity],
    maxCalls: [0, -1, 1.5, "2", null, NaN],
    deadline: ["tomorrow", null, {}, NaN, new Date("x"), true],
    onEvent: [5, {}, "x", null, true],
  };
  for (const [name, values] of Object.entries(WRONG)) {
    for (const value of values) {
      it(`${name}: ${value instanceof Date ? "an invalid Date" : typeof value === "number" ? value : JSON.stringify(value)}`, async () => {
        const { client, fetch } = clientOf("alibaba rpc");
        const run = name === "onEvent" || name === "maxCalls" || name === "deadline";
        const work = run ? () => client.run(PLAN, { [name]: value }) : () => client.plan({ from, remove }, { [name]: value });
        checkInvalid(await errorOf(work), { field: name });
        assert.equal(fetch.calls, 0);
      });
    }
  }
  // A plan that is right in all that options come before.
  const PLAN = { schema: "unpool/plan@1", vendor: "alibaba", endpoint: "slb.aliyuncs.com", region: "cn-hangzhou", createdAt: new Date().toISOString(), request: { from, remove }, entries: [], absent: [], loadBalancers: [{ id: "lb-1", name: "", status: "active", from: [0] }], groups: [], rules: [], steps: [], warnings: [], refusals: [], calls: { reads: 0, changes: 0 } };

  it("that are not known, or of another method", async () => {
    const { client, fetch } = clientOf("alibaba rpc");
    for (const [work, field] of [
      [() => client.run(PLAN, { journal: [] }), "journal"],
      [() => client.run(PLAN, { onevent() {} }), "onevent"],
      [() => client.plan({ from, remove }, { maxCalls: 5 }), "maxCalls"],
      [() => client.plan({ from, remove }, { onEvent() {} }), "onEvent"],
      [() => client.inspect(from, { deadline: 5 }), "deadline"],
      [() => client.inspect(from, new AbortController().signal), "options"],
      [() => client.run(PLAN, []), "options"],
      [() => client.run(PLAN, "x"), "options"],
    ]) {
      checkInvalid(await errorOf(work), { field });
    }
    assert.equal(fetch.calls, 0);
  });

  it("are read once", async () => {
    const { client } = clientOf("alibaba rpc");
    let reads = 0;
    await client.run(PLAN, { get maxCalls() { reads++; return 1; }, deadline: 0 });
    assert.equal(reads, 1);
  });
});

const cloud = emulator();

describe("of several places", () => {
  it("the one that is not there is named", async () => {
    const client = patient(cloud, "alibaba");
    const from = [{ loadBalancerId: IDS.loadBalancer }, { loadBalancerId: "lb-nowhere" }];
    for (const error of [await errorOf(() => client.plan({ from, remove: { serverId: "i-1" } })), await errorOf(() => client.inspect(from))]) {
      assert.deepEqual([error.kind, error.field], ["not-found", "from[1].loadBalancerId"]);
      assert.match(error.message, /^from\[1\]: /);
    }
    assert.equal((await errorOf(() => client.inspect(from[1]))).field, "loadBalancerId");
  });
});
