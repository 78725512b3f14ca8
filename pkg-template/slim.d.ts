export * from "./index.js";

/** A module: compiled, as bytes, or as an answer to fetch. */
export type ModuleSource = object;

/** What else can be given at the start. */
export interface StartOptions {
  /**
   * The safe removal's module (`unpool/removal_bg.wasm`), or a function that gets it: it is called at the first
   * `inspect`, `plan` or `run`, and again after a failure. Without it these reject with `unsupported`.
   */
  removal?: ModuleSource | Promise<ModuleSource> | (() => ModuleSource | Promise<ModuleSource>) | undefined;
}

/** Starts the module. Must be awaited before anything else of this entry is used. */
export declare function init(source: ModuleSource | Promise<ModuleSource>, options?: StartOptions): Promise<void>;

/** Starts the module at once, from a `WebAssembly.Module` or bytes. Returns the instance's exports. */
export declare function initSync(source: ModuleSource, options?: StartOptions): Record<string, unknown>;
