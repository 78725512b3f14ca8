// The demo's check tells right from wrong: by what it prints, by its exit status, and for results that it has to reject.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { calls } from "./calls.mjs";
import { wrongWith, wrongWithRefusal } from "./judge.mjs";

const script = fileURLToPath(new URL("check.mjs", import.meta.url));
const check = (...options) => spawnSync(process.execPath, [script, ...options], { encoding: "utf8", timeout: 60_000 });
const names = calls().map(({ name }) => name);

/** The printed rows, each as the text between two rules. */
const rowsOf = (output) => output.split(/\n[- ]{40,}\n/).slice(1);

test("every call removes what it has to remove", () => {
  const { status, stdout, stderr } = check();
  assert.equal(status, 0, stdout + stderr);
  const rows = rowsOf(stdout);
  assert.equal(rows.length, names.length);
  for (const [at, call] of calls().entries()) {
    assert.ok(rows[at].startsWith(call.name), rows[at]);
    assert.match(rows[at], / 20[0-9] /);
    assert.equal(rows[at].match(/ gone$/gm).length, call.gone.length, rows[at]);
  }
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
  assert.match(stdout, new RegExp(`all ${names.length} calls were refused as auth, and no backend changed`));
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
