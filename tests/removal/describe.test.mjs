// Plans and reports in words.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { IDS, REQUESTS, checkInvalid, cloudOf, describePlan, describeReport, emulator, hasty, patient, removal, watchStrays } from "./support.mjs";

watchStrays();
const cloud = emulator();

const lines = (...all) => all.join("\n");

describe("describePlan", () => {
  it("of an Alibaba load balancer, whole", async () => {
    const text = describePlan(await patient(cloud, "alibaba").plan({ ...REQUESTS.alibaba, remove: [{ serverId: "i-bp1fq61enf4loa5i0001" }, { serverIp: "192.168.0.31" }, { serverId: "i-nowhere" }] }));
    assert.equal(text, lines(
      "Plan for alibaba cn-hangzhou: remove 3 backends from 1 load balancer.",
      "  Warning (shared-group) in lb-bp15lbk8uja8rvm4a0001: several listeners or rules send to this group.",
      "  Not found: {\"serverId\":\"i-nowhere\"}",
      "  Load balancer lb-bp15lbk8uja8rvm4a0001",
      "    default lb-bp15lbk8uja8rvm4a0001, used by http:80, tcp:443",
      "      - eni-2ze1sdp50001 192.168.0.31, weight 100, healthy",
      "      - i-bp1fq61enf4loa5i0001, weight 100, healthy",
      "      in service: 6 -> 4 servers; backends: 6 -> 4",
      "    vServerGroup rsp-cige6j5e7p (checkout), used by rule rule-bp1checkout shop.example.com/checkout",
      "      - i-bp1fq61enf4loa5i0001:80, weight 100, healthy",
      "      in service: 4 -> 3 servers; backends: 6 -> 5",
      "    1. drain 2 backends of lb-bp15lbk8uja8rvm4a0001 (1 call)",
      "    2. drain 1 backend of rsp-cige6j5e7p (1 call)",
      "    3. wait 30 s for connections to end",
      "    4. remove 2 backends from lb-bp15lbk8uja8rvm4a0001 (1 call)",
      "    5. remove 1 backend from rsp-cige6j5e7p (1 call)",
      "3 backends will be removed by 4 changes, each after a fresh look: at least 25 calls.",
    ));
  });

  it("of a UCloud rule that would be empty", async () => {
    const text = describePlan(await patient(cloud, "ucloud").plan({ from: { ulbId: IDS.ulb, vServerId: "vserver-http" }, remove: { backendId: "backend-3c4d" } }));
    assert.equal(text.replace(/at least \d+ calls/, ""), lines(
      "Plan for ucloud cn-bj2: remove 1 backend from 1 load balancer.",
      "  REFUSED (empty-rule): rule /api (policy-api) would have no backend left. To go on: choose onEmptyRule: \"delete-rule\" or \"leave-empty\", or give the rule another backend.",
      "  Warning (idle-timeout) in vserver-http: idle connections stay for up to 60 s, which is longer than drain.waitMs.",
      "  Load balancer ulb-5xyz",
      "    VServer vserver-http (web), used by HTTP:80",
      "      - backend-3c4d (uhost-web2), weight 1, healthy",
      "      in service: 3 -> 2 servers; backends: 3 -> 2",
      "    rule policy-api (/api): stop, 1 -> 0 backends",
      "    1. drain 1 backend of vserver-http (1 call)",
      "    2. wait 30 s for connections to end",
      "    3. take them out of rule policy-api",
      "    4. remove 1 backend from vserver-http (1 call)",
      "Nothing will be done: 1 guard said no.",
    ));
  });

  it("of nothing", async () => {
    const text = describePlan(await patient(cloud, "otc").plan({ from: { poolId: IDS.pool }, remove: { address: "10.255.0.9" } }));
    assert.ok(text.startsWith("Plan for otc eu-de: remove 0 backends from 0 load balancers.\n  Not found: {\"address\":\"10.255.0.9\"}\n"), text);
    assert.ok(!/undefined|NaN|\[object/.test(text), text);
  });

  it("of what was stored says the same", async () => {
    for (const kind of ["alibaba", "ucloud", "otc"]) {
      const plan = await patient(cloud, kind).plan(REQUESTS[kind]);
      assert.equal(describePlan(JSON.parse(JSON.stringify(plan))), describePlan(plan));
    }
  });
});

describe("describeReport", () => {
  it("of what was done", async (t) => {
    hasty(t);
    const { report } = await removal(patient(cloud, "ucloud"), { from: { ulbId: IDS.ulb, vServerId: "vserver-http" }, remove: { backendId: "backend-3c4d" }, onEmptyRule: "delete-rule" });
    assert.equal(describeReport(report), lines(
      "Load balancer ulb-5xyz: done",
      "  removed   backend-3c4d in ulb-5xyz / vserver-http",
      "  rule policy-api (/api): deleted",
      `ucloud: done. 1 of 1 removed; ${report.calls} calls.`,
    ));
  });

  it("of what was refused in mid-run", async (t) => {
    hasty(t);
    const client = patient(cloud, "otc");
    const plan = await client.plan(REQUESTS.otc);
    const report = await client.run(plan, {
      onEvent: ({ event, why }) => event === "wait" && why === "drain" && cloud.control.arrange({ set: [{ cloud: "otc", id: IDS.member, weight: 1 }] }),
    });
    assert.equal(describeReport(report), lines(
      "Load balancer 38278031-cfca-44be-81be-a412f618773b: refused",
      `  Refused (changed-by-someone): ${IDS.member} in ${IDS.pool} was drained, and takes traffic again. To go on: look at what changed, then plan again.`,
      `  not-tried ${IDS.member} in 38278031-cfca-44be-81be-a412f618773b / ${IDS.pool}: now serving`,
      `otc: refused. 0 of 1 removed, 1 not-tried; ${report.calls} calls.`,
    ));
  });

  it("of what was aborted while drained", async () => {
    const client = patient(cloud, "alibaba");
    const controller = new AbortController();
    const report = await client.run(await client.plan(REQUESTS.alibaba), { signal: controller.signal, onEvent: ({ event, why }) => event === "wait" && why === "drain" && controller.abort() });
    assert.equal(describeReport(report), lines(
      `Load balancer ${IDS.loadBalancer}: aborted`,
      "  aborted: the caller aborted",
      `  not-tried i-bp1fq61enf4loa5i0001 in ${IDS.loadBalancer}: now drained`,
      `  not-tried i-bp1fq61enf4loa5i0001:80 in ${IDS.loadBalancer} / ${IDS.group}: now drained`,
      "2 backends take no traffic and are not removed.",
      "To put back what this run has drained: client.undo(report).",
      `alibaba: aborted. 0 of 2 removed, 2 not-tried; ${report.calls} calls.`,
    ));
  });

  it("of what failed, with the reason", async (t) => {
    hasty(t);
    cloud.control.faults([{ cloud: "alibaba", operation: "RemoveBackendServers", effect: "refuse", code: "Forbidden.RAM", status: 403, message: "no right", times: "always" }]);
    const { report } = await removal(patient(cloud, "alibaba"), { from: { loadBalancerId: IDS.loadBalancer, defaultGroupOnly: true }, remove: { serverId: "i-bp1fq61enf4loa5i0001" } });
    const text = describeReport(report);
    assert.match(text, /^ {2}forbidden: .*no right/m);
    assert.match(text, /^ {2}failed {4}i-bp1fq61enf4loa5i0001 in lb-bp15lbk8uja8rvm4a0001: now serving \(forbidden: .*no right.*\)$/m);
    assert.match(text, /\nalibaba: incomplete\. 0 of 1 removed, 1 failed; \d+ calls\.$/);
    assert.ok(!text.includes("take no traffic"), "put back");
  });

  it("of what is unknown says so", async (t) => {
    hasty(t);
    for (const kind of ["ucloud", "otc"]) {
      cloud.control.reset();
      const client = patient(cloud, kind);
      const plan = await client.plan(REQUESTS[kind]);
      cloud.control.faults([{ cloud: cloudOf(kind), operation: kind === "otc" ? "DeleteMember" : "ReleaseBackend", effect: "drop-after" }]);
      const report = await client.run(plan, {
        onEvent: ({ event, why }) => event === "wait" && why === "settle" && cloud.control.faults([{ cloud: cloudOf(kind), kind: "read", effect: "server", times: "always" }]),
      });
      const text = describeReport(report);
      assert.match(text, /^ {2}unknown {3}\S+ in .*: now unknown/m);
      assert.match(text, /incomplete\. 0 of 1 removed, 1 unknown;/);
    }
  });

  it("of a load balancer that waits", async (t) => {
    hasty(t);
    const client = patient(cloud, "ucloud");
    const report = await client.run(await client.plan(REQUESTS.ucloud), { deadline: Date.now() + 5_000 });
    const text = describeReport(report);
    assert.match(text, /^1 backend takes no traffic and is not removed\.$/m);
    assert.match(text, /^Paused: nothing more happens by itself\. Go on from its journal, if it has one, or plan again, after \d{4}-\d\d-\d\dT[\d:.]+Z\.$/m);
  });
});

describe("what is given to be described", () => {
  const refused = (describe, given, hint) => {
    let thrown;
    try {
      describe(given);
    } catch (error) {
      thrown = error;
    }
    checkInvalid(thrown, { field: "schema" });
    assert.match(thrown.hint, hint);
  };

  it("is what plan() and run() returned, and nothing else", async () => {
    const plan = await patient(cloud, "ucloud").plan(REQUESTS.ucloud);
    for (const given of [undefined, null, {}, [], 5, "", Promise.resolve(plan), JSON.stringify(plan)]) {
      refused(describePlan, given, /client\.plan\(\)/);
      refused(describeReport, given, /client\.run\(\)/);
    }
    refused(describeReport, plan, /client\.run\(\)/);
  });

  it("may be a plan of nothing", async () => {
    const plan = await patient(cloud, "ucloud").plan({ ...REQUESTS.ucloud, remove: { backendId: "backend-none" } });
    assert.equal(describePlan(plan).split("\n").at(-1), "Nothing is to be removed.");
  });
});
