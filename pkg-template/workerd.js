// Cloudflare Workers: bytes cannot be compiled there, so the modules are imported.
import { initOf, regionsOf, signerOf } from "./alone.js";
import { clientOf } from "./client.js";
import module from "./core_bg.wasm";
import { unsent } from "./errors.js";
import { words } from "./exchange.js";
import { start } from "./module.js";
import { once } from "./once.js";
import { opened } from "./removal.js";
import removal from "./removal_bg.wasm";

const core = /* @__PURE__ */ once(() => begin(module).Core);

/**
 * Nothing to load, but nobody needs its instance and memory before the first safe removal.
 *
 * @type {import("./removal_loader.js").LoadRemoval}
 */
const loadRemoval = async () => (shared) => opened(begin(removal), shared);

/**
 * A bundler that was told otherwise gives bytes, or where a file is.
 *
 * @param {unknown} module
 */
function begin(module) {
  try {
    return start(module instanceof WebAssembly.Module ? module : new WebAssembly.Module(/** @type {BufferSource} */ (module)));
  } catch (cause) {
    throw unsent("unsupported", words(cause), { hint: "have the bundler import .wasm files as compiled modules, as wrangler does", cause });
  }
}

// There, a call that waits for what another request began hangs: so none shares a token with another one.
export const Client = /* @__PURE__ */ clientOf(core, loadRemoval, false);
export const signAlibabaRpc = /* @__PURE__ */ signerOf(core, "signAlibabaRpc");
export const signAlibabaAcs3 = /* @__PURE__ */ signerOf(core, "signAlibabaAcs3");
export const signUcloud = /* @__PURE__ */ signerOf(core, "signUcloud");
export const signSdkHmacSha256 = /* @__PURE__ */ signerOf(core, "signSdkHmacSha256");
export const regions = /* @__PURE__ */ regionsOf(core);
export const init = /* @__PURE__ */ initOf(core);
export { UnpoolError } from "./errors.js";
export * from "./builders.js";
export * from "./describe.js";
export * from "./selector.js";
