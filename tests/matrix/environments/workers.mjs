// Cloudflare Workers: what wrangler makes for a deployment, in Miniflare and in the newest workerd itself.
import { readFile, readdir, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { once } from "../matrix.mjs";
import { run, serve } from "../processes.mjs";
import { node, tool, version, versionOfTests, workerd } from "../tools.mjs";

// Not the one of wrangler, which is a beta with other options.
const { Miniflare } = createRequire(new URL("../../package.json", import.meta.url))("miniflare");

const COMPATIBILITY_DATE = "2026-04-01";

/** -> the folder that would be deployed, and its files; wrangler needs Node 22. */
const deployment = once(async ({ project, out }) => {
  const folder = join(out, "wrangler");
  const args = [tool("wrangler", "bin/wrangler.js"), "deploy", "--dry-run", "--config", "wrangler.json", "--outdir", folder];
  await run(node("22"), args, { cwd: project, env: { HOME: out, XDG_CONFIG_HOME: out } });
  const files = (await readdir(folder)).filter((name) => /\.(js|wasm)$/.test(name));
  if (!files.some((name) => name.endsWith(".wasm"))) throw new Error(`wrangler made no module of its own of the WebAssembly: ${files}`);
  return { folder, files: files.sort((a, b) => b.endsWith(".js") - a.endsWith(".js")) };
});

/** Its lines are a language of their own: https://github.com/cloudflare/workerd, workerd.capnp */
const config = (files) => `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [
    (name = "main", worker = .main),
    (name = "internet", network = (allow = ["public", "private", "local"])),
  ],
  sockets = [(name = "http", http = (), service = "main")],
);
const main :Workerd.Worker = (
  modules = [${files.map((name) => `(name = "./${name}", ${name.endsWith(".wasm") ? "wasm" : "esModule"} = embed "${name}")`).join(", ")}],
  compatibilityDate = "${COMPATIBILITY_DATE}",
  durableObjectNamespaces = [(className = "Removal", uniqueKey = "removal", enableSql = true)],
  durableObjectStorage = (inMemory = void),
  bindings = [(name = "REMOVAL", durableObjectNamespace = "Removal")],
);
`;

export default [
  {
    name: `wrangler ${version("wrangler")} dry-run, Miniflare ${versionOfTests("miniflare")}`,
    async run(at) {
      const { folder, files } = await deployment(at);
      const modules = files.map(async (path) => {
        const contents = await readFile(join(folder, path));
        return path.endsWith(".wasm") ? { type: "CompiledWasm", path, contents } : { type: "ESModule", path, contents: contents.toString() };
      });
      const worker = new Miniflare({
        modules: await Promise.all(modules),
        compatibilityDate: COMPATIBILITY_DATE,
        durableObjects: { REMOVAL: { className: "Removal", useSQLite: true } },
        // It would ask a server of Cloudflare for the properties of a real request.
        cf: false,
      });
      try {
        return await at.post((await worker.ready).href);
      } finally {
        await worker.dispose();
      }
    },
  },
  {
    name: `wrangler ${version("wrangler")} dry-run, workerd ${version("workerd")}`,
    async run(at) {
      const { folder, files } = await deployment(at);
      await writeFile(join(folder, "config.capnp"), config(files));
      const server = await serve(workerd(), ["serve", "config.capnp", "--socket-addr=http=127.0.0.1:PORT"], { cwd: folder });
      try {
        return await at.post(server.url);
      } finally {
        await server.stop();
      }
    },
  },
];
