// free() while something is under way: as an abort. A request that has left is waited for and told; nothing is sent any more,
// nothing is announced in a journal, and no pause, lock or other run is waited for.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { IDS, REQUESTS, arrived, checkError, describeReport, emulator, errorOf, outcomes, patient, settled, watchStrays, writes } from "./support.mjs";
import { memory, never } from "../survival/support.mjs";

watchStrays();
const cloud = emulator();
const KINDS = ["alibaba", "ucloud", "otc", "keystone"];
const isFreed = (error) => checkError(error, { kind: "invalid-input", sent: false, retryable: false, hint: /new Client/ });

/** What is told of a load balancer on which nothing could be done any more. */
function isAborted(report) {
  assert.equal(report.status, "aborted");
  for (const { status, error } of report.loadBalancers) {
    assert.equal(status, "aborted");
    assert.match(error.message, /freed/);
  }
  assert.match(describeReport(report), /: aborted\b/);
}

/** Real time: what is not ended would be half a minute, or for ever. */
async function atOnce(work) {
  const begun = performance.now();
  const report = await settled(work);
  assert.ok(performance.now() - begun < 4_000, `${performance.now() - begun} ms`);
  return report;
}

/** Frees the client as soon as a pause for this has begun. */
const freeing = (client, reason) => ({ onEvent: ({ event, why }) => event === "wait" && why === reason && client.free() });

describe("free() in mid-run", () => {
  for (const kind of KINDS) {
    it(`${kind}: in the drain: it ends at once, drained as it is, and another client goes on from the journal`, async () => {
      const client = patient(cloud, kind);
      const plan = await client.plan({ ...REQUESTS[kind], drain: { waitMs: 30_000 } });
      const journal = memory();
      const report = await atOnce(client.run(plan, { journal, ...freeing(client, "drain") }));
      isAborted(report);
      assert.ok(outcomes(report).every((line) => line.endsWith(" not-tried drained")), outcomes(report).join());
      // The drain, and no removal that was announced and not sent.
      const intents = journal.entries.filter(({ entry }) => entry === "intent");
      assert.deepEqual(intents.map(({ operation: { operation } }) => operation), writes(cloud));
      assert.deepEqual(journal.entries.filter(({ entry }) => entry === "result").length, intents.length);

      const undone = await settled(patient(cloud, kind).undo(report));
      assert.equal(undone.status, "done");
    });

    it(`${kind}: while the first read is under way: its answer is the last thing that is heard`, async () => {
      const client = patient(cloud, kind);
      const plan = await client.plan(REQUESTS[kind]);
      cloud.control.faults([{ cloud: kind === "keystone" ? "otc" : kind, effect: "delay", ms: 50 }]);
      const before = arrived(cloud);
      const running = client.run(plan);
      while (arrived(cloud) === before) await new Promise(setImmediate);
      client.free();
      const report = await atOnce(running);
      isAborted(report);
      assert.equal(arrived(cloud) - before, 1);
      assert.equal(report.calls, 1);
      assert.deepEqual(writes(cloud), []);
    });

    for (const what of ["inspect", "plan"]) {
      it(`${kind}: ${what} ${kind === "ucloud" ? "needs one read, whose answer is heard" : "rejects, and sends nothing more"}`, async () => {
        const client = patient(cloud, kind);
        // So that the safe removal and a token are there.
        await client.inspect(REQUESTS[kind].from);
        cloud.control.faults([{ cloud: kind === "keystone" ? "otc" : kind, effect: "delay", ms: 50 }]);
        const before = arrived(cloud);
        const looking = what === "plan" ? client.plan(REQUESTS[kind]) : client.inspect(REQUESTS[kind].from);
        const ended = looking.then(({ schema }) => schema, (error) => error);
        while (arrived(cloud) === before) await new Promise(setImmediate);
        client.free();
        const told = await atOnce(ended);
        if (kind === "ucloud") assert.match(told, /^unpool\/(plan|picture)@1$/);
        else isFreed(told);
        assert.equal(arrived(cloud) - before, 1);
      });
    }
  }

  it("plan, in the pause before a read is tried again, rejects at once", async () => {
    const client = patient(cloud, "ucloud");
    cloud.control.faults([{ cloud: "ucloud", effect: "status", status: 503, body: {}, times: "always" }]);
    const error = errorOf(() => client.plan(REQUESTS.ucloud));
    while (arrived(cloud) === 0) await new Promise(setImmediate);
    setTimeout(() => client.free(), 100);
    isFreed(await atOnce(error));
    const count = arrived(cloud);
    await new Promise((resolve) => setTimeout(resolve, 300));
    assert.equal(arrived(cloud), count);
  });

  it("while it waits for a lock: it ends, and does nothing even if it is given then", async () => {
    const client = patient(cloud, "ucloud");
    const plan = await client.plan(REQUESTS.ucloud);
    const before = arrived(cloud);
    let late;
    const lock = (key, work) => {
      late = work;
      setTimeout(() => client.free(), 5);
      return never();
    };
    isAborted(await atOnce(client.run(plan, { lock })));
    await settled(late());
    assert.equal(arrived(cloud), before);
  });

  it("while it waits for its turn behind another client's run: that one goes on", async () => {
    const [one, other] = [patient(cloud, "ucloud"), patient(cloud, "ucloud")];
    const plan = await one.plan({ ...REQUESTS.ucloud, drain: { waitMs: 1_000 } });
    const first = one.run(plan, { onEvent: ({ why }) => why === "drain" && other.free() });
    const second = other.run(plan);
    isAborted(await atOnce(second));
    assert.equal((await settled(first)).status, "done");
  });

  it("while a lease is checked that is never answered: nothing is sent", async () => {
    const client = patient(cloud, "ucloud");
    const plan = await client.plan(REQUESTS.ucloud);
    const journal = memory();
    const check = () => {
      setTimeout(() => client.free(), 5);
      return never();
    };
    isAborted(await atOnce(client.run(plan, { journal, lock: (key, work) => work({ check }) })));
    assert.deepEqual(writes(cloud), []);
  });

  it("ends all runs of the client, and none of another one", async () => {
    const { added } = cloud.control.arrange({ add: { ucloud: [1, 2, 3].map(() => ({ backends: 4 })) } });
    const requests = added.ucloud.map(({ ulbId, vServers: [{ backendIds }] }) => ({ from: { ulbId }, remove: { backendId: backendIds[0] }, drain: { waitMs: 1_000 } }));
    const [client, other] = [patient(cloud, "ucloud"), patient(cloud, "ucloud")];
    const plans = await Promise.all(requests.map((request) => client.plan(request)));
    let draining = 0;
    const onEvent = ({ why }) => why === "drain" && ++draining === 3 && client.free();
    const [first, second, third] = await settled(Promise.all(plans.map((plan, index) => (index < 2 ? client : other).run(plan, { onEvent }))));
    isAborted(first);
    isAborted(second);
    assert.equal(third.status, "done");
  });

  it("in mid-undo: it ends at once, and another client's undo goes on from its journal", async () => {
    const client = patient(cloud, "otc");
    const plan = await client.plan({ ...REQUESTS.otc, drain: { waitMs: 10 } });
    const done = await settled(client.run(plan));
    assert.equal(done.status, "done");
    const journal = memory();
    const undo = await atOnce(client.undo(done, { journal, onEvent: ({ event }) => event === "step-begin" && client.free() }));
    isAborted(undo);
    assert.equal(outcomes(undo).length, 1);
    const again = await settled(patient(cloud, "otc").undo(done, { journal }));
    assert.equal(again.status, "done");
  });

  it("of a client whose run has ended, and twice, is nothing", async () => {
    const client = patient(cloud, "ucloud");
    await client.inspect({ ulbId: IDS.ulb });
    client.free();
    client.free();
    checkError(await errorOf(() => client.inspect({ ulbId: IDS.ulb })), { kind: "invalid-input", sent: false });
  });
});
