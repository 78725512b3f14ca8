// A test in Jest that answers the questions, through `require`. Jest has no import() here, so the questions come as the
// CommonJS that esbuild made of them.
const { writeFileSync } = require("node:fs");
const unpool = require("unpool");
const { answers } = require("../checks.cjs");
const { journals, refuseOtherFiles } = require("../required.cjs");

test("the four questions", async () => {
  const job = JSON.parse(process.env.MATRIX_JOB);
  refuseOtherFiles(require.resolve);
  writeFileSync(job.answers, JSON.stringify(await answers(unpool, job, journals(job.journal))));
}, 60_000);
