// Reads a UCloud request (query, form, or JSON) into parameters whose numbers keep the text they arrived as.
import { parseForm } from "../encoding.mjs";

const NUMBER = "\u0000number";

/** -> plain object; nested values only from JSON. Returns undefined for a body that cannot be read. */
export function readParameters(request) {
  if (request.body.length === 0) return Object.fromEntries(request.query);
  const type = (request.headers["content-type"] ?? "").split(";")[0].trim().toLowerCase();
  const text = request.body.toString("utf8");
  if (type !== "application/json") return Object.fromEntries(parseForm(text));
  try {
    const value = parseKeepingNumbers(text);
    return value !== null && typeof value === "object" && !Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** JSON.parse would round 9007199254740993; wrapping every number outside strings keeps its digits. */
function parseKeepingNumbers(text) {
  const wrapped = text.replace(/"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g, (token) =>
    token[0] === '"' ? token : `{"\\u0000number":"${token}"}`,
  );
  return JSON.parse(wrapped);
}

/** The text that is signed for one value: arrays in order, objects by key, numbers without exponent. */
export function signedText(value, compareKeys) {
  if (value === null || value === undefined) return "";
  if (typeof value !== "object") return String(value);
  if (Array.isArray(value)) return value.map((item) => signedText(item, compareKeys)).join("");
  if (typeof value[NUMBER] === "string") return plainDecimal(value[NUMBER]);
  return Object.keys(value).sort(compareKeys).map((key) => key + signedText(value[key], compareKeys)).join("");
}

/** A top-level parameter as text, however it was encoded; undefined when absent. */
export function textOf(parameters, name) {
  return Object.hasOwn(parameters, name) ? signedText(parameters[name]) : undefined;
}

/** `Name.0`, `Name.1`, ... or a JSON array, in order; nothing at all is an empty list. */
export function listOf(parameters, name) {
  return itemsOf(parameters, name).map((item) => signedText(item));
}

/** The same of objects: `Name.0.Field`, or a JSON array of objects. */
export function objectsOf(parameters, name) {
  const nested = itemsOf(parameters, name).filter((item) => item !== null && typeof item === "object");
  if (nested.length > 0) return nested;
  const items = new Map();
  for (const key of Object.keys(parameters)) {
    const [start, index, ...field] = key.split(".");
    if (start !== name || !/^\d+$/.test(index) || field.length === 0) continue;
    items.set(Number(index), { ...items.get(Number(index)), [field.join(".")]: parameters[key] });
  }
  return [...items].sort(([a], [b]) => a - b).map(([, item]) => item);
}

function itemsOf(parameters, name) {
  if (Object.hasOwn(parameters, name)) return Array.isArray(parameters[name]) ? parameters[name] : [parameters[name]];
  return Object.keys(parameters)
    .filter((key) => key.startsWith(`${name}.`) && /^\d+$/.test(key.slice(name.length + 1)))
    .sort((a, b) => Number(a.slice(name.length + 1)) - Number(b.slice(name.length + 1)))
    .map((key) => parameters[key]);
}

/** "1e-7" -> "0.0000001", "42.0" -> "42", by moving the point in the text. */
function plainDecimal(text) {
  const [, sign, whole, fraction = "", exponent = "0"] = /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(text);
  const shift = Number(exponent);
  if (Math.abs(shift) > 400) return text;
  let digits = whole + fraction;
  let point = whole.length + shift;
  if (point <= 0) [digits, point] = ["0".repeat(1 - point) + digits, 1];
  digits = digits.padEnd(point, "0");
  const integer = digits.slice(0, point).replace(/^0+(?=\d)/, "");
  const rest = digits.slice(point).replace(/0+$/, "");
  const number = rest ? `${integer}.${rest}` : integer;
  return number === "0" ? "0" : sign + number;
}
