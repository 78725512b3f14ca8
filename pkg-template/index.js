// Browsers, Node, Deno, Bun and servers that render: the module travels inside this package and is
// compiled at the first use. The safe removal is a chunk of its own, which is loaded at its first use.
import { bind } from "./api.js";
import { bytes } from "./inline.js";
import { start } from "./module.js";

export const { Client, signAlibabaRpc, signAlibabaAcs3, signUcloud, signSdkHmacSha256, regions, init } = /* @__PURE__ */ bind(
  () => start(bytes()).Core,
  async () => (await import("./removal_chunk.js")).open,
);
export { UnpoolError } from "./api.js";
export * from "./builders.js";
export * from "./describe.js";
