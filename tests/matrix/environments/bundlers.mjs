// A page from each bundler in Chromium, and Vite's in the two other engines as well.
import { chromium } from "../browsers/chromium.mjs";
import { firefox } from "../browsers/firefox.mjs";
import { webkit } from "../browsers/webkit.mjs";
import { bundled } from "../pages.mjs";
import { version } from "../tools.mjs";

const PACKAGES = { vite: "vite", webpack: "webpack", rspack: "@rspack/core", rollup: "rollup", rolldown: "rolldown", esbuild: "esbuild", parcel: "parcel" };

const page = (bundler, browser) => ({
  name: `${bundler} ${version(PACKAGES[bundler])} build, ${browser.title}`,
  run: async (at) => at.page(browser, await at.site(await bundled(at, bundler, "page-main.mjs"))),
});

export default [...Object.keys(PACKAGES).map((bundler) => page(bundler, chromium)), page("vite", firefox), page("vite", webkit)];
