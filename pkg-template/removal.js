// A safe removal from its beginning to its end: the module says what its lanes need, and this file puts together who does it.
import { budgetOf } from "./budget.js";
import { hearing } from "./hearing.js";
import { withJournal, writerOf } from "./journal_writer.js";
import { lanesOf } from "./lanes.js";
import { ADVANCE, BEGIN, CLEAN, FINISH, SETTING } from "./removal_numbers.js";
import { checkedOptions } from "./run_options.js";
import { share, told } from "./shared.js";
import { stopOf } from "./stop.js";
import { inTurn, under } from "./turns.js";

/**
 * What is to be done. `core` is the client's own, and `freed` a signal that the client was freed. `given` is the JSON text of
 * what it is about; `of` is that of an undo, as the caller gave it. `send` sends an operation's JSON text as a single attempt
 * -> its answer's JSON text. `queues` is whether runs of this program wait for each other.
 *
 * @typedef {object} Task
 * @property {import("./module.js").Core} core
 * @property {AbortSignal} freed
 * @property {"inspect" | "plan" | "run" | "undo"} what
 * @property {string} given
 * @property {import("./index.js").Undoable} [of]
 * @property {import("./index.js").RunOptions} options
 * @property {(operation: string, settings: import("./index.js").SendOptions) => Promise<string>} send
 * @property {boolean} queues
 */
/** -> what the module makes of it: a picture, a plan or a report. @typedef {(task: Task) => Promise<any>} CarryOut */

/**
 * -> carryOut, by the started module.
 *
 * @param {import("./module.js").Started} module
 * @param {import("./shared.js").Shared} shared
 * @returns {CarryOut}
 */
export function opened({ Core }, shared) {
  share(shared);
  const machine = new Core();
  return (given) => carryOut(machine, given);
}

/**
 * @param {import("./module.js").Core} machine
 * @param {Task} task
 */
async function carryOut(machine, { core, freed, what, given, of, options, send, queues }) {
  const { signal, timeoutMs, onEvent, journal, lock, ...bounds } = checkedOptions(options);
  const changes = what === "run" || what === "undo";

  const setting = () => told(core.call(SETTING, ""));
  const place = setting();
  const word = what === "run" && journal !== undefined ? "journaled" : what;
  const said = machine.call(BEGIN, changes ? withJournal(what, given, journal) : given, `${word}\n${place}`, Date.now());
  // What the caller wrote may repeat a secret, which only the client's own module knows.
  const [numbers, ...keys] = told(said[0] === "!" ? core.call(CLEAN, said) : said).split("\n");
  const [job, count] = numbers.split(" ").map(Number);

  const heard = hearing(changes);
  const stop = stopOf({ signal, freed, setting, heard });
  const budget = budgetOf(bounds, stop);
  const writer = writerOf({ journal, source: /** @type {{ journal?: import("./journal_writer.js").Source } | undefined} */ (of)?.journal, budget, heard });
  const lanes = lanesOf({
    advance: (number, came) => machine.call(ADVANCE, came, undefined, job, number, Date.now(), Math.random()),
    changes,
    send: (operation) => send(operation, { signal, timeoutMs }),
    onEvent,
    budget,
    stop,
    writer,
    heard,
  });

  const locked = async (/** @type {number} */ number) => {
    // Who has no time left needs no lock to say so.
    if (!lock || stop.isOn() || budget.isLate()) await lanes.drive(number);
    else await under({ lock, key: keys[number], waited: budget.waited, waitedPatiently: budget.waitedPatiently }, (check) => lanes.drive(number, check), (error) => lanes.leave(number, error));
  };
  let report;
  try {
    await budget.each(count, (number) =>
      changes && queues ? inTurn(keys[number], budget.waited, () => locked(number), () => lanes.leave(number)) : locked(number),
    );
  } finally {
    report = machine.call(FINISH, "", undefined, job, Date.now());
  }
  const error = report[0] === "!" ? heard.behind(report.slice(1), count) : undefined;
  if (error) throw error;
  return JSON.parse(told(report));
}
