// Cloudflare Workers: bytes cannot be compiled there, so the module is imported.
import { bind } from "./api.js";
import module from "./core_bg.wasm";
import { start } from "./module.js";

export const { Client, signAlibabaRpc, signAlibabaAcs3, signUcloud, signSdkHmacSha256, regions, init } = /* @__PURE__ */ bind(() =>
  start(module),
  // There, a call that waits for what another request began hangs.
  false,
);
export { UnpoolError } from "./api.js";
export * from "./builders.js";
export * from "./describe.js";
