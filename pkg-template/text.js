// The caller's objects as JSON text: one snapshot, taken before anything is checked, so that getters
// and proxies cannot change between check and use.
import { invalid } from "./errors.js";

// Makes the glue copy the text in one piece instead of character by character.
const MARK = "\u00a0";

export function text(value, what) {
  let json;
  try {
    json = JSON.stringify(value);
  } catch (cause) {
    const [field, reason] = culprit(value, what, []) ?? [what, "cannot be written as JSON"];
    throw invalid(field, `${field} ${reason}`, "give plain JSON data; integers as numbers or decimal text", cause);
  }
  if (json === undefined) throw invalid(what, `${what} must be an object, not ${typeof value}`, "give a plain object");
  return MARK + json;
}

/** Where JSON.stringify failed, and why. */
function culprit(value, path, parents) {
  if (typeof value === "bigint") return [path, "is a BigInt"];
  if (typeof value !== "object" || value === null) return undefined;
  if (parents.includes(value)) return [path, "contains itself"];
  // Deep enough for every operation, and for no stack to overflow.
  if (parents.length > 64) return [path, "is nested too deep"];
  for (const key of Object.keys(value)) {
    const name = Array.isArray(value) ? `[${key}]` : key;
    const inner = parents.length === 0 ? name : Array.isArray(value) ? path + name : `${path}.${name}`;
    let child;
    try {
      child = value[key];
    } catch {
      return [inner, "cannot be read"];
    }
    const found = culprit(child, inner, [...parents, value]);
    if (found !== undefined) return found;
  }
  return undefined;
}
