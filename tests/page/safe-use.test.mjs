// The page's safe removal in use: typed, ticked, by keyboard, on small and dark screens, with much to show.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { pool, startSafePage } from "./safe-page.mjs";

let page;
let button, editor, emulator, headline, open, part, plan, reasons, report, request, run, status, visits, writes;
before(async () => {
  ({ button, editor, emulator, headline, open, part, plan, reasons, report, request, run, status, visits, writes } = await startSafePage());
}, { timeout: 120_000 });
after(() => visits?.stop());

test("a long wait is said again at half time and before its end, and counts from the clock", async () => {
  page = await open("otc", { seconds: 60, fakeClock: true });
  await plan();
  await run().click();
  await part("Run").locator(".waiting").waitFor();
  await page.clock.fastForward(31_000);
  assert.match(await status(), /Still waiting: (2\d|30) s left at most/);
  await page.clock.fastForward(20_000);
  assert.match(await status(), /Still waiting: (\d|10) s left at most/);
  assert.match(await part("Run").locator(".waiting").innerText(), /: (\d|10) s left/);
  await page.clock.fastForward(10_000);
  assert.match(await report(), /^● Removed 1 of 1/);
});

test("the keyboard is enough, and everything has a name", async () => {
  page = await open("ucloud", { seconds: 0.2 });
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
  page = await open("alibaba", { example: /More than half/ });
  await editor().fill(JSON.stringify({ ...(await request()), allow: ["most-of-pool"] }));
  await plan();
  await page.getByText("Connection and keys").click();
  await page.getByLabel("Endpoint").fill("https://slb.invalid");
  assert.match(await page.locator("#target").innerText(), /Real cloud/);
  const sent = [];
  page.on("request", (request) => request.url().includes("slb.invalid") && sent.push(request.url()));
  await run().click();
  const dialog = page.getByRole("dialog");
  assert.match(await dialog.innerText(), /Run: remove 5 backends, at a real cloud\?[^]*Remove 5 of 6 backends[^]*slb\.invalid[^]*will not stop it: most-of-pool/);
  assert.equal(await page.evaluate(() => document.activeElement.textContent), "Change nothing");
  await page.keyboard.press("Enter");
  await dialog.waitFor({ state: "hidden" });
  assert.match(await part("Run").innerText(), /Nothing has been run yet/);
  // A look that nobody asked for may still be under way at the emulator; it only reads.
  assert.deepEqual([sent, await writes()], [[], []]);
});

test("ticking a backend writes the request, by keyboard too, and the focus stays", async () => {
  page = await open("ucloud");
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
  page = await open("otc");
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
  page = await open("alibaba", { seconds: 2 });
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
  page = await open("otc");
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
    page = await open("alibaba", { seconds: 1, width, height: 800, colorScheme });
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
