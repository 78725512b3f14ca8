// The README's Worker in workerd, without nodejs_compat, as a deployment would bundle it.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";
import { Miniflare, Response, fetch } from "miniflare";
import { folder } from "./programs.mjs";

const COMPATIBILITY_DATE = "2026-04-01";

/** -> a Miniflare; `addresses` says where the clouds' hosts are. */
export async function startWorker({ program }, { addresses, env }) {
  const out = join(folder, "worker");
  await build({
    stdin: { contents: program, resolveDir: folder, loader: "js" },
    outfile: join(out, "worker.mjs"),
    bundle: true,
    format: "esm",
    conditions: ["workerd", "worker", "browser"],
    loader: { ".wasm": "copy" },
    assetNames: "[name]",
    logLevel: "warning",
  });
  const read = (name) => readFileSync(join(out, name));
  return new Miniflare({
    modules: [
      { type: "ESModule", path: "worker.mjs", contents: read("worker.mjs").toString() },
      ...["core_bg.wasm", "removal_bg.wasm"].map((path) => ({ type: "CompiledWasm", path, contents: read(path) })),
    ],
    compatibilityDate: COMPATIBILITY_DATE,
    // It would ask a server for the properties of a real request.
    cf: false,
    bindings: env,
    outboundService: (request) => {
      const url = new URL(request.url);
      const address = addresses[url.host];
      if (!address) return new Response(`no example may reach ${url.host}`, { status: 599 });
      return fetch(new URL(url.pathname + url.search, address), {
        method: request.method,
        headers: [...request.headers].filter(([name]) => name !== "host"),
        body: request.body,
        duplex: "half",
        redirect: "manual",
      });
    },
  });
}
