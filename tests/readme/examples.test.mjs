// Every example of the README runs as it is printed, against the emulator, and does what it says.
import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";
import { start } from "../emulator/main.mjs";
import { blocksOf, fits, printedBy, readme } from "./blocks.mjs";
import { addressesOf, cases } from "./cases.mjs";
import { prepare, run } from "./programs.mjs";
import { startWorker } from "./worker.mjs";

const WORKER = "In a Cloudflare Worker";
const examples = blocksOf(readme).filter(({ language }) => ["js", "cjs", "ts"].includes(language));

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

for (const [heading, list] of Object.entries(cases)) {
  for (const [at, example] of list.entries()) {
    const name = `${heading}${at === 0 ? "" : ` (${at + 1})`}`;
    test(name, async () => {
      const block = examples.filter((block) => block.heading === heading)[at];
      assert.ok(block, `the README has no such example`);
      const earlier = backends();
      const env = await example.env?.(emulator.info);
      const { status, lines, errors } = await run(name.replace(/\W+/g, "-"), block, { addresses, env, then: example.then });
      assert.equal(errors, "");
      assert.equal(status, 0);
      assertPrinted(lines, example.prints ?? printedBy(block.program));
      assertGone(earlier, example.gone);
    });
  }
}

test("no example is left out", () => {
  const headings = examples.map(({ heading }) => heading);
  const known = Object.entries(cases).flatMap(([heading, list]) => list.map(() => heading));
  assert.deepEqual(headings, [...new Set(headings)].flatMap((heading) => [...known, WORKER].filter((other) => other === heading)));
});

for (const [effect, printed, gone] of [
  ["drop-after", "removed", cases["outcome-unknown"][0].gone],
  ["drop-before", "not removed: send it again", {}],
]) {
  test(`outcome-unknown: the answer is lost, ${effect}`, { timeout: 60_000 }, async () => {
    emulator.control.faults([{ cloud: "alibaba", operation: "RemoveBackendServers", effect, times: "always" }]);
    const block = examples.find(({ heading }) => heading === "outcome-unknown");
    const earlier = backends();
    const env = cases["outcome-unknown"][0].env(emulator.info);
    const { lines, errors } = await run(`lost-${effect}`, block, { addresses, env });
    assert.equal(errors, "");
    assertPrinted(lines, [printed]);
    assertGone(earlier, gone);
  });
}

test(WORKER, { timeout: 60_000 }, async () => {
  const { credentials } = emulator.info.alibaba;
  const env = {
    ACCESS_KEY_ID: credentials.accessKeyId,
    ACCESS_KEY_SECRET: credentials.accessKeySecret,
    LOAD_BALANCER_ID: "lb-bp15lbk8uja8rvm4a0001",
    REMOVE_TOKEN: "token-of-the-test",
  };
  const worker = await startWorker(examples.find(({ heading }) => heading === WORKER), { addresses, env });
  try {
    const ask = (token, body) =>
      worker.dispatchFetch("http://worker.example/", {
        method: "POST",
        headers: { authorization: `Bearer ${token}` },
        body: JSON.stringify(body),
      });
    const earlier = backends();
    assert.equal((await ask("another", { serverId: "i-bp1fq61enf4loa5i0000" })).status, 401);
    const bad = await ask(env.REMOVE_TOKEN, { serverId: "../x" });
    assert.deepEqual([bad.status, (await bad.json()).kind], [400, "invalid-input"]);
    assertGone(earlier);
    const good = await ask(env.REMOVE_TOKEN, { serverId: "i-bp1fq61enf4loa5i0000" });
    const { requestId, ...rest } = await good.json();
    assert.deepEqual([good.status, rest], [200, {}]);
    assert.match(requestId, /^[\w-]+$/);
    assertGone(earlier, cases["In a page"][0].gone);
  } finally {
    await worker.dispose();
  }
});
