// For pages that want the module as a file of its own: `await init()` first.
import { init as start } from "./slim.js";

/** Starts with the file beside this one, or with what is given. */
export const init = (source) => start(source ?? fetch(new URL("./core_bg.wasm", import.meta.url)));

export {
  Client,
  UnpoolError,
  alibaba,
  describePlan,
  describeReport,
  openstack,
  regions,
  signAlibabaAcs3,
  signAlibabaRpc,
  signSdkHmacSha256,
  signUcloud,
  ucloud,
  version,
} from "./slim.js";
