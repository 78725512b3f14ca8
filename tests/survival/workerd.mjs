// workerd with a folder that outlives it, and no compatibility flag: the installed tarball, bundled once and started anew
// after each crash.
import { createServer } from "node:http";
import { readFile, readdir } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { Miniflare } from "miniflare";
import { project } from "../packaging/install.mjs";
import { CONDITIONS_OF_WORKERS } from "../packaging/size.mjs";
import { killChildren } from "../stores/support.mjs";

const source = fileURLToPath(new URL("worker.mjs", import.meta.url));

async function bundled(t) {
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
  const module = async (path) => {
    const contents = await readFile(join(out, path));
    return path.endsWith(".wasm") ? { type: "CompiledWasm", path, contents } : { type: "ESModule", path, contents: contents.toString() };
  };
  return { folder, modules: await Promise.all(names.map(module)) };
}

/** -> { ask(what, input): { value } or { error }, crash(): ends workerd as a power cut would, and starts another one } */
export async function startWorkerd(t) {
  const { folder, modules } = await bundled(t);
  const start = async () => {
    const miniflare = new Miniflare({
      modules,
      compatibilityDate: "2026-04-01",
      // It would ask a server of Cloudflare for the properties of a real request.
      cf: false,
      durableObjects: { RUNNER: { className: "Runner", useSQLite: true }, LEASES: { className: "Lease", useSQLite: true } },
      durableObjectsPersist: join(folder, "objects"),
      // What is told of a workerd that was killed.
      handleRuntimeStdio() {},
    });
    await miniflare.ready;
    return miniflare;
  };
  let miniflare = await start();
  t.after(() => miniflare.dispose());
  return {
    async ask(what, input) {
      const body = JSON.stringify({ what, ...input });
      const response = await miniflare.dispatchFetch("http://worker.example/", { method: "POST", body, signal: AbortSignal.timeout(60_000) });
      const text = await response.text();
      try {
        return JSON.parse(text);
      } catch {
        throw new Error(`HTTP status ${response.status}: ${text}`);
      }
    },
    async crash() {
      await killChildren("workerd");
      await miniflare.dispose().catch(() => {});
      miniflare = await start();
    },
  };
}

/** A server whose answers wait until it is opened -> { url, arrived: a promise, open() }. It is stopped at the end of `t`. */
export async function gate(t) {
  let open;
  let arrive;
  const opened = new Promise((resolve) => (open = resolve));
  const arrived = new Promise((resolve) => (arrive = resolve));
  const server = createServer(async (request, response) => {
    arrive();
    await opened;
    response.end("go on");
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const close = () => {
    open();
    server.closeAllConnections();
    return new Promise((resolve) => server.close(resolve));
  };
  t.after(close);
  return { url: `http://127.0.0.1:${server.address().port}/`, arrived, open, close };
}
