// The demo page in Chromium: single calls by clicking, their effect read from the emulator's state.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { after, before, beforeEach, test } from "node:test";
import { brotliCompressSync } from "node:zlib";
import { calls } from "../demo/calls.mjs";
import { www } from "./site.mjs";
import { startVisits } from "./visit.mjs";

let visits;
let site;
let page;

before(async () => {
  visits = await startVisits();
  site = visits.site;
}, { timeout: 120_000 });
after(() => visits?.stop());

beforeEach(async () => {
  page = await visits.open("alibaba/objects");
});

const send = () => page.locator("#send").click();
const headline = () => page.locator(".headline").innerText();
const rows = (id) => page.locator(`#${id} li`).allInnerTexts();
const kind = () => page.locator("dt:text-is('Kind') + dd").innerText();
const poolOf = async ({ cloud, pool }) => (await site.emulator.state())[cloud].backends.filter((line) => line.startsWith(pool));
const screenshot = (name) => visits.screenshot(name);

async function choose(cloud, label) {
  await page.getByRole("navigation").getByRole("link", { name: cloud, exact: true }).click();
  if (label) await page.getByRole("radio", { name: label }).check();
  await page.locator("#before li").first().waitFor();
}

async function sent() {
  await send();
  await page.locator(".headline").waitFor();
}

/** The page's rows say what the state's lines say: the same backends in the same order. */
function assertShows(shown, lines, pool) {
  const ids = lines.map((line) => line.slice(pool.length).match(/\d+\.\d+\.\d+\.\d+(:\d+)?/)[0]);
  assert.equal(shown.length, lines.length, `${shown}\n${lines}`);
  for (const [at, id] of ids.entries()) assert.ok(shown[at].includes(id), `${shown[at]} should be ${id}`);
}

const [scloud, objects, , ids, group, otc] = calls();
const walk = [
  ["SCloud", undefined, scloud],
  ["Alibaba Cloud", "as objects", objects],
  ["Alibaba Cloud", "bare ids", ids],
  ["Alibaba Cloud", "vServer group", group],
  ["Open Telekom Cloud", undefined, otc],
];
for (const [cloud, label, call] of walk) {
  test(`${cloud}: ${call.name}`, async () => {
    await choose(cloud, label);
    const start = await poolOf(call);
    assertShows(await rows("before"), start, call.pool);
    assert.ok((await page.locator("#stages li").count()) >= 3, "stages, request and curl");
    assert.match(await page.locator("#stages").innerText(), /curl /);
    const known = visits.seen();
    await sent();
    assert.ok(visits.seen() > known, "no signature was seen on the wire");
    const end = await poolOf(call);
    assert.deepEqual(end, start.filter((line) => !call.gone.includes(line.slice(call.pool.length))));
    assert.equal(end.length, start.length - call.gone.length);
    assert.equal((await headline()).replace(/\s+/g, " "), `● Removed ${call.gone.length} backend${call.gone.length > 1 ? "s" : ""}`);
    assertShows(await rows("after"), end, call.pool);
    assert.equal(await page.locator("#before li.gone").count(), call.gone.length);
    await visits.assertNothingSecret();
    assert.deepEqual(visits.complaints, []);
  });
}

test("OpenStack: a token from Keystone first, then the stages, then the call", async () => {
  await page.getByRole("link", { name: "OpenStack", exact: true }).click();
  const call = { cloud: "otc", pool: otc.pool };
  const start = await poolOf(call);
  const stages = page.locator("#stages");
  assert.match(await stages.innerText(), /POST \/v3\/auth\/tokens/);
  await page.getByRole("button", { name: "Get a token" }).click();
  await stages.getByText("DELETE /v2.0/lbaas/pools").first().waitFor();
  await sent();
  assert.match(await headline(), /Removed 1 backend/);
  assert.equal((await poolOf(call)).length, start.length - 1);
  await visits.assertNothingSecret();
});

test("a wrong secret is auth, and the pool stays as it is", async () => {
  for (const [cloud, label, call] of walk) {
    await choose(cloud, label);
    const start = await poolOf(call);
    await page.getByRole("checkbox", { name: /wrong secret/ }).check();
    await sent();
    assert.equal(await kind(), "auth", call.name);
    assert.match(await headline(), /Failed/);
    assert.deepEqual(await poolOf(call), start);
    assertShows(await rows("after"), start, call.pool);
    await visits.assertNothingSecret();
  }
});

test("an answer lost after the change is outcome-unknown, and the pool shows what happened", async () => {
  await choose("SCloud");
  await site.emulator.faults([{ cloud: "scloud", operation: "ReleaseBackend", effect: "drop-after", times: "always" }]);
  const start = await poolOf(scloud);
  await sent();
  assert.equal(await kind(), "outcome-unknown");
  assert.equal(await page.locator("dt:text-is('Attempts') + dd").innerText(), "3: outcome-unknown, outcome-unknown, outcome-unknown");
  assert.match(await headline(), /Unknown: the request left, no answer came back/);
  assert.equal((await poolOf(scloud)).length, start.length - 1);
  assert.equal(await page.locator("#before li.gone").count(), 1);
  await screenshot("outcome-unknown-wide");
});

test("an answer lost once is asked for again, and the page says that the backend was gone by then", async () => {
  await choose("SCloud");
  await site.emulator.faults([{ cloud: "scloud", operation: "ReleaseBackend", effect: "drop-after" }]);
  await sent();
  assert.match(await headline(), /Removed 1 backend: its answer was lost, and asked again it was gone/);
  assert.equal(await page.locator("#before li.gone").count(), 1);
});

test("a server that is not in the pool: the vendor says nothing, the page does", async () => {
  await choose("Alibaba Cloud", "as objects");
  const editor = page.getByLabel("Operation, as JSON");
  const operation = JSON.parse(await editor.inputValue());
  await editor.fill(JSON.stringify({ ...operation, backendServers: [{ serverId: "i-nobody" }] }));
  await sent();
  assert.match(await headline(), /Answered, and no backend left the pool/);
});

test("Stop waiting ends a call that hangs, as outcome-unknown", async () => {
  await choose("Open Telekom Cloud");
  await site.emulator.faults([{ cloud: "otc", operation: "DeleteMember", effect: "hang" }]);
  const stop = page.getByRole("button", { name: "Stop waiting" });
  assert.equal(await stop.getAttribute("aria-disabled"), "true");
  await send();
  await page.getByText("Sending…").waitFor();
  // The pool is read first: only then is the call itself on its way.
  while (!(await site.emulator.log()).some(({ operation }) => operation === "DeleteMember")) await page.waitForTimeout(20);
  await stop.click();
  await page.locator(".headline").waitFor();
  assert.equal(await kind(), "outcome-unknown");
});

test("what is wrong with the operation is said beside it, by field, and cannot be sent", async () => {
  await choose("Alibaba Cloud", "as objects");
  const editor = page.getByLabel("Operation, as JSON");
  const problem = page.locator("#operation-error");
  const sendButton = page.locator("#send");
  const typed = async (text) => {
    await editor.fill(text);
    return problem.innerText();
  };
  // The example's own load balancer: the page reads another one's pool, and that one is not there.
  const { loadBalancerId } = JSON.parse(await editor.inputValue());
  const operation = (backendServers) =>
    JSON.stringify({ operation: "RemoveBackendServers", loadBalancerId, backendServers });

  assert.match(await typed("{"), /not JSON/);
  assert.equal(await editor.getAttribute("aria-invalid"), "true");
  assert.equal(await sendButton.getAttribute("aria-disabled"), "true");
  assert.match(await typed(operation([])), /invalid-input in backendServers\b/);
  assert.match(await typed(operation([{ serverId: "i-1" }, { serverId: "i-2", weight: 101 }])), /backendServers\[1\]\.weight/);
  assert.match(await typed('{"operation":"RemoveBackendServer"}'), /RemoveBackendServers/);
  await screenshot("bad-input-wide");
  assert.equal(await typed(operation([{ serverId: "i-1" }])), "");
  assert.equal(await editor.getAttribute("aria-invalid"), "false");
  assert.equal(await sendButton.getAttribute("aria-disabled"), "false");

  await editor.fill("null");
  await sendButton.click({ force: true });
  await editor.press("Control+Enter");
  assert.ok(!(await site.emulator.log()).some(({ operation }) => operation === "RemoveBackendServers"), "something was sent");
  assert.deepEqual(visits.complaints, []);
});

test("the keyboard is enough, and the focus goes to the result", async () => {
  await choose("SCloud");
  await page.getByLabel("Operation, as JSON").press("Control+Enter");
  await page.locator(".headline").waitFor();
  assert.equal(await page.evaluate(() => document.activeElement.id), "result");
  assert.match(await page.locator("#status").innerText(), /ReleaseBackend: Removed 1 backend/);
});

test("Restore example and Reset emulator put things back", async () => {
  await choose("SCloud");
  const editor = page.getByLabel("Operation, as JSON");
  const example = await editor.inputValue();
  await sent();
  await editor.fill("{}");
  await page.getByRole("button", { name: "Restore example" }).click();
  assert.equal(await editor.inputValue(), example);
  await page.getByRole("button", { name: "Reset emulator" }).click();
  await page.getByText("Every pool of the emulator is as it was").waitFor();
  assert.ok((await poolOf(scloud)).some((line) => line.endsWith(scloud.gone[0])));
  await page.locator("#before li", { hasText: "backend-1a2b" }).waitFor();
});

test("keys are masked, and changing them changes what is signed", async () => {
  await choose("Alibaba Cloud", "as objects");
  await page.getByText("Connection and keys").click();
  assert.equal(await page.getByLabel("AccessKey secret").getAttribute("type"), "password");
  await page.getByLabel("AccessKey id").fill("LTAIsomebodyelse");
  assert.match(await page.locator("#stages").innerText(), /LTAIsomebodyelse/);
  await page.getByLabel("AccessKey id").fill("");
  assert.match(await page.locator("#connection-error").innerText(), /credentials\.accessKeyId/);
});

test("it fits 360 and 1280 pixels, light and dark", async () => {
  for (const [width, colorScheme] of [[1280, "light"], [1280, "dark"], [360, "light"], [360, "dark"]]) {
    await site.emulator.reset();
    await page.setViewportSize({ width, height: 800 });
    await page.emulateMedia({ colorScheme });
    await choose("Alibaba Cloud", "as objects");
    await sent();
    const scroll = await page.evaluate(() => document.documentElement.scrollWidth);
    assert.ok(scroll <= width, `${scroll} px wide at ${width}`);
    await screenshot(`removed-${width}-${colorScheme}`);
    await page.reload();
  }
});

test("script and style stay within 24 kB (brotli), the package apart", () => {
  const assets = join(site.dist, "assets");
  const files = readdirSync(assets).filter((name) => /\.(js|css)$/.test(name));
  assert.ok(files.some((name) => name.startsWith("unpool-")), `${files}: the package should be a file of its own`);
  const own = files.filter((name) => !name.startsWith("unpool-"));
  const bytes = own.reduce((sum, name) => sum + brotliCompressSync(readFileSync(join(assets, name))).length, 0);
  assert.ok(bytes <= 24_000, `${bytes} bytes in ${own}`);
});

test("the page's types are right", () => {
  execFileSync(process.execPath, [join(www, "node_modules/typescript/bin/tsc"), "--noEmit"], { cwd: www, stdio: "pipe", encoding: "utf8" });
});
