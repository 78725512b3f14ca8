// The ESM and the CommonJS copy in one program, as happens when an application and its library load one each.
import { createRequire } from "node:module";
import * as esm from "unpool";

const cjs = createRequire(import.meta.url)("unpool");
const caught = (work) => {
  try {
    return work();
  } catch (error) {
    return error;
  }
};
const errors = [esm, cjs].map(({ regions }) => caught(() => regions("alibaab")));

class Own extends esm.UnpoolError {}

console.log(
  JSON.stringify({
    copies: esm.UnpoolError !== cjs.UnpoolError,
    known: errors.map((error) => [esm, cjs].map(({ UnpoolError }) => error instanceof UnpoolError)),
    kinds: errors.map(({ kind }) => kind),
    areErrors: errors.every((error) => error instanceof Error && error.stack.includes("copies.mjs")),
    others: [new Error("no"), {}, null, undefined, "text"].map((value) => value instanceof esm.UnpoolError || value instanceof cjs.UnpoolError),
    subclass: errors.map((error) => error instanceof Own),
  }),
);
