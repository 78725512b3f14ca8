// The view of the safe removal, as its tests use it: what is looked for, pressed and read.
import { startVisits } from "./visit.mjs";

/** Of the emulator's first state. */
export const pool = "5a9a3e9e-d1aa-448e-af37-a70171f2a332";
export const member = "cf024846-7516-4e3a-b0fb-6590322c836f";
export const server = "i-bp1fq61enf4loa5i0001";

export async function startSafePage() {
  const visits = await startVisits();
  const { emulator } = visits.site;
  let page;

  const part = (name) => page.getByRole("region", { name, exact: true });
  const headline = async (name) => (await part(name).locator(".headline").innerText()).replace(/\s+/g, " ");
  const button = (name) => page.getByRole("button", { name, exact: typeof name === "string" });
  const run = () => button(/^Run/);
  const editor = () => page.getByLabel("Request, as JSON");

  return {
    visits,
    emulator,
    part,
    headline,
    button,
    run,
    editor,
    request: async () => JSON.parse(await editor().inputValue()),
    reasons: () => page.locator(".controls .reasons:visible").innerText(),
    status: () => page.getByRole("status").innerText(),
    mayRun: async () => (await run().getAttribute("aria-disabled")) !== "true",
    lines: async (cloud, start) => (await emulator.state())[cloud].backends.filter((line) => line.startsWith(start)),
    writes: async () => (await emulator.log()).filter(({ applied }) => applied).map(({ operation }) => operation),
    /** -> the page, with the first look taken. */
    async open(hash, { example, seconds, ...how } = {}) {
      page = await visits.open(`${hash}/safe`, how);
      await part("Load balancer").locator(".backends li").first().waitFor();
      if (example) await page.getByRole("radio", { name: example }).check();
      if (seconds !== undefined) await page.getByLabel("Wait for connections, seconds").fill(String(seconds));
      return page;
    },
    async plan() {
      await button("Plan").click();
      await part("Plan").locator(".headline").waitFor();
    },
    /** While something is changed, the browser asks first. -> whether it did */
    async reload() {
      let asked = false;
      const answer = async (dialog) => {
        asked = dialog.type() === "beforeunload";
        await dialog.accept();
      };
      page.on("dialog", answer);
      await page.reload();
      await part("Load balancer").locator(".backends li").first().waitFor();
      page.off("dialog", answer);
      return asked;
    },
    /** -> the headline of the part, once it is there. */
    async result(name) {
      await part(name).locator(".headline").waitFor();
      return headline(name);
    },
    whyNot: (name) => button(name).evaluate((element) => element.getAttribute("aria-disabled") === "true" && document.getElementById(element.getAttribute("aria-describedby")).textContent),
    /** What the cloud says was changed, in words: "removed backendId=..." */
    changes: async () =>
      (await emulator.changes()).filter(({ request }) => request !== null).map(({ change, ids, resource }) => `${change} ${ids.backendId ?? ids.memberId ?? ids.policyId ?? `${ids.serverId}${ids.port === undefined ? "" : `:${ids.port}`}`} ${resource}`),
    kept: () => page.evaluate(() => Object.keys(sessionStorage).filter((key) => key.startsWith("unpool"))),
    focused: () => page.evaluate(() => document.activeElement.closest("section")?.getAttribute("aria-label") ?? document.activeElement.textContent),
    async report() {
      await part("Report").locator(".headline").waitFor();
      return headline("Report");
    },
  };
}
