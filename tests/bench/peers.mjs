// node tests/bench/peers.mjs: what a signature and a minimal program cost with unpool and with others, as tables in Markdown
// (docs/design/size.md has the last ones). Times are comparable within a run alone.
import { existsSync, readFileSync } from "node:fs";
import { loadavg } from "node:os";
import { join } from "node:path";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import { pkg } from "../packaging/install.mjs";
import { kib } from "../packaging/size.mjs";
import { sizes } from "./peers/size.mjs";
import { measureAll } from "./peers/time.mjs";

const entry = join(pkg, "index.js");
if (!existsSync(entry)) throw new Error(`${entry} is missing: build the package first (cargo xtask build)`);

const require = createRequire(new URL("peers/package.json", import.meta.url));
/** "aws4fetch" -> "aws4fetch 1.0.20"; what is no package stays as it is. */
function versioned(name) {
  const [, named] = /^(@[\w-]+\/[\w-]+|aws4fetch)/.exec(name) ?? [];
  if (named === undefined) return name;
  const folder = require.resolve.paths(named).map((path) => join(path, named, "package.json")).find(existsSync);
  return name.replace(named, `${named} ${JSON.parse(readFileSync(folder, "utf8")).version}`);
}

function table(head, rows) {
  const all = [head, head.map((_, column) => (column === 0 ? "---" : "---:")), ...rows];
  const widths = head.map((_, column) => Math.max(...all.map((row) => row[column].length)));
  for (const row of all) console.log(`| ${row.map((cell, column) => (column === 0 ? cell.padEnd(widths[0]) : cell.padStart(widths[column]))).join(" | ")} |`);
}

console.log(`\nA signed RemoveBackendServers, microseconds (Node ${process.versions.node}, load of the machine ${loadavg()[0].toFixed(1)})\n`);
const rows = await measureAll(await import(pathToFileURL(entry)));
const micro = (number) => number.toFixed(number < 100 ? 1 : 0);
table(
  ["", "signature", "1 server", "its CPU time", "20 servers", "its CPU time"],
  rows.map(({ name, signature, times: [one, twenty] }) => [versioned(name), signature, micro(one.wall), micro(one.cpu), micro(twenty.wall), micro(twenty.cpu)]),
);

console.log("\nA program that removes one server, minified by esbuild, KiB\n");
table(
  ["", "runs in", "raw", "brotli 11"],
  (await sizes(pkg)).map(({ name, runs, raw, brotli }) => [versioned(name), runs, kib(raw), kib(brotli)]),
);
