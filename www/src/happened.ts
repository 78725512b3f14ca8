// What happened to a run that was cut off: what its journal says, and how things are now. Only reads.

import type { Picture } from "unpool";
import { clock } from "./clock.ts";
import { fill, h } from "./dom.ts";
import type { KeptRun } from "./kept.ts";
import { headline } from "./problem.ts";
import { backendCell, marked } from "./report.ts";
import { groupNames } from "./sides.ts";
import { plural } from "./safe-words.ts";
import { table } from "./table.ts";
import { journalWords, nowOf, nowSummary, unanswered, wasThen } from "./undo-words.ts";

type Entries = KeptRun["entries"];

function journal(title: string, entries: Entries, lanes: number): HTMLElement {
  return h(
    "details",
    { class: "fold", open: entries.length <= 12 },
    h("summary", {}, `${title}: ${plural(entries.length, "entry", "entries")}`),
    h(
      "ol",
      { class: "log", "aria-label": title, tabIndex: 0 },
      ...entries.map((entry) =>
        h(
          "li",
          {},
          typeof entry === "string" ? h("span", {}) : h("time", { dateTime: entry.at }, clock(new Date(entry.at))),
          h("span", {}, journalWords(entry), lanes > 1 && typeof entry !== "string" && h("small", {}, ` ${entry.lane}`)),
        ),
      ),
    ),
  );
}

function open(entries: Entries): HTMLElement | false {
  const names = unanswered(entries);
  return (
    names.length > 0 &&
    h("div", { class: "note unknown" }, h("p", {}, "? ", h("b", {}, `${names.join(", ")}: the request may have left, and no answer is written down. `), "How things are now tells."))
  );
}

export function showHappened(parent: HTMLElement, kept: KeptRun, picture: Picture): void {
  const { plan, entries, undoEntries } = kept;
  const states = plan.entries.map((entry) => nowOf(entry, picture));
  const { tone, mark, words } = nowSummary(states);
  const nameOf = groupNames({ before: { picture }, after: { picture } }, plan);
  const rules = new Map(picture.loadBalancers.flatMap(({ groups }) => groups.flatMap((group) => group.rules.map((rule) => [rule.id, rule]))));
  const { loadBalancers } = plan;
  fill(
    parent,
    headline(tone, mark, `${words}.`),
    h("p", { class: "help" }, `As of ${clock(new Date(picture.readAt))}. Nothing was changed by this look.`),
    open(undoEntries.length > 0 ? undoEntries : entries),
    table(
      "How the backends are now",
      ["Backend", "Group", "When planned", "Now"],
      plan.entries.map((entry, at) => [backendCell(entry), nameOf(entry), wasThen(entry), marked(states[at] ?? { tone: "unknown", mark: "?", words: "Unknown" })]),
    ),
    plan.rules.length > 0 &&
      table(
        "How the forwarding rules are now",
        ["Rule", "When planned", "Now"],
        plan.rules.map(({ id, matches, backends }) => [`${matches} (${id})`, backends.join(", ") || "nobody", rules.get(id)?.backends.join(", ") ?? "Not there"]),
      ),
    journal("The journal of the run", entries, loadBalancers.length),
    undoEntries.length > 0 && journal("The journal of the undo", undoEntries, loadBalancers.length),
  );
}
