// The events behind a progress bar.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { FORMS, IDS, OPERATIONS, REQUESTS, cloudOf, emulator, hasty, patient, removal, watchStrays } from "./support.mjs";
import { named } from "../api/cloud.mjs";

watchStrays();
const cloud = emulator();

const short = ({ event, step, why, entry, refusal, attempt }) => [event, step ?? why ?? entry?.outcome ?? refusal?.guard ?? attempt].filter(Boolean).join(" ");
/** Whatever is told: in order of time, counted, one step after the other, each ended. */
function check(events, total) {
  let steps = new Map();
  let last = { at: "", done: 0 };
  for (const event of events) {
    assert.equal(event.total, total);
    assert.ok(event.done >= last.done && event.done <= total, "done never goes back");
    assert.ok(event.at >= last.at);
    assert.match(event.at, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/);
    assert.ok(event.loadBalancerId);
    if (event.event === "step-begin") {
      assert.equal(steps.get(event.loadBalancerId), undefined, "the step before has ended");
      steps.set(event.loadBalancerId, event.step);
    }
    if (event.event === "step-end") {
      assert.equal(steps.get(event.loadBalancerId), event.step);
      steps.delete(event.loadBalancerId);
    }
    if (event.event === "wait") assert.ok(event.until >= event.at, `${event.until} is after ${event.at}`);
    assert.deepEqual(JSON.parse(JSON.stringify(event)), event);
    last = event;
  }
  assert.equal(steps.size, 0, "all steps have ended");
}

const PLAIN = [
  "step-begin check", "step-end check", "step-begin drain", "step-end drain", "step-begin wait", "wait drain", "step-end wait",
  "step-begin remove", "entry removed", "step-end remove",
];

describe("events", () => {
  for (const [kind, more] of FORMS) {
    it(`${named(kind, more)}: of the main path`, async (t) => {
      hasty(t);
      const request = kind === "alibaba" ? { ...REQUESTS.alibaba, from: { loadBalancerId: IDS.loadBalancer, defaultGroupOnly: true } } : REQUESTS[kind];
      const { events, report } = await removal(patient(cloud, kind, more), request);
      assert.deepEqual(events.map(short), PLAIN);
      check(events, 1);
      assert.equal(events.at(-1).done, 1);
      const wait = events.find(({ event }) => event === "wait");
      assert.ok(Math.abs(Date.parse(wait.until) - Date.parse(wait.at) - 30_000) <= 1_000);
      assert.deepEqual(events.find(({ event }) => event === "entry").entry, report.entries[0]);
    });
  }

  it("without a drain", async (t) => {
    hasty(t);
    const { events } = await removal(patient(cloud, "ucloud"), { ...REQUESTS.ucloud, drain: false });
    assert.deepEqual(events.map(short), ["step-begin check", "step-end check", "step-begin remove", "entry removed", "step-end remove"]);
  });

  it("with a rule", async (t) => {
    hasty(t);
    const { events } = await removal(patient(cloud, "ucloud"), { from: { ulbId: IDS.ulb }, remove: { backendId: "backend-3c4d" }, onEmptyRule: "delete-rule" });
    assert.deepEqual(events.map(short).slice(7), ["step-begin detach", "step-end detach", "step-begin remove", "entry removed", "step-end remove"]);
    check(events, 1);
  });

  it("with retries and locks", async (t) => {
    hasty(t);
    cloud.control.faults([{ cloud: "ucloud", operation: "UpdateBackendAttribute", effect: "throttle", times: 2 }, { cloud: "ucloud", operation: "ReleaseBackend", effect: "drop-after" }]);
    const { events } = await removal(patient(cloud, "ucloud"), REQUESTS.ucloud);
    check(events, 1);
    assert.deepEqual(events.map(short), [
      "step-begin check", "step-end check", "step-begin drain", "retry 1", "wait retry", "retry 2", "wait retry", "step-end drain", "step-begin wait", "wait drain", "step-end wait",
      "step-begin remove", "retry 1", "wait settle", "entry removed", "step-end remove",
    ]);
    assert.deepEqual(events.filter(({ event }) => event === "retry").map(({ error }) => error.kind), ["throttled", "throttled", "outcome-unknown"]);
  });

  for (const kind of ["alibaba", "ucloud", "otc"]) {
    it(`${kind}: of a refusal in mid-run, with what is put back`, async (t) => {
      hasty(t);
      const client = patient(cloud, kind);
      const request = kind === "alibaba" ? { ...REQUESTS.alibaba, from: { loadBalancerId: IDS.loadBalancer, defaultGroupOnly: true } } : REQUESTS[kind];
      const plan = await client.plan({ ...request, keepAtLeast: 2 });
      const events = [];
      const sicken = {
        alibaba: () => ["i-bp1fq61enf4loa5i0000", "i-bp1fq61enf4loa5i0002", "eni-2ze1sdp50001"].map((id) => ({ cloud: "alibaba", id, health: "abnormal" })),
        ucloud: () => ["backend-3c4d"].map((id) => ({ cloud: "ucloud", id, status: 1 })),
        otc: () => ["9a7aff27-fd41-4ec1-ba4c-3eb92c629313", "b43fbe21-2ef1-4c27-a7ad-d9c0f1e1cf8a"].map((id) => ({ cloud: "otc", id, operatingStatus: "ERROR" })),
      };
      const report = await client.run(plan, {
        onEvent(event) {
          events.push(event);
          if (event.event === "wait" && event.why === "drain") cloud.control.arrange({ set: sicken[kind]() });
        },
      });
      assert.equal(report.status, "refused");
      check(events, 1);
      assert.deepEqual(events.map(short).slice(7), ["step-begin remove", "refused keep-at-least", "step-end remove", "step-begin put-back", "step-end put-back"]);
      assert.deepEqual(events.find(({ event }) => event === "refused").refusal, report.loadBalancers[0].refusal);
    });

    it(`${kind}: of an entry that fails`, async (t) => {
      hasty(t);
      cloud.control.faults([{ cloud: cloudOf(kind), operation: OPERATIONS[kind].remove, effect: "refuse", code: { alibaba: "Forbidden.RAM", ucloud: "299", otc: "ELB.9802" }[kind], times: "always" }]);
      const request = kind === "alibaba" ? { ...REQUESTS.alibaba, from: { loadBalancerId: IDS.loadBalancer, defaultGroupOnly: true } } : REQUESTS[kind];
      const { events, report } = await removal(patient(cloud, kind), request);
      check(events, 1);
      const failed = events.filter(({ event }) => event === "entry");
      assert.deepEqual(failed.map(({ entry, done }) => `${entry.outcome} ${done}`), ["failed 1"], "whoever counts comes to the total");
      assert.equal(report.entries[0].outcome, "failed");
    });
  }

  it("count over several load balancers", async (t) => {
    hasty(t);
    const { added } = cloud.control.arrange({ add: { ucloud: [1, 2, 3].map(() => ({ backends: 6 })) } });
    const { events } = await removal(patient(cloud, "ucloud"), {
      from: added.ucloud.map(({ ulbId }) => ({ ulbId })),
      remove: added.ucloud.flatMap(({ vServers: [{ backendIds }] }) => backendIds.slice(0, 2).map((backendId) => ({ backendId }))),
    });
    check(events, 6);
    assert.equal(events.at(-1).done, 6);
    const byBalancer = Map.groupBy?.(events, ({ loadBalancerId }) => loadBalancerId);
    if (byBalancer) assert.equal(byBalancer.size, 3);
    assert.deepEqual(events.filter(({ event }) => event === "entry").map(({ done }) => done).sort(), [1, 2, 3, 4, 5, 6]);
  });
});

describe("a listener", () => {
  it("that throws, rejects or returns anything stops no removal", async (t) => {
    for (const onEvent of [
      () => { throw new Error("no"); },
      () => { throw null; },
      () => Promise.resolve("ignored"),
      () => Promise.reject(new Error("no")),
      async () => { throw new Error("no"); },
      () => ({ then() { throw new Error("no"); } }),
      () => false,
    ]) {
      hasty(t);
      const client = patient(cloud, "ucloud");
      const report = await client.run(await client.plan(REQUESTS.ucloud), { onEvent });
      assert.equal(report.status, "done");
      cloud.control.reset();
      t.mock.restoreAll();
    }
  });

  it("may change what it is told: the report is another", async (t) => {
    hasty(t);
    const client = patient(cloud, "ucloud");
    const report = await client.run(await client.plan(REQUESTS.ucloud), {
      onEvent(event) {
        if (event.entry) event.entry.outcome = "failed";
        for (const name of Object.keys(event)) delete event[name];
      },
    });
    assert.equal(report.entries[0].outcome, "removed");
  });

  it("may use the client", async (t) => {
    hasty(t);
    const client = patient(cloud, "ucloud");
    const others = [];
    const report = await client.run(await client.plan(REQUESTS.ucloud), { onEvent: ({ event }) => event === "step-begin" && others.push(client.inspect(REQUESTS.ucloud.from)) });
    assert.equal(report.status, "done");
    assert.equal((await Promise.all(others)).length, 4);
  });

  it("is optional, and null is none", async (t) => {
    hasty(t);
    const client = patient(cloud, "ucloud");
    assert.equal((await client.run(await client.plan(REQUESTS.ucloud), null)).status, "done");
  });
});
