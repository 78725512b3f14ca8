// node tests/matrix/table.mjs [part of a name]: asks every environment, says each one's answers as they come, and prints one
// table at the end. Ends with an error where anything is not as it must be.
import { chromium } from "./browsers/chromium.mjs";
import { all } from "./environments/all.mjs";
import { QUESTIONS } from "./lab.mjs";
import { faults, startMatrix } from "./matrix.mjs";

const AT_ONCE = 2;

const wanted = process.argv[2] ?? "";
const environments = all.filter(({ name }) => name.includes(wanted));
if (environments.length === 0) throw new Error(`no environment's name contains "${wanted}"`);

const matrix = await startMatrix();
const rows = new Map();
const waiting = [...environments];
async function work() {
  for (let environment = waiting.shift(); environment; environment = waiting.shift()) {
    const started = performance.now();
    const row = await matrix.ask(environment);
    const wrong = faults(row);
    rows.set(environment, row);
    console.log(`${wrong.length === 0 ? "ok  " : "FAIL"}  ${row.name.padEnd(56)} ${((performance.now() - started) / 1000).toFixed(1).padStart(6)} s`);
    for (const reason of wrong) console.log(reason.replace(/^/gm, "      "));
  }
}
try {
  await Promise.all(Array.from({ length: AT_ONCE }, work));
} finally {
  await chromium.end();
  await matrix.close();
}

// Whether a compiler or a linter is content stands in a column of its own.
const COLUMNS = [...QUESTIONS, "accepted"];
const cell = (answer) => (answer === undefined ? "" : answer === "ok" ? "ok" : "FAIL");
console.log(`\n| environment | ${COLUMNS.join(" | ")} |\n|---|${COLUMNS.map(() => "---|").join("")}`);
for (const environment of environments) {
  const { name, answers = {}, check } = rows.get(environment);
  const answered = { ...answers, accepted: check };
  console.log(`| ${name} | ${COLUMNS.map((column) => cell(answered[column])).join(" | ")} |`);
}
const failed = [...rows.values()].filter((row) => faults(row).length > 0).length;
console.log(`\n${rows.size - failed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
