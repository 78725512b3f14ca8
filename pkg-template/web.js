// For pages that want the modules as files of their own: `await init()` first.
import { init as start } from "./slim.js";
import { settings } from "./text.js";

/**
 * Starts with the file beside this one, or with what is given; so does the safe removal at its first use.
 *
 * @type {typeof import("./web.js").init}
 */
export const init = async (source, options) => {
  const { removal } = settings(options, ["removal"]);
  return start(source ?? (() => fetch(new URL("./core_bg.wasm", import.meta.url))), {
    removal: removal ?? (() => fetch(new URL("./removal_bg.wasm", import.meta.url))),
  });
};

export {
  Client,
  UnpoolError,
  alibaba,
  describePlan,
  describeReport,
  openstack,
  regions,
  selectorOf,
  signAlibabaAcs3,
  signAlibabaRpc,
  signSdkHmacSha256,
  signUcloud,
  ucloud,
  version,
} from "./slim.js";
