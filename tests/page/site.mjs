// The production build of the page, served on 127.0.0.1 beside an emulator that answers browsers, and a Chromium.
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { startEmulator } from "../demo/emulator.mjs";
import { chromiumOptions, launch } from "./chromium.mjs";

const folder = (path) => fileURLToPath(new URL(`../../${path}`, import.meta.url));
export const www = folder("www");
const builds = folder("target/page");
export const screenshots = folder("target/screenshots");

/** -> { url, dist, emulator, browser, stop() } */
export async function startSite() {
  // Without one, all the rest is in vain.
  chromiumOptions();
  const undo = [];
  const stop = async () => {
    for (const step of undo.reverse()) await step();
  };
  try {
    const emulator = await startEmulator("--cors");
    undo.push(() => emulator.stop());
    // The build reads it from the environment, as it does for `cargo xtask demo`.
    process.env.VITE_EMULATOR = JSON.stringify(emulator.info);
    const vite = await import(new URL("../../www/node_modules/vite/dist/node/index.js", import.meta.url));
    // Each has its own: the addresses of its emulator are part of it, and test files run side by side.
    await mkdir(builds, { recursive: true });
    const dist = await mkdtemp(join(builds, "dist-"));
    undo.push(() => rm(dist, { recursive: true, force: true }));
    const build = { outDir: dist, emptyOutDir: true };
    await vite.build({ root: www, logLevel: "warn", build });
    const server = await vite.preview({ root: www, logLevel: "warn", build, preview: { host: "127.0.0.1", port: 0 } });
    undo.push(() => server.close());
    const browser = await launch();
    undo.push(() => browser.close());
    return { url: server.resolvedUrls.local[0], dist, emulator, browser, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
