// A document's Worker in workerd, by its own wrangler.jsonc, as a deployment would bundle it.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";
import { Miniflare, Response, fetch } from "miniflare";
import { folder } from "./programs.mjs";

/** -> a Miniflare; `addresses` says where the clouds' hosts are, `env` is what wrangler.jsonc does not hold: secrets. */
export async function startWorker({ name, program, compatibility_date, vars, durable_objects, migrations }, { addresses, env }) {
  const out = join(folder, name);
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
  const hasSqlite = (className) => (migrations ?? []).some(({ new_sqlite_classes }) => new_sqlite_classes.includes(className));
  const objects = (durable_objects?.bindings ?? []).map(({ name, class_name }) => [name, { className: class_name, useSQLite: hasSqlite(class_name) }]);
  return new Miniflare({
    modules: [
      { type: "ESModule", path: "worker.mjs", contents: read("worker.mjs").toString() },
      ...["core_bg.wasm", "removal_bg.wasm"].map((path) => ({ type: "CompiledWasm", path, contents: read(path) })),
    ],
    compatibilityDate: compatibility_date,
    // It would ask a server for the properties of a real request.
    cf: false,
    bindings: { ...vars, ...env },
    durableObjects: Object.fromEntries(objects),
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
