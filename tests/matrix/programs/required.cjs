// What `require` finds of the package. An entry whose `exports` name a file for `require` is taken through it, and must be
// that file; an entry that is for `import` alone is not asked for.
const { exports: entries } = require("unpool/package.json");

const hasTwin = (entry) => typeof entries[entry] === "object" && entries[entry].require !== undefined;
const OTHERS = ["./journals", "./locks", "./node"];

/** The file of every entry with a CommonJS twin must be the twin. */
exports.refuseOtherFiles = (resolve) => {
  for (const entry of [".", ...OTHERS.filter(hasTwin)]) {
    const file = resolve(`unpool${entry.slice(1)}`);
    if (!file.endsWith(".cjs")) throw new Error(`require finds ${file} for ${entry}`);
  }
  for (const entry of OTHERS.filter(hasTwin)) {
    if (Object.keys(require(`unpool${entry.slice(1)}`)).length === 0) throw new Error(`${entry} exports nothing to require`);
  }
};

/** -> a function that opens the journal: in a file where `unpool/node` can be required, else in memory by hand. */
exports.journals = (path) => {
  if (hasTwin("./node")) {
    const { fileJournal } = require("unpool/node");
    return () => fileJournal(path);
  }
  const kept = [];
  return async () => ({ entries: kept.map((line) => JSON.parse(line)), append: async (entry) => void kept.push(JSON.stringify(entry)) });
};
