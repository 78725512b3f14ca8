// Pages from bundlers: a program of the project, bundled once for all environments that ask for it.
import { cp, readdir, rename, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { run } from "./processes.mjs";

const builder = (name) => fileURLToPath(new URL(`builders/${name}.mjs`, import.meta.url));
const built = new Map();

/** -> a folder with index.html, which starts `program` (page-main.mjs, ...) as `bundler` bundled it; `more` is for the bundler. */
export function bundled({ project, out }, bundler, program, ...more) {
  const name = [bundler, ...more.map((each) => each.replace(/\W+/g, "_")), basename(program, ".mjs")].join("-");
  if (!built.has(name)) built.set(name, bundle());
  return built.get(name);

  async function bundle() {
    const folder = join(out, name);
    await run(process.execPath, [builder(bundler), join(project, program), folder, ...more], { cwd: project });
    const page = (await readdir(folder)).find((file) => file.endsWith(".html"));
    if (page === undefined) await writePage(folder);
    else await rename(join(folder, page), join(folder, "index.html"));
    return folder;
  }
}

/** A page that starts a module beside it. */
export async function writePage(folder, script = "main.js", name = "index.html") {
  await writeFile(join(folder, name), `<!doctype html>\n<meta charset="utf-8">\n<title>unpool</title>\n<script type="module" src="./${script}"></script>\n`);
}

/** Puts the package's WebAssembly modules beside a page. */
export async function putModules({ project }, folder) {
  for (const name of ["core_bg.wasm", "removal_bg.wasm"]) await cp(join(project, "node_modules/unpool", name), join(folder, name));
  return folder;
}
