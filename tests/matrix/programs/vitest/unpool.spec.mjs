// A test in Vitest that answers the questions; `test` is one of its globals.
import { writeFile } from "node:fs/promises";
import { fileJournal } from "unpool/node";
import { answers } from "../checks.mjs";
import * as unpool from "../names.mjs";

test("the four questions", { timeout: 60_000 }, async () => {
  const job = JSON.parse(process.env.MATRIX_JOB);
  await writeFile(job.answers, JSON.stringify(await answers(unpool, job, () => fileJournal(job.journal))));
});
