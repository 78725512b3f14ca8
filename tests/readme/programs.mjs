// Runs an example in a process of its own, with the built package installed beside it.
import { spawn } from "node:child_process";
import { mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { transformSync } from "esbuild";
import { packageFolder } from "../demo/unpool.mjs";

const preload = pathToFileURL(fileURLToPath(new URL("addressed.mjs", import.meta.url))).href;
export const folder = fileURLToPath(new URL("../../target/readme", import.meta.url));

/** An empty folder in which `unpool` can be imported. */
export function prepare() {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(join(folder, "node_modules"), { recursive: true });
  symlinkSync(packageFolder, join(folder, "node_modules/unpool"), "dir");
}

const asScript = { js: (code) => code, cjs: (code) => code, ts: (code) => transformSync(code, { loader: "ts" }).code };

/** `files` are in its folder: { name: text }. `killAt`: it is killed when it sends what has this text. -> { status, signal, lines, errors } */
export async function run(name, { language, program }, { addresses, env = {}, then = "", files = {}, killAt = "" }) {
  const file = join(folder, `${name}.${language === "cjs" ? "cjs" : "mjs"}`);
  writeFileSync(file, `${asScript[language](program)}\n${then}\n`);
  // Its own place, so that no example finds what another one wrote.
  const place = join(folder, "places", name);
  mkdirSync(place, { recursive: true });
  for (const [file, text] of Object.entries(files)) writeFileSync(join(place, file), text);
  const child = spawn(process.execPath, ["--import", preload, file], {
    cwd: place,
    env: { PATH: process.env.PATH, ...env, ADDRESSES: JSON.stringify(addresses), KILL_AT: killAt },
    stdio: ["ignore", "pipe", "pipe"],
    timeout: 60_000,
  });
  const [output, errors, [status, signal]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    new Promise((resolve) => child.once("close", (...how) => resolve(how))),
  ]);
  return { status, signal, lines: output.split("\n").slice(0, -1), errors };
}

async function text(stream) {
  let all = "";
  for await (const part of stream.setEncoding("utf8")) all += part;
  return all;
}
