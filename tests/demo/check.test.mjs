// The demo's check tells right from wrong: by what it prints, by its exit status, and for results that it has to reject.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { calls } from "./calls.mjs";
import { wrongWithRefusedRemoval, wrongWithRemoval } from "./judge-removal.mjs";
import { wrongWithRefusedSurvival, wrongWithSurvival } from "./judge-survival.mjs";
import { wrongWith, wrongWithRefusal } from "./judge.mjs";
import { removals } from "./removals.mjs";

const script = fileURLToPath(new URL("check.mjs", import.meta.url));
const check = (...options) => spawnSync(process.execPath, [script, ...options], { encoding: "utf8", timeout: 60_000 });
let right;
/** It takes a few seconds: once for all who look at it. */
const rightCheck = () => (right ??= check());
const names = calls().map(({ name }) => name);

/** The rows of the table with this title, each as the text between two rules. */
function rowsOf(output, title = "call, request line") {
  const [, body] = output.split(new RegExp(`^${title} .*\\n`, "m"));
  return body.split("\n\n")[0].split(/^[- ]{40,}\n/m).slice(1);
}

test("every call removes what it has to remove", () => {
  const { status, stdout, stderr } = rightCheck();
  assert.equal(status, 0, stdout + stderr);
  const rows = rowsOf(stdout);
  assert.equal(rows.length, names.length);
  for (const [at, call] of calls().entries()) {
    assert.ok(rows[at].startsWith(call.name), rows[at]);
    assert.match(rows[at], / 20[0-9] /);
    assert.equal(rows[at].match(/ gone$/gm).length, call.gone.length, rows[at]);
  }
});

test("every safe removal is told: its plan, its events, its report, and a row", () => {
  const { stdout } = rightCheck();
  const rows = rowsOf(stdout, "safe removal");
  assert.equal(rows.length, removals().length);
  for (const [at, { name }] of removals().entries()) {
    assert.ok(rows[at].startsWith(name), rows[at]);
    assert.match(rows[at], / (\d+) -> (\d+) +done +\d+$/m);
    const told = stdout.slice(stdout.indexOf(`\n${name}\n`)).split("\n\n")[0];
    assert.match(told, /Plan for /);
    for (const step of ["check", "drain", "wait", "remove"]) assert.match(told, new RegExp(` s  0/\\d  ${step}$`, "m"));
    assert.match(told, / s  (\d)\/\1    removed .*: gone$/m);
    assert.match(told, /: done\. (\d) of \1 removed; \d+ calls\.$/m);
  }
  assert.match(stdout, / detach$/m, "a rule lets go of its backend");
});

test("every run that is killed is gone on with and undone: told, and a row that shows how it was after each", () => {
  const { stdout } = rightCheck();
  const rows = rowsOf(stdout, "killed, resumed, undone");
  assert.equal(rows.length, removals().length);
  for (const [at, { name }] of removals().entries()) {
    assert.ok(rows[at].startsWith(name), rows[at]);
    const counts = (stage) => Number(rows[at].match(new RegExp(` ${stage} +(\\d+)`))[1]);
    const before = counts("before");
    assert.ok(counts("killed at \\w+") < before && counts("resumed: done") < before, rows[at]);
    assert.equal(counts("undone: done"), before);
    const told = stdout.slice(stdout.indexOf(`\n${name}: killed, resumed, undone\n`)).split("\n\n")[0];
    assert.match(told, / was sent, and its process killed before the answer\.\n/);
    assert.match(told, /Went on from \d+ journal entries\.$/m);
    assert.match(told, /: undo done\. (\d) of \1 restored; \d+ calls\.$/m);
  }
  assert.match(stdout, /^4 runs were killed, resumed from their journals and undone/m);
});

test("with a wrong secret every row is auth, no backend changes, and the exit status is 1", () => {
  const { status, stdout, stderr } = check("--wrong-secret");
  assert.equal(status, 1, stdout + stderr);
  const rows = rowsOf(stdout);
  assert.equal(rows.length, names.length);
  for (const row of rows) {
    assert.match(row, /\bauth\b/);
    assert.doesNotMatch(row, / gone$/m);
  }
  const safe = rowsOf(stdout, "safe removal");
  assert.equal(safe.length, removals().length);
  for (const row of safe) assert.match(row, / (\d+) -> \1 +auth +-$/m);
  const killed = rowsOf(stdout, "killed, resumed, undone");
  assert.equal(killed.length, removals().length);
  for (const row of killed) assert.match(row, / before +(\d+)\n +auth +\1 +\(nothing\)$/m);
  assert.match(stdout, new RegExp(`all ${names.length} calls and all ${safe.length + killed.length} safe removals were refused as auth, and no backend changed`));
});

test("neither keys nor signatures are printed", () => {
  const { stdout, stderr } = check("--wrong-secret");
  assert.doesNotMatch(stdout + stderr, /Fake|FAKE|LTAI|Signature=(?!<)/);
});

test("results that are not right are called wrong", () => {
  const call = { gone: ["a"], left: (answer) => answer, expectedLeft: ["b"] };
  const right = { before: ["a", "b"], after: ["b"], status: 200, answer: ["b"] };
  assert.equal(wrongWith(call, right), undefined);
  const wrong = {
    "nothing removed": { ...right, after: ["a", "b"] },
    "too much removed": { ...right, after: [] },
    "the other one removed": { ...right, after: ["a"] },
    "nothing there at the start": { ...right, before: ["b"] },
    "an error": { ...right, error: { kind: "server" } },
    "an error status": { ...right, status: 500 },
    "no status": { ...right, status: undefined },
    "an answer that lists something else": { ...right, answer: ["a", "b"] },
  };
  for (const [what, seen] of Object.entries(wrong)) assert.ok(wrongWith(call, seen), what);

  const refused = { before: ["a"], after: ["a"], error: { kind: "auth" } };
  assert.equal(wrongWithRefusal(call, refused), undefined);
  assert.ok(wrongWithRefusal(call, { before: ["a"], after: ["a"] }), "not refused");
  assert.ok(wrongWithRefusal(call, { ...refused, error: { kind: "network" } }), "another kind");
  assert.ok(wrongWithRefusal(call, { ...refused, after: [] }), "changed all the same");
});

test("safe removals that are not right are called wrong", () => {
  const entry = { event: "entry", done: 1, total: 1 };
  const ids = { backendId: "a" };
  const changes = [
    { change: "changed", ids, after: { weight: 0 } },
    { change: "removed", ids, after: null },
  ];
  const expected = { gone: ["a"], rules: ["r [b]"] };
  const report = { status: "done", entries: [{ outcome: "removed", state: "gone" }] };
  const right = { before: { backends: ["a", "b"], rules: ["r [a, b]"] }, after: { backends: ["b"], rules: ["r [b]"] }, events: [entry], report, changes };
  assert.equal(wrongWithRemoval(expected, right), undefined);
  const wrong = {
    "an error": { ...right, error: { kind: "busy" } },
    "another end": { ...right, report: { ...report, status: "aborted" } },
    "nothing there at the start": { ...right, before: { backends: ["b"], rules: [] } },
    "nothing removed": { ...right, after: { ...right.after, backends: ["a", "b"] } },
    "too much removed": { ...right, after: { ...right.after, backends: [] } },
    "the rule as it was": { ...right, after: { ...right.after, rules: ["r [a, b]"] } },
    "an outcome that is not known": { ...right, report: { ...report, entries: [{ outcome: "unknown", state: "unknown" }] } },
    "no event": { ...right, events: [{ ...entry, event: "step-end" }] },
    "events that count wrong": { ...right, events: [{ ...entry, done: 0 }] },
    "removed before it was drained": { ...right, changes: [...changes].reverse() },
    "another one drained": { ...right, changes: [{ ...changes[0], ids: { backendId: "b" } }, changes[1]] },
  };
  for (const [what, seen] of Object.entries(wrong)) assert.ok(wrongWithRemoval(expected, seen), what);

  const refused = { before: right.before, after: right.before, error: { kind: "auth" } };
  assert.equal(wrongWithRefusedRemoval(refused), undefined);
  assert.ok(wrongWithRefusedRemoval({ ...refused, error: undefined, report }), "not refused");
  assert.ok(wrongWithRefusedRemoval({ ...refused, error: { kind: "network" } }), "another kind");
  assert.ok(wrongWithRefusedRemoval({ ...refused, after: right.after }), "changed all the same");
});

test("runs that were killed and are not right afterwards are called wrong", () => {
  const look = (backends, rules) => ({ backends, rules });
  const expected = { gone: ["v a"], rules: ["r [b]"] };
  const change = (change, backendId) => ({ change, ids: { backendId } });
  const undo = { status: "done", entries: [{ id: "a", newId: "n", outcome: "restored", state: "serving" }] };
  const right = {
    before: look(["v a", "v b"], ["r [a, b]"]),
    killed: look(["v b"], ["r [a, b]"]),
    resumed: look(["v b"], ["r [b]"]),
    undone: look(["v b", "v n"], ["r [b, n]"]),
    report: { status: "done", resumed: { entries: 4, droppedLine: false } },
    undo,
    changes: [change("changed", "a"), change("removed", "a"), change("added", "n")],
  };
  assert.equal(wrongWithSurvival(expected, right), undefined);
  assert.equal(wrongWithSurvival(expected, { ...right, changes: undefined }), undefined, "not every cloud tells of its changes");
  const wrong = {
    "an error": { ...right, error: { kind: "busy" } },
    "nothing there at the start": { ...right, before: look(["v b"], []) },
    "killed too early": { ...right, killed: right.before },
    "not resumed from a journal": { ...right, report: { status: "done" } },
    "a resume that did not end": { ...right, report: { ...right.report, status: "paused" } },
    "still there after the resume": { ...right, resumed: look(["v a", "v b"], ["r [b]"]) },
    "a rule as it was after the resume": { ...right, resumed: right.killed },
    "an undo that did not end": { ...right, undo: { ...undo, status: "incomplete" } },
    "an undo that found it there": { ...right, undo: { ...undo, entries: [{ ...undo.entries[0], outcome: "present" }] } },
    "not back after the undo": { ...right, undone: right.resumed },
    "another new id than was told": { ...right, undone: look(["v b", "v m"], ["r [b, m]"]) },
    "back, but not in its rule": { ...right, undone: look(["v b", "v n"], ["r [b]"]) },
    "removed twice": { ...right, changes: [...right.changes, change("removed", "a")] },
    "added twice": { ...right, changes: [...right.changes, change("added", "m")] },
  };
  for (const [what, seen] of Object.entries(wrong)) assert.ok(wrongWithSurvival(expected, seen), what);

  const refused = { before: right.before, undone: right.before, error: { kind: "auth" } };
  assert.equal(wrongWithRefusedSurvival(refused), undefined);
  assert.ok(wrongWithRefusedSurvival({ ...refused, error: undefined }), "not refused");
  assert.ok(wrongWithRefusedSurvival({ ...refused, error: { kind: "network" } }), "another kind");
  assert.ok(wrongWithRefusedSurvival({ ...refused, cut: "DeleteMember" }), "sent all the same");
  assert.ok(wrongWithRefusedSurvival({ ...refused, undone: right.killed }), "changed all the same");
});
