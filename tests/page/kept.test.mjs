// A run that its tab does not lose: reloaded, gone on with, looked into, forgotten; and a second tab that has to wait.
import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { member, server, startSafePage } from "./safe-page.mjs";
import { screenshots } from "./site.mjs";

let page;
let button, changes, emulator, focused, kept, lines, open, part, plan, reasons, reload, report, result, run, status, visits, whyNot, writes;
before(async () => {
  ({ button, changes, emulator, focused, kept, lines, open, part, plan, reasons, reload, report, result, run, status, visits, whyNot, writes } = await startSafePage());
}, { timeout: 120_000 });
after(() => visits?.stop());

/** Once each: neither more nor less. */
const count = (list) => list.reduce((counts, each) => counts.set(each, (counts.get(each) ?? 0) + 1), new Map());
const waiting = () => part("Run").locator(".waiting").waitFor();
const arrived = async (operation) => {
  while (!(await emulator.log()).some((entry) => entry.operation === operation)) await page.waitForTimeout(20);
};

test("reloaded in mid-drain: it is asked first, then offered; what happened is told without a change; continued, each backend leaves once", async () => {
  page = await open("alibaba", { seconds: 5 });
  await plan();
  await run().click();
  await waiting();
  assert.match(await page.title(), /^Removing 2 backends since \d\d:\d\d:\d\d/);
  assert.equal(await reload(), true, "nobody asked whether to leave");
  assert.match(await result("Earlier run"), /^◐ A run was cut off\.$/);
  assert.match(await part("Earlier run").innerText(), /The plan was: Remove 2 of 12 backends[^]*Nothing happens by itself/);
  assert.match(await status(), /A run was cut off: continue it, check what happened, or put it back/);
  assert.equal(await page.evaluate(() => scrollY), 0, "it is not in sight");
  await plan();
  assert.match(await reasons(), /Run: the run before it is not at its end: continue it, put it back or forget it first/);
  assert.equal(await page.title(), "unpool: take backends out of load balancers");
  const before = await writes();

  await button("Check what happened").click();
  assert.match(await result("What happened"), /^◐ Of 2 backends: 2 are there and take no traffic\.$/);
  assert.equal(await focused(), "What happened");
  const now = await part("What happened").getByRole("table", { name: "How the backends are now" }).locator("tbody tr").allInnerTexts();
  assert.equal(now.length, 2);
  for (const row of now) assert.match(row, /weight 100[^]*There, takes no traffic: weight 0, was 100/);
  const told = await part("What happened").getByRole("list", { name: "The journal of the run" }).innerText();
  assert.match(told, /SetBackendServers is about to be sent[^]*It was answered[^]*A read showed/);
  assert.deepEqual(await writes(), before, "it changed something");
  await visits.screenshot("kept-checked-wide");

  await button("Continue").click();
  assert.match(await report(), /^● Removed 2 of 2 backends/);
  assert.match(await part("Report").innerText(), /Went on from 6 journal entries/);
  assert.match(await part("Run").locator(".steps").innerText(), /Drain done before[^]*Remove done$/);
  assert.equal(await part("Earlier run").isVisible(), false, "it is told of in the report now");
  assert.deepEqual(count((await changes()).filter((change) => change.startsWith("removed"))), new Map([[`removed ${server} backendServer`, 1], [`removed ${server}:80 backendServer`, 1]]));
  assert.equal((await lines("alibaba", "lb-bp")).filter((line) => line.includes(` ${server} `)).length, 0);
  assert.match(await whyNot("Continue"), /the run came to its end/);
  await visits.assertNothingSecret();
  assert.deepEqual(visits.complaints, []);
});

test("cut off with a call under way: the call is told of, and settled by a read before anything else", async () => {
  page = await open("otc", { seconds: 0.2 });
  await emulator.faults([{ cloud: "otc", operation: "DeleteMember", effect: "hang-after" }]);
  await plan();
  await run().click();
  await arrived("DeleteMember");
  assert.equal(await reload(), true);
  await button("Check what happened").click();
  assert.match(await result("What happened"), /^○ Of 1 backend: 1 is not there\.$/);
  assert.match(await part("What happened").innerText(), /DeleteMember: the request may have left, and no answer is written down/);
  await visits.screenshot("kept-unanswered-wide");
  await button("Continue").press("Enter");
  assert.match(await report(), /^● Removed 1 of 1/);
  assert.equal(await focused(), "Report");
  assert.deepEqual((await changes()).filter((change) => change.startsWith("removed")), [`removed ${member} member`]);
  assert.equal((await emulator.log()).filter(({ operation }) => operation === "DeleteMember").length, 1);
});

test("a finished run is kept until it is forgotten, and the button stays where it was", async () => {
  page = await open("otc", { seconds: 0.2 });
  await plan();
  await run().click();
  assert.match(await report(), /^● Removed 1 of 1/);
  assert.ok((await kept()).length > 1, "plan and journal");
  assert.equal(await reload(), false, "nothing is under way");
  assert.match(await result("Earlier run"), /^○ A run came to its end and is kept\.$/);
  assert.doesNotMatch(await reasons(), /the run before/);
  await button("Forget this run").press("Enter");
  assert.match(await result("Earlier run"), /^○ The run is forgotten\. What it did stays as it is\.$/);
  assert.equal(await button("Forget this run").evaluate((element) => element === document.activeElement), true);
  assert.match(await whyNot(/^Put 1 backend back/), /this run was forgotten/);
  assert.deepEqual(await kept(), []);
  await reload();
  assert.equal(await part("Earlier run").isVisible(), false);
});

test("a run that is not at its end is forgotten only by saying so twice", async () => {
  page = await open("otc", { seconds: 30 });
  await plan();
  await run().click();
  await waiting();
  await reload();
  await button("Forget this run").click();
  assert.match(await page.getByRole("dialog").innerText(), /Forget this run\?[^]*stay as they are[^]*nobody can put them back/);
  await page.keyboard.press("Escape");
  assert.ok((await kept()).length > 0);
  await button("Forget this run").click();
  await page.getByRole("dialog").getByRole("button", { name: "Forget this run" }).click();
  await part("Earlier run").getByText("The run is forgotten").waitFor();
  assert.deepEqual(await kept(), []);
  await plan();
  assert.equal(await whyNot(/^Run/), false);
});

test("a second tab is refused and told which tab to look for; then it may", async () => {
  page = await open("otc", { seconds: 20, fakeClock: true });
  await plan();
  await run().click();
  await waiting();
  const title = (await page.title()).split(" · ")[0];

  const second = await page.context().newPage();
  await second.goto(page.url());
  const press = (name) => second.getByRole("button", { name }).click();
  const inReport = second.getByRole("region", { name: "Report", exact: true });
  await second.getByLabel("Wait for connections, seconds").fill("0.2");
  await press("Plan");
  await second.getByRole("region", { name: "Plan", exact: true }).locator(".headline").waitFor();
  const before = await writes();
  await press(/^Run: /);
  await inReport.locator(".headline").waitFor();
  assert.match(await inReport.getByRole("alert").innerText(), new RegExp(`Not done: .*is being changed by the tab “${title}”[^]*Look for that tab`));
  assert.deepEqual(await writes(), before);
  assert.equal(await second.getByRole("button", { name: "Continue" }).count(), 0, "nothing of it is kept");
  await second.screenshot({ path: join(screenshots, "kept-locked-wide.png") });

  await page.clock.fastForward(21_000);
  assert.match(await report(), /^● Removed 1 of 1/);
  await press(/^Run: /);
  await inReport.getByText(/changed-by-someone|not there any more/).first().waitFor();
  assert.deepEqual((await changes()).filter((change) => change.startsWith("removed")), [`removed ${member} member`]);
});

test("without room for its journal no run begins", async () => {
  page = await open("otc", { seconds: 0.2 });
  await plan();
  await page.evaluate(() => {
    let size = 4 << 20;
    for (let number = 0; size > 0; ) {
      try {
        sessionStorage.setItem(`full-${number++}`, "x".repeat(size));
      } catch {
        size >>= 1;
      }
    }
  });
  await run().click();
  assert.match(await report(), /^▲ Not begun: plan and journal cannot be kept in this tab/);
  assert.deepEqual(await writes(), []);
  await page.evaluate(() => sessionStorage.clear());
  await run().click();
  await part("Report").getByText("Removed 1 of 1").waitFor();
});

test("a cloud whose run was cut off is marked until it is looked at, and its connection is the one of the run", async () => {
  page = await open("alibaba", { seconds: 30 });
  await page.getByText("Connection and keys").click();
  await page.getByLabel("Signature").selectOption("acs3");
  await plan();
  await run().click();
  await waiting();
  page.on("dialog", (dialog) => dialog.accept());
  await page.evaluate(() => (location.hash = "otc/safe"));
  await page.reload();
  const link = page.getByRole("navigation", { name: "Cloud" }).getByRole("link", { name: /Alibaba Cloud/ });
  assert.match(await link.textContent(), /◐ \(a run was cut off\)/);
  await link.click();
  assert.match(await result("Earlier run"), /A run was cut off/);
  assert.doesNotMatch(await link.textContent(), /cut off/);
  await page.getByText("Connection and keys").click();
  assert.equal(await page.getByLabel("Signature").inputValue(), "acs3");
});

test("it fits 360 and 1280 pixels, light and dark", async () => {
  for (const [width, colorScheme] of [[1280, "dark"], [360, "light"], [360, "dark"]]) {
    page = await open("ucloud", { example: /^One server/, seconds: 30, width, height: 800, colorScheme });
    await plan();
    await run().click();
    await waiting();
    await reload();
    await result("Earlier run");
    await visits.screenshot(`kept-found-${width}-${colorScheme}`, false);
    await button("Check what happened").click();
    await result("What happened");
    await visits.screenshot(`kept-checked-${width}-${colorScheme}`, false);
    const scroll = await page.evaluate(() => document.documentElement.scrollWidth);
    assert.ok(scroll <= width, `${scroll} px wide at ${width}`);
  }
});
