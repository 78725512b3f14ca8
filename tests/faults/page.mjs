// Calls played in a page of Chromium, which imports the built package as it is.
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";
import { packageFolder } from "../demo/unpool.mjs";

const here = fileURLToPath(new URL(".", import.meta.url));
const CHROMIUM = process.env.CHROMIUM ?? "/usr/bin/chromium";
const FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];
const TYPES = { ".js": "text/javascript", ".mjs": "text/javascript" };
const HTML = `<!doctype html><meta charset="utf-8"><link rel="icon" href="data:,"><iframe hidden></iframe><script type="module">
import * as unpool from "/unpool/index.js";
import { play } from "/player.mjs";
const frame = document.querySelector("iframe").contentWindow;
globalThis.play = (script) => play(unpool, script, { otherRealm: (url, init) => frame.fetch(url, init) });
</script>`;

async function file(path) {
  if (path === "/") return [HTML, "text/html"];
  const [, name, ext] = path.match(/^\/(?:unpool\/)?([\w-]+(\.m?js))$/) ?? [];
  if (!name) return undefined;
  return [await readFile(join(path.startsWith("/unpool/") ? packageFolder : here, name)), TYPES[ext]];
}

/** -> { play(script), stop() } */
export async function page() {
  if (!existsSync(CHROMIUM)) throw new Error(`no Chromium at ${CHROMIUM}: set CHROMIUM`);
  const server = createServer((request, response) => {
    file(request.url).then((found) => {
      response.writeHead(found ? 200 : 404, found && { "content-type": found[1] });
      response.end(found?.[0]);
    }, () => response.writeHead(404).end());
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const browser = await chromium.launch({ executablePath: CHROMIUM, args: FLAGS });
  const tab = await browser.newPage();
  await tab.goto(`http://127.0.0.1:${server.address().port}/`);
  await tab.waitForFunction(() => globalThis.play !== undefined);
  return {
    play: (script) => tab.evaluate((given) => globalThis.play(given), script),
    async stop() {
      await browser.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
