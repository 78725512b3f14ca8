// node|deno|bun run-esm.mjs <job as JSON>: answers the questions, with the journal in a file.
import { fileJournal } from "unpool/node";
import { answers } from "./checks.mjs";
import * as unpool from "./names.mjs";

const job = JSON.parse(process.argv[2]);
console.log(`RESULT ${JSON.stringify(await answers(unpool, job, () => fileJournal(job.journal)))}`);
