// The one way into the module that signs and sends; see Core::call in src/js/client.rs, which has the same numbers.
import { fromCore } from "./errors.js";

export const OPEN = 0;
export const CLOSE = 1;
export const SEED = 2;
export const SIGN = 3;
export const EXPLAIN = 4;
export const SEND = 5;
export const STEP = 6;
export const SIGN_WITH = 7;
export const REGIONS = 8;

/** What a module says, unless it is an error. */
export function told(text, cause) {
  if (text.charCodeAt(0) === 33 /* ! */) throw fromCore(text.slice(1), cause);
  return text;
}
