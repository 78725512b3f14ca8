// Pages that are watched while they are used: what they complain of, and whether they show what nobody may see.
import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { screenshots, startSite } from "./site.mjs";

/** -> { site, complaints, seen, open(hash), screenshot(name), assertNothingSecret(), stop() } */
export async function startVisits() {
  const site = await startSite();
  mkdirSync(screenshots, { recursive: true });
  /** What the page must never show: secrets, and every signature and token that went over the wire. */
  const forbidden = new Set();
  /** As it is, and as JSON and URLs write it. */
  const forbid = (secret) => forbidden.add(secret).add(JSON.stringify(secret).slice(1, -1)).add(encodeURIComponent(secret));
  for (const name of ["accessKeySecret", "privateKey", "secretKey", "password"]) {
    for (const { credentials } of Object.values(site.emulator.info)) if (credentials?.[name]) forbid(credentials[name]);
  }
  const complaints = [];
  let page;

  const watch = async (request) => {
    const headers = await request.allHeaders().catch(() => ({}));
    const text = `${request.url()}&${request.postData() ?? ""}&${headers.authorization ?? ""}`;
    for (const [, signature] of text.matchAll(/Signature"?[=:]"?([^"&\s]{20,})/g)) forbid(decodeURIComponent(signature));
    if (headers["x-auth-token"]) forbid(headers["x-auth-token"]);
  };

  return {
    site,
    complaints,
    /** How many secrets are known by now. */
    seen: () => forbidden.size,
    /** A fresh page at a fresh emulator. */
    async open(hash, { width = 1280, height = 900, colorScheme = "light", fakeClock = false } = {}) {
      await page?.context().close();
      complaints.length = 0;
      await site.emulator.reset();
      // Of its own: it may have further tabs.
      const context = await site.browser.newContext({ viewport: { width, height }, colorScheme });
      page = await context.newPage();
      page.on("pageerror", (error) => complaints.push(String(error)));
      page.on("console", (message) => message.type() === "error" && complaints.push(message.text()));
      page.on("request", watch);
      if (fakeClock) await page.clock.install();
      await page.goto(`${site.url}#${hash}`);
      return page;
    },
    /** Of the whole page or of what is in sight. */
    async screenshot(name, whole = true) {
      const path = join(screenshots, `${name}.png`);
      const size = page.viewportSize();
      if (!whole) return page.screenshot({ path });
      // As high as the page: what sticks to an edge of the window would cover its middle.
      await page.setViewportSize({ ...size, height: await page.evaluate(() => document.documentElement.scrollHeight) });
      await page.screenshot({ path });
      await page.setViewportSize(size);
    },
    async assertNothingSecret() {
      const html = await page.content();
      const stored = await page.evaluate(() => JSON.stringify([Object.entries(sessionStorage), Object.entries(localStorage)]));
      for (const secret of forbidden) {
        assert.ok(!html.includes(secret), `the page shows ${secret.slice(0, 6)}...`);
        assert.ok(!stored.includes(secret), `the page stores ${secret.slice(0, 6)}...`);
      }
    },
    stop: () => site.stop(),
  };
}
