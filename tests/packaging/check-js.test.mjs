// The package's JavaScript is checked by TypeScript, as strictly as it checks TypeScript: by what JSDoc says, and against the
// declarations that users get.
import assert from "node:assert/strict";
import { readdir } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { before, test } from "node:test";
import ts from "typescript";
import { pkg } from "./install.mjs";

/** Those whose functions do not say yet what they take. All else that is checked is checked in them, too. */
const UNTYPED = ["alone.js", "budget.js", "client.js", "given_module.js", "hearing.js", "index.js", "journal_writer.js", "lanes.js", "once.js", "removal.js", "removal_loader.js", "run_options.js", "sending.js", "shared.js", "slim.js", "stop.js", "turns.js", "web.js", "workerd.js"];
/** "implicitly has an 'any' type" and its kin. */
const isImplicitAny = ({ code }) => code >= 7005 && code <= 7060;

const types = dirname(dirname(createRequire(import.meta.url).resolve("@types/node/package.json")));
const OPTIONS = {
  noEmit: true,
  allowJs: true,
  checkJs: true,
  strict: true,
  target: ts.ScriptTarget.ES2022,
  module: ts.ModuleKind.ESNext,
  moduleResolution: ts.ModuleResolutionKind.Bundler,
  lib: ["lib.es2022.d.ts", "lib.dom.d.ts", "lib.dom.iterable.d.ts"],
  typeRoots: [types],
  types: ["node"],
};

/** What TypeScript says of these files -> [{ file, code, line }] */
function findings(files) {
  const program = ts.createProgram(files, OPTIONS);
  return ts.getPreEmitDiagnostics(program).map(({ file, start, code, messageText }) => ({
    file: file?.fileName.slice(pkg.length + 1),
    code,
    line: `${file?.fileName}:${file?.getLineAndCharacterOfPosition(start).line + 1}: ${ts.flattenDiagnosticMessageText(messageText, "\n")}`,
  }));
}

let found;
before(async () => {
  const files = (await readdir(pkg)).filter((name) => name.endsWith(".js"));
  assert.ok(files.length > 25 && UNTYPED.every((name) => files.includes(name)));
  found = findings(files.map((name) => join(pkg, name)));
});

test("nothing is wrong with any file of the package", () => {
  const wrong = found.filter((one) => !(isImplicitAny(one) && UNTYPED.includes(one.file)));
  assert.deepEqual(wrong.map(({ line }) => line), []);
});

test("a file that says what its functions take leaves the list of those that do not", () => {
  const untyped = new Set(found.filter(isImplicitAny).map(({ file }) => file));
  assert.deepEqual(UNTYPED.filter((name) => !untyped.has(name)), []);
});

test("the check sees a wrong call, an export that is not as declared, and what has no type", () => {
  // One mistake of each kind, in a file that is not there: the check would say so.
  const path = join(pkg, "mistaken.js");
  const text = `import { text } from "./text.js";
text(1, 2);
/** @type {typeof import("./index.js").selectorOf} */
export const selectorOf = ({ id }) => ({ id });
export const untyped = (given) => given;
`;
  const host = ts.createCompilerHost(OPTIONS);
  const { getSourceFile, fileExists, readFile } = host;
  host.fileExists = (name) => name === path || fileExists(name);
  host.readFile = (name) => (name === path ? text : readFile(name));
  host.getSourceFile = (name, version) => (name === path ? ts.createSourceFile(name, text, version) : getSourceFile(name, version));
  const program = ts.createProgram([path], OPTIONS, host);
  const codes = ts.getPreEmitDiagnostics(program, program.getSourceFile(path)).map(({ code }) => code);
  assert.deepEqual(codes.sort(), [2345, 2741, 7006]);
});
