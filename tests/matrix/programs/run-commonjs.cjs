// node|bun run-commonjs.cjs <job as JSON>: the same through `require`.
const unpool = require("unpool");
const { journals, refuseOtherFiles } = require("./required.cjs");

const job = JSON.parse(process.argv[2]);
refuseOtherFiles(require.resolve);
import("./checks.mjs")
  .then(({ answers }) => answers(unpool, job, journals(job.journal)))
  .then((out) => console.log(`RESULT ${JSON.stringify(out)}`));
