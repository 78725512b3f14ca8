// node builders/vite.mjs <entry> <folder> [module of another version of Vite]
import { writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";

const [entry, outDir, module = "vite"] = process.argv.slice(2);
const { build } = await import(module);
const root = dirname(entry);
// Vite starts with pages.
const page = join(root, `${basename(outDir)}.html`);
await writeFile(page, `<!doctype html>\n<title>vite</title>\n<script type="module" src="./${basename(entry)}"></script>\n`);
await build({ root, logLevel: "warn", base: "./", build: { outDir, emptyOutDir: true, rollupOptions: { input: page } } });
