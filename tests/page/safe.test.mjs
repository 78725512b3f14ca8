// The page's safe removal in Chromium: looked at, planned, run and aborted by clicking; what it did is read from the
// emulator's state and log.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { startVisits } from "./visit.mjs";

let visits;
let emulator;
let page;
before(async () => {
  visits = await startVisits();
  emulator = visits.site.emulator;
}, { timeout: 120_000 });
after(() => visits?.stop());

const pool = "5a9a3e9e-d1aa-448e-af37-a70171f2a332";
const member = "cf024846-7516-4e3a-b0fb-6590322c836f";
const server = "i-bp1fq61enf4loa5i0001";

const part = (name) => page.getByRole("region", { name, exact: true });
const headline = (name) => part(name).locator(".headline").innerText().then((text) => text.replace(/\s+/g, " "));
const button = (name) => page.getByRole("button", { name, exact: typeof name === "string" });
const run = () => button(/^Run/);
const editor = () => page.getByLabel("Request, as JSON");
const request = async () => JSON.parse(await editor().inputValue());
const reasons = () => page.locator(".reasons:visible").innerText();
const status = () => page.getByRole("status").innerText();
const lines = async (cloud, start) => (await emulator.state())[cloud].backends.filter((line) => line.startsWith(start));
const writes = async () => (await emulator.log()).filter(({ applied }) => applied).map(({ operation }) => operation);

async function open(hash, { example, seconds, ...how } = {}) {
  page = await visits.open(`${hash}/safe`, how);
  await part("Load balancer").locator(".backends li").first().waitFor();
  if (example) await page.getByRole("radio", { name: example }).check();
  if (seconds !== undefined) await page.getByLabel("Wait for connections, seconds").fill(String(seconds));
}

async function plan() {
  await button("Plan").click();
  await part("Plan").locator(".headline").waitFor();
}

async function report() {
  await part("Report").locator(".headline").waitFor();
  return headline("Report");
}

const mayRun = async () => (await run().getAttribute("aria-disabled")) !== "true";

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
    await open(hash, { example, seconds: 0.5 });
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
  await open("ucloud", { example: /only backend of a rule/, seconds: 0.2 });
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
  await open("alibaba", { example: /More than half/, seconds: 0.2 });
  await plan();
  await button("Override: allow most-of-pool").click();
  assert.deepEqual((await request()).allow, ["most-of-pool"]);
  await plan();
  assert.match(await part("Plan").locator(".noted").first().innerText(), /Allowed by name: .*most-of-pool/s);
  assert.equal(await mayRun(), true);
});

test("Abort in mid-drain leaves things as they are and says it loudly; the next run takes them from there", async () => {
  await open("alibaba", { seconds: 60 });
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
  assert.match(await report(), /^◐ Aborted: removed 0 of 2 backends, 2 not tried; 14 calls/);
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
  await run().click();
  await part("Report").getByText("Removed 2 of 2").waitFor();
  assert.equal((await lines("alibaba", "lb-bp")).filter((line) => line.includes(` ${server} `)).length, 0);
  assert.deepEqual(visits.complaints, []);
});

test("a long wait is said again at half time and before its end, and counts from the clock", async () => {
  await open("otc", { seconds: 60, fakeClock: true });
  await plan();
  await run().click();
  await part("Run").locator(".waiting").waitFor();
  await page.clock.fastForward(31_000);
  assert.match(await status(), /Still waiting: 2\d s left at most/);
  await page.clock.fastForward(20_000);
  assert.match(await status(), /Still waiting: \d s left at most/);
  assert.match(await part("Run").locator(".waiting").innerText(), /: \d s left/);
  await page.clock.fastForward(10_000);
  assert.match(await report(), /^● Removed 1 of 1/);
});

test("two load balancers at once: each has a course of its own", async () => {
  await open("alibaba");
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

test("the keyboard is enough, and everything has a name", async () => {
  await open("ucloud", { seconds: 0.2 });
  await button("Plan").press("Enter");
  await part("Plan").locator(".headline").waitFor();
  assert.equal(await page.evaluate(() => document.activeElement.closest("section").getAttribute("aria-label")), "Plan");
  await run().press("Enter");
  await report();
  assert.equal(await page.evaluate(() => document.activeElement.closest("section").getAttribute("aria-label")), "Report");
  // One that cannot be pressed stays in reach and says why.
  await run().focus();
  assert.equal(await run().evaluate((element) => element === document.activeElement), true);

  const faults = await page.evaluate(() => {
    const wrong = [];
    const seen = new Set();
    for (const { id } of document.querySelectorAll("[id]")) seen.has(id) ? wrong.push(`two #${id}`) : seen.add(id);
    for (const element of document.querySelectorAll("[aria-describedby], [aria-labelledby]")) {
      for (const id of `${element.getAttribute("aria-describedby") ?? ""} ${element.getAttribute("aria-labelledby") ?? ""}`.split(" ")) {
        if (id && !document.getElementById(id)) wrong.push(`no #${id}`);
      }
    }
    for (const control of document.querySelectorAll("input, select, textarea, progress")) {
      if (![...(control.labels ?? [])].some((label) => label.innerText || label.textContent.trim())) wrong.push(`no label: ${control.outerHTML}`);
    }
    for (const element of document.querySelectorAll("button, a, summary")) if (element.checkVisibility() && !element.textContent.trim()) wrong.push(`no name: ${element.outerHTML}`);
    let level = 0;
    for (const heading of document.querySelectorAll("#main :is(h2, h3, h4, h5)")) {
      if (!heading.checkVisibility()) continue;
      const next = Number(heading.tagName[1]);
      if (next > Math.max(level, 1) + 1) wrong.push(`after h${level}: ${heading.outerHTML}`);
      level = next;
    }
    return wrong;
  });
  assert.deepEqual(faults, []);
  assert.equal(await page.getByRole("status").count(), 1);
});

test("at a real cloud a run is asked about first, with its numbers and its overrides, and the safe answer has the focus", async () => {
  await open("alibaba", { example: /More than half/ });
  await editor().fill(JSON.stringify({ ...(await request()), allow: ["most-of-pool"] }));
  await plan();
  await page.getByText("Connection and keys").click();
  await page.getByLabel("Endpoint").fill("https://slb.invalid");
  assert.match(await page.locator("#target").innerText(), /Real cloud/);
  const { length } = await emulator.log();
  await run().click();
  const dialog = page.getByRole("dialog");
  assert.match(await dialog.innerText(), /Run: remove 5 backends, at a real cloud\?[^]*Remove 5 of 6 backends[^]*slb\.invalid[^]*will not stop it: most-of-pool/);
  assert.equal(await page.evaluate(() => document.activeElement.textContent), "Change nothing");
  await page.keyboard.press("Enter");
  await dialog.waitFor({ state: "hidden" });
  assert.match(await part("Run").innerText(), /Nothing has been run yet/);
  assert.equal((await emulator.log()).length, length);
});

test("a guard says no in mid-run: what was drained is put back, and the report says both", async () => {
  await open("otc", { seconds: 1.5 });
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
  await open("scloud", { seconds: 0.2 });
  await emulator.faults([{ cloud: "scloud", operation: "ReleaseBackend", effect: "drop-after" }]);
  await plan();
  await run().click();
  await part("Run").locator(".waiting").getByText("No answer came").waitFor();
  assert.match(await report(), /^● Removed 1 of 1/);
  assert.equal((await emulator.log()).filter(({ operation, applied }) => operation === "ReleaseBackend" && applied).length, 1);
});

test("an outcome that no read can tell is called unknown", async () => {
  await open("otc", { seconds: 0.2 });
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
  await open("otc", { seconds: 0.2 });
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

test("ticking a backend writes the request, by keyboard too, and the focus stays", async () => {
  await open("ucloud");
  const boxes = part("Load balancer").getByRole("checkbox");
  assert.deepEqual(await boxes.evaluateAll((list) => list.map((box) => box.checked)), [true, false, false]);
  await boxes.nth(1).focus();
  await page.keyboard.press("Space");
  assert.deepEqual((await request()).remove, [{ backendId: "backend-1a2b" }, { backendId: "backend-3c4d" }]);
  assert.deepEqual(await boxes.evaluateAll((list) => list.map((box) => box.checked)), [true, true, false]);
  assert.equal(await page.getByRole("radio", { checked: true }).count(), 0, "it is no example any more");
  assert.equal(await boxes.nth(1).evaluate((box) => box === document.activeElement), true);
  await boxes.nth(0).uncheck();
  assert.deepEqual((await request()).remove, [{ backendId: "backend-3c4d" }]);
});

test("what is wrong with the request is said beside it, and a plan of nothing cannot be run", async () => {
  await open("otc");
  await editor().fill("{");
  assert.match(await page.locator(".problem:visible").innerText(), /not JSON/);
  assert.match(await reasons(), /Plan, Run: the request has to be mended first/);
  await editor().fill(JSON.stringify({ from: { poolId: pool }, remove: { memberId: 7 } }));
  await plan();
  assert.match(await part("What to take out").locator(".problem").innerText(), /invalid-input in remove\.memberId/);
  await editor().fill(JSON.stringify({ from: { poolId: pool }, remove: { memberId: "nobody" } }));
  await button("Plan").click();
  await part("Plan").getByText("Nothing to remove").first().waitFor();
  assert.match(await part("Plan").innerText(), /Not found: \{"memberId":"nobody"\}/);
  assert.match(await reasons(), /Run: there is nothing to remove/);
});

test("a run goes on while another cloud is looked at, and leaving the page is asked about", async () => {
  await open("alibaba", { seconds: 2 });
  await plan();
  await run().click();
  await part("Run").locator(".waiting").waitFor();
  await page.getByRole("navigation", { name: "Cloud" }).getByRole("link", { name: "UCloud", exact: true }).click();
  assert.equal(await page.locator(".waiting:visible").count(), 0);
  const asked = await page.evaluate(() => !dispatchEvent(new Event("beforeunload", { cancelable: true })));
  assert.equal(asked, true);
  await page.getByRole("status").getByText("Removed 2 of 2").waitFor();
  await page.getByRole("navigation", { name: "Cloud" }).getByRole("link", { name: "Alibaba Cloud" }).click();
  assert.match(await report(), /Removed 2 of 2/);
  assert.equal(await page.evaluate(() => dispatchEvent(new Event("beforeunload", { cancelable: true }))), true);
});

test("hundreds of backends: the page stays quick, and those that need a look are found", async () => {
  await open("otc");
  const [{ pools: [{ poolId, memberIds }] }] = (await emulator.arrange({ add: { otc: { members: 300 } } })).added.otc;
  await emulator.arrange({ set: [{ cloud: "otc", id: memberIds[7], operatingStatus: "OFFLINE" }] });
  await editor().fill(JSON.stringify({ from: { poolId }, remove: { health: "unhealthy" }, drain: false }));
  const rows = part("Load balancer").locator(".backends li");
  await part("Load balancer").getByText("1 unhealthy").waitFor();
  assert.equal(await rows.count(), 300);
  await page.getByRole("checkbox", { name: /Only those that are not healthy and in service \(1 of 300\)/ }).check();
  assert.equal(await rows.count(), 1);
  assert.equal(await rows.getByRole("checkbox").isChecked(), true, "the request means it");
  await plan();
  assert.match(await headline("Plan"), /^→ Remove 1 of 300 backends from 1 group, without a drain; 299 stay/);
  await visits.screenshot("safe-many-wide", false);
});

test("it fits 360 and 1280 pixels, light and dark, and tables stay tables", async () => {
  for (const [width, colorScheme] of [[1280, "dark"], [360, "light"], [360, "dark"]]) {
    await open("alibaba", { seconds: 1, width, height: 800, colorScheme });
    await plan();
    await visits.screenshot(`safe-plan-${width}-${colorScheme}`, false);
    assert.equal(await part("Plan").getByRole("table", { name: "What remains" }).getByRole("cell").count(), 6);
    await run().click();
    await part("Run").locator(".waiting").waitFor();
    await visits.screenshot(`safe-run-${width}-${colorScheme}`, false);
    await report();
    await visits.screenshot(`safe-report-${width}-${colorScheme}`, false);
    const scroll = await page.evaluate(() => document.documentElement.scrollWidth);
    assert.ok(scroll <= width, `${scroll} px wide at ${width}`);
  }
});
