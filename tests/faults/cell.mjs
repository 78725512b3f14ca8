// One cell: sets the fault, has the call played, and puts together what the caller was told and what the emulator saw.
import { OPERATIONS, clientOptions, target } from "./clouds.mjs";
import { secretsOf } from "./soak/secrets.mjs";
import { SETUPS } from "./setups.mjs";

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** -> { observed, complaints, played }. `runtime.play(script)` plays it; `world` is where nobody listens, and the host that must get nothing. */
export async function playCell(cell, runtime, { emulator, world }) {
  const { fault, effect, cloud, api } = cell;
  const { info, control } = emulator;
  const given = SETUPS[fault.name];
  const usual = OPERATIONS[api][effect];
  const setup = typeof given === "function" ? given({ ...cell, info, operation: usual.operation, ...world }) : given;
  const operation = OPERATIONS[api][setup.operation ?? effect];
  control.faults((setup.rules ?? []).map((rule) => ({ cloud: target(cloud), ...(rule.cloud ? {} : { operation: operation.operation }), ...rule })));
  if (setup.clock) control.clock(setup.clock);
  if (setup.tokens) control.setTokens(setup.tokens);

  const played = await runtime.play({
    client: clientOptions(info, cloud, { maxAttempts: fault.attempts, ...setup.client }),
    operation,
    how: setup.how,
    fetch: setup.fetch,
    abort: setup.abort,
    authenticate: setup.authenticate,
    log: `${info.control.url}/log`,
  });
  // What should not have left may still be on its way.
  await pause(setup.settleMs ?? 20);

  const arrivals = control.log().filter(({ preflight }) => !preflight);
  const own = arrivals.filter((entry) => entry.operation === operation.operation && entry.cloud === target(cloud));
  const changes = own.filter(({ applied }) => applied).length;
  const applied = control.changes().length > 0;
  const { value, error, elapsedMs } = played;
  const observed = {
    outcome: value ? "success" : (error.kind ?? "no UnpoolError"),
    cause: error?.cause,
    sent: error?.sent,
    retryable: error?.retryable,
    attempts: error?.attempts,
    alreadyGone: value?.alreadyGone,
    arrived: own.length,
    looks: arrivals.some((entry) => entry.operation !== operation.operation && entry.cloud === target(cloud)),
    tokens: arrivals.filter((entry) => entry.operation === "CreateToken").length,
    elapsedMs,
    applied,
  };
  return { observed, complaints: complaints(observed, { effect, changes, isAbsent: setup.operation === "absent", texts: error?.texts ?? [], info, world }), played, setup };
}

/** Of the wrong secrets that setups give. */
const WRONG = ["-than-the-right-one", "of-nobody"];

/** What is wrong whatever was expected. */
function complaints({ outcome, applied, alreadyGone }, { effect, changes, isAbsent, texts, info, world }) {
  const found = [];
  const tellsOfNoChange = outcome !== "success" && outcome !== "outcome-unknown";
  if (applied && tellsOfNoChange) found.push(`it was applied, and is reported as ${outcome}`);
  if (outcome === "success" && !applied && effect !== "read" && !isAbsent) found.push("it is reported as done, and nothing was changed");
  if (applied && effect === "read") found.push("a read changed something");
  if (changes > 1 && effect === "non-idempotent write") found.push("it was applied more than once");
  if (outcome === "success" && alreadyGone && effect !== "removal") found.push("alreadyGone of what is no removal");
  if (world.visits.splice(0).length > 0) found.push("the host of the redirect got a request");
  for (const secret of [...secretsOf(info), ...WRONG]) if (texts.some((text) => text.includes(secret))) found.push("a secret is in the error");
  return found;
}
