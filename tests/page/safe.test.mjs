// The page's safe removal in Chromium: planned, run, refused and aborted by clicking; what it did is read from the
// emulator's state and log.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { member, pool, server, startSafePage } from "./safe-page.mjs";

let page;
let button, editor, emulator, headline, lines, mayRun, open, part, plan, reasons, report, request, run, status, visits, writes;
before(async () => {
  ({ button, editor, emulator, headline, lines, mayRun, open, part, plan, reasons, report, request, run, status, visits, writes } = await startSafePage());
}, { timeout: 120_000 });
after(() => visits?.stop());

/** `gone`: the lines of the state that must go; `rules`: what the forwarding rules must be afterwards, if there are any. */
const walk = [
  { hash: "alibaba", state: "alibaba", start: "lb-bp", gone: (line) => line.includes(` ${server} `), entries: 2, steps: ["Check", "Drain", "Wait", "Remove"] },
  { hash: "scloud", state: "scloud", start: "ulb-5xyz", gone: (line) => line.includes(" backend-1a2b "), entries: 1, steps: ["Check", "Drain", "Wait", "Remove"] },
  {
    hash: "ucloud",
    example: /^One server/,
    state: "ucloud",
    start: "ulb-5xyz",
    gone: (line) => /backend-(3c4d|7g8h)/.test(line),
    entries: 2,
    rules: (rule) => !rule.includes(" policy-api "),
    steps: ["Check", "Drain", "Wait", "Detach from rules", "Remove"],
  },
  { hash: "otc", state: "otc", start: pool, gone: (line) => line.includes(member), entries: 1, steps: ["Check", "Drain", "Wait", "Remove"] },
  { hash: "openstack", state: "otc", start: pool, gone: (line) => line.includes(member), entries: 1, steps: ["Check", "Drain", "Wait", "Remove"] },
];
for (const { hash, example, state, start, gone, entries, rules, steps } of walk) {
  test(`${hash}: looked at, planned, drained, removed`, async () => {
    page = await open(hash, { example, seconds: 0.5 });
    const first = await lines(state, start);
    const { rules: firstRules } = (await emulator.state())[state];
    assert.equal(await mayRun(), false);
    assert.match(await reasons(), /Run: make a plan first/);
    await plan();
    assert.match(await headline("Plan"), new RegExp(`^→ Remove ${entries} of \\d+ backends? from .*drain of 0.5 s; \\d+ stay`));
    assert.equal((await part("Plan").locator(".summary").innerText()).trim(), (await headline("Plan")).slice(2), "the same at the end");
    assert.equal(await part("Plan").getByRole("table", { name: /What goes/ }).locator("tbody tr").count(), entries);
    assert.deepEqual(await writes(), [], "a plan changed something");

    await run().click();
    assert.match(await report(), new RegExp(`^● Removed ${entries} of ${entries} backends?; \\d+ calls\\.$`));
    const last = await lines(state, start);
    assert.deepEqual(last, first.filter((line) => !gone(line)));
    assert.equal(first.length - last.length, entries);
    if (rules) {
      const left = (await emulator.state())[state].rules.map((rule) => rule.split(" [")[0]);
      assert.deepEqual(left, firstRules.filter(rules).map((rule) => rule.split(" [")[0]));
    }

    const shown = await part("Run").locator(".steps li").allInnerTexts();
    assert.deepEqual(shown.map((text) => text.replace(/\s+/g, " ").trim()), steps.map((step) => `● ${step} done`));
    assert.equal(await part("Run").getByRole("progressbar", { name: `${entries} of ${entries}` }).count(), 1);
    const events = await part("Run").getByRole("log", { name: "Events" }).innerText();
    for (const step of steps) assert.match(events, new RegExp(`${step} begins[^]*${step} ends`));
    assert.equal(events.match(/: Removed$/gm).length, entries);

    const outcomes = await part("Report").getByRole("table", { name: /What became/ }).locator("tbody tr").allInnerTexts();
    assert.equal(outcomes.length, entries);
    for (const outcome of outcomes) assert.match(outcome, /Removed[^]*Gone/);
    assert.equal(await part("Report").locator(".backend.gone").count(), entries);
    assert.equal(await page.evaluate(() => document.activeElement.textContent), await part("Report").locator(".headline").textContent());
    assert.match(await status(), /Removed/);
    // What was planned is done.
    assert.equal(await mayRun(), false);
    await visits.assertNothingSecret();
    assert.deepEqual(visits.complaints, []);
    await visits.screenshot(`safe-${hash}-wide`);
  });
}

test("a refusal stands above everything, Run says why it cannot, and the request can be mended from it", async () => {
  page = await open("ucloud", { example: /only backend of a rule/, seconds: 0.2 });
  await plan();
  assert.match(await headline("Plan"), /^▲ Nothing will be done: 1 guard says no\.$/);
  const said = await part("Plan").innerText();
  assert.ok(said.indexOf("Refused: rule /api") < said.indexOf("What remains"), said);
  assert.match(said, /What to do: choose onEmptyRule/);
  assert.equal(await mayRun(), false);
  assert.match(await reasons(), /Run: 1 guard says no: see the plan/);
  const why = await run().getAttribute("aria-describedby");
  assert.match(await page.locator(`#${why}`).innerText(), /guard says no/);
  await run().click({ force: true });
  assert.deepEqual(await writes(), []);
  await visits.screenshot("safe-refused-wide");

  await button("Set onEmptyRule to delete-rule").click();
  assert.equal((await request()).onEmptyRule, "delete-rule");
  assert.equal(await page.getByLabel("A rule left without a backend").inputValue(), "delete-rule");
  assert.match(await reasons(), /Run: the request is not the one that was planned: plan again/);
  assert.equal(await part("Plan").getByText("this plan is not for it").isVisible(), true);
  await plan();
  await page.getByRole("button", { name: "Run: remove 1 backend", exact: true }).click();
  assert.match(await report(), /^● Removed 1 of 1/);
  const rule = await part("Report").getByRole("table", { name: "Forwarding rules" }).innerText();
  assert.match(rule, /policy-api[^]*deleted/);
});

test("a guard is overridden by name, and the plan still says so", async () => {
  page = await open("alibaba", { example: /More than half/, seconds: 0.2 });
  await plan();
  await button("Override: allow most-of-pool").click();
  assert.deepEqual((await request()).allow, ["most-of-pool"]);
  await plan();
  assert.match(await part("Plan").locator(".noted").first().innerText(), /Allowed by name: .*most-of-pool/s);
  assert.equal(await mayRun(), true);
});

test("Abort in mid-drain leaves things as they are and says it loudly; another run may begin once this one is forgotten", async () => {
  page = await open("alibaba", { seconds: 60 });
  await plan();
  assert.match(await reasons(), /Abort: nothing is under way/);
  await run().click();
  const waiting = part("Run").locator(".waiting");
  await waiting.waitFor();
  assert.match(await waiting.innerText(), /a wait, not a proof[^]*At most until \d\d:\d\d:\d\d: \d\d s left/);
  assert.match(await status(), /Waits for connections to end, at most until \d\d:\d\d:\d\d/);
  const seconds = async () => Number((await waiting.innerText()).match(/(\d+) s left/)[1]);
  const early = await seconds();
  await page.waitForFunction((before) => Number(document.querySelector(".waiting").innerText.match(/(\d+) s left/)[1]) < before, early);
  assert.match(await reasons(), /Look, Plan, Run: Run is under way/);
  await visits.screenshot("safe-waiting-wide", false);

  await button("Abort").click();
  assert.match(await report(), /^◐ Aborted: removed 0 of 2 backends, 2 not tried; 15 calls/);
  const loud = part("Report").getByRole("alert").first();
  assert.match(await loud.innerText(), /2 backends take no traffic and are not removed\.[^]*its weight was 100/);
  for (const row of await part("Report").getByRole("table", { name: /What became/ }).locator("tbody tr").allInnerTexts()) {
    assert.match(row, /Not tried[^]*Drained: takes no traffic/);
  }
  assert.match(await part("Run").locator(".steps").innerText(), /Wait stopped/);
  assert.match(await part("Load balancer").innerText(), /Weight 0/);
  const drained = (await lines("alibaba", "lb-bp")).filter((line) => line.includes(` ${server} `));
  assert.equal(drained.length, 2);
  for (const line of drained) assert.match(line, / weight=0$/);
  await visits.screenshot("safe-aborted-wide");

  await page.getByLabel("Wait for connections, seconds").fill("0.2");
  await plan();
  assert.match(await reasons(), /Run: the run before it is not at its end/);
  await button("Forget this run").click();
  assert.equal(await page.evaluate(() => document.activeElement.textContent), "Change nothing");
  await page.getByRole("dialog").getByRole("button", { name: "Forget this run" }).click();
  await status().then((said) => assert.match(said, /forgotten/));
  await run().click();
  await part("Report").getByText("Removed 2 of 2").waitFor();
  assert.equal((await lines("alibaba", "lb-bp")).filter((line) => line.includes(` ${server} `)).length, 0);
  assert.deepEqual(visits.complaints, []);
});

test("two load balancers at once: each has a course of its own", async () => {
  page = await open("alibaba");
  const [first, second] = (await emulator.arrange({ add: { alibaba: [{ servers: 3 }, { servers: 4 }] } })).added.alibaba;
  await editor().fill(
    JSON.stringify({
      from: [{ loadBalancerId: first.loadBalancerId }, { loadBalancerId: second.loadBalancerId }],
      remove: [{ serverId: first.serverIds[0] }, { serverId: second.serverIds[1] }],
      drain: { waitMs: 500 },
    }),
  );
  await part("Load balancer").getByText(second.loadBalancerId).first().waitFor();
  await plan();
  const entries = await part("Plan").getByRole("table", { name: /What goes/ }).locator("tbody tr").count();
  await run().click();
  assert.match(await report(), new RegExp(`^● Removed ${entries} of ${entries}`));
  for (const { loadBalancerId } of [first, second]) {
    const steps = part("Run").getByRole("list", { name: `Steps of ${loadBalancerId}` });
    assert.equal(await steps.getByText("Remove done").count(), 1);
  }
  await visits.screenshot("safe-two-wide");
});

test("a guard says no in mid-run: what was drained is put back, and the report says both", async () => {
  page = await open("otc", { seconds: 1.5 });
  await page.getByLabel("Keep at least").fill("3");
  await plan();
  const first = await lines("otc", pool);
  await run().click();
  await part("Run").locator(".waiting").waitFor();
  // Another server fails its health check meanwhile.
  await emulator.arrange({ set: [{ cloud: "otc", id: "9a7aff27-fd41-4ec1-ba4c-3eb92c629313", operatingStatus: "OFFLINE" }] });
  assert.match(await report(), /^▲ .*removed 0 of 1/i);
  assert.match(await part("Report").getByRole("alert").first().innerText(), /refused[^]*keep-at-least[^]*What to do/);
  assert.match(await part("Report").getByRole("table", { name: /What became/ }).innerText(), /Serves as before/);
  assert.match(await part("Run").locator(".steps").innerText(), /Remove stopped[^]*Put back done/);
  assert.deepEqual(await lines("otc", pool), first);
  await visits.screenshot("safe-put-back-wide");
});

test("a lost answer is settled by a read, and shown while it happens", async () => {
  page = await open("scloud", { seconds: 0.2 });
  await emulator.faults([{ cloud: "scloud", operation: "ReleaseBackend", effect: "drop-after" }]);
  await plan();
  await run().click();
  await part("Run").locator(".waiting").getByText("No answer came").waitFor();
  assert.match(await report(), /^● Removed 1 of 1/);
  assert.equal((await emulator.log()).filter(({ operation, applied }) => operation === "ReleaseBackend" && applied).length, 1);
});

test("an outcome that no read can tell is called unknown", async () => {
  page = await open("otc", { seconds: 0.2 });
  await plan();
  await emulator.faults([{ cloud: "otc", operation: "DeleteMember", effect: "drop-after", ms: 500, times: "always" }]);
  await run().click();
  while (!(await emulator.log()).some(({ operation }) => operation === "DeleteMember")) await page.waitForTimeout(20);
  await emulator.faults([{ cloud: "otc", kind: "read", effect: "status", status: 403, times: "always" }]);
  assert.match(await report(), /^\? Not everything was done: removed 0 of 1 backend, 1 unknown;/);
  const row = await part("Report").getByRole("table", { name: /What became/ }).innerText();
  assert.match(row, /Unknown: it may be gone, and no read tells/);
  assert.match(await part("Report").innerText(), /After[^]*Could not be read: forbidden/);
  assert.match(await part("Report").getByRole("alert").first().innerText(), /What became of 1 backend is not known: web-1/);
  assert.match(await part("Run").locator(".steps").innerText(), /Remove stopped[^]*Put back stopped/);
  await visits.screenshot("safe-unknown-wide");
});

test("a wrong secret fails as auth, for Look, Plan and Run, and nothing changes", async () => {
  page = await open("otc", { seconds: 0.2 });
  await plan();
  await page.getByRole("checkbox", { name: /wrong secret/ }).check();
  await run().click();
  const refused = await report();
  assert.match(refused, /▲/);
  assert.match(await part("Report").innerText(), /auth/);
  await button("Plan").click();
  await part("Plan").getByText("Plan: failed").waitFor();
  assert.equal(await part("Plan").locator("dt:text-is('Kind') + dd").innerText(), "auth");
  await button("Look").click();
  await part("Load balancer").getByText("Look: failed").waitFor();
  assert.ok((await part("Load balancer").locator(".backends li").count()) > 0, "what was seen before stays");
  assert.deepEqual(await writes(), []);
  await visits.assertNothingSecret();
});
