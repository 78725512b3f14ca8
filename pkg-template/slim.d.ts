export * from "./index.js";

/** The module: compiled, as bytes, or as an answer to fetch. */
export type ModuleSource = object;

/** Starts the module. Must be awaited before anything else of this entry is used. */
export declare function init(source: ModuleSource | Promise<ModuleSource>): Promise<void>;

/** Starts the module at once, from a `WebAssembly.Module` or bytes. Returns the instance's exports. */
export declare function initSync(source: ModuleSource): Record<string, unknown>;
