// The caller's objects as JSON text: one snapshot, taken before anything is checked, so that getters
// and proxies cannot change between check and use.
import { invalid } from "./errors.js";

/**
 * @param {unknown} value
 * @param {string} what
 * @param {(this: any, key: string, value: unknown) => unknown} [replacer]
 */
export function text(value, what, replacer) {
  let json;
  try {
    json = JSON.stringify(value, replacer);
  } catch (cause) {
    const [field, reason] = culprit(value, what, []) ?? [what, "cannot be written as JSON"];
    throw invalid(field, `${field} ${reason}`, "give plain JSON data; integers as numbers or decimal text", cause);
  }
  if (json === undefined) throw invalid(what, `${what} must be an object, not ${typeof value}`, "give a plain object");
  return json;
}

/**
 * JSON leaves out what is no data; options are few, so there it can be refused by name instead.
 *
 * @param {string} _
 * @param {unknown} value
 */
export const noData = (_, value) => (typeof value === "function" || typeof value === "symbol" ? null : value);

/**
 * A copy of an object, each of its fields read once; undefined of anything else.
 *
 * @param {unknown} given
 * @param {(object: object) => boolean} isFit
 * @returns {Record<string, any> | undefined}
 */
export function copy(given, isFit = (_) => true) {
  try {
    if (typeof given === "object" && given !== null && !Array.isArray(given) && isFit(given)) return { ...given };
  } catch (cause) {
    throw invalid("options", "options cannot be read", "give a plain object", cause);
  }
  return undefined;
}

/**
 * Made by `{}`, in whatever realm: a signal or a Date would pass for options without any field.
 *
 * @param {object} object
 */
function isPlain(object) {
  return !Object.getPrototypeOf(Object.getPrototypeOf(object) ?? Object.prototype);
}

/**
 * A copy of a method's options, which may have these names only.
 *
 * @param {unknown} given
 * @param {readonly string[]} names
 * @returns {Record<string, any>}
 */
export function settings(given, names) {
  if (given === undefined || given === null) return {};
  const hint = `one of: ${names.join(", ")}`;
  const known = copy(given, isPlain);
  if (known === undefined) throw invalid("options", "options must be a plain object", hint);
  for (const name of Object.keys(known)) {
    if (!names.includes(name)) throw invalid(name, `${name} is not known here`, hint);
  }
  return known;
}

/**
 * Where JSON.stringify failed, and why.
 *
 * @param {any} value
 * @param {string} path
 * @param {readonly object[]} parents
 * @returns {[field: string, reason: string] | undefined}
 */
function culprit(value, path, parents) {
  if (typeof value === "bigint") return [path, "is a BigInt"];
  if (typeof value !== "object" || value === null) return undefined;
  if (parents.includes(value)) return [path, "contains itself"];
  // Deep enough for every operation, and for no stack to overflow.
  if (parents.length > 64) return [path, "is nested too deep"];
  let at = path;
  try {
    for (const key of Object.keys(value)) {
      at = Array.isArray(value) ? `${path}[${key}]` : parents.length > 0 ? `${path}.${key}` : key;
      const found = culprit(value[key], at, [...parents, value]);
      if (found) return found;
    }
  } catch {
    return [at, "cannot be read"];
  }
  return undefined;
}
