// For those who bring the module themselves: `await init(source)` or `initSync(source)` first.
import { UnpoolError, bind } from "./api.js";
import load, { initSync as loadSync } from "./core.js";

let started = false;

/** Starts with a WebAssembly.Module, bytes, a Response, or a promise of one of them. */
export async function init(source) {
  if (started) return;
  await load({ module_or_path: source });
  started = true;
}

/** Starts with a WebAssembly.Module or bytes. Returns the instance's exports. */
export function initSync(source) {
  const exports = loadSync({ module: source });
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
