// What a browser's own rules have to do with: workers of each kind, and policies of what may run; in three engines.
import { createHash } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { chromium } from "../browsers/chromium.mjs";
import { firefox } from "../browsers/firefox.mjs";
import { webkit } from "../browsers/webkit.mjs";
import { bundled, putModules } from "../pages.mjs";

const ENGINES = [chromium, firefox, webkit];
const inEach = (make) => ENGINES.map(make);

/** Pages whose script starts a worker with the page's own query. */
const WORKERS = {
  "web worker": ["esbuild", "page-main.mjs", 'new Worker("./main.js" + location.search, { type: "module" })'],
  "web worker, classic": ["plain", "page-main.mjs", 'new Worker("./main.js" + location.search)'],
  "shared worker": ["esbuild", "page-main.mjs", 'new SharedWorker("./main.js" + location.search, { type: "module" })'],
  // No import() there, so it comes in one piece.
  "service worker": ["plain", "page-service.mjs", 'navigator.serviceWorker.register("./main.js" + location.search)'],
};

const workers = Object.entries(WORKERS).flatMap(([kind, [builder, program, script]]) =>
  inEach((engine) => ({
    name: `${kind}, ${engine.title}`,
    async run(at) {
      const folder = await bundled(at, builder, program);
      const page = `${kind.replace(/\W+/g, "-")}.html`;
      await writeFile(join(folder, page), `<!doctype html>\n<title>${kind}</title>\n<script>${script};</script>\n`);
      return at.page(engine, `${await at.site(folder)}${page}`);
    },
  })),
);

const POLICIES = {
  "CSP self, wasm-unsafe-eval": "script-src 'self' 'wasm-unsafe-eval'",
  "CSP default-src none": "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src http://127.0.0.1:*",
  "CSP nonce, strict-dynamic": "script-src 'nonce-abc' 'strict-dynamic' 'wasm-unsafe-eval'; base-uri 'none'; object-src 'none'",
  "Trusted Types": "script-src 'self' 'wasm-unsafe-eval'; require-trusted-types-for 'script'; trusted-types 'none'",
};
const withNonce = (path, bytes) => (path.endsWith(".html") ? bytes.toString().replaceAll("<script", '<script nonce="abc"') : bytes);

const policies = Object.entries(POLICIES).flatMap(([name, policy]) =>
  inEach((engine) => ({
    name: `${name}, ${engine.title}`,
    async run(at) {
      const folder = await bundled(at, "esbuild", "page-main.mjs");
      return at.page(engine, await at.site(folder, { headers: { "content-security-policy": policy }, change: withNonce }));
    },
  })),
);

const integrityOf = async (file) => `sha384-${createHash("sha384").update(await readFile(file)).digest("base64")}`;
const WRONG = `sha384-${"A".repeat(64)}`;

/** `answer` of an environment must fail: else the hash was not looked at. */
const refused = async (at, engine, url) => {
  const out = await at.page(engine, url, 8_000);
  if (out.crash === undefined) throw new Error("what has another hash was run");
};

const integrity = inEach((engine) => [
  {
    name: `SRI of the script, ${engine.title}`,
    async run(at) {
      const folder = await bundled(at, "plain", "page-main.mjs");
      const page = (hash) => `<!doctype html>\n<title>SRI</title>\n<script src="./main.js" integrity="${hash}"></script>\n`;
      await writeFile(join(folder, "wrong.html"), page(WRONG));
      await writeFile(join(folder, "right.html"), page(await integrityOf(join(folder, "main.js"))));
      const site = await at.site(folder);
      await refused(at, engine, `${site}wrong.html`);
      return at.page(engine, `${site}right.html`);
    },
  },
  {
    name: `SRI of ./slim's module, ${engine.title}`,
    async run(at) {
      const folder = await putModules(at, await bundled(at, "esbuild", "page-slim-beside.mjs"));
      const site = await at.site(folder);
      const query = (hash) => `&integrity=${encodeURIComponent(hash)}`;
      const withQuery = (hash) => (url) => engine(url + query(hash));
      await refused(at, withQuery(WRONG), site);
      return at.page(withQuery(await integrityOf(join(folder, "core_bg.wasm"))), site);
    },
  },
]).flat();

export default [...workers, ...policies, ...integrity];
