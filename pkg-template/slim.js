// For those who bring the modules themselves: `await init(source)` or `initSync(source)` first.
import { regionsOf, signerOf } from "./alone.js";
import { clientOf } from "./client.js";
import { unsent } from "./errors.js";
import { compiled, fetched, quiet, started } from "./given_module.js";
import { opened } from "./removal.js";
import { settings } from "./text.js";

const CORE = { field: "source", file: "core_bg.wasm", signs: true };
const REMOVAL = { field: "removal", file: "removal_bg.wasm", signs: false };

/** @type {import("./module.js").Started | undefined} */
let begun;
/** Where the safe removal's module comes from; it is not asked before the first use. @type {import("./slim.js").StartOptions["removal"]} */
let removal;

/**
 * Starts with a WebAssembly.Module, bytes, a Response, or a promise of one of them. `removal` is the safe removal's
 * module, one of the same or a function that gets one. A failure is not kept: it may be called again.
 *
 * @type {typeof import("./slim.js").init}
 */
export async function init(source, options) {
  quiet(source);
  remember(options);
  if (begun) return;
  const module = await compiled(await fetched(source, CORE), CORE);
  // Somebody else may have started meanwhile; a second instance would pull the memory away from
  // under the clients of the first.
  if (!begun) initSync(module);
}

/**
 * Starts with a WebAssembly.Module or bytes. Returns the instance's exports.
 *
 * @type {typeof import("./slim.js").initSync}
 */
export function initSync(source, options) {
  remember(options);
  begun ??= started(source, CORE);
  return begun.exports;
}

/** @param {import("./slim.js").StartOptions} [options] */
function remember(options) {
  const given = settings(options, ["removal"]).removal;
  if (given === undefined) return;
  quiet(given);
  removal = given;
}

/** @type {import("./removal_loader.js").LoadRemoval} */
async function loadRemoval() {
  if (removal === undefined) throw unsupported("the safe removal's module was not given", "give it when you start: init(source, { removal })");
  const source = await fetched(removal, REMOVAL);
  return async (shared) => opened(started(await compiled(source, REMOVAL), REMOVAL), shared);
}

/** @type {(message: string, hint: string) => import("./errors.js").UnpoolError} */
const unsupported = (message, hint) => unsent("unsupported", message, { hint });

const core = () => {
  if (begun) return begun.Core;
  throw unsupported("the module is not started", 'call `await init(source)` first, or import from "unpool"');
};

export const Client = /* @__PURE__ */ clientOf(core, loadRemoval);
export const signAlibabaRpc = /* @__PURE__ */ signerOf(core, "signAlibabaRpc");
export const signAlibabaAcs3 = /* @__PURE__ */ signerOf(core, "signAlibabaAcs3");
export const signUcloud = /* @__PURE__ */ signerOf(core, "signUcloud");
export const signSdkHmacSha256 = /* @__PURE__ */ signerOf(core, "signSdkHmacSha256");
export const regions = /* @__PURE__ */ regionsOf(core);
export { UnpoolError } from "./errors.js";
export * from "./builders.js";
export * from "./describe.js";
export * from "./selector.js";
