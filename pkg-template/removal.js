// Carrying out what a removal's lanes ask for: sends, pauses, events. What follows what is decided in the module.
import { ADVANCE, BEGIN, CLEAN, FINISH, SETTING } from "./removal_numbers.js";
import { UnpoolError, aborted, checkSignal, invalid, isAborted, race, share, text, told, words } from "./shared.js";
import { ended, inTurn, refusal, under } from "./turns.js";

/** The longest that a timer can wait. */
const LONGEST_PAUSE = 2 ** 31 - 1;
/** How long the caller's journal and lock may still take to end, when the run is to end. */
const GRACE_MS = 5_000;

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
  share(shared);
  const core = new Core();
  return (...given) => carryOut(core, ...given);
}

/**
 * `inspect`, `plan`, `run` or `undo` for a client (its own Core): -> what the module makes of it. `send` sends an
 * operation's JSON text as a single attempt -> its answer's JSON text. `queues` is whether runs of this program wait for
 * each other. `of` is what is to be undone, as the caller gave it.
 */
async function carryOut(core, client, what, given, options, send, queues, of) {
  const { signal, timeoutMs, onEvent, journal, lock } = options;
  checkSignal(signal);
  for (const [name, hook] of [["onEvent", onEvent], ["lock", lock]]) {
    if (hook !== undefined && typeof hook !== "function") throw invalid(name, `${name} must be a function`, "leave it out to do without");
  }
  whole("timeoutMs", timeoutMs, undefined, 600_000);
  const concurrency = whole("concurrency", options.concurrency, 4, 100);
  const maxCalls = whole("maxCalls", options.maxCalls, Infinity, 1e9);
  const deadline = moment(options.deadline);
  const changes = what === "run" || what === "undo";

  const setting = told(client.call(SETTING, ""));
  const word = what === "run" && journal !== undefined ? "journaled" : what;
  const begun = core.call(BEGIN, changes ? withJournal(what, given, journal) : given, `${word}\n${setting}`, Date.now());
  // What the caller wrote may repeat a secret, which only the client's own module knows.
  const [numbers, ...keys] = told(begun[0] === "!" ? client.call(CLEAN, begun) : begun).split("\n");
  const [job, lanes] = numbers.split(" ").map(Number);
  // What is done goes by what the journals told at the beginning; since then this run may have waited for another one, or
  // for a lock. Where a journal's own list grows, what this run has appended may be in it by now, or not yet.
  const [own, source] = [lengthOf(journal), lengthOf(of?.journal)];
  let appended = 0;
  const isStale = () => {
    const now = lengthOf(journal);
    return changes && (now < own || now > own + appended || lengthOf(of?.journal) !== source);
  };
  let calls = 0;
  let next = 0;
  let paused = false;
  // Once an entry is missing, those behind it are worth nothing: none is written any more, and nothing sent.
  let unwritten;
  // The very errors, by what the module hears of them: they know what the runtime said, too.
  const thrown = new Map();
  const places = new Map();

  const heard = (sign, error) => {
    const text = JSON.stringify(error);
    // Of several that say the same, the first one.
    if (!thrown.has(text)) thrown.set(text, error);
    return sign + text;
  };
  const stopped = () => {
    const { head: message, cause } = aborted(signal);
    return heard("!", new UnpoolError({ kind: "aborted", message, retryable: false, sent: false, cause }));
  };
  const advance = (number, came) => core.call(ADVANCE, came, undefined, job, number, Date.now(), Math.random());
  const isLate = () => Date.now() > deadline;

  /** -> what a promise that never rejects ends with, or `late` where the run is to end before that. */
  const waited = (promise) => {
    if (isAborted(signal)) return { late: true };
    const left = deadline === Infinity ? undefined : Math.min(Math.max(deadline - Date.now(), 0), LONGEST_PAUSE);
    return race(promise, left, signal, { late: true }, { late: true });
  };
  const waitedPatiently = async (promise) => {
    const came = await waited(promise);
    return came.late ? race(promise, GRACE_MS, undefined, { late: true }) : came;
  };

  /** What came of an action, as the module hears it. */
  const carry = async (action, number) => {
    const rest = action.slice(1);
    if (action[0] === "~") {
      await race(undefined, Math.min(Number(rest), LONGEST_PAUSE), signal);
      return "";
    }
    try {
      return `=${await send(rest, { signal, timeoutMs })}`;
    } catch (/** @type {any} */ error) {
      // Without the client nothing can be done any more, nor put back: as if the caller had aborted.
      places.set(error, number);
      const isFreed = error.sent === false && client.call(SETTING, "")[0] === "!";
      return heard(isFreed ? "x" : "!", error);
    }
  };

  /** Writes an entry of the journal. -> nothing, or what the module hears where that, or an earlier one, failed. */
  const write = async (entry) => {
    if (unwritten) return unwritten;
    appended++;
    const { late, failed } = await waitedPatiently(ended(() => journal.append(JSON.parse(entry))));
    if (late || failed) {
      const message = `the journal could not be written: ${late ? "append did not end" : words(failed.thrown)}`;
      const hint = "nothing more was sent; see to the journal, then run the plan again with it";
      unwritten ??= heard("x", new UnpoolError({ kind: "aborted", message, retryable: false, sent: false, hint, cause: failed?.thrown }));
    }
    return unwritten;
  };
  /** -> what the module hears of a lock that is lost. One whose check did not end is not known to be held. */
  const checked = async (check) => {
    const { late, failed } = await waited(ended(check));
    if (late && !isAborted(signal)) paused = true;
    return failed && heard("x", refusal(failed.thrown, "the lock was lost"));
  };

  const takeBack = async (number) => {
    for (const line of advance(number, "-").split("\n")) if (line[0] === "#") await write(line.slice(1));
  };

  const lane = async (number, check) => {
    if (isStale()) {
      const message = "the journal was written to since it was read";
      return stop(number, new UnpoolError({ kind: "refused", code: "journal-in-use", message, retryable: true, sent: false, hint: "call it again, once the other run has ended" }));
    }
    let came = "";
    for (;;) {
      // Between two actions nobody else looks at the signal. An answer is heard all the same.
      if (isAborted(signal) && came === "") came = stopped();
      const lines = advance(number, came).split("\n");
      const action = lines.pop();
      let intent;
      for (const line of lines) {
        if (line[0] === "+") intent = line.slice(1);
        else if (line[0] === "#") await write(line.slice(1));
        else tell(onEvent, line);
      }
      if (action === ".") return;
      if (unwritten || isAborted(signal)) {
        // What was announced and not written is no entry, or those behind it would stand behind a gap.
        if (intent) await takeBack(number);
        came = unwritten ?? stopped();
        continue;
      }
      const sends = action[0] !== "~";
      paused ||= Date.now() + (sends ? 0 : Number(action.slice(1))) > deadline || (sends && calls >= maxCalls);
      // Counted now: others may send while a hook is waited for.
      if (sends && !paused) calls++;
      if (action[0] === "*" && !paused) {
        came = (intent && (await write(intent))) || (isAborted(signal) ? "" : await checked(check)) || "";
        if (!came && isAborted(signal)) came = stopped();
        if (came) {
          calls--;
          continue;
        }
        paused ||= isLate();
      }
      // What is not finished stays as it is; the report says how that is.
      if (paused) {
        advance(number, "-");
        return;
      }
      came = await carry(action, number);
    }
  };

  /** A lane that has not begun does not. */
  const stop = (number, error) => {
    if (error) advance(number, heard("x", error));
    else if (isAborted(signal)) advance(number, stopped());
    else {
      paused = true;
      advance(number, "-");
    }
  };
  const locked = async (number) => {
    // Who has no time left needs no lock to say so.
    if (!lock || isAborted(signal) || isLate()) await lane(number);
    else await under({ lock, key: keys[number], waited, waitedPatiently }, (check) => lane(number, check), (error) => stop(number, error));
  };
  const begin = (number) => (changes && queues ? inTurn(keys[number], waited, () => locked(number), () => stop(number)) : locked(number));
  const worker = async () => {
    while (next < lanes && !paused) await begin(next++);
  };

  let report;
  try {
    await Promise.all(Array.from({ length: Math.min(concurrency, lanes) }, worker));
  } finally {
    report = core.call(FINISH, "", undefined, job, Date.now());
  }
  if (report[0] === "!" && thrown.has(report.slice(1))) {
    const error = thrown.get(report.slice(1));
    // Of several places one is meant; the request itself names none.
    if (lanes > 1 && places.has(error)) {
      const place = `from[${places.get(error)}]`;
      error.message = `${place}: ${error.message}`;
      if (error.field) error.field = `${place}.${error.field}`;
    }
    throw error;
  }
  return JSON.parse(told(report));
}

/** The text of a plan, or of what is to be undone, with what is in its journal so far, if it has one. */
function withJournal(what, given, journal) {
  if (journal === undefined && what === "run") return given;
  let entries = "";
  if (journal !== undefined) {
    if (typeof journal !== "object" || journal === null || typeof journal.append !== "function") {
      throw invalid("journal", "journal must have a function append", "give { entries, append }, or one of unpool/journals");
    }
    entries = `,"entries":${journal.entries === undefined ? "[]" : text(journal.entries, "journal.entries")}`;
  }
  return `{"${what === "run" ? "plan" : "of"}":${given}${entries}}`;
}

/** How many entries it has by now. */
function lengthOf(journal) {
  try {
    return (Array.isArray(journal) ? journal : journal?.entries)?.length;
  } catch {
    return undefined;
  }
}

/** A listener that throws, or whose promise is rejected, stops no removal: it was told, and is on its own. */
function tell(onEvent, line) {
  if (onEvent) ended(() => onEvent(JSON.parse(line)));
}
