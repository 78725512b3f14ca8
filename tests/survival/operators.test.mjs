// Two operators in one program: on one load balancer they take turns, on two they do not; and with no lock at all, what
// each of them changes is what its plan says.
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { join } from "node:path";
import { describe, it } from "node:test";
import { packageFolder } from "../demo/unpool.mjs";
import { KINDS, LIMIT_MS, arrange, arrived, changes, emulator, hasty, memory, operator, optionsOf, sameChanges, settled, undisturbed, unpool, watchStrays } from "./support.mjs";

watchStrays();
const cloud = emulator();

/** Removals, in the cloud's own words: one line for each backend that went. */
const removals = () => cloud.control.changes().filter(({ change, resource }) => change === "removed" && resource !== "policy");

/** A journal that stands still behind an entry until it is opened. */
function held(at = 1) {
  let open;
  let arrive;
  const opened = new Promise((resolve) => (open = resolve));
  const isThere = new Promise((resolve) => (arrive = resolve));
  const journal = memory({
    async after(number) {
      if (number + 1 !== at) return;
      arrive();
      await opened;
    },
  });
  return { journal, open, isThere };
}

describe("two clients in one program", () => {
  for (const kind of KINDS) {
    it(`${kind}: on one load balancer: the second one sends nothing until the first one has ended`, async (t) => {
      hasty(t);
      const expected = await undisturbed(cloud, kind);
      const plan = await operator(cloud, kind).plan(arrange(cloud, kind));
      const { journal, open, isThere } = held();
      const sent = [];
      const named = (name) => operator(cloud, kind, { fetch: (url, init) => (sent.push(name), fetch(url, init)) });
      const first = named("first").run(plan, { journal });
      await isThere;
      const second = named("second").run(plan);
      await new Promise((resolve) => setTimeout(resolve, 50));
      open();
      const [one, two] = await settled(Promise.all([first, second]));
      assert.ok(sent.indexOf("second") > sent.lastIndexOf("first"), sent.join());
      assert.equal(one.status, "done");
      assert.ok(two.entries.every(({ outcome, state }) => outcome === "absent" && state === "gone"), JSON.stringify(two.entries));
      sameChanges(changes(cloud), expected);
    });

    it(`${kind}: on two load balancers: neither waits`, async (t) => {
      hasty(t);
      const request = arrange(cloud, kind, 2);
      const [one, two] = request.from.map((from) => ({ from, remove: request.remove.filter((selector) => belongs(kind, from, selector)) }));
      const plans = [await operator(cloud, kind).plan(one), await operator(cloud, kind).plan(two)];
      const { journal, open, isThere } = held();
      const first = operator(cloud, kind).run(plans[0], { journal });
      await isThere;
      const second = await settled(operator(cloud, kind).run(plans[1]));
      assert.equal(second.status, "done");
      open();
      assert.equal((await settled(first)).status, "done");
      assert.equal(removals().length, plans[0].entries.length + plans[1].entries.length);
    });

    it(`${kind}: an undo waits for a run, and a run for an undo`, async (t) => {
      hasty(t);
      const client = operator(cloud, kind);
      const request = arrange(cloud, kind);
      const plan = await client.plan(request);
      const { journal, open, isThere } = held();
      const running = client.run(plan, { journal });
      await isThere;
      const sent = arrived(cloud);
      const undoing = client.undo({ plan, journal: [...journal.entries] });
      await new Promise((resolve) => setTimeout(resolve, 30));
      assert.equal(arrived(cloud), sent);
      open();
      assert.equal((await settled(running)).status, "done");
      // By what it was told, one drain may have been: what is gone since was not its doing.
      const undone = await settled(undoing);
      assert.ok(undone.entries.every(({ outcome }) => outcome === "absent"), JSON.stringify(undone));
    });
  }

  it("many on one load balancer: one after the other, in their order, whoever gives up", async (t) => {
    hasty(t);
    const plan = await operator(cloud, "ucloud").plan(arrange(cloud, "ucloud"));
    const { journal, open, isThere } = held();
    const ended = [];
    const first = operator(cloud, "ucloud").run(plan, { journal }).then(() => ended.push("first"));
    await isThere;
    const controller = new AbortController();
    const others = ["second", "third", "fourth"].map((name) =>
      operator(cloud, "ucloud").run(plan, name === "third" ? { signal: controller.signal } : {}).then(({ status }) => ended.push(`${name} ${status}`)));
    await new Promise((resolve) => setTimeout(resolve, 20));
    controller.abort();
    await settled(others[1]);
    assert.deepEqual(ended, ["third aborted"]);
    await new Promise((resolve) => setTimeout(resolve, 20));
    assert.deepEqual(ended, ["third aborted"], "who gave up let somebody pass");
    open();
    await settled(Promise.all([first, ...others]));
    assert.deepEqual(ended, ["third aborted", "first", "second done", "fourth done"]);
    assert.equal(removals().length, 2);
  });

  it("an abort of the one that waits ends it at once, and nothing was sent; so does one before it waits", async (t) => {
    hasty(t);
    const plan = await operator(cloud, "ucloud").plan(arrange(cloud, "ucloud"));
    const { journal, open, isThere } = held();
    const first = operator(cloud, "ucloud").run(plan, { journal });
    await isThere;
    const sent = arrived(cloud);
    const controller = new AbortController();
    const own = memory();
    const second = operator(cloud, "ucloud").run(plan, { signal: controller.signal, journal: own });
    setTimeout(() => controller.abort("enough"), 20);
    const third = operator(cloud, "ucloud").run(plan, { signal: AbortSignal.abort("no") });
    for (const run of [second, third]) {
      const report = await settled(run);
      assert.deepEqual([report.status, report.calls, report.loadBalancers[0].error.kind], ["aborted", 0, "aborted"]);
      assert.ok(report.entries.every(({ outcome, did }) => outcome === "not-tried" && did.length === 0));
    }
    assert.equal(arrived(cloud), sent);
    assert.deepEqual(own.entries, []);
    open();
    assert.equal((await settled(first)).status, "done");
  });

  it("so does its deadline, and the report is paused", async () => {
    const plan = await operator(cloud, "ucloud").plan({ ...arrange(cloud, "ucloud"), drain: false });
    const { journal, open, isThere } = held();
    const first = operator(cloud, "ucloud").run(plan, { journal });
    await isThere;
    const sent = arrived(cloud);
    for (const [deadline, least] of [[() => Date.now() + 120, 100], [() => Date.now() - 1, 0], [() => 0, 0]]) {
      const begun = performance.now();
      const report = await settled(operator(cloud, "ucloud").run(plan, { deadline: deadline() }));
      assert.deepEqual([report.status, report.calls, report.loadBalancers[0].status], ["paused", 0, "paused"]);
      assert.ok(performance.now() - begun >= least);
    }
    assert.equal(arrived(cloud), sent);
    open();
    assert.equal((await settled(first)).status, "done");
  });

  it("one that fails, is refused or is aborted lets the next one go on", async (t) => {
    hasty(t);
    for (const end of [
      { signal: AbortSignal.abort() },
      { maxCalls: 1 },
      { lock: () => Promise.reject(new Error("no")) },
      { journal: { append: () => Promise.reject(new Error("no")) } },
    ]) {
      const plan = await operator(cloud, "ucloud").plan(arrange(cloud, "ucloud"));
      const [one, two] = await settled(Promise.all([operator(cloud, "ucloud").run(plan, end), operator(cloud, "ucloud").run(plan)]));
      assert.notEqual(one.status, "done");
      assert.equal(two.status, "done");
    }
  });

  it("a lock is asked for when it is one's turn, not before", async (t) => {
    hasty(t);
    const plan = await operator(cloud, "ucloud").plan(arrange(cloud, "ucloud"));
    let most = 0;
    let now = 0;
    const lock = async (key, work) => {
      most = Math.max(most, ++now);
      try {
        return await work();
      } finally {
        now--;
      }
    };
    await settled(Promise.all([1, 2, 3].map(() => operator(cloud, "ucloud").run(plan, { lock }))));
    assert.equal(most, 1);
  });
});

function belongs(kind, from, selector) {
  const number = Object.values(from)[0];
  const id = Object.values(selector)[0];
  if (kind === "otc") return id.split("-")[0] === number.split("-")[0];
  return id.includes(`seed${/seed(\d+)/.exec(number)[1]}-`);
}

/** Another copy of the package, with a queue of its own: as in another program. */
const other = createRequire(import.meta.url)(join(packageFolder, "index.cjs"));

describe("two operators that know nothing of each other", () => {
  const KEEP = 4;
  for (const kind of KINDS) {
    for (const [overlap, places] of Object.entries({ "the same": [[0, 1], [0, 1]], others: [[0, 1], [2, 3]], "some of the same": [[0, 1], [1, 2]] })) {
      it(`${kind}: both take out of one group, ${overlap}: nothing goes that is in no plan, and the guards hold`, async (t) => {
        hasty(t);
        const ends = new Set();
        for (let round = 1; round <= 8; round++) {
          const { from, select, count, left, drained } = group(kind);
          const fetch = inTurns(chance(round));
          const options = { ...optionsOf(cloud, kind), timeoutMs: LIMIT_MS, fetch };
          const clients = [new unpool.Client(options), new other.Client(options)];
          const requests = places.map((own) => ({ from, remove: own.map(select), keepAtLeast: KEEP }));
          const plans = await Promise.all(clients.map((client, index) => client.plan(requests[index])));
          const reports = await settled(Promise.all(clients.map((client, index) => client.run(plans[index]))), 30_000);
          const message = `round ${round}:\n${changes(cloud).join("\n")}\n${JSON.stringify(reports.map(({ loadBalancers, entries }) => [loadBalancers, entries.map(({ id, outcome, state }) => [id, outcome, state])]))}`;

          const gone = removals().map(idOf);
          const planned = new Set(plans.flatMap(({ entries }) => entries.map(({ id }) => id)));
          assert.ok(gone.every((id) => planned.has(id)), message);
          assert.equal(new Set(gone).size, gone.length, message);
          assert.equal(left(), count - gone.length);
          assert.ok(left() >= KEEP, message);
          // Between a read and the change that it allows lies a moment, which only a lock closes: in it the other one may
          // make one change, of one backend here, that was allowed as well.
          assert.ok(fewestInService(count) >= KEEP - 1, message);
          for (const { status, loadBalancers, entries } of reports) {
            ends.add(loadBalancers[0].refusal?.guard ?? status);
            for (const { id, outcome } of entries) if (["removed", "absent"].includes(outcome)) assert.ok(gone.includes(id), message);
          }
          // Whoever did not go on has put back what he had drained, unless the other one holds it drained.
          assert.equal(drained(), 0, message);
        }
        assert.ok([...ends].every((end) => ["done", "changed-by-someone", "keep-at-least"].includes(end)), [...ends].join());
      });
    }
  }
});

const idOf = ({ ids }) => ids.memberId ?? ids.backendId ?? ids.serverId;

/** A load balancer with one group of six backends. */
function group(kind) {
  cloud.control.reset();
  const count = 6;
  const wish = { alibaba: { servers: count }, ucloud: { backends: count }, otc: { members: count } }[kind];
  const [added] = cloud.control.arrange({ add: { [kind]: wish } }).added[kind];
  const [name, from, ids, field] = {
    alibaba: () => [added.loadBalancerId, { loadBalancerId: added.loadBalancerId }, added.serverIds, "serverId"],
    ucloud: () => [added.ulbId, { ulbId: added.ulbId }, added.vServers[0].backendIds, "backendId"],
    otc: () => [added.pools[0].poolId, { poolId: added.pools[0].poolId }, added.pools[0].memberIds, "memberId"],
  }[kind]();
  const lines = () => cloud.control.state()[kind].backends.filter((line) => line.startsWith(`${name} `));
  return { count, from, select: (place) => ({ [field]: ids[place] }), left: () => lines().length, drained: () => lines().filter((line) => /weight=0$|disabled$/.test(line)).length };
}

/** The fewest that were in service after any change, by the cloud's own log. */
function fewestInService(count) {
  const out = new Set();
  let fewest = count;
  for (const change of cloud.control.changes()) {
    if (!["backendServer", "backend", "member"].includes(change.resource)) continue;
    const serves = change.after !== null && change.after.weight !== 0 && change.after.enabled !== 0;
    if (serves) out.delete(idOf(change));
    else out.add(idOf(change));
    fewest = Math.min(fewest, count - out.size);
  }
  return fewest;
}

/** The same numbers from 0 to 1 each time. */
function chance(seed) {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** A `fetch` for several clients, whose requests pass one at a time, in an order by chance. */
function inTurns(random) {
  const waiting = [];
  let isBusy = false;
  const next = async () => {
    if (isBusy || waiting.length === 0) return;
    isBusy = true;
    // Whoever else is about to ask may do so.
    await new Promise((resolve) => setTimeout(resolve, 2));
    const [{ url, init, resolve, reject }] = waiting.splice(Math.floor(random() * waiting.length), 1);
    await fetch(url, init).then(resolve, reject);
    isBusy = false;
    void next();
  };
  return (url, init) => new Promise((resolve, reject) => (waiting.push({ url, init, resolve, reject }), void next()));
}
