// The one list of public names, bound to a way to start the module.
import * as core from "./core.js";
import { UnpoolError, fromCore, invalid } from "./errors.js";
import { copy, noData, settings, text } from "./text.js";

// Under a symbol and not enumerable: nothing to see in a log, and reactive proxies work.
const CORE = Symbol("unpool");

/* @__NO_SIDE_EFFECTS__ */
export function bind(load) {
  let ready = false;
  const ensure = () => {
    if (ready) return;
    load();
    ready = true;
  };

  const guard = (work) => {
    try {
      return work();
    } catch (thrown) {
      throw fromCore(thrown);
    }
  };
  const guardAsync = async (work) => {
    try {
      return await work();
    } catch (thrown) {
      throw fromCore(thrown);
    }
  };

  class Client {
    constructor(options) {
      ensure();
      const known = copy(options);
      if (known === undefined) throw invalid("options", "options must be an object", "give { vendor, region, credentials }");
      const { fetch, ...data } = known;
      const made = guard(() => new core.Core(text(data, "options", noData), fetch));
      Object.defineProperty(this, CORE, { value: made });
    }

    sign(operation, options) {
      const { timestamp, nonce } = stamp(options);
      const made = guard(() => this[CORE].sign(text(operation, "operation"), timestamp, nonce));
      return request(made);
    }

    explain(operation, options) {
      const { timestamp, nonce } = stamp(options);
      return guard(() => this[CORE].explain(text(operation, "operation"), timestamp, nonce));
    }

    send(operation, options) {
      return guardAsync(() => {
        const { signal, timeoutMs } = settings(options, SEND);
        return this[CORE].send(text(operation, "operation"), signal, millis(timeoutMs));
      });
    }

    authenticate(options) {
      return guardAsync(() => {
        const { signal, timeoutMs } = settings(options, SEND);
        return this[CORE].send(undefined, signal, millis(timeoutMs));
      });
    }

    free() {
      this[CORE].close();
    }
  }
  // Older runtimes have no such symbol, and `using` does not exist there either.
  if (Symbol.dispose) Client.prototype[Symbol.dispose] = Client.prototype.free;

  const signer = (name) => (input) => {
    ensure();
    return guard(() => core.signWith(name, text(input, "input")));
  };

  return {
    Client,
    signAlibabaRpc: signer("signAlibabaRpc"),
    signAlibabaAcs3: signer("signAlibabaAcs3"),
    signUcloud: signer("signUcloud"),
    signSdkHmacSha256: signer("signSdkHmacSha256"),
    regions: (vendor) => {
      ensure();
      return guard(() => core.regions(typeof vendor === "string" ? vendor : ""));
    },
    init: async () => ensure(),
  };
}

/** What the methods' options may have. */
const SIGN = ["timestamp", "nonce"];
const SEND = ["signal", "timeoutMs"];

/** NaN stands for "not given" on the way in; what is given and no time becomes one that is refused. */
function stamp(options) {
  const { timestamp, nonce } = settings(options, SIGN);
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

/** Splits a signed request's lines; see Core::sign. */
function request(lines) {
  const end = lines.indexOf("\n\n");
  // By index: taking the list apart by a pattern costs as much as a hash.
  const head = lines.slice(0, end).split("\n");
  const headers = {};
  for (let index = 4; index < head.length; index += 2) headers[head[index]] = head[index + 1];
  const made = { method: head[2], url: head[3], headers, redirect: "manual", operation: head[1], vendor: head[0] };
  if (lines.length > end + 2) made.body = lines.slice(end + 2);
  return made;
}

export { UnpoolError };
