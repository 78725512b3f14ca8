// The declarations compile as users compile them: strict, with `skipLibCheck` off, in each way of finding modules, and they
// say what the package has.
import assert from "node:assert/strict";
import { copyFile, readFile, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { before, test } from "node:test";
import ts from "typescript";
import { project, run } from "./install.mjs";

const tsc = createRequire(import.meta.url).resolve("typescript/bin/tsc");
let installed;

before(async (t) => {
  installed = await project(t, "types");
  await copyFile(join(installed.folder, "every-name.ts"), join(installed.folder, "every-name-commonjs.cts"));
});

async function compile(files, options) {
  const config = {
    compilerOptions: { noEmit: true, strict: true, target: "es2022", lib: ["es2022"], types: [], ...options },
    files,
  };
  await writeFile(join(installed.folder, "tsconfig.json"), JSON.stringify(config));
  await run(installed.folder, process.execPath, [tsc, "--project", "."]);
}

const MODULES = ["every-name.ts", "other-entries.ts", "stores.ts"];
const COMMONJS = ["every-name-commonjs.cts", "commonjs.cts"];
const WAYS = [
  { moduleResolution: "nodenext", module: "nodenext", files: [...MODULES, ...COMMONJS] },
  { moduleResolution: "node16", module: "node16", files: [...MODULES, ...COMMONJS] },
  { moduleResolution: "bundler", module: "esnext", files: MODULES },
];

for (const { files, ...options } of WAYS) {
  for (const exactOptionalPropertyTypes of [false, true]) {
    test(`${options.moduleResolution}${exactOptionalPropertyTypes ? ", exact optional properties" : ""}`, () =>
      compile(files, { ...options, exactOptionalPropertyTypes }));
  }
}

test("the types of pages fit", () => compile(["dom.ts", "dom-stores.ts", "any-client.ts"], { module: "esnext", moduleResolution: "bundler", lib: ["es2022", "dom"] }));

/** The names that a declaration file exports -> { values, types } */
function declared(file) {
  const program = ts.createProgram([file], { module: ts.ModuleKind.NodeNext, moduleResolution: ts.ModuleResolutionKind.NodeNext, lib: ["lib.es2022.d.ts"] });
  const checker = program.getTypeChecker();
  const names = { values: [], types: [] };
  for (const symbol of checker.getExportsOfModule(checker.getSymbolAtLocation(program.getSourceFile(file)))) {
    const { flags } = symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
    (flags & ts.SymbolFlags.Value ? names.values : names.types).push(symbol.name);
  }
  return names;
}

const inProject = async (code) => JSON.parse(await run(installed.folder, process.execPath, ["--input-type=module", "--eval", code]));
const namesOf = (from) => inProject(`console.log(JSON.stringify(Object.keys(${from}).sort()))`);

for (const [entry, specifier] of [
  ["index", "unpool"],
  ["slim", "unpool/slim"],
  ["web", "unpool/web"],
  ["journals", "unpool/journals"],
  ["locks", "unpool/locks"],
  ["node", "unpool/node"],
]) {
  test(`${entry}.d.ts declares what ${entry}.js exports`, async () => {
    const { values } = declared(join(installed.installed, `${entry}.d.ts`));
    assert.deepEqual(await namesOf(`await import("${specifier}")`), values.sort());
  });
}

test("every entry has the names of the default one", async () => {
  const all = await namesOf('await import("unpool")');
  assert.deepEqual(await namesOf('process.getBuiltinModule("node:module").createRequire(process.cwd() + "/x.js")("unpool")'), all);
  assert.deepEqual(await namesOf('await import("unpool/web")'), all);
  assert.deepEqual(await namesOf('await import("unpool/slim")'), [...all, "initSync"].sort());
});

/** The names of an interface's properties. */
function propertiesOf(file, name) {
  const program = ts.createProgram([file], { module: ts.ModuleKind.NodeNext, moduleResolution: ts.ModuleResolutionKind.NodeNext, lib: ["lib.es2022.d.ts"] });
  const checker = program.getTypeChecker();
  const symbol = checker.getExportsOfModule(checker.getSymbolAtLocation(program.getSourceFile(file))).find((one) => one.name === name);
  return checker.getDeclaredTypeOfSymbol(symbol).getProperties().map((property) => property.name);
}

test("the options of a method are those that it takes", async () => {
  // What is refused by name says what is taken.
  const hints = await inProject(`
    import { Client } from "unpool";
    const client = new Client({ vendor: "otc", region: "eu-de", credentials: { token: "t" } });
    const operation = { operation: "ListMembers", poolId: "p" };
    const wrong = { wrong: 1 };
    const methods = {
      SignOptions: () => client.sign(operation, wrong),
      SendOptions: () => client.send(operation, wrong),
      ReadOptions: () => client.inspect({ poolId: "p" }, wrong),
      RunOptions: () => client.run({}, wrong),
    };
    const hints = {};
    for (const [name, call] of Object.entries(methods)) hints[name] = await (async () => call())().catch(({ hint }) => hint);
    console.log(JSON.stringify(hints));
  `);
  for (const [name, hint] of Object.entries(hints)) {
    assert.match(hint, /^one of: /, name);
    assert.deepEqual(hint.slice("one of: ".length).split(", ").sort(), propertiesOf(join(installed.installed, "index.d.ts"), name).sort(), name);
  }
});

test("the example of every name leaves none out", async () => {
  const { values, types } = declared(join(installed.installed, "index.d.ts"));
  const example = await readFile(join(installed.folder, "every-name.ts"), "utf8");
  const head = example.slice(0, example.indexOf("/** Compiles only"));
  assert.deepEqual([...values, ...types].filter((name) => !new RegExp(`\\b${name}\\b`).test(head)), []);
});

test("the example of journals and locks leaves none of their names out", async () => {
  const example = await readFile(join(installed.folder, "stores.ts"), "utf8");
  const head = example.slice(0, example.indexOf("/** What a run takes"));
  for (const entry of ["journals", "locks", "node"]) {
    const { values, types } = declared(join(installed.installed, `${entry}.d.ts`));
    assert.deepEqual([...values, ...types].filter((name) => !new RegExp(`\\b${name}\\b`).test(head)), [], entry);
  }
});
