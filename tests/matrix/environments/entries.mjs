// `unpool/web` and `unpool/slim`, where the WebAssembly modules are files of their own, with each bundler (Vite's are in vite.mjs).
import { chromium } from "../browsers/chromium.mjs";
import { bundled, putModules } from "../pages.mjs";
import { version } from "../tools.mjs";

/** Whether a bundler takes a file along that is named by `new URL("...", import.meta.url)`. */
const TAKES_ASSETS = { webpack: true, rspack: true, parcel: true, rollup: false, rolldown: false, esbuild: false };
const PACKAGES = { rspack: "@rspack/core" };

const page = (bundler, entry, program, takesAssets) => ({
  name: `${bundler} ${version(PACKAGES[bundler] ?? bundler)} build, ${entry}${takesAssets ? "" : ", modules copied by hand"}`,
  async run(at) {
    const folder = await bundled(at, bundler, program);
    if (!takesAssets) await putModules(at, folder);
    return at.page(chromium, await at.site(folder));
  },
});

export default Object.entries(TAKES_ASSETS).flatMap(([bundler, takesAssets]) => [
  page(bundler, "./web", "page-web.mjs", takesAssets),
  // A bare name in `new URL` is webpack's and rspack's alone.
  bundler === "webpack" || bundler === "rspack"
    ? page(bundler, "./slim", "page-slim-url.mjs", true)
    : page(bundler, "./slim", "page-slim-beside.mjs", false),
]);
