// What needs no client: the signers, the regions, and a start ahead of the first use. `core` gives the class Core of the
// module that signs and sends, and starts it for that.
import { told } from "./calls.js";
import { REGIONS, SIGN_WITH } from "./numbers.js";
import { text } from "./text.js";

function ask(Core, what, given, name) {
  Core.nobody ??= new Core();
  return JSON.parse(told(Core.nobody.call(what, given, name)));
}

/** One of the signers, by its name. */
export const signerOf = (core, name) => (input) => ask(core(), SIGN_WITH, text(input, "input"), name);

export const regionsOf = (core) => (vendor) => ask(core(), REGIONS, typeof vendor === "string" ? vendor : "");

export const initOf = (core) => async () => void core();
