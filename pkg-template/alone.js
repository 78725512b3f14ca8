// What needs no client: the signers, the regions, and a start ahead of the first use. `core` gives the class Core of the
// module that signs and sends, and starts it for that.
import { told } from "./calls.js";
import { REGIONS, SIGN_WITH } from "./numbers.js";
import { text } from "./text.js";

/** @typedef {typeof import("./index.js")} Api */
/** Gives the class, and starts the module if need be. @typedef {() => import("./module.js").CoreClass} GetCore */

/**
 * @param {import("./module.js").CoreClass} Core
 * @param {number} what
 * @param {string} given
 * @param {string} [name]
 */
function ask(Core, what, given, name) {
  Core.nobody ??= new Core();
  return JSON.parse(told(Core.nobody.call(what, given, name)));
}

/**
 * One of the signers, by its name.
 *
 * @template {"signAlibabaRpc" | "signAlibabaAcs3" | "signUcloud" | "signSdkHmacSha256"} Name
 * @param {GetCore} core
 * @param {Name} name
 * @returns {Api[Name]}
 */
export const signerOf = (core, name) => (/** @type {unknown} */ input) => ask(core(), SIGN_WITH, text(input, "input"), name);

/** @type {(core: GetCore) => Api["regions"]} */
export const regionsOf = (core) => (vendor) => ask(core(), REGIONS, typeof vendor === "string" ? vendor : "");

/** @type {(core: GetCore) => Api["init"]} */
export const initOf = (core) => async () => void core();
