// Node, Deno and Bun.
import { bun, deno, node, version } from "../tools.mjs";

const PROGRAMS = { import: "run-esm.mjs", require: "run-commonjs.cjs" };

const nodes = ["20", "22", "24"].flatMap((major) =>
  Object.entries(PROGRAMS).map(([way, program]) => ({
    name: `Node ${version(`node${major}`)}, ${way}`,
    run: (at) => at.program(node(major), [program]),
  })),
);

/** What `unpool/node` needs besides the network: the journal's file, and the machine's name for its lock. */
const ALLOWED = ["--allow-net=127.0.0.1", "--allow-read", "--allow-write", "--allow-sys", "--allow-env"];

export default [
  ...nodes,
  {
    name: `Deno ${version("deno")}`,
    run: (at) => at.program(deno(), ["run", "--no-prompt", "--quiet", ...ALLOWED, PROGRAMS.import], { env: { DENO_DIR: at.out, DENO_NO_UPDATE_CHECK: "1" } }),
  },
  ...Object.entries(PROGRAMS).map(([way, program]) => ({ name: `Bun ${version("bun")}, ${way}`, run: (at) => at.program(bun(), [program]) })),
];
