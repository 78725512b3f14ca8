// What was taken out is put back by clicking: after a report, after a reload, after an Abort; what came of it is read from
// the emulator.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { member, pool, server, startSafePage } from "./safe-page.mjs";

let page;
let button, changes, emulator, focused, lines, open, part, plan, reload, report, result, run, status, visits, whyNot, writes;
before(async () => {
  ({ button, changes, emulator, focused, lines, open, part, plan, reload, report, result, run, status, visits, whyNot, writes } = await startSafePage());
}, { timeout: 120_000 });
after(() => visits?.stop());

const putBack = () => button(/^Put .* back$/);
const waiting = () => part("Run").locator(".waiting").waitFor();
/** Lines without the ids that the vendor gives anew, in an order of their own. */
const places = (list) => list.map((line) => line.match(/\S+:\d+.*|weight.*/)?.[0] ?? line).sort();

test("after a report: two backends and their rule come back, the new ids beside the old ones", async () => {
  page = await open("ucloud", { example: /^One server/, seconds: 0.2 });
  const first = (await emulator.state()).ucloud;
  await plan();
  await run().click();
  await report();
  assert.equal(await putBack().innerText(), "Put 2 backends back");
  await putBack().press("Enter");
  assert.match(await result("Put back"), /^● Put back 2 of 2 backends; \d+ calls\.$/);
  assert.equal(await focused(), "Put back");
  assert.match(await status(), /Put back 2 of 2/);
  const events = await part("Put back").getByRole("log", { name: "Events" }).innerText();
  assert.match(events, /Check begins[^]*Put back begins[^]*: Put back\n[^]*Put back ends/);
  const rows = await part("Put back").getByRole("table", { name: /What became/ }).locator("tbody tr").allInnerTexts();
  const now = (await emulator.state()).ucloud;
  const old = ["backend-3c4d", "backend-7g8h"];
  for (const [at, id] of old.entries()) {
    const [, given] = rows[at].replace(/\s+/g, " ").match(new RegExp(`${id} → to (\\S+) ● Put back ● Serves as before`));
    assert.ok(now.backends.some((line) => line.includes(` ${given} `)), `${given} is not there`);
  }
  assert.equal(await part("Put back").locator(".backend.back").count(), 2);
  assert.match(await part("Put back").getByRole("table", { name: "Forwarding rules" }).innerText(), /policy-api →[^]*policy-new\d[^]*restored/);
  assert.deepEqual(places(now.backends), places(first.backends));
  assert.equal(now.rules.length, first.rules.length);
  assert.match(await whyNot(/^Put .* back$/), /that is done/);
  assert.match(await whyNot("Continue"), /it was being put back/);
  await visits.assertNothingSecret();
  assert.deepEqual(visits.complaints, []);
  await visits.screenshot("undo-ucloud-wide");
});

test("after a reload, from plan and journal alone", async () => {
  page = await open("alibaba", { seconds: 0.2 });
  const first = await lines("alibaba", "lb-bp");
  await plan();
  await run().click();
  await report();
  await reload();
  await putBack().click();
  assert.match(await result("Put back"), /^● Put back 2 of 2 backends/);
  assert.match(await result("Earlier run"), /^● The run was put back\.$/);
  assert.deepEqual((await lines("alibaba", "lb-bp")).sort(), first.sort());
  assert.deepEqual((await changes()).filter((change) => change.startsWith("added")), [`added ${server} backendServer`, `added ${server}:80 backendServer`]);
  await reload();
  assert.match(await result("Earlier run"), /^● The run was put back\.$/);
  assert.match(await whyNot(/^Put .* back$/), /that is done/);
});

test("after an Abort: weights as they were; and Continue instead takes them out", async () => {
  for (const what of ["put back", "continue"]) {
    page = await open("alibaba", { seconds: 3 });
    const first = await lines("alibaba", "lb-bp");
    await plan();
    await run().click();
    await waiting();
    await button("Abort").click();
    assert.match(await report(), /^◐ Aborted: removed 0 of 2/);
    assert.match(await part("Report").innerText(), /Nothing more happens by itself: go on, or put them back/);
    if (what === "put back") {
      await putBack().click();
      assert.match(await result("Put back"), /^● Put back 2 of 2 backends/);
      assert.deepEqual(await lines("alibaba", "lb-bp"), first);
    } else {
      await button("Continue").click();
      await part("Report").getByText("Removed 2 of 2").waitFor();
      assert.equal(await part("Report").getByRole("alert").count(), 0, "what was said of the Abort is over");
      assert.equal((await lines("alibaba", "lb-bp")).length, first.length - 2);
    }
  }
});

test("an undo that is cut off is gone on with, and nothing is added twice", async () => {
  page = await open("otc", { seconds: 0.2 });
  const first = await lines("otc", pool);
  await plan();
  await run().click();
  await report();
  await emulator.faults([{ cloud: "otc", operation: "CreateMember", effect: "hang-after" }]);
  await putBack().click();
  while (!(await emulator.log()).some(({ operation }) => operation === "CreateMember")) await page.waitForTimeout(20);
  assert.equal(await reload(), true, "nobody asked whether to leave");
  assert.match(await result("Earlier run"), /^◐ Putting 1 backend back was cut off\.$/);
  await putBack().click();
  assert.match(await result("Put back"), /^● Put back 1 of 1 backend/);
  assert.match(await part("Put back").innerText(), /Went on from \d journal entr/);
  assert.deepEqual(places(await lines("otc", pool)), places(first));
  const made = await changes();
  assert.equal(made.filter((change) => change.startsWith("added")).length, 1, made);
  assert.equal(made.filter((change) => change === `removed ${member} member`).length, 1, made);
});

test("at a real cloud it is asked about first, and the safe answer has the focus", async () => {
  page = await open("otc", { seconds: 0.2 });
  await plan();
  await run().click();
  await report();
  await page.getByText("Connection and keys").click();
  await page.getByLabel("Endpoint").fill("https://vpc.invalid");
  const before = await writes();
  await putBack().click();
  assert.match(await page.getByRole("dialog").innerText(), /Put 1 backend back, at a real cloud\?[^]*weight that they had[^]*vpc\.invalid/);
  assert.equal(await page.evaluate(() => document.activeElement.textContent), "Change nothing");
  await page.keyboard.press("Enter");
  await page.getByRole("dialog").waitFor({ state: "hidden" });
  assert.equal(await part("Put back").isVisible(), false);
  assert.deepEqual(await writes(), before);
});

test("one that cannot be put back is called failed, and can be tried again", async () => {
  page = await open("otc", { seconds: 0.2 });
  await plan();
  await run().click();
  await report();
  await emulator.faults([{ cloud: "otc", operation: "CreateMember", effect: "refuse", code: "ELB.1101", status: 400, times: "always" }]);
  await putBack().click();
  assert.match(await result("Put back"), /^▲ Not everything was done: put back 0 of 1 backend, 1 failed/);
  assert.match(await part("Put back").getByRole("table", { name: /What became/ }).innerText(), /Failed: it could not be put back/);
  await visits.screenshot("undo-failed-wide");
  await emulator.faults([]);
  await putBack().click();
  await part("Put back").getByText("Put back 1 of 1 backend").waitFor();
});

test("it fits 360 and 1280 pixels, light and dark", async () => {
  for (const [width, colorScheme] of [[1280, "dark"], [360, "light"], [360, "dark"]]) {
    page = await open("otc", { seconds: 0.2, width, height: 800, colorScheme });
    await plan();
    await run().click();
    await report();
    await visits.screenshot(`undo-offered-${width}-${colorScheme}`, false);
    await putBack().click();
    await result("Put back");
    await visits.screenshot(`undo-report-${width}-${colorScheme}`, false);
    const scroll = await page.evaluate(() => document.documentElement.scrollWidth);
    assert.ok(scroll <= width, `${scroll} px wide at ${width}`);
  }
});
