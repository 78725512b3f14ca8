// The one way into the module that signs and sends; see Core::call in src/js/client.rs.
import { fromCore } from "./errors.js";

/**
 * What a module says, unless it is an error.
 *
 * @param {string} text
 * @param {unknown} [cause]
 */
export function told(text, cause) {
  if (text[0] === "!") throw fromCore(text.slice(1), cause);
  return text;
}
