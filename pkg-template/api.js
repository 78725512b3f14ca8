// The one list of public names, bound to a way to start the module and to one to load the safe removal.
import { told } from "./calls.js";
import { UnpoolError, invalid, unsent } from "./errors.js";
import { aborted, checkSignal, exchange, isAborted, race, words } from "./exchange.js";
import { CLOSE, EXPLAIN, OPEN, READY, REGIONS, SEED, SEND, SIGN, SIGN_WITH, STEP } from "./numbers.js";
import { copy, noData, settings, text } from "./text.js";

// Under a symbol and not enumerable: nothing to see in a log, and reactive proxies work.
const CORE = Symbol("unpool");

/**
 * `load` starts the module -> its Core. `loadRemoval` loads the safe removal, and ends with what starts that:
 * given what it shares -> carryOut of removal.js.
 */
/* @__NO_SIDE_EFFECTS__ */
export function bind(load, loadRemoval, shareTokens = true) {
  let Core;
  const ensure = () => {
    Core ??= load();
  };

  // A failure is not kept: the next call loads again.
  let carryOut;
  const loaded = async () => {
    let kind = "network";
    try {
      const open = await loadRemoval();
      kind = "unsupported";
      // What it needs of all this: see shared.js.
      carryOut ??= await open([UnpoolError, aborted, checkSignal, invalid, isAborted, race, text, told, words]);
    } catch (cause) {
      if (cause instanceof UnpoolError) throw cause;
      throw unsent(kind, "the safe removal could not be loaded", { hint: "see that its file is served and the Content-Security-Policy allows it", cause });
    }
  };
  const removal = async (client, what, given, options, names = READ_OPTIONS, of) => {
    const wanted = settings(options, names);
    const core = seeded(client);
    if (carryOut === undefined) {
      const stopped = await race(loaded(), undefined, wanted.signal);
      if (stopped) throw unsent("aborted", stopped.head, { cause: stopped.cause });
    }
    return carryOut(core, what, given, wanted, (operation, settings) => send(client, () => operation, settings, shareTokens, 1), shareTokens, of);
  };

  class Client {
    constructor(options) {
      ensure();
      const known = copy(options);
      if (known === undefined) throw invalid("options", "options must be an object", "give { vendor, region, credentials }");
      const { fetch, ...data } = known;
      if (fetch !== undefined && typeof fetch !== "function") {
        throw invalid("fetch", "fetch must be a function", "give a function like the global fetch, or leave it out");
      }
      const made = new Core();
      told(made.call(OPEN, text(data, "options", noData)));
      Object.defineProperty(this, CORE, { value: { core: made, fetch, seeded: false, token: undefined } });
    }

    sign(operation, options) {
      const { timestamp, nonce } = stamp(options);
      return request(told(seeded(this[CORE]).call(SIGN, text(operation, "operation"), nonce, Date.now(), timestamp)));
    }

    explain(operation, options) {
      const { timestamp, nonce } = stamp(options);
      return JSON.parse(told(seeded(this[CORE]).call(EXPLAIN, text(operation, "operation"), nonce, Date.now(), timestamp)));
    }

    async send(operation, options) {
      return JSON.parse(await send(this[CORE], () => text(operation, "operation"), settings(options, SEND_OPTIONS), shareTokens));
    }

    async authenticate(options) {
      return JSON.parse(await send(this[CORE], () => "", settings(options, SEND_OPTIONS), shareTokens));
    }

    async inspect(from, options) {
      return removal(this[CORE], "inspect", text(from, "from"), options);
    }

    async plan(request, options) {
      return removal(this[CORE], "plan", text(request, "request"), options);
    }

    async run(plan, options) {
      return removal(this[CORE], "run", text(plan, "plan"), options, RUN_OPTIONS);
    }

    async undo(of, options) {
      return removal(this[CORE], "undo", text(of, "report"), options, RUN_OPTIONS, of);
    }

    free() {
      this[CORE].core.call(CLOSE, "");
    }
  }
  // Older runtimes have no such symbol, and `using` does not exist there either.
  if (Symbol.dispose) Client.prototype[Symbol.dispose] = Client.prototype.free;

  // For what needs no client.
  let nobody;
  const ask = (what, given, name) => {
    ensure();
    nobody ??= new Core();
    return JSON.parse(told(nobody.call(what, given, name)));
  };
  const signer = (name) => (input) => ask(SIGN_WITH, text(input, "input"), name);

  return {
    Client,
    signAlibabaRpc: signer("signAlibabaRpc"),
    signAlibabaAcs3: signer("signAlibabaAcs3"),
    signUcloud: signer("signUcloud"),
    signSdkHmacSha256: signer("signSdkHmacSha256"),
    regions: (vendor) => ask(REGIONS, typeof vendor === "string" ? vendor : ""),
    init: async () => ensure(),
  };
}

/** The random part of a client's nonces is drawn at the first use: Workers have no randomness before a request. */
function seeded(client) {
  if (!client.seeded) {
    let bytes;
    try {
      bytes = crypto.getRandomValues(new Uint8Array(12));
    } catch (cause) {
      throw unsent("unsupported", "this runtime gives no random numbers here", {
        hint: "in a Worker, sign inside a request handler, not at the top level",
        cause,
      });
    }
    client.core.call(SEED, Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join(""));
    client.seeded = true;
  }
  return client.core;
}

/**
 * -> the answer's JSON text. `once` is 1 for a single attempt.
 *
 * @param {any} client
 * @param {() => string} operation
 * @param {Record<string, any>} options
 * @param {boolean} shareTokens
 * @param {1} [once]
 * @returns {Promise<string>}
 */
async function send(client, operation, { signal, timeoutMs }, shareTokens, once) {
  checkSignal(signal);
  const module = seeded(client);
  const number = Number(told(module.call(SEND, operation(), undefined, millis(timeoutMs), once)));
  /** @type {import("./exchange.js").Outcome} */
  let outcome = { came: READY, head: "" };
  // What a fetch threw, behind the error that it led to.
  let cause;
  for (;;) {
    if (isAborted(signal) && outcome.came === READY) {
      outcome = aborted(signal);
    }
    if (outcome.came !== READY) cause = outcome.cause;
    const action = told(module.call(STEP, outcome.head, outcome.body, number, outcome.came, Date.now(), Math.random()), cause);
    const [rest, tag] = [action.slice(1), action[0]];
    if (tag === "=") return rest;
    if (tag === "~") {
      outcome = { came: READY, head: "" };
      if (rest !== "0") outcome = await race(undefined, Number(rest), signal, outcome);
      continue;
    }
    const [limit, names] = rest.split("\n", 2);
    const { url, method, headers, body } = request(rest);
    if (tag === "@" && shareTokens) {
      if (client.token !== undefined) {
        // Somebody else is getting one. Whatever becomes of that, this call then looks again.
        outcome = await race(client.token, Number(limit), signal, { came: READY, head: "" });
        continue;
      }
      let done;
      client.token = new Promise((resolve) => (done = resolve));
      outcome = await exchange({ method, url, headers, body }, names, Number(limit), client.fetch, signal);
      // Those who wait find the token only after this call has handed it in.
      queueMicrotask(() => {
        client.token = undefined;
        done({ came: READY, head: "" });
      });
    } else {
      outcome = await exchange({ method, url, headers, body }, names, Number(limit), client.fetch, signal);
    }
  }
}

/** What the methods' options may have. */
const SIGN_OPTIONS = ["timestamp", "nonce"];
const SEND_OPTIONS = ["signal", "timeoutMs"];
const READ_OPTIONS = [...SEND_OPTIONS, "concurrency"];
const RUN_OPTIONS = [...READ_OPTIONS, "onEvent", "maxCalls", "deadline", "journal", "lock"];

const NOW = { timestamp: NaN, nonce: undefined };

/** NaN stands for "not given" on the way in; what is given and no time becomes one that is refused. */
function stamp(options) {
  if (options === undefined) return NOW;
  const { timestamp, nonce } = settings(options, SIGN_OPTIONS);
  if (nonce !== undefined && typeof nonce !== "string") throw invalid("nonce", "nonce must be text", "leave it out to get a new one");
  if (timestamp === undefined) return { timestamp: NaN, nonce };
  // Not by valueOf, which may be anybody's.
  const given = timestamp instanceof Date ? Date.prototype.getTime.call(timestamp) : timestamp;
  return { timestamp: typeof given === "number" && !Number.isNaN(given) ? given : -1, nonce };
}

function millis(given) {
  if (given === undefined) return NaN;
  return typeof given === "number" && !Number.isNaN(given) ? given : -1;
}

/**
 * Splits a signed request's lines, two of whatever in front; see Core::call.
 *
 * @param {string} lines
 */
function request(lines) {
  let at = 0;
  // Line by line: a list of lines would take twice the time.
  const line = () => {
    const from = at;
    at = lines.indexOf("\n", from) + 1;
    return lines.slice(from, at - 1);
  };
  const [vendor, operation, method, url] = [line(), line(), line(), line()];
  /** @type {Record<string, string>} */
  const headers = {};
  for (let name = line(); name !== ""; name = line()) {
    // A name that stands in the source is found several times as fast as one that was just cut out.
    if (name === "content-type") headers["content-type"] = line();
    else headers[name] = line();
  }
  /** @type {{ method: string, url: string, headers: Record<string, string>, body?: string, redirect: "manual", operation: string, vendor: string }} */
  const made = { method, url, headers, redirect: "manual", operation, vendor };
  if (at < lines.length) made.body = lines.slice(at);
  return made;
}

export { UnpoolError };
