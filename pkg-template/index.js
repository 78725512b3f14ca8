// Browsers, Node, Deno, Bun and servers that render: the module travels inside this package and is
// compiled at the first use. The safe removal is a chunk of its own, which is loaded at its first use.
import { initOf, regionsOf, signerOf } from "./alone.js";
import { clientOf } from "./client.js";
import { decode } from "./decode.js";
import { unsent } from "./errors.js";
import { words } from "./exchange.js";
import { start } from "./module.js";
import { once } from "./once.js";
import { text } from "./inline.js";

const core = /* @__PURE__ */ once(() => begin(text).Core);

/** @type {import("./removal_loader.js").LoadRemoval} */
const loadRemoval = async () => (await import("./removal_chunk.js")).openedBy(begin);

/**
 * Starts a module that travels as a text: nothing but the runtime can object.
 *
 * @param {string} text
 */
function begin(text) {
  try {
    return start(new WebAssembly.Module(decode(text)));
  } catch (cause) {
    throw unsent("unsupported", words(cause), { hint: "the Content-Security-Policy needs 'wasm-unsafe-eval' in script-src; in a Worker, bundle by the condition workerd, or take unpool/slim", cause });
  }
}

// A constant each, so that a bundler leaves out what a program does not import.
export const Client = /* @__PURE__ */ clientOf(core, loadRemoval);
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
