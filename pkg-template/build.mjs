// node pkg-template/build.mjs <folder> <glue>: completes the npm package in <folder>, where the WebAssembly modules
// (core_bg.wasm, removal_bg.wasm) already are, and prints the size of each file. Below <glue>, each has a folder with
// what wasm-bindgen wrote for it (core.js in both).
import { appendFile, cp, readFile, readdir, rm, stat, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { brotliCompressSync, constants } from "node:zlib";

const template = dirname(fileURLToPath(import.meta.url));
const root = dirname(template);
// The tools are installed beside the tests that need most of them.
const requireTool = createRequire(join(root, "tests/package.json"));
const { build } = requireTool("esbuild");

async function exists(path) {
  return stat(path).then(
    () => true,
    () => false,
  );
}

/** A file of the template must never replace a generated one: then one of the two would be dead. */
async function copyTemplate(pkg) {
  for (const name of await readdir(template)) {
    if (name === "build.mjs") continue;
    await cp(join(template, name), join(pkg, name), { recursive: true, force: false, errorOnExist: true });
  }
  for (const name of ["README.md", "CHANGELOG.md", "LICENSE-MIT", "LICENSE-APACHE"]) {
    if (await exists(join(root, name))) await cp(join(root, name), join(pkg, name));
  }
  // The README's links lead there, so they go along; what is below docs/design is for those who change the package.
  for (const { name } of (await readdir(join(root, "docs"), { withFileTypes: true })).filter((entry) => entry.isFile())) {
    await cp(join(root, "docs", name), join(pkg, "docs", name));
  }
}

async function stampVersion(pkg) {
  const manifest = await readFile(join(root, "Cargo.toml"), "utf8");
  const [, version] = /^\[package\][^[]*?^version = "([^"]+)"/ms.exec(manifest) ?? [];
  if (version === undefined) throw new Error("Cargo.toml has no package version");
  const path = join(pkg, "package.json");
  const { name, version: _, ...rest } = JSON.parse(await readFile(path, "utf8"));
  await writeFile(path, `${JSON.stringify({ name, version, ...rest }, null, 2)}\n`);
}

/** The operations' declarations follow those that are written by hand. */
async function joinDeclarations(pkg) {
  const part = join(pkg, "operations.d.ts.part");
  await appendFile(join(pkg, "index.d.ts"), await readFile(part));
  await rm(part);
}

/** Each a build of its own. The text of the first belongs to the entry; that of the second to a chunk which is loaded later. */
const MODULES = [
  { name: "core", text: "inline.js" },
  { name: "removal", text: "inline_removal.js" },
];
const moduleOf = (pkg, { name }) => readFile(join(pkg, `${name}_bg.wasm`));

// The modules as text: a byte is one character or, when it is rare, one of two escapes and a character. Whole characters
// for whole bytes, so that a module's repetitions stay repetitions.

/** Printable, and nothing that a string, a template or a script element would need escaped. */
const CHARACTERS = Array.from({ length: 95 }, (_, index) => String.fromCharCode(32 + index)).filter((char) => !"\"'`\\$<".includes(char));
const ESCAPES = ["%", "="];
/**
 * The bytes with a character of their own, in the order of the characters. Any order is correct. This one was searched
 * for: brotli foretells a character from the kinds (vowel, digit, bracket, ...) of the two before it, so bytes that are
 * followed by the same share a kind. Small letters and `_` stay themselves: brotli knows words, and the names that both
 * the module and its JavaScript hold. What counts is what comes out of each bundler (tests/matrix/start-size.mjs).
 */
const OWN = Buffer.from(
  "201b0109450d0f2d2c7fe80830c105283435d0373a29000e210a04413c431180191c104224063615988831391e38" +
    "1a90330b121332020cc05f6162636465666768696a6b6c6d6e6f707172737475767778144003072218",
  "hex",
);

/** -> the text of each byte. Behind an escape stand those characters whose own byte is not zero, for the highest byte first. */
function alphabet() {
  const own = CHARACTERS.filter((char) => !ESCAPES.includes(char));
  const pairs = ESCAPES.flatMap((escape) => own.filter((_, index) => OWN[index] !== 0).map((char) => escape + char));
  const texts = Array.from({ length: 256 }, (_, index) => own[OWN.indexOf(255 - index)] ?? pairs.shift()).reverse();
  if (new Set(OWN).size !== own.length || texts.includes(undefined)) throw new Error("the alphabet does not fit its characters");
  return texts;
}

/** The decoder's memory: a page of bytes by character for each way to be written, then a text, decoded in its place. */
const TABLE = 32;
const PAGE = 96;
const TEXT = TABLE + (1 + ESCAPES.length) * PAGE;

/** The first page; the others follow from it. */
function table(texts) {
  const bytes = new Uint8Array(PAGE - 1);
  texts.forEach((text, byte) => {
    if (text.length === 1) bytes[text.charCodeAt(0) - TABLE] = byte;
  });
  return bytes;
}

/**
 * A module again: code that runs once is several times as fast in WebAssembly as in JavaScript. `d` decodes from an address
 * on, up to the zero behind the text, and gives the address behind the last byte and that zero.
 */
async function decoder(texts, length) {
  const { default: binaryen } = await import(pathToFileURL(requireTool.resolve("binaryen")));
  // Without a branch: what stands behind an escape is written over what the escape itself was taken for.
  const isEscape = (escape, index) => `(i32.shl (i32.eq (local.get $char) (i32.const ${escape.charCodeAt(0)})) (i32.const ${index}))`;
  const data = Array.from(table(texts), (byte) => `\\${byte.toString(16).padStart(2, "0")}`);
  const parsed = binaryen.parseText(`(module
    (memory (export "m") ${Math.ceil((TEXT + length + 1) / 65536)})
    (data (i32.const ${TABLE}) "${data.join("")}")
    (func (export "d") (param $from i32) (result i32)
      (local $to i32) (local $char i32) (local $page i32)
      (local.set $to (local.get $from))
      (loop $next
        (i32.store8 (local.get $to) (i32.load8_u (i32.add (local.tee $char (i32.load8_u (local.get $from))) (local.get $page))))
        (local.set $page (i32.mul (i32.const ${PAGE}) (i32.or ${ESCAPES.map(isEscape).join(" ")})))
        (local.set $to (i32.add (local.get $to) (i32.eqz (local.get $page))))
        (local.set $from (i32.add (local.get $from) (i32.const 1)))
        (br_if $next (local.get $char)))
      (local.get $to)))`);
  binaryen.setOptimizeLevel(2);
  binaryen.setShrinkLevel(2);
  parsed.optimize();
  return Buffer.from(parsed.emitBinary());
}

/** What module.js does itself: if the glue does it in another way, so does its module. */
const CONVENTIONS = [
  "const ret = wasm.core_new();",
  "CoreFinalization.register(this, this.__wbg_ptr, this);",
  "new FinalizationRegistry(ptr => wasm.__wbg_core_free(ptr, 1));",
  "ptr0 = passStringToWasm0(text, wasm.__wbindgen_malloc, wasm.__wbindgen_realloc);",
  "ptr1 = isLikeNone(more) ? 0 : passStringToWasm0(more, wasm.__wbindgen_malloc, wasm.__wbindgen_realloc);",
  "const ret = wasm.core_call(this.__wbg_ptr, val3, ptr0, len0, ptr1, len1, val4, val5, val6, val7);",
  "return getStringFromWasm0(ret[0], ret[1]);",
  "wasm.__wbindgen_free(deferred8_0, deferred8_1, 1);",
];
/** A module's exports, and those that only some versions of the standard library lead to. */
const EXPORTS = /^(memory|core_(new|call)|__wbg_core_free|__wbindgen_(malloc|realloc|free|start|externrefs)|__abort_handler|__instance_terminated)$/;

/** Puts module.js in the place of the glue. */
async function replaceGlue(pkg, glueFolder) {
  const imports = new Map();
  for (const one of MODULES) {
    const glue = await readFile(join(glueFolder, one.name, "core.js"), "utf8");
    const missing = CONVENTIONS.find((line) => !glue.includes(line));
    if (missing !== undefined) throw new Error(`the glue of ${one.name} works in another way than module.js: it has no ${missing}`);
    const module = await WebAssembly.compile(await moduleOf(pkg, one));
    const strange = WebAssembly.Module.exports(module).find(({ name }) => !EXPORTS.test(name));
    if (strange !== undefined) throw new Error(`module.js does not know the export ${strange.name} of ${one.name}`);
    for (const { name } of WebAssembly.Module.imports(module)) {
      if (name.startsWith("__wbg___wbindgen_throw_")) imports.set(name, `${name}: thrown`);
      else if (name === "__wbindgen_init_externref_table") imports.set(name, `${name}() {}`);
      else throw new Error(`module.js has no ${name} for ${one.name} to import`);
    }
  }
  const path = join(pkg, "module.js");
  const [before, after] = (await readFile(path, "utf8")).split("IMPORTS");
  await writeFile(path, before + [...imports.values()].join(", ") + after);
}

/** As text, for every runtime that compiles from bytes. */
async function inlineModules(pkg) {
  const texts = alphabet();
  const inlined = [];
  for (const one of MODULES) {
    const module = await moduleOf(pkg, one);
    await WebAssembly.compile(module);
    const text = Array.from(module, (byte) => texts[byte]).join("");
    await writeFile(join(pkg, one.text), `export const text = "${text}";\n`);
    inlined.push({ ...one, module, length: text.length });
  }
  const small = await decoder(texts, Math.max(...inlined.map(({ length }) => length)));
  await writeFile(
    join(pkg, "decode.js"),
    `const decoder = "${small.toString("base64")}";
/** @param {string} text */
export function decode(text) {
  const module = Uint8Array.from(atob(decoder), (char) => char.charCodeAt(0));
  /** @type {{ exports: Record<string, any> }} */
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(module));
  const memory = new Uint8Array(exports.m.buffer, ${TABLE});
  const own = memory.slice(0, ${PAGE - 1});
  let at = ${PAGE - 1};
  for (let byte = 256; byte--; ) {
    if (own.includes(byte)) continue;
    do at++;
    while (!own[at % ${PAGE}]);
    memory[at] = byte;
  }
  const bytes = memory.subarray(${TEXT - TABLE});
  new TextEncoder().encodeInto(text, bytes);
  return bytes.subarray(0, exports.d(${TEXT}) - ${TEXT + 1});
}
`,
  );
  const { decode } = await import(pathToFileURL(join(pkg, "decode.js")));
  for (const { text: file, module } of inlined) {
    const { text } = await import(pathToFileURL(join(pkg, file)));
    if (!module.equals(decode(text))) throw new Error(`${file} does not give back its module`);
  }
}

/** The entries that CommonJS can load as well; the others find files beside them by `import.meta.url`, or are given them. */
const COMMONJS = ["index", "journals", "locks", "node"];

/** Each in one file: what several of them need is small, and errors of several copies know each other. */
async function bundleCommonJs(pkg) {
  await build({
    entryPoints: COMMONJS.map((name) => join(pkg, `${name}.js`)),
    outdir: pkg,
    outExtension: { ".js": ".cjs" },
    absWorkingDir: pkg,
    bundle: true,
    format: "cjs",
    platform: "neutral",
    external: ["node:*"],
    logLevel: "warning",
    logOverride: { "empty-import-meta": "error" },
  });
  await declareCommonJs(pkg);
}

/** The declarations of those entries, and what these import: the same text, in which each file names the others' twins. */
async function declareCommonJs(pkg) {
  const RELATIVE = /((?:from|import\()\s*"\.\/)([a-z_]+)\.js"/g;
  const names = new Set(COMMONJS);
  // A set gives what is added while it is walked through, too.
  for (const name of names) {
    const text = await readFile(join(pkg, `${name}.d.ts`), "utf8");
    for (const [, , other] of text.matchAll(RELATIVE)) names.add(other);
    await writeFile(join(pkg, `${name}.d.cts`), text.replace(RELATIVE, '$1$2.cjs"'));
  }
}

/** A package that cannot be imported is found here and not by its first user. */
async function importOnce(pkg) {
  const require = createRequire(import.meta.url);
  for (const name of COMMONJS) {
    const esm = Object.keys(await import(pathToFileURL(join(pkg, `${name}.js`)))).sort();
    const cjs = Object.keys(require(join(pkg, `${name}.cjs`))).sort();
    if (`${esm}` !== `${cjs}`) throw new Error(`${name}.js exports ${esm}; ${name}.cjs exports ${cjs}`);
  }
}

async function report(pkg) {
  const rows = [["file", "bytes", "brotli"]];
  const entries = await readdir(pkg, { withFileTypes: true });
  for (const name of entries.filter((entry) => entry.isFile()).map(({ name }) => name).sort()) {
    const bytes = await readFile(join(pkg, name));
    const packed = brotliCompressSync(bytes, {
      params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length },
    });
    rows.push([name, String(bytes.length), String(packed.length)]);
  }
  for (const [name, raw, packed] of rows) console.log(`${name.padEnd(20)}${raw.padStart(10)}${packed.padStart(10)}`);
}

const [pkg, glue] = process.argv.slice(2).map((path) => resolve(path));
if (glue === undefined) throw new Error("usage: node pkg-template/build.mjs <folder> <glue>");
await copyTemplate(pkg);
await stampVersion(pkg);
await joinDeclarations(pkg);
await replaceGlue(pkg, glue);
await inlineModules(pkg);
await bundleCommonJs(pkg);
await importOnce(pkg);
await report(pkg);
