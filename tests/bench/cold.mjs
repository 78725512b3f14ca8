// From import to the first signature in a fresh process, beside hand-written node:crypto.
import { execFile } from "node:child_process";
import { fileURLToPath, pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { median } from "./median.mjs";

const PROCESSES = 11;
export const COLD_BUDGET = 3;

const run = promisify(execFile);
const child = fileURLToPath(new URL("cold-child.mjs", import.meta.url));

async function once(entry) {
  const { stdout } = await run(process.execPath, [child, entry]);
  return JSON.parse(stdout);
}

/** -> { own, unpool (each { wall, cpu } in milliseconds), ratio (of wall) }, medians over fresh processes, in turns */
export async function measureCold(entryFile) {
  const entry = pathToFileURL(entryFile).href;
  // The first of each fills the file cache and is not counted.
  await once("own");
  await once(entry);
  const rounds = [];
  for (let round = 0; round < PROCESSES; round++) {
    const own = await once("own");
    rounds.push({ own, unpool: await once(entry) });
  }
  const of = (side) => ({
    wall: median(rounds.map((round) => round[side].wall)),
    cpu: median(rounds.map((round) => round[side].cpu)),
  });
  return { own: of("own"), unpool: of("unpool"), ratio: median(rounds.map(({ own, unpool }) => unpool.wall / own.wall)) };
}
