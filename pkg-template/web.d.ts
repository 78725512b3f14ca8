export * from "./index.js";
import type { ModuleSource, StartOptions } from "./slim.js";

/**
 * Starts the module from the file beside this one, or from `source`. Must be awaited first. The safe removal's module
 * is fetched from beside this one at its first use, unless `options` say where it is.
 */
export declare function init(source?: ModuleSource | Promise<ModuleSource>, options?: StartOptions): Promise<void>;
