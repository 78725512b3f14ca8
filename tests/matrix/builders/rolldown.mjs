import { rolldown } from "rolldown";

const [entry, dir] = process.argv.slice(2);
const bundle = await rolldown({ input: { main: entry }, platform: "browser" });
await bundle.write({ dir, format: "esm", minify: true, entryFileNames: "[name].js" });
await bundle.close();
