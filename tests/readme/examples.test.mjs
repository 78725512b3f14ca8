// Every example of README.md and docs/*.md runs as it is printed, against the emulator, and does what it says.
import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";
import { unpool } from "../demo/unpool.mjs";
import { start } from "../emulator/main.mjs";
import { blocksIn, fits, printedBy } from "./blocks.mjs";
import { addressesOf, cases } from "./cases.mjs";
import { prepare, run } from "./programs.mjs";
import { startWorker } from "./worker.mjs";
import { isWorker, removals, removeOne } from "./workers.mjs";

const examples = blocksIn("js", "cjs", "ts").filter((block) => !isWorker(block));
const examplesUnder = (document, heading) => examples.filter((block) => block.document === document && block.heading === heading);
const firstServer = cases["README.md"]["One plain call"][0].gone;

let emulator;
let addresses;
before(async () => {
  prepare();
  emulator = await start({ port: 0 });
  addresses = addressesOf(emulator.info);
});
after(() => emulator?.close());
beforeEach(() => emulator.control.reset());

const backends = () => {
  const state = emulator.control.state();
  return Object.fromEntries(Object.keys(state).map((cloud) => [cloud, state[cloud].backends]));
};

/** What is gone, by cloud, must be just this. */
function assertGone(earlier, gone = {}) {
  const now = backends();
  for (const [cloud, lines] of Object.entries(earlier)) {
    assert.deepEqual(lines.filter((line) => !now[cloud].includes(line)), gone[cloud] ?? [], `gone at ${cloud}`);
  }
}

function assertPrinted(lines, wanted) {
  assert.equal(lines.length, wanted.length, `printed:\n${lines.join("\n")}`);
  for (const [at, line] of lines.entries()) assert.ok(fits(line, wanted[at]), `printed: ${line}\nnot:     ${wanted[at]}`);
}

const listed = Object.entries(cases).flatMap(([document, headings]) =>
  Object.entries(headings).flatMap(([heading, list]) => list.map((example, at) => ({ document, heading, at, example }))),
);

for (const { document, heading, at, example } of listed) {
  const name = `${document}, ${heading}${at === 0 ? "" : ` (${at + 1})`}`;
  test(name, async () => {
    const block = examplesUnder(document, heading)[at];
    assert.ok(block, "there is no such example");
    const earlier = backends();
    const env = await example.env?.(emulator.info);
    const folder = name.replace(/\W+/g, "-");
    if (example.killed) {
      const [first] = examplesUnder(document, example.killed.heading);
      const { signal } = await run(folder, first, { addresses, env, killAt: example.killed.at });
      assert.equal(signal, "SIGKILL");
    }
    const { status, lines, errors } = await run(folder, block, { addresses, env, then: example.then, files: example.files?.(emulator.info) });
    assert.equal(errors, "");
    assert.equal(status, 0);
    assertPrinted(lines, example.prints ?? printedBy(block.program));
    assertGone(earlier, example.gone);
  });
}

test("no example is left out", () => {
  const counted = (blocks) => {
    const counts = {};
    for (const { document, heading } of blocks) counts[`${document}, ${heading}`] = (counts[`${document}, ${heading}`] ?? 0) + 1;
    return counts;
  };
  assert.deepEqual(counted(listed), counted(examples));
});

for (const [effect, printed, gone] of [
  ["drop-after", "removed", firstServer],
  ["drop-before", "not removed: send it again", {}],
]) {
  test(`docs/errors.md, outcome-unknown: the answer is lost, ${effect}`, { timeout: 60_000 }, async () => {
    emulator.control.faults([{ cloud: "alibaba", operation: "RemoveBackendServers", effect, times: "always" }]);
    const [block] = examplesUnder("docs/errors.md", "outcome-unknown");
    const earlier = backends();
    const env = cases["docs/errors.md"]["outcome-unknown"][0].env(emulator.info);
    const { lines, errors } = await run(`lost-${effect}`, block, { addresses, env });
    assert.equal(errors, "");
    assertPrinted(lines, [printed]);
    assertGone(earlier, gone);
  });
}

const secrets = () => {
  const { accessKeyId, accessKeySecret } = emulator.info.alibaba.credentials;
  return { ACCESS_KEY_ID: accessKeyId, ACCESS_KEY_SECRET: accessKeySecret };
};

test(`${removeOne.document}, ${removeOne.heading}, in workerd`, { timeout: 60_000 }, async () => {
  const env = { ...secrets(), REMOVE_TOKEN: "token-of-the-test" };
  const worker = await startWorker(removeOne, { addresses, env });
  try {
    const post = (token, body) => worker.dispatchFetch("http://worker.example/", { method: "POST", headers: { authorization: `Bearer ${token}` }, body });
    const ask = (token, body) => post(token, JSON.stringify(body));
    const earlier = backends();
    assert.equal((await ask("another", { serverId: "i-bp1fq61enf4loa5i0000" })).status, 401);
    const bad = await ask(env.REMOVE_TOKEN, { serverId: "../x" });
    assert.deepEqual([bad.status, (await bad.json()).kind], [400, "invalid-input"]);
    for (const body of ["not json", "", "null", "{}", "7"]) {
      const answer = await post(env.REMOVE_TOKEN, body);
      assert.deepEqual([answer.status, (await answer.json()).field], [400, "backendServers[0].serverId"], body);
    }
    assertGone(earlier);
    const good = await ask(env.REMOVE_TOKEN, { serverId: "i-bp1fq61enf4loa5i0000" });
    const { requestId, ...rest } = await good.json();
    assert.deepEqual([good.status, rest], [200, {}]);
    assert.match(requestId, /^[\w-]+$/);
    assertGone(earlier, firstServer);
  } finally {
    await worker.dispose();
  }
});

test(`${removals.document}, ${removals.heading}, in workerd: the run, and once more its report`, { timeout: 60_000 }, async () => {
  const { url, credentials } = emulator.info.alibaba;
  const planner = new unpool.Client({
    vendor: "alibaba",
    region: "cn-hangzhou",
    credentials,
    fetch: (given, init) => fetch(given.replace("https://slb.aliyuncs.com", url), init),
  });
  const plan = await planner.plan({
    from: { vServerGroupId: "rsp-cige6j5e7p" },
    remove: { serverId: "i-bp1fq61enf4loa5i0000", port: 8080 },
    drain: { waitMs: 100 },
  });
  const worker = await startWorker(removals, { addresses, env: secrets() });
  try {
    const ask = async () => {
      const response = await worker.dispatchFetch("http://worker.example/", { method: "POST", body: JSON.stringify({ plan, run: "run-1" }) });
      return response.json();
    };
    const earlier = backends();
    const first = await ask();
    assert.equal(first.status, "done");
    assertGone(earlier, { alibaba: ["lb-bp15lbk8uja8rvm4a0001 rsp-cige6j5e7p ecs i-bp1fq61enf4loa5i0000 192.168.0.20:8080 weight=100"] });
    const seen = emulator.control.log().length;
    const second = await ask();
    // `calls` counts those of all runs of a journal, and this one sent nothing.
    assert.deepEqual([second.status, second.calls, second.resumed.entries > 0], ["done", first.calls, true]);
    assert.equal(emulator.control.log().length, seen);
  } finally {
    await worker.dispose();
  }
});
