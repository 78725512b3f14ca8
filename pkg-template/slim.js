// For those who bring the modules themselves: `await init(source)` or `initSync(source)` first.
import { UnpoolError, bind } from "./api.js";
import { start } from "./module.js";
import { opened } from "./removal.js";

let started;
// Where the safe removal's module comes from; it is not asked before the first use.
let removal;

/**
 * Starts with a WebAssembly.Module, bytes, a Response, or a promise of one of them. `removal` is the safe removal's
 * module, one of the same or a function that gets one.
 */
export async function init(source, options) {
  remember(options);
  const module = started ? undefined : await compiled(await fetched(source));
  // Somebody else may have started meanwhile; a second instance would pull the memory away from
  // under the clients of the first.
  if (!started) initSync(module);
}

/** -> a WebAssembly.Module or bytes. */
async function fetched(source) {
  const given = await source;
  if (typeof given?.arrayBuffer !== "function") return given;
  if (given.ok === false) throw new TypeError(`the module could not be fetched: HTTP status ${given.status}`);
  return given.arrayBuffer();
}

const compiled = (source) => (source instanceof WebAssembly.Module ? source : WebAssembly.compile(source));

/** Starts with a WebAssembly.Module or bytes. Returns the instance's exports. */
export function initSync(source, options) {
  remember(options);
  started ??= start(source);
  return started.exports;
}

function remember(options) {
  if (options?.removal === undefined) return;
  removal = options.removal;
  // A promise that fails does so at the first use, if there is one, and not as nobody's.
  if (typeof removal.then === "function") Promise.resolve(removal).catch(() => {});
}

async function loadRemoval() {
  if (removal === undefined) throw unsupported("the safe removal's module was not given", "give it when you start: init(source, { removal })");
  const source = await fetched(typeof removal === "function" ? removal() : removal);
  return async (shared) => opened(start(await compiled(source)), shared);
}

const unsupported = (message, hint) => new UnpoolError({ kind: "unsupported", message, retryable: false, sent: false, hint });

export const { Client, signAlibabaRpc, signAlibabaAcs3, signUcloud, signSdkHmacSha256, regions } = /* @__PURE__ */ bind(() => {
  if (started) return started.Core;
  throw unsupported("the module is not started", 'call `await init(source)` first, or import from "unpool"');
}, loadRemoval);
export { UnpoolError };
export * from "./builders.js";
export * from "./describe.js";
export * from "./selector.js";
