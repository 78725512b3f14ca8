// The Workers of the documents: each a program with its wrangler.jsonc, under one heading.
import { blockUnder } from "./blocks.mjs";

const worker = (document, heading) => {
  const { code } = blockUnder(document, heading, "jsonc");
  return { document, heading, program: blockUnder(document, heading, "js").program, manifest: code, ...JSON.parse(code) };
};

/** Each: { document, heading, program, manifest (as printed), name, main, compatibility_date, ... } */
export const removeOne = worker("README.md", "In a Worker");
export const removals = worker("docs/journals-and-locks.md", "In a Worker");
export const workers = [removeOne, removals];

/** Whether a block is one of theirs. */
export const isWorker = ({ document, heading }) => workers.some((one) => one.document === document && one.heading === heading);
