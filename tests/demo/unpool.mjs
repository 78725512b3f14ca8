// The built package: ./pkg of this repository, or the folder named by UNPOOL_PKG (an unpacked tarball, say).
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

export const packageFolder = process.env.UNPOOL_PKG
  ? resolve(process.env.UNPOOL_PKG)
  : fileURLToPath(new URL("../../pkg", import.meta.url));

const entry = resolve(packageFolder, "index.js");
if (!existsSync(entry)) {
  throw new Error(`${entry} is missing: build the package first (cargo xtask build)`);
}

export const unpool = await import(pathToFileURL(entry).href);
