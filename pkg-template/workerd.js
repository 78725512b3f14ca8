// Cloudflare Workers: bytes cannot be compiled there, so the modules are imported.
import { bind } from "./api.js";
import module from "./core_bg.wasm";
import { start } from "./module.js";
import { opened } from "./removal.js";
import removal from "./removal_bg.wasm";

export const { Client, signAlibabaRpc, signAlibabaAcs3, signUcloud, signSdkHmacSha256, regions, init } = /* @__PURE__ */ bind(
  () => start(module).Core,
  // Nothing to load, but nobody needs its instance and memory before the first safe removal.
  async () => (shared) => opened(start(removal), shared),
  // There, a call that waits for what another request began hangs.
  false,
);
export { UnpoolError } from "./api.js";
export * from "./builders.js";
export * from "./describe.js";
export * from "./selector.js";
