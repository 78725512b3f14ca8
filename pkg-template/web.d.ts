export * from "./index.js";
import type { ModuleSource } from "./slim.js";

/** Starts the module from the file beside this one, or from `source`. Must be awaited first. */
export declare function init(source?: ModuleSource | Promise<ModuleSource>): Promise<void>;
