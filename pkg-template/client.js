// A client of one vendor: what holds the session with the credentials, and does what its methods say.
import { told } from "./calls.js";
import { invalid } from "./errors.js";
import { CLOSE, EXPLAIN, OPEN, SIGN } from "./numbers.js";
import { removalOf } from "./removal_loader.js";
import { numberOf, request, seeded, send } from "./sending.js";
import { copy, noData, settings, text } from "./text.js";

/** @typedef {import("./index.js").VendorName} VendorName */
/**
 * What a client holds: an object of the module, and the caller's fetch. Later also `seeded`, once it is; `token`, a promise
 * while one is being got; `freed`, which aborts when the client is.
 *
 * @typedef {object} State
 * @property {import("./module.js").Core} core
 * @property {import("./index.js").FetchLike} [fetch]
 * @property {boolean} [seeded]
 * @property {Promise<import("./exchange.js").Outcome>} [token]
 * @property {AbortController} [freed]
 */

// Under a symbol and not enumerable: nothing to see in a log.
const STATE = Symbol("unpool");
/** @typedef {{ [STATE]: () => State }} Held */

/** What the methods' options may have. */
const SIGN_OPTIONS = ["timestamp", "nonce"];
const SEND_OPTIONS = ["signal", "timeoutMs"];
const READ_OPTIONS = [...SEND_OPTIONS, "concurrency"];
const RUN_OPTIONS = [...READ_OPTIONS, "onEvent", "maxCalls", "deadline", "journal", "lock"];

/**
 * The class `Client` of an entry. `core` gives the class Core of the module that signs and sends; `loadRemoval` loads the
 * safe removal, see removal_loader.js. `sharesTokens` is whether calls may wait for each other.
 *
 * @param {import("./alone.js").GetCore} core
 * @param {import("./removal_loader.js").LoadRemoval} loadRemoval
 * @param {boolean} [sharesTokens]
 * @returns {typeof import("./index.js").Client}
 */
export function clientOf(core, loadRemoval, sharesTokens = true) {
  const remove = removalOf(loadRemoval, sharesTokens);

  /**
   * @template {VendorName} [V=VendorName]
   * @implements {Omit<import("./index.js").Client<V>, typeof Symbol.dispose>}
   */
  class Client {
    /** @param {import("./index.js").ClientOptions<V>} options */
    constructor(options) {
      const Core = core();
      const known = copy(options);
      if (known === undefined) throw invalid("options", "options must be an object", "give { vendor, region, credentials }");
      const { fetch, ...data } = known;
      if (fetch !== undefined && typeof fetch !== "function") {
        throw invalid("fetch", "fetch must be a function", "give a function like the global fetch, or leave it out");
      }
      const made = new Core();
      told(made.call(OPEN, text(data, "options", noData)));
      /** @type {State} */
      const state = { core: made, fetch };
      // Behind a function: the proxies of state libraries wrap what objects they find, and would come between the
      // state and those who change it; a function they leave as it is. Some of them define it anew.
      Object.defineProperty(this, STATE, { value: () => state, configurable: true });
    }

    /** @this {Held} @type {import("./index.js").Client<V>["sign"]} */
    sign(operation, options) {
      return /** @type {import("./index.js").SignedRequest<V>} */ (request(signed(this[STATE](), SIGN, operation, options)));
    }

    /** @this {Held} @type {import("./index.js").Client<V>["explain"]} */
    explain(operation, options) {
      return JSON.parse(signed(this[STATE](), EXPLAIN, operation, options));
    }

    /** @this {Held} @type {import("./index.js").Client<V>["send"]} */
    async send(operation, options) {
      return JSON.parse(await send(this[STATE](), () => text(operation, "operation"), settings(options, SEND_OPTIONS), sharesTokens));
    }

    /** @this {Held} @type {import("./index.js").Client<V>["authenticate"]} */
    async authenticate(options) {
      return JSON.parse(await send(this[STATE](), () => "", settings(options, SEND_OPTIONS), sharesTokens));
    }

    /** @this {Held} @type {import("./index.js").Client<V>["inspect"]} */
    async inspect(from, options) {
      return remove(this[STATE](), "inspect", text(from, "from"), settings(options, READ_OPTIONS));
    }

    /** @this {Held} @type {import("./index.js").Client<V>["plan"]} */
    async plan(request, options) {
      return remove(this[STATE](), "plan", text(request, "request"), settings(options, READ_OPTIONS));
    }

    /** @this {Held} @type {import("./index.js").Client<V>["run"]} */
    async run(plan, options) {
      return remove(this[STATE](), "run", text(plan, "plan"), settings(options, RUN_OPTIONS));
    }

    /** @this {Held} @type {import("./index.js").Client<V>["undo"]} */
    async undo(of, options) {
      return remove(this[STATE](), "undo", text(of, "report"), settings(options, RUN_OPTIONS), of);
    }

    /** @this {Held} @type {import("./index.js").Client<V>["free"]} */
    free() {
      const { core, freed } = this[STATE]();
      core.call(CLOSE, "");
      freed?.abort();
    }
  }
  // Older runtimes have no such symbol, and `using` does not exist there either.
  if (Symbol.dispose) /** @type {import("./index.js").Client} */ (Client.prototype)[Symbol.dispose] = Client.prototype.free;
  return /** @type {typeof import("./index.js").Client} */ (Client);
}

/**
 * @param {State} client
 * @param {number} what
 * @param {unknown} operation
 * @param {import("./index.js").SignOptions} [options]
 */
function signed(client, what, operation, options) {
  const { timestamp, nonce } = settings(options, SIGN_OPTIONS);
  if (nonce !== undefined && typeof nonce !== "string") throw invalid("nonce", "nonce must be text", "leave it out to get a new one");
  // Not by valueOf, which may be anybody's.
  const millis = numberOf(timestamp instanceof Date ? Date.prototype.getTime.call(timestamp) : timestamp);
  return told(seeded(client).call(what, text(operation, "operation"), nonce, Date.now(), millis));
}
