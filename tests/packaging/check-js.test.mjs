// The package's JavaScript is checked by TypeScript, as strictly as it checks TypeScript: by what JSDoc says, and against the
// declarations that users get.
import assert from "node:assert/strict";
import { readdir } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { test } from "node:test";
import ts from "typescript";
import { pkg } from "./install.mjs";

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

test("nothing is wrong with any file of the package", async () => {
  const files = (await readdir(pkg)).filter((name) => name.endsWith(".js"));
  assert.ok(files.length > 25);
  const program = ts.createProgram(files.map((name) => join(pkg, name)), OPTIONS);
  const wrong = ts.getPreEmitDiagnostics(program).map(
    ({ file, start, messageText }) => `${file?.fileName}:${file?.getLineAndCharacterOfPosition(start).line + 1}: ${ts.flattenDiagnosticMessageText(messageText, "\n")}`,
  );
  assert.deepEqual(wrong, []);
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
