#!/usr/bin/env node
// Plays the table: node tests/faults/run.mjs [--runtime node,page,workerd] [--only part-of-a-fault's-name]
// [--effect read,removal] [--attempts 1] [--lanes 32] [--write]
// Prints every cell that differs from its expectation; --write puts the table of results into README.md (whole runs only).
import { realpathSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { playCell } from "./cell.mjs";
import { EFFECTS, RUNTIMES } from "./contract.mjs";
import { cells, committed, expected, inWords } from "./expectations.mjs";
import { lanes, surroundings } from "./lanes.mjs";
import { node } from "./node.mjs";
import { page } from "./page.mjs";
import { writeReport } from "./report.mjs";
import { workerd } from "./workerd.mjs";
import { SETUPS } from "./setups.mjs";

const START = { node, page, workerd };
const LONGEST_MS = 120_000;

/** What was seen, in as much detail as is expected. */
function comparable(observed, rule) {
  const shown = Object.fromEntries(Object.keys(rule).filter((key) => rule[key] !== undefined).map((key) => [key, observed[key]]));
  const { looks, alreadyGone, arrived, outcome, applied } = observed;
  const patient = rule.atLeastMs === undefined || observed.elapsedMs >= rule.atLeastMs;
  return { ...shown, looks, alreadyGone, arrived, outcome, applied, ...(rule.atLeastMs && { atLeastMs: patient ? rule.atLeastMs : observed.elapsedMs }) };
}

const late = (ms) => new Promise((_, reject) => setTimeout(() => reject(new Error(`not settled within ${ms} ms`)), ms).unref());

/** -> [{ cell, expected, actual, complaints, differs, error? }], in the table's order, for the cells of one runtime. */
export async function runRuntime(name, { wanted: isWanted = () => true, laneCount = 32 } = {}) {
  const table = committed();
  const wanted = cells().filter((cell) => cell.runtime === name && isWanted(cell));
  const runtime = await START[name]();
  const world = await surroundings();
  const open = lanes(laneCount, { cors: true });
  const closed = lanes(2, { cors: false });
  const playOne = (cell) =>
    (SETUPS[cell.fault.name]?.closed ? closed : open).withLane(async (emulator, replace) => {
      const rule = cell.fault.rule(cell);
      const line = expected(table, cell);
      try {
        const { observed, complaints, played, setup } = await Promise.race([playCell(cell, runtime, { emulator, world }), late(LONGEST_MS)]);
        const actual = inWords(comparable(observed, rule));
        if (setup.spoils) await replace();
        return { cell, expected: line, actual, complaints, differs: actual !== line || complaints.length > 0, error: played.error };
      } catch (error) {
        await replace();
        return { cell, expected: line, actual: `could not be played: ${error.message}`, complaints: [], differs: true };
      }
    });
  try {
    return await Promise.all(wanted.map(playOne));
  } finally {
    await runtime.stop();
    await Promise.all([open.close(), closed.close(), world.close()]);
  }
}

export const difference = ({ cell: { fault, effect, runtime, api }, expected: line, actual, complaints, error }) =>
  [`${fault.name} | ${effect} | ${runtime} | ${api}`, `  expected: ${line}`, `  actual:   ${actual}`, ...complaints.map((text) => `  and:      ${text}`), ...(error ? [`  error:    ${error.code ?? ""} ${error.message}`] : [])].join("\n");

async function main() {
  const text = (value) => ({ type: "string", default: value });
  const { values } = parseArgs({
    options: { runtime: text(RUNTIMES.join()), only: text(""), effect: text(EFFECTS.join()), attempts: text("1,3"), lanes: text("32"), write: { type: "boolean", default: false } },
  });
  const isWanted = ({ fault, effect }) =>
    fault.name.includes(values.only) && values.effect.split(",").includes(effect) && values.attempts.split(",").includes(String(fault.attempts));
  const results = [];
  for (const name of values.runtime.split(",")) {
    const start = Date.now();
    const played = await runRuntime(name, { wanted: isWanted, laneCount: Number(values.lanes) });
    results.push(...played);
    process.stdout.write(`${name}: ${played.length} cells, ${played.filter(({ differs }) => differs).length} differ, ${((Date.now() - start) / 1_000).toFixed(1)} s\n`);
  }
  for (const result of results) if (result.differs) process.stdout.write(`${difference(result)}\n`);
  if (values.write) writeReport(results);
  process.exitCode = results.some(({ differs }) => differs) ? 1 : 0;
}

if (process.argv[1] && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) await main();
