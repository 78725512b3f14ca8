// Frameworks: a page in Chromium, and the same answers from the server while it renders.
import { cp, mkdtemp, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { chromium } from "../browsers/chromium.mjs";
import { once } from "../matrix.mjs";
import { run, serve } from "../processes.mjs";
import { node, tool, version } from "../tools.mjs";

const more = fileURLToPath(new URL("../more", import.meta.url));
const programs = fileURLToPath(new URL("../programs", import.meta.url));

/** The server's side of a page: it answers while this waits for it. */
const rendered = async (url) => {
  const response = await fetch(url, { signal: AbortSignal.timeout(60_000) }).catch((error) => ({ status: String(error), text: () => "" }));
  const text = await response.text();
  return { said: () => `${response.status} ${text.slice(0, 1000)}`, close() {} };
};

/** Where the framework's own packages are found as well: it is a folder beside theirs. -> the folder */
async function makeProject({ project, after }, app) {
  const folder = await mkdtemp(join(more, "run-"));
  after(() => rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 }));
  await cp(join(more, "apps", app), folder, { recursive: true });
  await cp(programs, join(folder, "programs"), { recursive: true });
  await cp(join(project, "node_modules/unpool"), join(folder, "node_modules/unpool"), { recursive: true });
  await writeFile(join(folder, "package.json"), `{ "name": "matrix-${app}", "private": true, "type": "module" }\n`);
  return folder;
}

const BUILD_MS = 300_000;
/** A dev server builds its first page before it answers. */
const START_MS = 120_000;

/** One project and one server for the pages of a framework: `build` and `start` are arguments of Node. */
function framework(name, app, pages, { build, start }) {
  const started = once(async (at) => {
    const folder = await makeProject(at, app);
    if (build) await run(node("24"), build, { cwd: folder, timeout: BUILD_MS });
    return serve(node("24"), start, { cwd: folder, timeout: START_MS, env: { NITRO_HOST: "127.0.0.1" } });
  });
  let left = pages.length;
  return pages.map(([what, page, browser]) => ({
    name: `${name}, ${what}`,
    async run(at) {
      const server = await started(at);
      try {
        const out = await at.page(browser, `${server.url}${page}`, 120_000);
        return out.crash ? { crash: `${out.crash}\n${server.said()}` } : out;
      } finally {
        left -= 1;
        if (left === 0) await server.stop();
      }
    },
  }));
}

const CLIENT = ["client", "/", chromium];
const SERVER = ["server", "/ssr", rendered];

const next = (way, options, pages = [CLIENT, SERVER, ["route", "/route", rendered]]) => framework(`Next ${version("next")} ${way}`, "next", pages, options);
const nextBin = tool("next", "dist/bin/next");
const onPort = ["-p", "PORT", "-H", "127.0.0.1"];

export default [
  ...next("Turbopack build", { build: [nextBin, "build"], start: [nextBin, "start", ...onPort] }),
  ...next("webpack build", { build: [nextBin, "build", "--webpack"], start: [nextBin, "start", ...onPort] }, [CLIENT, SERVER]),
  ...next("dev", { start: [nextBin, "dev", ...onPort] }, [CLIENT, SERVER]),
  ...framework(`Astro ${version("astro")}`, "astro", [CLIENT, SERVER], { build: [tool("astro", "bin/astro.mjs"), "build"], start: ["dist/server/entry.mjs"] }),
  ...framework(`SvelteKit ${version("@sveltejs/kit")}`, "sveltekit", [CLIENT, SERVER], { build: [tool("vite", "bin/vite.js"), "build"], start: ["build/index.js"] }),
  ...framework(`Nuxt ${version("nuxt")}`, "nuxt", [CLIENT, SERVER], { build: [tool("nuxt", "bin/nuxt.mjs"), "build"], start: [".output/server/index.mjs"] }),
];
