// Firefox, started with the address in a new profile that asks nobody for anything.
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { launch } from "../processes.mjs";

const PREFERENCES = {
  "browser.shell.checkDefaultBrowser": false,
  "browser.aboutwelcome.enabled": false,
  "browser.startup.homepage_override.mstone": "ignore",
  "datareporting.policy.dataSubmissionEnabled": false,
  "toolkit.telemetry.enabled": false,
  "app.normandy.enabled": false,
  "app.update.enabled": false,
  "browser.safebrowsing.malware.enabled": false,
  "browser.safebrowsing.phishing.enabled": false,
  "network.captive-portal-service.enabled": false,
  "network.connectivity-service.enabled": false,
  "extensions.update.enabled": false,
  "services.settings.server": "",
  "browser.region.network.url": "",
  "browser.topsites.contile.enabled": false,
  "devtools.console.stdout.content": true,
  // Whatever it wants from elsewhere, nobody is there.
  "network.proxy.type": 1,
  "network.proxy.http": "127.0.0.1",
  "network.proxy.http_port": 9,
  "network.proxy.ssl": "127.0.0.1",
  "network.proxy.ssl_port": 9,
  "network.proxy.no_proxies_on": "127.0.0.1,localhost",
};

export async function firefox(url) {
  const profile = await mkdtemp(join(tmpdir(), "unpool-firefox-"));
  const lines = Object.entries(PREFERENCES).map(([name, value]) => `user_pref(${JSON.stringify(name)}, ${JSON.stringify(value)});`);
  await writeFile(join(profile, "user.js"), lines.join("\n"));
  const program = launch(process.env.FIREFOX ?? "firefox-esr", ["--headless", "--no-remote", "--profile", profile, url], {
    env: { HOME: profile, MOZ_HEADLESS: "1" },
  });
  return {
    said: program.said,
    async close() {
      await program.stop();
      await rm(profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
    },
  };
}
firefox.title = "Firefox";
