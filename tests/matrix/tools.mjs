// Where the runtimes and tools are that package.json names, and their versions.
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const places = ["node_modules", "more/node_modules", "../node_modules"].map((place) => fileURLToPath(new URL(place, import.meta.url)));

const [modules] = places;

/** A file of a package here, of one that only the whole matrix needs, or of one that all tests share. */
export function tool(name, path = "") {
  const found = places.map((folder) => join(folder, name)).find(existsSync);
  if (found === undefined) throw new Error(`${name} is not installed: cargo xtask test and cargo xtask matrix install it`);
  return join(found, path);
}

export const version = (name) => JSON.parse(readFileSync(tool(name, "package.json"), "utf8")).version;

/** Wrangler brings a Miniflare of its own, which is not the one that the tests use. */
export const versionOfTests = (name) => JSON.parse(readFileSync(join(places.at(-1), name, "package.json"), "utf8")).version;

/** A program that comes as a package for each platform, of which npm installed the one for this. */
function ofPlatform(scope, path) {
  const found = readdirSync(join(modules, scope)).map((name) => join(modules, scope, name, path)).find(existsSync);
  if (found === undefined) throw new Error(`${scope} has no package for this platform`);
  return found;
}

export const node = (major) => tool(`node${major}`, "bin/node");
export const deno = () => ofPlatform("@deno", "deno");
export const bun = () => ofPlatform("@oven", "bin/bun");
export const workerd = () => ofPlatform("@cloudflare", "bin/workerd");
