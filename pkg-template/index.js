// Browsers, Node, Deno, Bun and servers that render: the module travels inside this package and is
// compiled at the first use. The safe removal is a chunk of its own, which is loaded at its first use.
import { bind } from "./api.js";
import { decode } from "./decode.js";
import { unsent } from "./errors.js";
import { words } from "./exchange.js";
import { text } from "./inline.js";
import { start } from "./module.js";

export const { Client, signAlibabaRpc, signAlibabaAcs3, signUcloud, signSdkHmacSha256, regions, init } = /* @__PURE__ */ bind(
  () => begin(text).Core,
  async () => {
    const { opened, text } = await import("./removal_chunk.js");
    return (shared) => opened(begin(text), shared);
  },
);

/** Starts a module that travels as a text: nothing but the runtime can object. */
function begin(text) {
  try {
    return start(decode(text));
  } catch (cause) {
    throw unsent("unsupported", words(cause), { hint: "the Content-Security-Policy needs 'wasm-unsafe-eval' in script-src", cause });
  }
}
export { UnpoolError } from "./api.js";
export * from "./builders.js";
export * from "./describe.js";
export * from "./selector.js";
