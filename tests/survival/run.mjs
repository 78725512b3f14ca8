// A program that carries out `JOB.plan` with the journal in `JOB.path`, and says what it has written and what came of it.
// With `JOB.hold` it stands still behind the entry of that number, until it is killed; with `JOB.hasty`, pauses take no time.
import { writeSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { packageFolder, unpool } from "../demo/unpool.mjs";

const { fileJournal } = await import(pathToFileURL(join(packageFolder, "node.js")).href);
const { client: options, plan, path, hold, hasty, limitMs } = JSON.parse(process.env.JOB);
const say = (line) => writeSync(1, `${line}\n`);

if (hasty) {
  const { setTimeout: real } = globalThis;
  const { now } = Date;
  let ahead = 0;
  Date.now = () => now.call(Date) + ahead;
  // Every exchange has this limit, so that it can be told from a pause.
  globalThis.setTimeout = (work, ms, ...rest) => real(() => (ms === limitMs || (ahead += ms), work(...rest)), ms === limitMs ? ms : 0);
}

const journal = await fileJournal(path);
const append = async (entry) => {
  await journal.append(entry);
  say(`entry ${JSON.stringify(entry)}`);
  if (journal.entries.length === hold) {
    say("holds");
    await new Promise((resolve) => setTimeout(resolve, 600_000));
  }
};
const client = new unpool.Client({ ...options, timeoutMs: limitMs });
const onEvent = ({ event, why, step }) => say(`event ${event} ${why ?? step ?? ""}`);
const report = await client.run(plan, { journal: { entries: journal.entries, append }, onEvent });
await journal.close();
say(`report ${JSON.stringify(report)}`);
