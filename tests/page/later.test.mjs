// Programs as Vite builds them, in Chromium: who only signs and sends does not ask for the safe removal's file, the first
// plan does, and where that cannot be had the package says so and asks again.
import assert from "node:assert/strict";
import { mkdir, mkdtemp, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { extname, join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";
import { packageFolder } from "../demo/unpool.mjs";

const TYPES = { ".html": "text/html", ".js": "text/javascript", ".wasm": "application/wasm" };
const CHROMIUM_FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];
const CSP = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'";

/** A cloud that has an empty load balancer; the page needs no other. */
const PROGRAM = (entry, start) => `
import { Client, UnpoolError, ucloud } from "${entry}";
${start}
const answer = { RetCode: 0, TotalCount: 0, DataSet: [] };
const client = new Client({
  vendor: "ucloud",
  region: "cn-bj2",
  credentials: { publicKey: "public", privateKey: "private" },
  fetch: async () => new Response(JSON.stringify(answer)),
});
const told = (error) => (error instanceof UnpoolError ? error.toJSON() : { foreign: String(error) });
globalThis.send = () => client.send(ucloud.describeVServer({ ulbId: "ulb-1" })).then(({ retCode }) => retCode, told);
globalThis.look = () => client.inspect({ ulbId: "ulb-1" }).then(({ schema }) => schema, told);
`;
const PROGRAMS = {
  unpool: PROGRAM("unpool", ""),
  web: `import { init } from "unpool/web";\n${PROGRAM("unpool/web", "await init();")}`,
};

let folder;
let browser;
let server;
/** What was asked for, and what is not to be had: a test of a path. */
const asked = [];
let missing = () => false;
let policy = CSP;

/** Builds each program into a folder of its own. */
async function build(name, program) {
  const vite = await import(new URL("../../www/node_modules/vite/dist/node/index.js", import.meta.url));
  const root = join(folder, name);
  await mkdir(root);
  await writeFile(join(root, "main.js"), program);
  await writeFile(join(root, "index.html"), '<!doctype html><link rel="icon" href="data:,"><script type="module" src="./main.js"></script>');
  const alias = [
    { find: /^unpool$/, replacement: join(packageFolder, "index.js") },
    { find: /^unpool\/web$/, replacement: join(packageFolder, "web.js") },
  ];
  await vite.build({ root, base: `/${name}/dist/`, logLevel: "error", configFile: false, resolve: { alias }, build: { target: "es2022", assetsInlineLimit: 0 } });
}

before(async () => {
  const target = fileURLToPath(new URL("../../target/page", import.meta.url));
  await mkdir(target, { recursive: true });
  folder = await mkdtemp(join(target, "later-"));
  for (const [name, program] of Object.entries(PROGRAMS)) await build(name, program);
  server = createServer(async ({ url }, response) => {
    asked.push(url);
    const bytes = missing(url) ? undefined : await readFile(join(folder, url)).catch(() => {});
    response.writeHead(bytes ? 200 : 404, { "content-type": TYPES[extname(url)] ?? "text/plain", "content-security-policy": policy, "cache-control": "no-store" });
    response.end(bytes);
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: CHROMIUM_FLAGS });
}, { timeout: 120_000 });
after(async () => {
  await browser?.close();
  server?.closeAllConnections();
  server?.close();
  await rm(folder, { recursive: true, force: true });
});

const LATER = { unpool: /removal_chunk-[^/]*\.js$/, web: /removal_bg-[^/]*\.wasm$/ };

/** A fresh page -> { run(name), asked(): what it asked for since the last time }. */
async function open(t, name, csp = CSP) {
  missing = () => false;
  policy = csp;
  const page = await browser.newPage();
  t.after(() => page.close());
  const since = () => asked.splice(0).filter((url) => !url.endsWith("/"));
  since();
  await page.goto(`http://127.0.0.1:${server.address().port}/${name}/dist/index.html`);
  await page.waitForFunction(() => globalThis.look !== undefined);
  return { run: (what) => page.evaluate((what) => globalThis[what](), what), asked: since };
}

for (const name of Object.keys(PROGRAMS)) {
  test(`${name}: signing and sending do not ask for it, the first look does, once`, async (t) => {
    const page = await open(t, name);
    assert.equal(await page.run("send"), 0);
    const early = page.asked();
    assert.ok(early.some((url) => url.endsWith(".js")), `${early}`);
    assert.ok(!early.some((url) => LATER[name].test(url)), `${early}`);
    assert.equal(await page.run("look"), "unpool/picture@1");
    const late = page.asked();
    assert.equal(late.length, 1, `${late}`);
    assert.match(late[0], LATER[name]);
    assert.equal(await page.run("look"), "unpool/picture@1");
    assert.deepEqual(page.asked(), []);
  });

  test(`${name}: where it cannot be had that is an error of the package, and sending goes on`, async (t) => {
    const page = await open(t, name);
    missing = (url) => LATER[name].test(url);
    const { kind, sent, retryable, hint, foreign } = await page.run("look");
    assert.equal(foreign, undefined);
    assert.deepEqual({ kind, sent, retryable }, { kind: "network", sent: false, retryable: true });
    assert.match(hint, /Content-Security-Policy/);
    assert.equal(await page.run("send"), 0);
    page.asked();
    missing = () => false;
    const again = await page.run("look");
    // Browsers that remember a failed import are not to be talked out of it; then it stays the same error.
    if (page.asked().length > 0) assert.equal(again, "unpool/picture@1");
    else assert.deepEqual([name, again.kind], ["unpool", "network"]);
  });
}

test("unpool: where a policy does not let it run that is an error of the package, and sending goes on", async (t) => {
  const { port } = server.address();
  const [main] = (await readdir(join(folder, "unpool/dist/assets"))).filter((name) => name.startsWith("index-"));
  const page = await open(t, "unpool", CSP.replace("'self'", `http://127.0.0.1:${port}/unpool/dist/assets/${main}`));
  const { kind, sent, foreign, cause } = await page.run("look");
  assert.deepEqual({ kind, sent, foreign, cause }, { kind: "network", sent: false, foreign: undefined, cause: undefined });
  assert.equal(await page.run("send"), 0);
});
