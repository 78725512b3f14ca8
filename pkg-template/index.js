// Browsers, Node, Deno, Bun and servers that render: the module travels inside this package and is
// compiled at the first use.
import { bind } from "./api.js";
import { initSync } from "./core.js";
import hex from "./inline.js";

function decode() {
  if (Uint8Array.fromHex) return Uint8Array.fromHex(hex);
  // By way of globalThis, so that bundlers do not bring a Buffer along.
  if (globalThis.Buffer) return globalThis.Buffer.from(hex, "hex");
  const bytes = new Uint8Array(hex.length / 2);
  for (let index = 0; index < bytes.length; index++) bytes[index] = parseInt(hex.slice(2 * index, 2 * index + 2), 16);
  return bytes;
}

export const { Client, signAlibabaRpc, signAlibabaAcs3, signUcloud, signSdkHmacSha256, regions, init } = /* @__PURE__ */ bind(() =>
  initSync({ module: decode() }),
);
export { UnpoolError } from "./api.js";
export * from "./builders.js";
