// The lock by a lease, at an object that is late, out of reach, or another one; and the object where nothing but itself keeps
// its requests apart.
import assert from "node:assert/strict";
import { test } from "node:test";
import { failure, load, sleep } from "./support.mjs";

const { BalancerLease, leaseLock } = await load("locks");

/** A storage that lets others come between any two steps, as none of workerd does. */
function slowStorage() {
  const kept = new Map();
  let alarm = null;
  const pause = () => sleep(2);
  return {
    get: async (key) => (await pause(), kept.get(key)),
    put: async (key, value) => (await pause(), void kept.set(key, value)),
    getAlarm: async () => (await pause(), alarm),
    setAlarm: async (time) => (await pause(), void (alarm = time)),
  };
}

/** A namespace of such objects; `asked` sees each request first, and what it returns or throws is instead of the answer. */
function leases(asked = () => undefined) {
  const objects = new Map();
  const requests = [];
  const object = (name) => objects.get(name) ?? objects.set(name, new BalancerLease({ storage: slowStorage() })).get(name);
  return {
    requests,
    idFromName: (name) => ({ name }),
    get: ({ name }) => ({
      async fetch(url, init) {
        const action = new URL(url).pathname.slice(1);
        requests.push(action);
        const carryOut = () => object(name).fetch(new Request(url, init));
        return (await asked(action, carryOut)) ?? carryOut();
      },
    }),
    ask: async (name, action, fields) => {
      const response = await object(name).fetch(new Request(`https://lease/${action}`, { method: "POST", body: JSON.stringify(fields) }));
      return { status: response.status, ...(await response.json()) };
    },
  };
}
const options = (more) => ({ holder: "ann", ...more });

test("twenty at once: one gets it, and the fence grows by one", async () => {
  const { ask } = leases();
  const answers = await Promise.all(Array.from({ length: 20 }, (_, index) => ask("lb-1", "acquire", { owner: `o${index}`, holder: `h${index}`, leaseMs: 60_000 })));
  assert.equal(answers.filter(({ status }) => status === 200).length, 1);
  assert.deepEqual([...new Set(answers.map(({ holder, fence }) => `${holder} ${fence}`))].length, 1);
  assert.equal(answers[0].fence, 1);
});

test("each load balancer has a lease of its own", async () => {
  const lock = leaseLock(leases(), options());
  assert.equal(await lock("lb-1", () => lock("lb-2", async () => "both")), "both");
});

test("waiting: all get it, never two at once, in any order", async () => {
  const lock = leaseLock(leases(), options({ wait: 30_000 }));
  let inside = 0;
  const fences = await Promise.all(
    Array.from({ length: 5 }, () =>
      lock("lb-1", async (lease) => {
        assert.equal(++inside, 1);
        await lease.check();
        await sleep(20);
        inside--;
        return lease.fence;
      }),
    ),
  );
  assert.deepEqual(fences.sort(), [1, 2, 3, 4, 5]);
});

test("waiting ends with its time, and names the holder", async () => {
  const namespace = leases();
  await namespace.ask("lb-1", "acquire", { owner: "o", holder: "bob", leaseMs: 60_000 });
  const begun = Date.now();
  const { code, message } = await failure(leaseLock(namespace, options({ wait: 700 }))("lb-1", () => assert.fail("it has it")));
  assert.equal(code, "locked");
  assert.match(message, /^lb-1 is being changed by bob until /);
  assert.ok(Date.now() - begun >= 690 && Date.now() - begun < 10_000);
  assert.ok(namespace.requests.length > 2);
});

test("waiting ends with the signal", async () => {
  const namespace = leases();
  await namespace.ask("lb-1", "acquire", { owner: "o", holder: "bob", leaseMs: 60_000 });
  const abort = new AbortController();
  const waiting = failure(leaseLock(namespace, options({ wait: 60_000, signal: abort.signal }))("lb-1", () => assert.fail("it has it")));
  setTimeout(() => abort.abort(new Error("enough")), 100);
  const { kind, cause } = await waiting;
  assert.deepEqual([kind, cause.message], ["aborted", "enough"]);
  assert.equal((await failure(leaseLock(namespace, options({ signal: abort.signal }))("lb-2", () => assert.fail("it has it")))).kind, "aborted");
  assert.deepEqual(await namespace.ask("lb-2", "look"), { status: 200, fence: 0 });
});

/** What `work` gives, at a time that is `millis` later. */
async function later(millis, work) {
  const { now } = Date;
  Date.now = () => now() + millis;
  try {
    return await work();
  } finally {
    Date.now = now;
  }
}

test("check() after a loss names who has it now, and the loser releases nothing", async () => {
  const namespace = leases();
  const bob = { owner: "o", holder: "bob", leaseMs: 600_000 };
  const { kind, code, sent, message } = await failure(
    leaseLock(namespace, options())("lb-1", async (lease) => {
      await lease.check();
      assert.equal((await later(180_000, () => namespace.ask("lb-1", "acquire", bob))).fence, 2);
      await lease.check();
    }),
  );
  assert.deepEqual([kind, code, sent, message], ["refused", "locked", false, "the lease on lb-1 is lost, bob is changing it now"]);
  assert.equal((await namespace.ask("lb-1", "look")).holder, "bob");
});

test("check() after it has run out and nobody came", async () => {
  const namespace = leases();
  const { code, message } = await failure(leaseLock(namespace, options())("lb-1", (lease) => later(180_001, () => lease.check())));
  assert.deepEqual([code, message], ["locked", "the lease on lb-1 is lost, somebody else may change it now"]);
});

test("an answer that is older than the lease is none", async () => {
  const { now } = Date;
  let bob;
  const namespace = leases(async (action, carryOut) => {
    if (action !== "renew" || bob) return undefined;
    const answer = await carryOut();
    // The machine slept, and the answer was there when it woke up.
    Date.now = () => now() + 180_001;
    bob = await namespace.ask("lb-1", "acquire", { owner: "o", holder: "bob", leaseMs: 60_000 });
    return answer;
  });
  try {
    const { code, message } = await failure(leaseLock(namespace, options())("lb-1", (lease) => lease.check()));
    assert.deepEqual([code, message, bob.fence], ["locked", "the lease on lb-1 is lost, bob is changing it now", 2]);
  } finally {
    Date.now = now;
  }
});

test("an object that is out of reach for a moment is asked again", async () => {
  let away = 2;
  const namespace = leases((action) => {
    if (action === "renew" && away-- > 0) throw new Error("Network connection lost.");
  });
  await leaseLock(namespace, options())("lb-1", (lease) => lease.check());
  assert.deepEqual(namespace.requests, ["acquire", "renew", "renew", "renew", "release"]);
});

test("out of reach until the lease runs out: stopped, and not before", async () => {
  const namespace = leases((action) => {
    if (action === "renew") throw new Error("Network connection lost.");
  });
  const begun = Date.now();
  const error = await failure(leaseLock(namespace, options({ leaseMs: 1_500 }))("lb-1", (lease) => lease.check()));
  assert.deepEqual([error.kind, error.code, error.cause.message], ["refused", "locked", "Network connection lost."]);
  assert.equal(error.message, "the lease on lb-1 is lost, somebody else may change it now");
  assert.ok(Date.now() - begun >= 1_490 && Date.now() - begun < 10_000);
  assert.ok(namespace.requests.filter((action) => action === "renew").length > 1);
});

test("an object that never answers does not hold up a check beyond the lease", async () => {
  const namespace = leases((action) => (action === "renew" ? new Promise(() => {}) : undefined));
  const { cause } = await failure(leaseLock(namespace, options({ leaseMs: 1_000 }))("lb-1", (lease) => lease.check()));
  assert.equal(cause.message, "the object that keeps the lease does not answer");
});

test("the answer to acquire is lost: the same lease, once", async () => {
  let lost = true;
  const namespace = leases(async (action, carryOut) => {
    if (action !== "acquire" || !lost) return undefined;
    lost = false;
    await carryOut();
    throw new Error("Network connection lost.");
  });
  assert.equal(await leaseLock(namespace, options())("lb-1", async ({ fence }) => fence), 1);
  assert.deepEqual(namespace.requests, ["acquire", "acquire", "release"]);
  assert.deepEqual(await namespace.ask("lb-1", "look"), { status: 200, fence: 1 });
});

test("an answer to acquire that came too late leaves no lease behind", async () => {
  const abort = new AbortController();
  const namespace = leases(async (action, carryOut) => {
    if (action !== "acquire") return undefined;
    await carryOut();
    abort.abort();
    return new Promise(() => {});
  });
  assert.equal((await failure(leaseLock(namespace, options({ signal: abort.signal }))("lb-1", () => assert.fail("it has it")))).kind, "aborted");
  assert.deepEqual(await namespace.ask("lb-1", "look"), { status: 200, fence: 1 });
});

test("a release that is lost does not change what the work ended with", async () => {
  const namespace = leases((action) => {
    if (action === "release") throw new Error("Network connection lost.");
  });
  assert.equal(await leaseLock(namespace, options())("lb-1", async () => "report"), "report");
  await assert.rejects(leaseLock(namespace, options())("lb-2", () => Promise.reject(new Error("work"))), /^Error: work$/);
  assert.deepEqual(namespace.requests.filter((action) => action === "release").length, 6);
});

test("another class behind the binding is told at once", async () => {
  const namespace = leases(() => new Response("Not found", { status: 404 }));
  const error = await failure(leaseLock(namespace, options())("lb-1", () => assert.fail("it has it")));
  assert.deepEqual([error.kind, error.httpStatus, error.retryable], ["unexpected-answer", 404, false]);
  assert.match(error.hint, /BalancerLease/);
});

test("options are checked", () => {
  for (const [field, given] of [
    ["holder", {}],
    ["holder", { holder: "" }],
    ["holder", { holder: "x".repeat(201) }],
    ["leaseMs", options({ leaseMs: 999 })],
    ["wait", options({ wait: true })],
    ["signal", options({ signal: 1 })],
    ["lease", options({ lease: 1 })],
  ]) {
    assert.throws(() => leaseLock(leases(), given), { kind: "invalid-input", field }, JSON.stringify(given));
  }
  assert.throws(() => leaseLock({}, options()), { kind: "invalid-input", field: "namespace" });
});
