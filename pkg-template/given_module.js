// A module that somebody brings: waited for, compiled, started; and what is told where that cannot be done.
import { REGIONS } from "./numbers.js";
import { UnpoolError, invalid, unsent } from "./errors.js";
import { words } from "./exchange.js";
import { start } from "./module.js";

/** Which module is to be given, by which option, and whether it is the one that signs. @typedef {{ field: string, file: string, signs: boolean }} About */
/** @typedef {import("./slim.js").ModuleSource} ModuleSource */
/** A module, or a promise of one, or a function that gets it. @typedef {NonNullable<import("./slim.js").StartOptions["removal"]>} Source */

/** Also of another realm, where `instanceof` knows nothing. @type {(given: unknown) => given is WebAssembly.Module} */
const isModule = (given) => Object.prototype.toString.call(given) === "[object WebAssembly.Module]";
/** @type {(given: unknown) => given is BufferSource} */
const isBytes = (given) => ArrayBuffer.isView(given) || /^\[object (Shared)?ArrayBuffer\]$/.test(Object.prototype.toString.call(given));

/**
 * A promise that fails does so for whoever waits for it, if anybody does, and not as nobody's.
 *
 * @param {{ then?: unknown } | undefined} given
 */
export function quiet(given) {
  if (typeof given?.then === "function") Promise.resolve(given).catch(() => {});
}

/**
 * -> `given`, which is to be a module or bytes.
 *
 * @param {unknown} given
 * @param {About} about
 */
function check(given, { field, file }) {
  if (isModule(given) || isBytes(given)) return given;
  const hint = `give ${file} of this package: as a WebAssembly.Module, as bytes, or to init() as an answer to fetch or a promise of any of them`;
  throw invalid(field, `${field} must be a WebAssembly module`, hint);
}

/** @type {(message: string, about: About, cause?: unknown) => UnpoolError} */
const unsupported = (message, { file }, cause) =>
  unsent("unsupported", message, { hint: `see that it is ${file} of this version of the package, and that the Content-Security-Policy has 'wasm-unsafe-eval' in script-src`, cause });

/** @type {(why: string, about: About, more: Partial<import("./errors.js").Details>) => UnpoolError} */
const unfetched = (why, { file }, more) =>
  unsent("network", `the module could not be fetched: ${why}`, { hint: `see that ${file} is served and the Content-Security-Policy allows it`, ...more });

/**
 * Waits for what is given, which may be a function that gets it -> a WebAssembly.Module or bytes.
 *
 * @param {Source} source
 * @param {About} about
 */
export async function fetched(source, about) {
  let given;
  try {
    given = await (typeof source === "function" ? source() : source);
    if (typeof given?.arrayBuffer === "function" && given.ok !== false) given = await given.arrayBuffer();
  } catch (cause) {
    if (cause instanceof UnpoolError) throw cause;
    throw unfetched(words(cause), about, { cause });
  }
  if (given?.ok === false) throw unfetched(`HTTP status ${given.status}`, about, { httpStatus: given.status });
  return check(given, about);
}

/**
 * -> a WebAssembly.Module, compiled aside.
 *
 * @param {WebAssembly.Module | BufferSource} given
 * @param {About} about
 */
export async function compiled(given, about) {
  if (isModule(given)) return given;
  try {
    return await WebAssembly.compile(given);
  } catch (cause) {
    throw unsupported(`the module cannot be compiled: ${words(cause)}`, about, cause);
  }
}

/**
 * Starts it -> { exports, Core }.
 *
 * @param {ModuleSource} given
 * @param {About} about
 */
export function started(given, about) {
  let own;
  try {
    const source = check(given, about);
    own = start(isModule(source) ? source : new WebAssembly.Module(source));
    // The two modules have the same exports; only one of them knows of regions.
    if ((new own.Core().call(REGIONS, "alibaba") !== "") === about.signs) return own;
  } catch (cause) {
    if (cause instanceof UnpoolError) throw cause;
    throw unsupported(`the module cannot be started: ${words(cause)}`, about, cause);
  }
  throw unsupported("this is another module", about);
}
