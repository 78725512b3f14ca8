// What a minimal program loads at its start, as each bundler makes it: the files that a browser asks for until the program
// has signed and sent its first request.
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { transform } from "esbuild";
import { launch } from "../page/chromium.mjs";
import { project } from "../packaging/install.mjs";
import { MINIMAL, brotli } from "../packaging/size.mjs";
import { opened } from "./opened.mjs";
import { bundled } from "./pages.mjs";
import { startSite } from "./site.mjs";

/** Whose largest is what the package promises. */
export const PROMISED = ["esbuild", "vite", "webpack", "rspack"];
export const BUNDLERS = [...PROMISED, "rollup", "rolldown", "parcel"];

/** Those that leave minifying to a plugin; theirs is done as esbuild does it. */
const WITHOUT_MINIFIER = ["rollup"];

// Bundlers of applications drop what an entry exports and nobody uses.
const START = `import { remove } from "./minimal.mjs";\nglobalThis.remove = remove;\n`;

/** -> { sizeOf(bundler) -> [{ name, raw, brotli }], one for each file, close() } */
export const startSizes = () =>
  opened(async (t) => {
    const { folder } = await project(t);
    await writeFile(join(folder, "minimal.mjs"), MINIMAL);
    await writeFile(join(folder, "start.mjs"), START);
    const browser = await launch();
    t.after(() => browser.close());
    return { sizeOf: async (bundler) => loaded(browser, await page(folder, bundler)) };
  });

/** -> a folder with index.html, which starts the program. */
async function page(project, bundler) {
  const folder = await bundled({ project, out: join(project, "out") }, bundler, "start.mjs");
  if (WITHOUT_MINIFIER.includes(bundler)) {
    for (const name of (await readdir(folder)).filter((name) => name.endsWith(".js"))) {
      const { code } = await transform(await readFile(join(folder, name), "utf8"), { minify: true, format: "esm" });
      await writeFile(join(folder, name), code);
    }
  }
  return folder;
}

/** -> the page's files that a browser loads, but not the page itself. */
async function loaded(browser, folder) {
  const files = new Map();
  const note = (path, bytes) => {
    files.set(path, bytes);
    return bytes;
  };
  const site = await startSite(folder, { change: note });
  const context = await browser.newContext();
  try {
    // Its request goes nowhere: how it fails shows that it was sent.
    await context.route((url) => !url.href.startsWith(site.url), (route) => route.abort());
    const opened = await context.newPage();
    await opened.goto(site.url, { waitUntil: "networkidle" });
    const kind = await opened.evaluate(() =>
      globalThis.remove({ accessKeyId: "id", accessKeySecret: "secret" }, "lb-1", [{ serverId: "i-1" }]).catch((error) => error.kind ?? String(error)),
    );
    if (kind !== "outcome-unknown") throw new Error(`the program did not send: ${kind}`);
  } finally {
    await context.close();
    await site.close();
  }
  return [...files]
    .filter(([path]) => !path.endsWith(".html") && path !== "/favicon.ico")
    .map(([path, bytes]) => ({ name: path.slice(1), raw: bytes.length, brotli: brotli(bytes) }));
}
