// What `cargo xtask test` asks; `cargo xtask matrix` asks these and those of all.mjs.
import bundlers from "./bundlers.mjs";
import runtimes from "./runtimes.mjs";
import testers from "./testers.mjs";
import types from "./types.mjs";
import workers from "./workers.mjs";

export const quick = [...bundlers, ...testers, ...workers, ...types, ...runtimes];
