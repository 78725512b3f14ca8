// An undo's report: what became of each backend, its new id beside the old one, and the groups before and after.

import { describeReport, type UndoReport } from "unpool";
import { fill, h } from "./dom.ts";
import { folded } from "./plan.ts";
import { headline } from "./problem.ts";
import { backendCell, marked, outcomeCell, wentOn, whyEnded } from "./report.ts";
import { stateOf } from "./safe-words.ts";
import { beforeAndAfter, groupNames, type Looks } from "./sides.ts";
import { renamed, table } from "./table.ts";
import { undoOutcomeOf, undoSummary } from "./undo-words.ts";

export function showUndoReport(parent: HTMLElement, report: UndoReport, looks: Looks, abortedHere: boolean): void {
  const { tone, mark, words } = undoSummary(report);
  const nameOf = groupNames(looks, report);
  const hasNewIds = report.entries.some(({ newId }) => newId !== undefined);
  fill(
    parent,
    headline(tone, mark, `${words}.`),
    wentOn(report),
    ...whyEnded(report, abortedHere),
    hasNewIds && h("p", { class: "help" }, "The vendor gave new ids: what refers to the old ones has to be told."),
    table(
      "What became of each backend",
      ["Backend", "Group", ...(hasNewIds ? ["Id"] : []), "Outcome", "State now"],
      report.entries.map((entry) => [
        backendCell(entry),
        nameOf(entry),
        ...(hasNewIds ? [entry.newId === undefined ? entry.id : renamed(entry.id, entry.newId)] : []),
        outcomeCell(undoOutcomeOf(entry.outcome), entry.error),
        marked(stateOf(entry.state)),
      ]),
    ),
    report.rules.length > 0 &&
      table(
        "Forwarding rules",
        ["Rule", "What became of it"],
        report.rules.map(({ id, plannedId, matches, state }) => [h("span", {}, `${matches} (`, plannedId === undefined ? id : renamed(plannedId, id), ")"), state]),
      ),
    ...beforeAndAfter(report, looks),
    ...folded("Undo", describeReport(report), report),
  );
}
