// Carrying out what a removal's lanes ask for: sends, pauses, events. What follows what is decided in the module.

// What it shares with the entry is given to it (SHARED of api.js): were it imported, a bundler would make one more file of
// that, which each program would load.
let UnpoolError, aborted, checkSignal, invalid, isAborted, race, told;

// The one way into the module of the safe removal; see Core::call in src/js/removal.rs, which has the same numbers.
const BEGIN = 0;
const ADVANCE = 1;
const FINISH = 2;
// Of the client's own module: calls.js has the same numbers.
const SETTING = 9;
const CLEAN = 10;

/** The longest that a timer can wait. */
const LONGEST_PAUSE = 2 ** 31 - 1;

function whole(name, given, otherwise, most) {
  if (given === undefined) return otherwise;
  if (Number.isInteger(given) && given >= 1 && given <= most) return given;
  throw invalid(name, `${name} must be an integer from 1 to ${most}`, "leave it out for the default");
}

function moment(given) {
  if (given === undefined) return Infinity;
  const time = given instanceof Date ? Date.prototype.getTime.call(given) : given;
  if (typeof time === "number" && !Number.isNaN(time)) return time;
  throw invalid("deadline", "deadline must be a time", "give a Date or milliseconds since 1970");
}

/** -> carryOut, by the started module. */
export function opened({ Core }, shared) {
  [UnpoolError, aborted, checkSignal, invalid, isAborted, race, told] = shared;
  const core = new Core();
  return (...given) => carryOut(core, ...given);
}

/**
 * `inspect`, `plan` or `run` for a client (its own Core): -> what the module makes of it. `send` sends an operation's
 * JSON text as a single attempt -> its answer's JSON text.
 */
async function carryOut(core, client, what, text, given, send) {
  const { signal, timeoutMs, onEvent } = given;
  checkSignal(signal);
  if (onEvent !== undefined && typeof onEvent !== "function") throw invalid("onEvent", "onEvent must be a function", "leave it out to hear nothing");
  const concurrency = whole("concurrency", given.concurrency, 4, 100);
  const maxCalls = whole("maxCalls", given.maxCalls, Infinity, 1e9);
  const deadline = moment(given.deadline);

  const setting = told(client.call(SETTING, ""));
  const begun = core.call(BEGIN, text, `${what}\n${setting}`, Date.now());
  // What the caller wrote may repeat a secret, which only the client's own module knows.
  const [job, lanes] = told(begun[0] === "!" ? client.call(CLEAN, begun) : begun).split(" ").map(Number);
  let calls = 0;
  let next = 0;
  let paused = false;
  // The very errors, by what the module hears of them: they know what the runtime said, too.
  const thrown = new Map();

  const failed = (error) => {
    const text = JSON.stringify(error);
    thrown.set(text, error);
    return `!${text}`;
  };
  const stopped = () => {
    const { head: message, cause } = aborted(signal);
    return failed(new UnpoolError({ kind: "aborted", message, retryable: false, sent: false, cause }));
  };

  /** What came of an action, as the module hears it. */
  const carry = async (action) => {
    const rest = action.slice(1);
    if (action[0] === "~") {
      await race(undefined, Math.min(Number(rest), LONGEST_PAUSE), signal);
      return "";
    }
    calls++;
    try {
      return `=${await send(rest, { signal, timeoutMs })}`;
    } catch (error) {
      return failed(error);
    }
  };

  const lane = async (number) => {
    let came = "";
    for (;;) {
      // Between two actions nobody else looks at the signal. An answer is heard all the same.
      if (isAborted(signal) && came === "") came = stopped();
      const lines = core.call(ADVANCE, came, undefined, job, number, Date.now(), Math.random()).split("\n");
      const action = lines.pop();
      for (const line of lines) tell(onEvent, line);
      if (action === ".") return;
      if (isAborted(signal)) {
        came = stopped();
        continue;
      }
      const pause = action[0] === "~" ? Number(action.slice(1)) : 0;
      paused ||= Date.now() + pause > deadline || (pause === 0 && action[0] === ">" && calls >= maxCalls);
      // What is not finished stays as it is; the report says how that is.
      if (paused) {
        core.call(ADVANCE, "-", undefined, job, number, Date.now(), 0);
        return;
      }
      came = await carry(action);
    }
  };
  const worker = async () => {
    while (next < lanes && !paused) await lane(next++);
  };

  let report;
  try {
    await Promise.all(Array.from({ length: Math.min(concurrency, lanes) }, worker));
  } finally {
    report = core.call(FINISH, "", undefined, job, Date.now());
  }
  if (report[0] === "!" && thrown.has(report.slice(1))) throw thrown.get(report.slice(1));
  return JSON.parse(told(report));
}

/** A listener that throws stops no removal. */
function tell(onEvent, line) {
  try {
    onEvent?.(JSON.parse(line));
  } catch {
    // It was told, and is on its own.
  }
}
