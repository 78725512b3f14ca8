// Cloudflare Workers: bytes cannot be compiled there, so the module is imported.
import { bind } from "./api.js";
import { initSync } from "./core.js";
import module from "./core_bg.wasm";

export const { Client, signAlibabaRpc, signAlibabaAcs3, signUcloud, signSdkHmacSha256, regions, init } = /* @__PURE__ */ bind(() =>
  initSync({ module }),
  // There, a call that waits for what another request began hangs.
  false,
);
export { UnpoolError } from "./api.js";
export * from "./builders.js";
export * from "./describe.js";
