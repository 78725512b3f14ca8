// For those who bring the module themselves: `await init(source)` or `initSync(source)` first.
import { UnpoolError, bind } from "./api.js";
import { start } from "./module.js";

let started = false;

/** Starts with a WebAssembly.Module, bytes, a Response, or a promise of one of them. */
export async function init(source) {
  const module = started || (await compile(await source));
  // Somebody else may have started meanwhile; a second instance would pull the memory away from
  // under the clients of the first.
  if (!started) initSync(module);
}

async function compile(source) {
  if (typeof source?.arrayBuffer !== "function") return source;
  if (source.ok === false) throw new TypeError(`the module could not be fetched: HTTP status ${source.status}`);
  return WebAssembly.compile(await source.arrayBuffer());
}

/** Starts with a WebAssembly.Module or bytes. Returns the instance's exports. */
export function initSync(source) {
  const exports = start(source);
  started = true;
  return exports;
}

export const { Client, signAlibabaRpc, signAlibabaAcs3, signUcloud, signSdkHmacSha256, regions } = /* @__PURE__ */ bind(() => {
  if (started) return;
  throw new UnpoolError({
    kind: "unsupported",
    message: "the module is not started",
    retryable: false,
    sent: false,
    hint: "call `await init(source)` first, or import from \"unpool\"",
  });
});
export { UnpoolError };
export * from "./builders.js";
export * from "./describe.js";
