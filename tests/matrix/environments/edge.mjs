// Vercel's Edge Runtime: the web's own interfaces and nothing else.
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { bundled } from "../pages.mjs";
import { tool, version } from "../tools.mjs";

export default [
  {
    name: `edge-runtime ${version("@edge-runtime/vm")}`,
    async run(at) {
      const { EdgeVM } = createRequire(import.meta.url)(tool("@edge-runtime/vm"));
      const folder = await bundled(at, "plain", "edge.mjs");
      const vm = new EdgeVM({ codeGeneration: { strings: false, wasm: true } });
      vm.context.jobText = at.jobText;
      vm.evaluate(await readFile(join(folder, "main.js"), "utf8"));
      return JSON.parse(await vm.evaluate("answered"));
    },
  },
];
