// Vite's builds of other versions, and its dev server of each.
import { chromium } from "../browsers/chromium.mjs";
import { bundled, writePage } from "../pages.mjs";
import { serve } from "../processes.mjs";
import { tool, version } from "../tools.mjs";

/** By how the name of an environment ends. */
const PROGRAMS = { "": "page-main.mjs", ", ./web": "page-web.mjs", ", ./slim": "page-slim-vite.mjs" };
const WAYS = Object.keys(PROGRAMS);

const build = (name, way) => ({
  name: `Vite ${version(name)} build${way}`,
  run: async (at) => at.page(chromium, await at.site(await bundled(at, "vite", PROGRAMS[way], tool(name, "dist/node/index.js")))),
});

const dev = (name, way) => ({
  name: `Vite ${version(name)} dev${way}`,
  async run(at) {
    const page = `dev-${name}-${PROGRAMS[way]}.html`;
    await writePage(at.project, PROGRAMS[way], page);
    // What it prepares ahead is for one page, and two servers must not prepare it in one folder.
    const env = { VITE_CACHE: `${at.out}/${page}`, ...(way === ", ./web" && name !== "vite" && { LEAVE_AS_IT_IS: "1" }) };
    const server = await serve(process.execPath, [tool(name, "bin/vite.js"), "--port", "PORT", "--host", "127.0.0.1", "--strictPort"], { cwd: at.project, path: `/${page}`, env });
    try {
      return await at.page(chromium, `${server.url}/${page}`);
    } finally {
      await server.stop();
    }
  },
});

export default [
  ...["vite6", "vite7"].flatMap((name) => WAYS.flatMap((way) => [build(name, way), dev(name, way)])),
  ...WAYS.slice(1).map((way) => build("vite", way)),
  ...WAYS.map((way) => dev("vite", way)),
];
