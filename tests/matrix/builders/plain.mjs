// In one piece and for any kind of script, as a worker or a script element without a bundler's help may need it.
import { build } from "esbuild";
import { join } from "node:path";

const [entry, outdir] = process.argv.slice(2);
await build({ entryPoints: [entry], outfile: join(outdir, "main.js"), bundle: true, minify: true, format: "iife", logLevel: "warning" });
