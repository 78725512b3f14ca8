// workerd with folders that outlive it, and no compatibility flag.
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { Miniflare } from "miniflare";
import { killChildren, pkg } from "./support.mjs";

const source = fileURLToPath(new URL("worker.mjs", import.meta.url));

async function bundle() {
  const { outputFiles } = await build({
    entryPoints: [source],
    bundle: true,
    write: false,
    format: "esm",
    alias: { "unpool/journals": join(pkg, "journals.js"), "unpool/locks": join(pkg, "locks.js") },
    conditions: ["workerd", "worker", "browser"],
    logLevel: "warning",
  });
  return outputFiles[0].text;
}

/** -> { ask(what, input) -> { status, value?, error? }, crash(): ends workerd as a power cut would, and starts another one } */
export async function startWorkerd(t, folder) {
  const script = await bundle();
  const start = async () => {
    const miniflare = new Miniflare({
      modules: [{ type: "ESModule", path: "worker.js", contents: script }],
      compatibilityDate: "2026-04-01",
      cf: false,
      kvNamespaces: ["KV"],
      kvPersist: join(folder, "kv"),
      durableObjects: {
        SQL_KEEPER: { className: "SqlKeeper", useSQLite: true },
        KV_KEEPER: { className: "KvKeeper" },
        SQL_LEASE: { className: "SqlLease", useSQLite: true },
        KV_LEASE: { className: "KvLease" },
        LEASES: { className: "BalancerLease", useSQLite: true },
      },
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
    async ask(what, input = {}) {
      const body = JSON.stringify({ what, ...input });
      // Against a Worker that hangs. The longest request writes 1,200 keys, which is seconds where nothing else runs.
      const response = await miniflare.dispatchFetch("http://worker.example/", { method: "POST", body, signal: AbortSignal.timeout(180_000) });
      const text = await response.text();
      try {
        return { status: response.status, ...JSON.parse(text) };
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
