import resolve from "@rollup/plugin-node-resolve";
import { rollup } from "rollup";

const [entry, dir] = process.argv.slice(2);
const bundle = await rollup({ input: { main: entry }, plugins: [resolve({ browser: true })] });
await bundle.write({ dir, format: "es", entryFileNames: "[name].js" });
await bundle.close();
