// Starting a module and calling it, by wasm-bindgen's conventions; build.mjs compares them with the glue that it wrote
// for the two modules. That glue fits every program and runtime, and is three times as long.

/** @typedef {ReturnType<typeof start>} Started */
/** The class of a started module's objects; `nobody` is one without a client, once it is needed. @typedef {Started["Core"] & { nobody?: Core }} CoreClass */
/** @typedef {InstanceType<Started["Core"]>} Core */

/**
 * Starts a module -> { exports, Core }: the instance's exports, and the class of its objects. Each start has a memory of
 * its own.
 *
 * @param {WebAssembly.Module} module
 */
export function start(module) {
  const thrown = (/** @type {number} */ at, /** @type {number} */ length) => {
    throw new Error(read(at, length));
  };
  /** @type {Record<string, any>} */
  const wasm = new WebAssembly.Instance(module, { "./core_bg.js": { IMPORTS } }).exports;
  const encoder = new TextEncoder();
  let decoder = new TextDecoder();
  /** @type {Uint8Array | undefined} */
  let bytes;
  let written = 0;

  /** The memory; when it grows its old buffer becomes empty. */
  const memory = () => {
    if (!bytes?.length) bytes = new Uint8Array(wasm.memory.buffer);
    return bytes;
  };

  const read = (/** @type {number} */ at, /** @type {number} */ length) => {
    const text = memory().subarray(at >>> 0, (at >>> 0) + length);
    try {
      return decoder.decode(text);
    } catch {
      // Safari's decoders refuse more after two gigabytes.
      decoder = new TextDecoder();
      return decoder.decode(text);
    }
  };

  /** Copies a text into the module, which frees it. Its length in bytes is `written`. */
  const pass = (/** @type {string} */ text) => {
    const length = text.length;
    let at = wasm.__wbindgen_malloc(length, 1) >>> 0;
    const done = encoder.encodeInto(text, memory().subarray(at, at + length));
    written = done.written;
    if (done.read < length) {
      const all = encoder.encode(text);
      written = all.length;
      at = wasm.__wbindgen_realloc(at, length, written, 1) >>> 0;
      memory().set(all, at);
    }
    return at;
  };

  wasm.__wbindgen_start?.();
  // Not in every Worker; there a client's memory lives as long as the instance.
  const finalizer = globalThis.FinalizationRegistry && new FinalizationRegistry((at) => wasm.__wbg_core_free(at, 1));

  /** See Core in src/js/client.rs and src/js/removal.rs. */
  class Core {
    constructor() {
      this.at = wasm.core_new();
      finalizer?.register(this, this.at);
    }

    /**
     * @param {number} what
     * @param {string} text
     * @param {string} [more]
     * @param {number} [a]
     * @param {number} [b]
     * @param {number} [c]
     * @param {number} [d]
     * @returns {string}
     */
    call(what, text, more, a, b, c, d) {
      const given = pass(text);
      const length = written;
      const besides = more === undefined ? 0 : pass(more);
      const told = wasm.core_call(this.at, what, given, length, besides, written, a, b, c, d);
      const said = read(told[0], told[1]);
      wasm.__wbindgen_free(told[0], told[1], 1);
      return said;
    }
  }
  return { exports: wasm, Core };
}
