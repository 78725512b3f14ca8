// The safe removals of the demo: each carried out and told, what it did read on the other side, and a table of all.
import { carryOut } from "./carry-out.mjs";
import { wrongWithRefusedRemoval, wrongWithRemoval } from "./judge-removal.mjs";
import { difference, table } from "./table.mjs";

const say = (line) => console.log(line);

/** At a place of places.mjs. */
export async function removalAt({ name, settings, request, look, expected, changes }) {
  const before = await look();
  say(`\n${name}`);
  const seen = await carryOut(settings, request, say);
  return { ...seen, name, expected: expected(before), before, after: await look(), changes: await changes() };
}

export function removalTable(seen) {
  const rows = seen.map(({ name, before, after, report, error }) => [
    name,
    [`${before.backends.length} -> ${after.backends.length}`, ...difference(before, after)],
    report?.status ?? error.kind ?? error.name,
    // Of the run alone: the plan's reads come on top.
    report ? String(report.calls) : "-",
  ]);
  return table(["safe removal", "backends before -> after", "status", "calls"], rows);
}

/** -> what is wrong, or undefined. */
export const judgeRemoval = (seen, wrongSecret) => (wrongSecret ? wrongWithRefusedRemoval(seen) : wrongWithRemoval(seen.expected, seen));
