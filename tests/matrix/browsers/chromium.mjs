// Chromium, by Playwright: one browser for all pages, each in a profile of its own.
import { launch } from "../../page/chromium.mjs";

let started;

export async function chromium(url) {
  const browser = await (started ??= launch());
  const context = await browser.newContext();
  const page = await context.newPage();
  const said = [];
  page.on("console", (message) => ["error", "warning"].includes(message.type()) && said.push(`${message.type()}: ${message.text()}`));
  page.on("pageerror", (error) => said.push(`error: ${error.stack ?? error}`));
  page.on("requestfailed", (request) => said.push(`failed: ${request.url()} ${request.failure()?.errorText}`));
  page.goto(url).catch((error) => said.push(String(error)));
  return { said: () => said.join("\n").slice(0, 3000), close: () => context.close() };
}
chromium.title = "Chromium";
chromium.end = async () => (await started)?.close();
