// Breaks the safe removal on purpose, one place at a time, in a copy, and looks whether its tests say so:
//
//   node tests/simulation/mutants.mjs [words of names, with commas between]    the simulation, by the property meant to
//   node tests/simulation/mutants.mjs --rules [words]                          the tables of the rules, all at once
//   node tests/simulation/mutants.mjs --dry [--rules] [words]                  only whether each compiles
//
// mutants.json and rules.json say what is broken: the file, what stands there, and what is to stand there instead. That
// each stands there exactly once is a test of its own, mutants.rs.

import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));
const options = process.argv.slice(2).filter((word) => word.startsWith("--"));
const wanted = process.argv.slice(2).find((word) => !word.startsWith("--"))?.split(",");
const [dry, rules] = ["--dry", "--rules"].map((option) => options.includes(option));
const unknown = options.filter((option) => !["--dry", "--rules"].includes(option));
if (unknown.length > 0) throw new Error(`there is no option ${unknown.join(", ")}`);

const list = new URL(rules ? "rules.json" : "mutants.json", import.meta.url);
const all = JSON.parse(readFileSync(list, "utf8"));
// The name of a rule is that rule, and not every name with that word in it.
const isRule = (words) => all.some(({ rule }) => rule === words);
const means = ({ name, rule }) => wanted.some((words) => (isRule(words) ? words === rule : name.includes(words)));
const mutants = wanted ? all.filter(means) : all;

const copy = mkdtempSync(join(tmpdir(), "mutants-"));
for (const part of ["src", "xtask", "tests/simulation", "tests/held.rs", "Cargo.toml", "Cargo.lock"]) {
  cpSync(join(root, part), join(copy, part), { recursive: true });
}
process.on("exit", () => rmSync(copy, { recursive: true, force: true }));

const env = {
  ...process.env,
  RUST_BACKTRACE: "0",
  CARGO_PROFILE_DEV_DEBUG: "0",
  UNPOOL_CASES: process.env.UNPOOL_CASES ?? "12000",
  CARGO_TARGET_DIR: process.env.MUTANTS_TARGET ?? join(copy, "target"),
};
const cargo = (...args) => spawnSync("cargo", [...args, "--offline", "-p", "unpool"], { cwd: copy, env, encoding: "utf8" });

/** Whether it is seen, and by what. */
function compiles() {
  const check = cargo("check", "--lib");
  return { seen: check.status === 0, by: check.status === 0 ? "compiles" : "does not compile" };
}

function bySimulation({ property, tests }) {
  const which = tests ? [tests] : ["--", "--skip", "cut_", "--skip", "undo_", "--skip", "mutants::"];
  const test = spawnSync("cargo", ["test", "--offline", "-p", "unpool", "--test", "simulation", ...which], { cwd: copy, env, encoding: "utf8" });
  const said = [...new Set(test.stdout.match(/^[PR]\d+(?=:)|(?<=failed: )[PR]\d+(?=:)|a run without end/gm) ?? [])];
  const seen = said.includes(property) || (property === "P6" && said.includes("a run without end"));
  return { seen: test.status !== 0 && seen, by: built(test) ?? said.join(", ") };
}

/** What no property of the simulation is about, and another test is. */
function byTest({ suite }) {
  const test = cargo("test", "--test", suite);
  const failed = [...test.stdout.matchAll(/^test (\w+) \.\.\. FAILED$/gm)].map(([, name]) => name);
  return { seen: failed.length > 0, by: built(test) ?? failed.join(", ") };
}

function built(test) {
  return test.stderr.includes("could not compile") ? "does not compile" : undefined;
}

const look = (mutant) => (dry ? compiles() : mutant.suite ? byTest(mutant) : bySimulation(mutant));
const report = (mutant, { seen, by }) => {
  if (!seen) missed += 1;
  console.log(`${(mutant.property ?? mutant.suite ?? mutant.rule).padEnd(rules ? 19 : 4)} ${seen ? "seen  " : "MISSED"} ${mutant.name} (${by || "nothing"})`);
};

let missed = 0;
if (rules && !dry) {
  const { byTables } = await import("./rules.mjs");
  for (const [mutant, result] of byTables(copy, mutants, cargo)) report(mutant, result);
} else {
  for (const mutant of mutants) {
    const { file, from, to } = mutant;
    const path = join(copy, file);
    const text = readFileSync(path, "utf8");
    const once = text.split(from).length === 2;
    if (once) writeFileSync(path, text.replace(from, () => to));
    report(mutant, !once ? { seen: false, by: "its line is not there, or more than once" } : look(mutant));
    writeFileSync(path, text);
  }
}
console.log(`${mutants.length - missed} of ${mutants.length} ${dry ? "compile" : "seen"}`);
process.exitCode = missed || mutants.length === 0 ? 1 : 0;
