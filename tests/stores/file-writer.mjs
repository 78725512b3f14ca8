// A program that appends to the journal in `JOURNAL`, `LANES` at a time, and says which entries were acknowledged.
import { writeSync } from "node:fs";
import { entry, load } from "./support.mjs";

const { fileJournal } = await load("node");
const lanes = Number(process.env.LANES ?? 1);
const count = Number(process.env.COUNT ?? Infinity);

const say = (line) => writeSync(1, `${line}\n`);
let journal;
try {
  journal = await fileJournal(process.env.JOURNAL);
} catch (error) {
  say(`refused ${error.code}: ${error.message}`);
  process.exit();
}
say(`open ${process.pid}`);
const lane = async (name) => {
  const own = journal.entries.filter((one) => one.lane === name).length;
  for (let seq = own; seq < own + count; seq++) {
    try {
      await journal.append(entry(seq, name));
    } catch (error) {
      say(`failed ${error.code}`);
      return;
    }
    say(`${name} ${seq}`);
  }
};
await Promise.all(Array.from({ length: lanes }, (_, index) => lane(`lb-${index}`)));
// Without close(): the lock is left behind.
if (process.env.STAY) setInterval(() => {}, 1000);
