// The main path on every cloud: look, drain, wait, take out, look again; and exactly that is what changed.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { describe, it } from "node:test";
import { pathToFileURL } from "node:url";
import { FORMS, IDS, REQUESTS, arrived, changes, cloudOf, emulator, hasty, outcomes, patient, removal, watchStrays, writes } from "./support.mjs";
import { named } from "../api/cloud.mjs";
import { packageFolder } from "../demo/unpool.mjs";

watchStrays();
const cloud = emulator();

const { loadBalancer, group, pool, member } = IDS;
const server = "i-bp1fq61enf4loa5i0001";
const alibaba = {
  changes: [
    `SetBackendServers: changed backendServer ${server} 192.168.0.21 weight 100 -> 0`,
    `SetVServerGroupAttribute: changed backendServer ${group} ${server} 192.168.0.21 80 weight 100 -> 0`,
    `RemoveBackendServers: removed backendServer ${server} 192.168.0.21`,
    `RemoveVServerGroupBackendServers: removed backendServer ${group} ${server} 192.168.0.21 80`,
  ],
  entries: [`${server} removed gone`, `${server}:80 removed gone`],
};
const ucloud = {
  changes: [
    "UpdateBackendAttribute: changed backend vserver-http backend-1a2b enabled 1 -> 0",
    "ReleaseBackend: removed backend vserver-http backend-1a2b",
    // The default rule follows by itself.
    "ReleaseBackend: changed policy vserver-http  backendIds [backend-1a2b backend-3c4d backend-5e6f] -> [backend-3c4d backend-5e6f]",
  ],
  entries: ["backend-1a2b removed gone"],
};
const openstack = {
  changes: [`UpdateMember: changed member ${pool} ${member} weight 1 -> 0`, `DeleteMember: removed member ${pool} ${member}`],
  entries: [`${member} removed gone`],
};
const EXPECTED = { alibaba, ucloud, scloud: ucloud, otc: openstack, keystone: openstack };

describe("the main path", () => {
  for (const [kind, more] of FORMS) {
    it(named(kind, more), async (t) => {
      const pauses = hasty(t);
      const { plan, report } = await removal(patient(cloud, kind, more), REQUESTS[kind]);

      assert.deepEqual(changes(cloud).sort(), [...EXPECTED[kind].changes].sort());
      assert.equal(report.status, "done");
      assert.deepEqual(outcomes(report), EXPECTED[kind].entries);
      assert.deepEqual(report.loadBalancers.map(({ status }) => status), ["done"]);
      assert.deepEqual(pauses, [30_000], "one wait, the drain's");

      // What is told of it: the calls that arrived are those that were counted, and no more than the plan said.
      assert.equal(report.calls, plan.calls.reads + plan.calls.changes);
      assert.equal(writes(cloud).length, plan.calls.changes);
      assert.equal(plan.schema, "unpool/plan@1");
      assert.equal(report.schema, "unpool/report@1");
      assert.equal(report.plannedAt, plan.createdAt);
      assert.ok(report.startedAt >= report.plannedAt && report.endedAt > report.startedAt);
      assert.equal(Date.parse(report.endedAt) - Date.parse(report.startedAt) >= 30_000, true);
    });

    it(`${named(kind, more)}: the plan changes nothing`, async () => {
      await patient(cloud, kind, more).plan(REQUESTS[kind]);
      assert.deepEqual(changes(cloud), []);
      assert.deepEqual(writes(cloud), []);
    });

    it(`${named(kind, more)}: without a drain`, async (t) => {
      const pauses = hasty(t);
      const { plan, report } = await removal(patient(cloud, kind, more), { ...REQUESTS[kind], drain: false });
      assert.deepEqual(changes(cloud).sort(), EXPECTED[kind].changes.filter((line) => !/(weight|enabled) \d+ -> 0/.test(line)).sort());
      assert.equal(report.status, "done");
      assert.equal(report.calls, plan.calls.reads + plan.calls.changes);
      assert.deepEqual(pauses, []);
    });
  }

  it("plan and report are plain JSON, and survive being stored", async (t) => {
    hasty(t);
    for (const kind of ["alibaba", "ucloud", "otc"]) {
      const client = patient(cloud, kind);
      const plan = await client.plan(REQUESTS[kind]);
      const stored = JSON.parse(JSON.stringify(plan));
      assert.deepEqual(stored, plan);
      // Another client of the same cloud may carry it out.
      const report = await patient(cloud, kind).run(stored);
      assert.equal(report.status, "done");
      assert.deepEqual(JSON.parse(JSON.stringify(report)), report);
    }
  });

  it("carried out a second time nothing is left to do, and nobody is said to have removed anything", async (t) => {
    hasty(t);
    for (const kind of ["alibaba", "ucloud", "otc"]) {
      const { plan } = await removal(patient(cloud, kind), REQUESTS[kind]);
      const before = writes(cloud).length;
      const again = await patient(cloud, kind).run(plan);
      assert.equal(again.status, "done");
      assert.ok(again.entries.every(({ outcome, state }) => outcome === "absent" && state === "gone"), JSON.stringify(again.entries));
      assert.equal(writes(cloud).length, before);
    }
  });
});

describe("the other entries of the package", () => {
  it("have the removal, too, and carry out each other's plans", async () => {
    const slim = await import(pathToFileURL(join(packageFolder, "slim.js")));
    const file = (name) => readFile(join(packageFolder, name));
    await slim.init(await file("core_bg.wasm"), { removal: () => file("removal_bg.wasm") });
    const commonjs = createRequire(import.meta.url)(join(packageFolder, "index.cjs"));
    for (const [one, other] of [[slim, commonjs], [commonjs, slim]]) {
      cloud.control.reset();
      const { url, region, projectId, credentials } = cloud.info.ucloud;
      const options = { vendor: "ucloud", region, projectId, endpoint: url, credentials, allowHttp: true };
      const plan = await new one.Client(options).plan({ ...REQUESTS.ucloud, drain: { waitMs: 50 } });
      const report = await new other.Client(options).run(plan);
      assert.equal(report.status, "done");
      assert.equal(one.describeReport(report), other.describeReport(report));
    }
  });
});

describe("one server on several ports and addresses", () => {
  it("is several entries, all of which go", async (t) => {
    hasty(t);
    const { plan, report } = await removal(patient(cloud, "alibaba"), { from: { vServerGroupId: group }, remove: { serverId: "i-bp1fq61enf4loa5i0000" } });
    assert.deepEqual(plan.entries.map(({ id, server }) => [id, server]), [
      ["i-bp1fq61enf4loa5i0000:80", "i-bp1fq61enf4loa5i0000"],
      ["i-bp1fq61enf4loa5i0000:8080", "i-bp1fq61enf4loa5i0000"],
    ]);
    assert.deepEqual(plan.groups.map(({ inService, backends }) => ({ inService, backends })), [{ inService: { before: 4, after: 3 }, backends: { before: 6, after: 4 } }]);
    assert.equal(report.status, "done");
    // One call for both.
    assert.deepEqual(writes(cloud), ["SetVServerGroupAttribute", "RemoveVServerGroupBackendServers"]);
    assert.deepEqual(changes(cloud).filter((line) => line.startsWith("Remove")), [
      `RemoveVServerGroupBackendServers: removed backendServer ${group} i-bp1fq61enf4loa5i0000 192.168.0.20 80`,
      `RemoveVServerGroupBackendServers: removed backendServer ${group} i-bp1fq61enf4loa5i0000 192.168.0.20 8080`,
    ]);
  });

  it("one address of an ENI goes, and its others stay", async (t) => {
    hasty(t);
    const { report } = await removal(patient(cloud, "alibaba"), { from: { loadBalancerId: loadBalancer }, remove: { serverIp: "192.168.0.31" } });
    assert.equal(report.status, "done");
    assert.deepEqual(changes(cloud), [
      "SetBackendServers: changed backendServer eni-2ze1sdp50001 192.168.0.31 weight 100 -> 0",
      "RemoveBackendServers: removed backendServer eni-2ze1sdp50001 192.168.0.31",
    ]);
  });

  it("a UCloud host is found under all its ids", async (t) => {
    hasty(t);
    for (const kind of ["ucloud", "scloud"]) {
      cloud.control.reset();
      const request = { from: { ulbId: IDS.ulb }, remove: { resourceId: "uhost-web2" } };
      const { plan, report } = await removal(patient(cloud, kind), { ...request, onEmptyRule: "leave-empty" });
      assert.deepEqual(plan.entries.map(({ id, groupId }) => `${id} ${groupId}`), ["backend-3c4d vserver-http", "backend-7g8h vserver-tcp"]);
      assert.equal(report.status, "done");
      assert.equal(report.calls, plan.calls.reads + plan.calls.changes);
      const left = cloud.control.state()[cloudOf(kind)].backends.filter((line) => line.includes("10.9.1.12"));
      assert.deepEqual(left, []);
    }
  });
});

describe("many backends", () => {
  it("Alibaba takes them twenty at a time, serially", async (t) => {
    hasty(t);
    const { added } = cloud.control.arrange({ add: { alibaba: { servers: 100, groups: 1, serversPerGroup: 60 } } });
    const [{ loadBalancerId, serverIds }] = added.alibaba;
    const remove = serverIds.slice(0, 25).map((serverId) => ({ serverId }));
    const { plan, report } = await removal(patient(cloud, "alibaba"), { from: { loadBalancerId }, remove });
    assert.equal(plan.entries.length, 50);
    assert.equal(report.status, "done");
    assert.equal(report.calls, plan.calls.reads + plan.calls.changes);
    assert.deepEqual(writes(cloud), [
      "SetBackendServers", "SetBackendServers", "SetVServerGroupAttribute", "SetVServerGroupAttribute",
      "RemoveBackendServers", "RemoveBackendServers", "RemoveVServerGroupBackendServers", "RemoveVServerGroupBackendServers",
    ]);
    const removed = changes(cloud).filter((line) => line.includes(": removed "));
    assert.equal(removed.length, 50);
    assert.ok(cloud.control.state().alibaba.backends.every((line) => !line.includes("weight=0")));
  });

  it("maxBackendsPerCall is the client's", async (t) => {
    hasty(t);
    const { added } = cloud.control.arrange({ add: { alibaba: { servers: 10 } } });
    const [{ loadBalancerId, serverIds }] = added.alibaba;
    const client = patient(cloud, "alibaba", { maxBackendsPerCall: 2 });
    const { plan, report } = await removal(client, { from: { loadBalancerId }, remove: serverIds.slice(0, 4).map((serverId) => ({ serverId })) });
    assert.equal(report.status, "done");
    assert.equal(plan.calls.changes, 4);
    assert.deepEqual(writes(cloud), ["SetBackendServers", "SetBackendServers", "RemoveBackendServers", "RemoveBackendServers"]);
  });

  it("the pools of an OpenStack load balancer are done one after the other", async (t) => {
    hasty(t);
    const { added } = cloud.control.arrange({ add: { otc: { pools: 2, members: 6 } } });
    const [{ loadBalancerId, pools }] = added.otc;
    const remove = pools.flatMap(({ memberIds }) => memberIds.slice(0, 3).map((memberId) => ({ memberId })));
    const { plan, report } = await removal(patient(cloud, "otc"), { from: { loadBalancerId }, remove });
    assert.equal(report.status, "done");
    assert.equal(report.entries.length, 6);
    assert.ok(report.entries.every(({ outcome }) => outcome === "removed"));
    assert.equal(report.calls, plan.calls.reads + plan.calls.changes);
    assert.equal(arrived(cloud), report.calls + 5, "and the plan's own reads");
  });
});

describe("the picture", () => {
  it("of an Alibaba load balancer", async () => {
    const picture = await patient(cloud, "alibaba").inspect({ loadBalancerId: loadBalancer });
    const { schema, vendor, endpoint, region, loadBalancers: [{ groups, ...balancer }] } = picture;
    assert.deepEqual({ schema, vendor, region }, { schema: "unpool/picture@1", vendor: "alibaba", region: "cn-hangzhou" });
    assert.equal(endpoint, new URL(cloud.info.alibaba.url).host);
    assert.ok(Math.abs(Date.parse(picture.readAt) - Date.now()) < 10_000);
    assert.deepEqual(balancer, { id: loadBalancer, name: "shop", status: "active", listeners: ["http:80", "tcp:443"] });
    assert.deepEqual(groups.map(({ id, kind, name, usedBy, backends }) => ({ id, kind, name, usedBy, backends: backends.length })), [
      { id: loadBalancer, kind: "default", name: "", usedBy: ["http:80", "tcp:443"], backends: 6 },
      { id: group, kind: "vServerGroup", name: "checkout", usedBy: ["rule rule-bp1checkout shop.example.com/checkout"], backends: 6 },
    ]);
    assert.deepEqual(groups[0].backends.find(({ id }) => id === server), {
      groupId: loadBalancer, id: server, server, health: "healthy", weight: 100, enabled: true, address: "192.168.0.21", type: "ecs",
      saved: { serverId: server, serverIp: "192.168.0.21", type: "ecs", weight: 100, description: "BackendServer2" },
    });
  });

  it("of a UCloud load balancer, with its rules", async () => {
    const { loadBalancers: [{ id, groups }] } = await patient(cloud, "ucloud").inspect({ ulbId: IDS.ulb });
    assert.equal(id, IDS.ulb);
    assert.deepEqual(groups.map(({ id, kind, method, usedBy }) => ({ id, kind, method, usedBy })), [
      { id: "vserver-http", kind: "VServer", method: "Roundrobin", usedBy: ["HTTP:80"] },
      { id: "vserver-tcp", kind: "VServer", method: "Roundrobin", usedBy: ["TCP:3306"] },
      { id: "vserver-udp", kind: "VServer", method: "Roundrobin", usedBy: ["UDP:53"] },
    ]);
    assert.deepEqual(groups[0].rules.map(({ id, matches, custom, backends }) => ({ id, matches, custom, backends })), [
      { id: "policy-api", matches: "/api", custom: true, backends: ["backend-3c4d"] },
      { id: "", matches: "", custom: false, backends: ["backend-1a2b", "backend-3c4d", "backend-5e6f"] },
    ]);
  });

  it("of an OpenStack load balancer and of one pool", async () => {
    for (const kind of ["otc", "keystone"]) {
      const client = patient(cloud, kind);
      const { loadBalancers: [{ groups, ...balancer }] } = await client.inspect({ poolId: pool });
      assert.equal(balancer.status, "ACTIVE");
      assert.deepEqual(groups.map(({ id, kind, name, method, backends }) => ({ id, kind, name, method, backends: backends.length })), [
        { id: pool, kind: "pool", name: "web", method: "ROUND_ROBIN", backends: 5 },
      ]);
      const whole = await client.inspect({ loadBalancerId: balancer.id });
      assert.deepEqual(whole.loadBalancers[0].groups.map(({ name }) => name), ["web", "api"]);
    }
  });

  it("shows health as it is", async () => {
    cloud.control.arrange({
      set: [
        { cloud: "alibaba", id: server, health: "abnormal" },
        { cloud: "ucloud", id: "backend-1a2b", status: 1 },
        { cloud: "otc", id: member, operatingStatus: "ERROR" },
      ],
    });
    const seen = async (kind, from, id) => {
      const { loadBalancers } = await patient(cloud, kind).inspect(from);
      return loadBalancers[0].groups.flatMap(({ backends }) => backends).find((backend) => backend.id === id).health;
    };
    assert.equal(await seen("alibaba", { loadBalancerId: loadBalancer }, server), "unhealthy");
    assert.equal(await seen("ucloud", { ulbId: IDS.ulb }, "backend-1a2b"), "unhealthy");
    assert.equal(await seen("otc", { poolId: pool }, member), "unhealthy");
  });

  it("of several places at once, the load balancer of two places once", async () => {
    const { loadBalancers } = await patient(cloud, "alibaba").inspect([
      { vServerGroupId: group }, { loadBalancerId: loadBalancer, defaultGroupOnly: true },
    ]);
    assert.deepEqual(loadBalancers.map(({ id, groups }) => [id, groups.map(({ kind }) => kind).sort()]), [[loadBalancer, ["default", "vServerGroup"]]]);
  });

  it("what is not there is not-found, and names it", async () => {
    for (const [kind, from] of [
      ["alibaba", { loadBalancerId: "lb-nowhere" }], ["alibaba", { vServerGroupId: "rsp-nowhere" }],
      ["ucloud", { ulbId: "ulb-nowhere" }], ["ucloud", { ulbId: IDS.ulb, vServerId: "vserver-nowhere" }],
      ["otc", { poolId: "nowhere" }], ["keystone", { loadBalancerId: "nowhere" }],
    ]) {
      const client = patient(cloud, kind);
      await assert.rejects(client.inspect(from), { name: "UnpoolError", kind: "not-found" }, `${kind} ${JSON.stringify(from)}`);
      await assert.rejects(client.plan({ from, remove: { port: 80, health: "unhealthy" } }), { kind: "not-found" });
    }
  });
});
