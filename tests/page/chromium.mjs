// The Chromium of the machine, which talks to nobody but the tests' own servers.
import { existsSync } from "node:fs";
import { chromium } from "playwright-core";

const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

export function chromiumOptions() {
  const executablePath = process.env.CHROMIUM ?? "/usr/bin/chromium";
  if (!existsSync(executablePath)) throw new Error(`no Chromium at ${executablePath}: set CHROMIUM`);
  return { executablePath, args: FLAGS };
}

export const launch = () => chromium.launch(chromiumOptions());
/** With a profile that outlives it. */
export const launchProfile = (folder) => chromium.launchPersistentContext(folder, chromiumOptions());
