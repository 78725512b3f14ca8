// A Worker in workerd as a deployment would have it: the installed tarball, bundled by esbuild under wrangler's conditions,
// the module as one of its files, and no compatibility flag.
import { readFile, readdir } from "node:fs/promises";
import { join } from "node:path";
import { build } from "esbuild";
import { Miniflare } from "miniflare";
import { CONDITIONS_OF_WORKERS } from "../packaging/size.mjs";
import { project } from "../packaging/install.mjs";

const COMPATIBILITY_DATE = "2026-04-01";

/** -> a Miniflare that runs the Worker in `source`, a file; `env` are its bindings. It is stopped at the end of `t`. */
export async function startWorker(t, source, { env = {}, ...options } = {}) {
  const { folder } = await project(t);
  const out = join(folder, "out");
  await build({
    stdin: { contents: await readFile(source, "utf8"), resolveDir: folder },
    outfile: join(out, "worker.js"),
    bundle: true,
    format: "esm",
    conditions: CONDITIONS_OF_WORKERS,
    loader: { ".wasm": "copy" },
    assetNames: "[name]",
    logLevel: "warning",
  });
  const names = (await readdir(out)).sort((a, b) => b.endsWith(".js") - a.endsWith(".js"));
  const worker = new Miniflare({
    modules: await Promise.all(
      names.map(async (path) => {
        const contents = await readFile(join(out, path));
        return path.endsWith(".wasm") ? { type: "CompiledWasm", path, contents } : { type: "ESModule", path, contents: contents.toString() };
      }),
    ),
    compatibilityDate: COMPATIBILITY_DATE,
    // It would ask a server of Cloudflare for the properties of a real request.
    cf: false,
    bindings: env,
    ...options,
  });
  t.after(() => worker.dispose());
  await worker.ready;
  return worker;
}
