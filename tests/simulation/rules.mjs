// The mutants of the rules, all in one build: what decides is pure, so the modules that a mutant is about, and those between
// them and the tables, are put into a module of its own beside the others, with the tables.

import { appendFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";

/** Which modules use which, of those that are broken. */
const WITH = {
  decide: ["decide"],
  observe: ["decide", "observe"],
  recheck: ["decide", "recheck"],
  needed: ["decide", "needed"],
  rules: ["decide", "needed", "rules"],
};

/**
 * Builds and runs the tables for each mutant and once for none, in the copy of the checkout at `root`; `cargo` runs
 * cargo there. Gives each mutant with whether it was seen, and by which tables.
 */
export function byTables(root, mutants, cargo) {
  const removal = join(root, "src/removal");
  const folder = join(removal, "mutants");
  mkdirSync(folder);
  const read = (file) => readFileSync(join(removal, file), "utf8");
  mutants.forEach(({ name, file, from, to }, index) => {
    const broken = basename(file, ".rs");
    const modules = WITH[broken];
    if (!modules) throw new Error(`${name}: no table looks at ${file}`);
    const own = join(folder, `m${index}`);
    mkdirSync(join(own, "decide"), { recursive: true });
    let tables = read("decide/tests.rs");
    for (const module of modules) tables = tables.replaceAll(`crate::removal::${module}::`, `super::super::${module}::`);
    writeFileSync(join(own, "decide/tests.rs"), tables);
    for (const module of modules) {
      let text = read(`${module}.rs`);
      if (module === broken) {
        if (text.split(from).length !== 2) throw new Error(`${name}: its line is not there, or more than once`);
        text = text.replace(from, () => to);
      }
      for (const other of modules) {
        text = text.replaceAll(`use crate::removal::${other};`, `use super::${other};`);
        text = text.replaceAll(`use crate::removal::${other}::`, `use super::${other}::`);
      }
      writeFileSync(join(own, `${module}.rs`), text);
    }
    writeFileSync(join(own, "mod.rs"), modules.map((module) => `mod ${module};\n`).join(""));
  });
  writeFileSync(join(folder, "mod.rs"), ["#![allow(warnings, clippy::all)]", ...mutants.map((_, index) => `mod m${index};`)].join("\n"));
  appendFileSync(join(removal, "mod.rs"), "\n#[cfg(test)]\nmod mutants;\n");

  const test = cargo("test", "--lib", "--no-fail-fast", "removal::");
  const results = [...test.stdout.matchAll(/^test removal::(?:mutants::m(\d+)::)?decide::tests::(\w+) \.\.\. (ok|FAILED)$/gm)];
  const tables = results.filter(([, mutant]) => mutant === undefined);
  if (tables.length === 0) {
    const blamed = new Set([...test.stderr.matchAll(/mutants\/m(\d+)\//g)].map(([, index]) => mutants[index].name));
    throw new Error(`it does not compile: ${[...blamed].join("; ")}\n${test.stderr.slice(-3000)}`);
  }
  if (tables.some(([, , , how]) => how !== "ok")) throw new Error("the tables fail before anything is broken");
  return mutants.map((mutant, index) => {
    const own = results.filter(([, number]) => number === String(index));
    if (own.length !== tables.length) throw new Error(`${mutant.name}: ${own.length} of ${tables.length} tables were asked`);
    const failed = own.filter(([, , , how]) => how === "FAILED").map(([, , table]) => table);
    return [mutant, { seen: failed.length > 0, by: failed.join(", ") }];
  });
}
