// The built package: ./pkg of this repository, or the folder named by UNPOOL_PKG (an unpacked tarball, say).
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

export const packageFolder = process.env.UNPOOL_PKG
  ? resolve(process.env.UNPOOL_PKG)
  : fileURLToPath(new URL("../../pkg", import.meta.url));

const entry = (name) => {
  const path = resolve(packageFolder, name);
  if (!existsSync(path)) throw new Error(`${path} is missing: build the package first (cargo xtask build)`);
  return import(pathToFileURL(path).href);
};

export const unpool = await entry("index.js");
export const { fileJournal } = await entry("node.js");
