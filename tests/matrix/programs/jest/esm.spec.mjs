// A test in Jest that answers the questions, through `import` (node --experimental-vm-modules).
import { writeFile } from "node:fs/promises";
import { fileJournal } from "unpool/node";
import { answers } from "../checks.mjs";
import * as unpool from "../names.mjs";

test("the four questions", async () => {
  const job = JSON.parse(process.env.MATRIX_JOB);
  await writeFile(job.answers, JSON.stringify(await answers(unpool, job, () => fileJournal(job.journal))));
}, 60_000);
