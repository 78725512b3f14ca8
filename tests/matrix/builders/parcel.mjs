import { mkdir, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { basename, dirname, join } from "node:path";
import { Parcel } from "@parcel/core";

const [entry, distDir] = process.argv.slice(2);
// Parcel starts with pages.
const page = join(dirname(entry), `${basename(entry, ".mjs")}.parcel.html`);
await writeFile(page, `<!doctype html><title>parcel</title><script type="module" src="./${basename(entry)}"></script>\n`);
await mkdir(distDir, { recursive: true });
const parcel = new Parcel({
  entries: page,
  defaultConfig: createRequire(import.meta.url).resolve("@parcel/config-default"),
  mode: "production",
  shouldDisableCache: true,
  shouldAutoInstall: false,
  defaultTargetOptions: { distDir, publicUrl: "./", shouldOptimize: true, sourceMaps: false },
});
await parcel.run();
