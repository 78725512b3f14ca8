// Aborting: things are left as they are, the report says how that is, and nothing is sent any more.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { IDS, OPERATIONS, REQUESTS, arrived, backends, checkError, cloudOf, describeReport, emulator, errorOf, hasty, patient, settled, watchStrays, writes } from "./support.mjs";

watchStrays();
const cloud = emulator();

const KINDS = ["alibaba", "ucloud", "otc", "keystone"];
const told = ({ entries }) => entries.map(({ outcome, state }) => `${outcome} ${state}`);
const takesNothing = (line) => line.endsWith("weight=0") || line.endsWith("disabled");
/** The lines of those that are to be removed. */
const MARK = { alibaba: "i-bp1fq61enf4loa5i0001", ucloud: "backend-1a2b", otc: IDS.member, keystone: IDS.member };
const own = (kind) => backends(cloud, kind).filter((line) => line.includes(MARK[kind]));

/** Runs a plan, aborting at the first event that `when` says. */
async function aborted(kind, when, { request = REQUESTS[kind], reason } = {}) {
  const client = patient(cloud, kind);
  const plan = await client.plan(request);
  const controller = new AbortController();
  const before = arrived(cloud);
  let at;
  const report = await settled(client.run(plan, {
    signal: controller.signal,
    onEvent(event) {
      if (at !== undefined || !when(event)) return;
      at = arrived(cloud);
      controller.abort(reason);
    },
  }));
  return { report, plan, before, at, sent: arrived(cloud) - before };
}

describe("abort", () => {
  for (const kind of KINDS) {
    it(`${kind}: before the first call: nothing is sent`, async () => {
      const client = patient(cloud, kind);
      const plan = await client.plan(REQUESTS[kind]);
      const before = arrived(cloud);
      const report = await client.run(plan, { signal: AbortSignal.abort("no") });
      assert.equal(report.status, "aborted");
      assert.equal(report.calls, 0);
      assert.ok(told(report).every((line) => line === "not-tried unknown"));
      assert.equal(report.loadBalancers[0].error.kind, "aborted");
      assert.equal(arrived(cloud), before);
      assert.match(describeReport(report), /: aborted\b/);
      for (const work of [() => client.plan(REQUESTS[kind], { signal: AbortSignal.abort() }), () => client.inspect(REQUESTS[kind].from, { signal: AbortSignal.abort() })]) {
        checkError(await errorOf(work), { kind: "aborted", sent: false });
      }
      assert.equal(arrived(cloud), before);
    });

    it(`${kind}: in mid-drain, at once: left drained, and nothing is sent afterwards`, async () => {
      // Real time: a wait that is not ended by the abort would be half a minute.
      const started = performance.now();
      const { report, at, before, sent } = await aborted(kind, ({ event, why }) => event === "wait" && why === "drain");
      assert.ok(performance.now() - started < 5_000);
      assert.equal(report.status, "aborted");
      assert.equal(before + sent, at);
      assert.equal(report.calls, sent);
      assert.ok(own(kind).length > 0 && own(kind).every(takesNothing));
      assert.ok(told(report).every((line) => line === "not-tried drained"), told(report).join());
      const text = describeReport(report);
      assert.match(text, /takes? no traffic and (is|are) not removed/);
      assert.match(text, /: aborted\. 0 of \d removed, \d not-tried;/);
    });

    it(`${kind}: in mid-drain, from outside`, async () => {
      const client = patient(cloud, kind);
      const plan = await client.plan(REQUESTS[kind]);
      const controller = new AbortController();
      const report = await settled(client.run(plan, {
        signal: controller.signal,
        onEvent: ({ event, why }) => void (event === "wait" && why === "drain" && setTimeout(() => controller.abort(), 30)),
      }));
      const count = arrived(cloud);
      assert.equal(report.status, "aborted");
      assert.ok(told(report).every((line) => line === "not-tried drained"));
      await new Promise((resolve) => setTimeout(resolve, 50));
      assert.equal(arrived(cloud), count);
    });

    it(`${kind}: while a change is under way that is carried out: unknown, or what is so`, async (t) => {
      hasty(t);
      cloud.control.faults([{ cloud: cloudOf(kind), operation: OPERATIONS[kind].remove, effect: "hang-after" }]);
      const client = patient(cloud, kind);
      const plan = await client.plan({ ...REQUESTS[kind], drain: false });
      const controller = new AbortController();
      const running = client.run(plan, { signal: controller.signal });
      while (!writes(cloud).includes(OPERATIONS[kind].remove)) await new Promise((resolve) => setTimeout(resolve, 5));
      controller.abort();
      const report = await settled(running);
      assert.equal(report.status, "aborted");
      assert.equal(report.entries.filter(({ outcome, state }) => outcome === "unknown" && state === "unknown").length, 1);
      assert.ok(report.entries.every(({ outcome }) => outcome === "unknown" || outcome === "not-tried"));
    });

    it(`${kind}: once the answer to a removal is there, what was done is told`, async (t) => {
      // The caller's fetch aborts when the answer has been read: nobody may forget that answer.
      hasty(t);
      const controller = new AbortController();
      const operation = OPERATIONS[kind].remove;
      const client = patient(cloud, kind, {
        async fetch(url, init) {
          const response = await fetch(url, init);
          const isRemoval = cloud.control.log().at(-1)?.operation === operation;
          const { status, headers } = response;
          const text = await response.text();
          return { status, headers, text: () => Promise.resolve(text).then((text) => (isRemoval && queueAfter(4, () => controller.abort()), text)) };
        },
      });
      const plan = await client.plan({ ...REQUESTS[kind], drain: false });
      const report = await settled(client.run(plan, { signal: controller.signal }));
      assert.equal(report.status, "aborted");
      const gone = own(kind);
      for (const { id, outcome, state } of report.entries) {
        const there = gone.some((line) => (id.includes(":") ? line.includes("rsp-") : !line.includes("rsp-")));
        if (outcome === "not-tried") assert.ok(there, `${id} is not there, and was said not to be tried (${state})`);
        if (outcome === "removed") assert.ok(!there);
      }
    });
  }

  for (const [what, when] of [
    ["while the world is compared", ({ event, step }) => event === "step-begin" && step === "check"],
    ["before the drain", ({ event, step }) => event === "step-begin" && step === "drain"],
    ["before the removal", ({ event, step }) => event === "step-begin" && step === "remove"],
    ["after the first entry", ({ event }) => event === "entry"],
  ]) {
    for (const kind of KINDS) {
      it(`${kind}: ${what}: not another call, and the report is true`, async (t) => {
        hasty(t);
        const { report, at, before, sent } = await aborted(kind, when);
        assert.equal(before + sent, at, "nothing was sent after it");
        assert.equal(report.calls, sent, "and nothing else was counted");
        const finished = kind !== "alibaba" && what === "after the first entry";
        assert.equal(report.status, finished ? "done" : "aborted");
        for (const { id, outcome, state } of report.entries) {
          const line = own(kind).find((line) => kind !== "alibaba" || id.includes(":") === line.includes("rsp-"));
          assert.equal(outcome, line ? "not-tried" : "removed");
          if (state === "drained") assert.ok(takesNothing(line));
          if (state === "serving") assert.ok(!takesNothing(line));
          if (state === "gone") assert.equal(line, undefined);
          assert.notEqual(state === "unknown" && what !== "while the world is compared", true, "nothing was under way");
        }
      });
    }
  }

  it("while what was drained is put back: said as it is", async (t) => {
    hasty(t);
    cloud.control.faults([{ cloud: "ucloud", operation: "ReleaseBackend", effect: "refuse", code: "299", times: "always" }]);
    const { report } = await aborted("ucloud", ({ event, step }) => event === "step-begin" && step === "put-back");
    assert.equal(report.status, "aborted");
    assert.deepEqual(told(report), ["failed drained"]);
    assert.ok(own("ucloud").every(takesNothing));
  });

  it("a reason of any kind does no harm", async () => {
    for (const reason of [undefined, null, 0, "why", new Error("why"), { toString: () => "why" }]) {
      const { report } = await aborted("ucloud", ({ event, why }) => event === "wait" && why === "drain", { reason });
      assert.equal(report.status, "aborted");
      cloud.control.reset();
    }
  });
});

describe("abort of a plan", () => {
  it("in a pause between two attempts is aborted, with its reason, whatever failed before", async (t) => {
    const reason = new Error("enough");
    for (const work of ["plan", "inspect"]) {
      const controller = new AbortController();
      hasty(t, () => controller.abort(reason));
      cloud.control.faults([{ cloud: "ucloud", kind: "read", effect: "server", times: "always" }]);
      const given = work === "plan" ? REQUESTS.ucloud : REQUESTS.ucloud.from;
      const error = await errorOf(() => patient(cloud, "ucloud")[work](given, { signal: controller.signal }));
      checkError(error, { kind: "aborted", sent: false, cause: reason });
      t.mock.restoreAll();
    }
  });

  it("while its read is under way is aborted", async () => {
    const controller = new AbortController();
    cloud.control.faults([{ cloud: "ucloud", kind: "read", effect: "hang" }]);
    const planning = patient(cloud, "ucloud").plan(REQUESTS.ucloud, { signal: controller.signal });
    setTimeout(() => controller.abort("enough"), 30);
    checkError(await errorOf(() => planning), { kind: "aborted", cause: "enough" });
  });
});

/** After so many turns of the microtask queue. */
function queueAfter(turns, work) {
  if (turns === 0) work();
  else queueMicrotask(() => queueAfter(turns - 1, work));
}

describe("a client that is freed in mid-run", () => {
  for (const kind of ["alibaba", "ucloud", "otc"]) {
    it(`${kind}: sends nothing any more, and the report says how things are`, async () => {
      const client = patient(cloud, kind);
      const plan = await client.plan(REQUESTS[kind]);
      let count;
      const running = client.run({ ...plan, request: { ...plan.request, drain: { waitMs: 50 } } }, {
        onEvent({ event, why }) {
          if (event !== "wait" || why !== "drain") return;
          client.free();
          count = arrived(cloud);
        },
      });
      let ended;
      try {
        ended = await settled(running);
      } catch (error) {
        checkError(error, { kind: "invalid-input" });
        assert.fail("something was changed: the report should say so");
      }
      assert.equal(arrived(cloud), count);
      assert.ok(told(ended).every((line) => line.startsWith("not-tried ")), told(ended).join());
      assert.notEqual(ended.status, "done");
      checkError(await errorOf(() => client.plan(REQUESTS[kind])), { kind: "invalid-input", sent: false });
    });
  }
});
