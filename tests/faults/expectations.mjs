// The table of expectations as a file: written from the rules by `node tests/faults/expectations.mjs --write`, read by the runner.
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { CLOUDS, EFFECTS, OTHER_APIS, RUNTIMES } from "./contract.mjs";
import { FAULTS } from "./table.mjs";

const file = fileURLToPath(new URL("expectations.json", import.meta.url));

const effectsOf = (fault) => fault.effects ?? EFFECTS;

/** The clouds, by the operations that are sent to them: [{ api, cloud }]. */
function apisOf(fault, effect) {
  const clouds = fault.clouds ?? CLOUDS;
  const others = fault.otherApis ? Object.keys(OTHER_APIS).filter((api) => OTHER_APIS[api].includes(effect)) : [];
  return [...clouds, ...others].map((api) => ({ api, cloud: api.split(" ")[0] })).filter(({ cloud }) => clouds.includes(cloud));
}

/** Every cell: { fault, effect, runtime, cloud, api }. */
export const cells = () =>
  FAULTS.flatMap((fault) => RUNTIMES.flatMap((runtime) => effectsOf(fault).flatMap((effect) => apisOf(fault, effect).map((api) => ({ fault, effect, runtime, ...api })))));

/** An expectation in one line, in the same words as in the table of results. */
export function inWords({ outcome, cause, sent, retryable, arrived, applied, alreadyGone, looks, tokens, attempts, atLeastMs }) {
  return [
    cause ? `${outcome} (${cause})` : outcome,
    alreadyGone && "already gone",
    sent !== undefined && `sent ${sent}`,
    retryable !== undefined && (retryable ? "retryable" : "final"),
    `${arrived} arrived`,
    looks && "looked first",
    tokens && `${tokens} tokens`,
    atLeastMs && `after ${atLeastMs} ms`,
    attempts && `after ${attempts.join(", ")}`,
    applied ? "applied" : "not applied",
  ].filter(Boolean).join("; ");
}

/** What all members share is said once. */
function fold(keys, valueOf) {
  const values = keys.map((key) => [key, valueOf(key)]);
  const [[, first]] = values;
  return values.every(([, value]) => JSON.stringify(value) === JSON.stringify(first)) ? first : Object.fromEntries(values);
}

/** { fault: { about, attempts, expect: { effect: line | { runtime: ... } } } }, where a line holds for all runtimes and operations. */
function written() {
  return Object.fromEntries(
    FAULTS.map((fault) => {
      const ofApi = (effect, runtime) => (api) => inWords(fault.rule({ effect, runtime, api, cloud: api.split(" ")[0] }));
      const line = (effect) => fold(RUNTIMES, (runtime) => fold(apisOf(fault, effect).map(({ api }) => api), ofApi(effect, runtime)));
      const expect = Object.fromEntries(effectsOf(fault).map((effect) => [effect, line(effect)]));
      return [fault.name, { about: fault.about, maxAttempts: fault.attempts, ...(fault.clouds && { clouds: fault.clouds }), ...(fault.otherApis && { otherApis: true }), expect }];
    }),
  );
}

export const text = () => `${JSON.stringify(written(), null, 1)}\n`;

/** The committed expectation of a cell, in words. */
export function expected(table, { fault, effect, runtime, api }) {
  const line = table[fault.name].expect[effect];
  const ofRuntime = typeof line === "string" ? line : (line[runtime] ?? line);
  return typeof ofRuntime === "string" ? ofRuntime : ofRuntime[api];
}

export const committed = () => JSON.parse(readFileSync(file, "utf8"));
export const committedText = () => readFileSync(file, "utf8");

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  if (process.argv.includes("--write")) writeFileSync(file, text());
  else process.stdout.write(text());
}
