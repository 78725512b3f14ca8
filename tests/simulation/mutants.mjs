// Breaks the safe removal on purpose, one line at a time, in a copy, and looks whether the simulation
// says so, and by the property that is meant to: node tests/simulation/mutants.mjs [words of names, with commas between]

import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));
const lane = "src/removal/lane.rs";
const work = "src/removal/work.rs";
const track = "src/removal/track.rs";
const select = "src/removal/select.rs";
const check = "src/removal/check.rs";
const ending = "src/removal/ending.rs";
const resume = "src/removal/resume.rs";
const journal = "src/removal/journal.rs";
const undo = "src/removal/undo.rs";
const run = "src/removal/run.rs";

/**
 * What is broken, the property that has to see it, the file, what stood there, and what stands there now; and which
 * tests look for it, where those without a journal would not see it.
 */
const mutants = [
  ["who removed it is not asked", "P1", work, "if entry.removing { Outcome::Removed }", "if true { Outcome::Removed }"],
  ["a lost removal is taken for none", "P1", lane, "entry.removing |= *change == Change::Remove;", ""],
  ["an answered change is believed unseen", "P5", lane, "entry.unseen = Some(*change);", ""],
  ["the port of a selector is not looked at", "P2", select, "has.is_some() && has == wanted.as_text()", 'has.is_some() && (wire == "port" || has == wanted.as_text())'],
  ["another weight is put back", "P2", "src/vendor/alibaba/removal.rs", "decimal(backend.weight)", "decimal(100)"],
  ["a description is not repeated", "P2", "src/vendor/alibaba/removal.rs", '(_, true) => &["type", "description"]', '(_, true) => &["type"]'],
  ["no read after a change", "P3", lane, "self.may_have_been_done();\n                return self.look(context);", "self.may_have_been_done();\n                self.doing = Doing::Reading;\n                return;"],
  ["nobody counts before a call", "P3", lane, "self.too_few(context) {", "self.too_few(context).filter(|_| false) {"],
  ["what was drained is not counted", "P3", work, "(backend.weight, backend.enabled) = (planned.weight, planned.enabled);", "let _ = (backend, planned);"],
  ["a rule gets the plan's list", "P4", work, "let left = remaining(rule, &out);", "let left = remaining(&self.rules[place].touched.rule, &out);"],
  ["a rule's mode is not repeated", "P4", "src/vendor/ucloud/removal.rs", 'out.add("domainMatchMode", mode);', ""],
  ["an aborted drain is taken for none", "P5", lane, "entry.unseen = Some(*change);\n                    entry.state = State::Unknown;\n", "entry.unseen = Some(*change);\n"],
  ["a drain that is not seen yet is not put back", "P10", work, "backend.is_drained(group) || *unseen == Some(Change::Drain)", "backend.is_drained(group)"],
  ["one thing is tried for ever", "P6", lane, "const TRIES: u32 = 12;", "const TRIES: u32 = 12_000;"],
  ["a lost answer is not read after", "P7", track, "None if self.removing => Outcome::Failed,", "None if self.removing => Outcome::Unknown,"],
  ["a rule is compared byte by byte", "P8", work, "known.touched.rule.is_like(rule)", "known.touched.rule.saved == rule.saved"],
  ["health that flips is somebody", "P8", select, 'selector.value().get("health").is_some()', "key.is_empty()"],
  ["a group without need is drained", "P9", check, "self.serves() {", "true || self.serves() {"],
  ["an empty rule is always left", "P9", work, '(true, "delete-rule") => Edit::Delete', '(true, "never") => Edit::Delete'],
  ["nothing is put back", "P10", ending, "if !needed {", "if true || !needed {"],
  ["rules are not put back", "P10", work, "known.expected.is_none() || known.left", "true || known.left"],
  ["what could not be taken out stays drained", "R1", check, "some may still be drained.\n            return self.put_back(context);", "some may still be drained.\n            return self.finish(context);", "cut_with_slow"],
  ["a removal is not remembered", "P1", track, 'lists(told, "did", "drain"), lists(told, "did", "remove"))', 'lists(told, "did", "drain"), false)', "cut_without"],
  ["what was announced is taken for not sent", "P1", resume, "if pending.fate == Fate::Open {", "if false {", "cut_"],
  ["a wait is counted from another run's drain", "P3", lane, "            self.drained_at = None;", "", "cut_"],
  ["what it takes out itself is somebody's", "P8", work, "(entry.drained || entry.removing) && backend", "entry.drained && backend", "cut_with_slow"],
  ["an abort is the next run's error", "R2", resume, "stopped || self.failure == self.told_failure", "self.failure == self.told_failure", "cut_with_all"],
  ["an answered call is not looked for", "R3", resume, "        self.last = Some(pending.unit);\n", "", "undo_with_slow"],
  ["what was lost is not waited for", "R4", resume, "self.until = self.settled_at(settle_ms);", "", "undo_with"],
  ["rules are not pointed to new ids", "R4", work, "self.standing(group, own).map(|backend| backend.id.clone())", "Some(id.clone()).filter(|_| own < usize::MAX)", "undo_without"],
  ["what is there under a new id is added", "P2", undo, "if self.undo { twin() } else { None }", "if self.undo { twin().filter(|own| own.id.is_empty()) } else { None }", "undo_without"],
  ["what was only taken out of a rule is forgotten", "R4", run, " || rules.iter().any(|rule| rule.held(&entry.entry))", "", "undo_without"],
  ["an undo does not know the run's last call", "R4", undo, "Some(Change::Remove) => state == State::Gone,", "Some(Change::Remove) => true,", "undo_with"],
  ["a changing load balancer is believed", "R4", undo, " || self.world.condition != Condition::Changing)", " || !context.setting.vendor.is_empty())", "undo_with"],
  ["a weight that was never seen gone is believed to be back", "R4", work, "(state == State::Serving && entry.seen_drained)", "state == State::Serving", "undo_with_all"],
  ["an entry is not compared with its digest", "R5", journal, 'if !told.says("digest", &seal) {', "if seal.is_empty() {", "cut_with_faults"],
  ["any broken line is dropped", "R5", journal, "_ if number + 1 == count => return Ok(true),", "_ if number < count => return Ok(true),", "cut_with_faults"],
  ["the order of fields is signed", "R5", journal, "let places = order(&fields.iter().map(|(name, _)| *name).collect::<Vec<_>>());", "let places: Vec<usize> = (0..fields.len()).collect();", "cut_with_faults"],
  ["the clock is in the journal", "R6", journal, '("at", &time::extended(now)),', '("at", &time::extended(now + std::time::SystemTime::now().elapsed().map_or(0, |spent| i64::from(spent.subsec_nanos() % 7) * 1_000))),', "cut_without"],
  ["the clock is looked at", "P11", lane, "LOOK_MS.min(FIRST_MS", "std::time::SystemTime::now().elapsed().map_or(0, |spent| spent.subsec_nanos() % 7) + LOOK_MS.min(FIRST_MS"],
];

const copy = mkdtempSync(join(tmpdir(), "mutants-"));
for (const part of ["src", "xtask", "tests/simulation", "Cargo.toml", "Cargo.lock"]) {
  cpSync(join(root, part), join(copy, part), { recursive: true });
}
process.on("exit", () => rmSync(copy, { recursive: true, force: true }));

const wanted = process.argv[2];
const env = {
  ...process.env,
  RUST_BACKTRACE: "0",
  UNPOOL_CASES: process.env.UNPOOL_CASES ?? "12000",
  CARGO_TARGET_DIR: process.env.MUTANTS_TARGET ?? join(copy, "target"),
};
let missed = 0;
for (const [name, property, file, from, to, tests] of mutants) {
  if (wanted && !wanted.split(",").some((words) => name.includes(words))) continue;
  const path = join(copy, file);
  const text = readFileSync(path, "utf8");
  if (text.split(from).length !== 2) {
    console.log(`${property.padEnd(4)} ${name}: its line is not there, or more than once`);
    missed += 1;
    continue;
  }
  writeFileSync(path, text.replace(from, () => to));
  const which = tests ? [tests] : ["--", "--skip", "cut_", "--skip", "undo_"];
  const test = spawnSync("cargo", ["test", "--offline", "--test", "simulation", ...which], { cwd: copy, env, encoding: "utf8" });
  writeFileSync(path, text);
  const said = [...new Set(test.stdout.match(/^[PR]\d+(?=:)|(?<=failed: )[PR]\d+(?=:)|a run without end/gm) ?? [])];
  const seen = said.includes(property) || (property === "P6" && said.includes("a run without end"));
  if (test.status === 0 || !seen) missed += 1;
  const built = test.stderr.includes("could not compile") ? "does not compile" : said.join(", ") || "nothing";
  console.log(`${property.padEnd(4)} ${seen ? "seen  " : "MISSED"} ${name} (${built})`);
}
process.exitCode = missed ? 1 : 0;
