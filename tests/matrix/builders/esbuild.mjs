import { build } from "esbuild";

const [entry, outdir] = process.argv.slice(2);
await build({ entryPoints: { main: entry }, outdir, bundle: true, minify: true, format: "esm", splitting: true, logLevel: "warning" });
