// What `cargo xtask matrix` asks.
import edge from "./edge.mjs";
import engines from "./engines.mjs";
import entries from "./entries.mjs";
import frameworks from "./frameworks.mjs";
import { quick } from "./quick.mjs";
import vite from "./vite.mjs";

export const all = [...quick, ...vite, ...entries, ...edge, ...engines, ...frameworks];
