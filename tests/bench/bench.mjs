// node tests/bench/bench.mjs [--size] [--speed] [--cold]: what the built package costs, beside its budgets. Nothing here fails
// by what it measures; the size budget is kept by tests/packaging/size.test.mjs.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { pkg } from "../packaging/install.mjs";
import { CONDITIONS_OF_WORKERS, MINIMAL, SIZE_BUDGET, SUM_CEILING, bundled, files, kib, split, total } from "../packaging/size.mjs";
import { COLD_BUDGET, measureCold } from "./cold.mjs";
import { measure } from "./speed.mjs";

const entry = join(pkg, "index.js");

function table(head, rows) {
  const widths = head.map((_, column) => Math.max(...[head, ...rows].map((row) => row[column].length)));
  for (const row of [head, ...rows]) {
    console.log(row.map((cell, column) => (column === 0 ? cell.padEnd(widths[0]) : cell.padStart(widths[column]))).join("  ").trimEnd());
  }
}

const verdict = (value, budget, digits) => (budget === undefined ? "" : `${budget.toFixed(digits)} ${value <= budget ? "kept" : "EXCEEDED"}`);

async function size() {
  console.log("\nSize, KiB (brotli 11)\n");
  const { start, later } = await split(pkg, MINIMAL);
  const worker = await bundled(pkg, MINIMAL, CONDITIONS_OF_WORKERS);
  const row = (name, { raw, brotli }, budget) => [name, kib(raw), kib(brotli), budget === undefined ? "" : verdict(brotli / 1024, budget / 1024, 1)];
  table(
    ["what", "raw", "brotli", "budget"],
    [
      row("minimal program for browsers, minified: at its start", total(start), SIZE_BUDGET),
      row("  loaded by its first safe removal", total(later)),
      row("  both", total([...start, ...later]), SUM_CEILING),
      row("  in one piece, where nothing is split", total(await bundled(pkg, MINIMAL)), SUM_CEILING),
      row("minimal program for Workers, minified", total(worker)),
      ...worker.map((part) => row(`  ${part.name.replace(/-[A-Z0-9]{8}(?=\.wasm$)/, "")}`, part)),
      ...(await files(pkg)).map((part) => row(`pkg/${part.name}`, part)),
    ],
  );
}

async function speed() {
  console.log(`\nCPU time of sign(), microseconds a call, against hand-written node:crypto (Node ${process.versions.node})\n`);
  const rows = measure(await import(pathToFileURL(entry).href));
  table(
    ["operation", "by hand", "unpool", "ratio", "budget"],
    rows.map(({ name, own, unpool, ratio, budget }) => [name, own.toFixed(2), unpool.toFixed(2), ratio.toFixed(2), verdict(ratio, budget, 2)]),
  );
}

async function cold() {
  console.log("\nCold start: import to first signature, milliseconds, fresh processes\n");
  const { own, unpool, ratio } = await measureCold(entry);
  table(
    ["", "by hand", "unpool", "ratio", "budget"],
    [
      ["wall clock", own.wall.toFixed(1), unpool.wall.toFixed(1), ratio.toFixed(2), verdict(ratio, COLD_BUDGET, 1)],
      ["CPU", own.cpu.toFixed(1), unpool.cpu.toFixed(1), (unpool.cpu / own.cpu).toFixed(2), ""],
    ],
  );
}

if (!existsSync(entry)) throw new Error(`${entry} is missing: build the package first (cargo xtask build)`);
const PARTS = { size, speed, cold };
const { values } = parseArgs({ options: Object.fromEntries(Object.keys(PARTS).map((name) => [name, { type: "boolean" }])) });
const chosen = Object.keys(PARTS).filter((name) => values[name]);
for (const name of chosen.length > 0 ? chosen : Object.keys(PARTS)) await PARTS[name]();
