// A report: what became of each backend, what is neither serving nor gone, and the groups before and after.

import { describeReport, type Report, type UndoReport } from "unpool";
import { fill, h } from "./dom.ts";
import { folded } from "./plan.ts";
import { headline } from "./problem.ts";
import { describeBackend, leftDrained, outcomeOf, plural, reportSummary, stateOf, wasBefore, type Condition } from "./safe-words.ts";
import { beforeAndAfter, groupNames, type Looks } from "./sides.ts";
import { table } from "./table.ts";

export const marked = ({ tone, mark, words }: Condition) => h("span", {}, h("span", { class: `mark ${tone}`, "aria-hidden": "true" }, mark), ` ${words}`);

function loud(report: Report): HTMLElement | false {
  const left = leftDrained(report);
  if (left.length === 0) return false;
  const one = left.length === 1;
  return h(
    "div",
    { class: "note caution loud", role: "alert" },
    h("p", {}, h("span", { class: "mark caution", "aria-hidden": "true" }, "◐"), h("b", {}, ` ${plural(left.length, "backend")} ${one ? "takes" : "take"} no traffic and ${one ? "is" : "are"} not removed.`)),
    h("ul", {}, ...left.map((entry) => h("li", {}, h("span", { class: "name" }, describeBackend(entry).name), ` in ${entry.groupId}: ${wasBefore(entry)}`))),
    h("p", {}, "Nothing more happens by itself: go on, or put them back."),
  );
}

/** Neither gone nor there, as far as anybody knows. */
function unsure(report: Report): HTMLElement | false {
  const unknown = report.entries.filter(({ outcome }) => outcome === "unknown");
  return (
    unknown.length > 0 &&
    h(
      "div",
      { class: "note unknown", role: "alert" },
      h("p", {}, "? ", h("b", {}, `What became of ${plural(unknown.length, "backend")} is not known: `), unknown.map((entry) => describeBackend(entry).name).join(", "), "."),
      h("p", {}, "What to do: check what happened until it can be read, then plan again: a plan finds what is still there."),
    )
  );
}

/** What ended a load balancer's part. That somebody pressed Abort is in the headline. */
export function whyEnded({ loadBalancers }: Report | UndoReport, abortedHere: boolean): (HTMLElement | false)[] {
  return loadBalancers.map(({ id, status, refusal, error }) => {
    if (status === "done" || (!refusal && (!error || (abortedHere && error.kind === "aborted")))) return false;
    const { message, hint } = refusal ?? error ?? { message: "" };
    const isLocked = error?.code === "locked";
    const what = isLocked ? "Look for that tab, or wait until it is done, then try again: the lock is held no longer than its run" : hint;
    return h(
      "div",
      { class: "note bad", role: "alert" },
      h(
        "p",
        {},
        h("span", { class: "mark bad", "aria-hidden": "true" }, "▲"),
        // The lock's own words name the load balancer.
        h("b", {}, ` ${isLocked ? "Not done" : id}: ${refusal ? "refused, " : ""}${message.replace(/\.$/, "")}. `),
        h("code", {}, refusal?.guard ?? (isLocked ? "locked" : error?.kind) ?? ""),
      ),
      what !== undefined && h("p", {}, `What to do: ${what}.`),
    );
  });
}

/** Name and address, without what is in other columns. */
export function backendCell(entry: Parameters<typeof describeBackend>[0]): HTMLElement {
  const { name, detail } = describeBackend(entry);
  return h("span", {}, h("span", { class: "name" }, name), h("small", {}, ` ${detail.split(" · weight")[0]}`));
}

/** An outcome, and why it is no better. */
export function outcomeCell(outcome: Condition, error: { kind: string; message: string } | undefined): HTMLElement {
  const cell = marked(outcome);
  if (error) cell.append(h("small", {}, ` ${error.kind}: ${error.message}`));
  return cell;
}

export const wentOn = ({ resumed }: Report | UndoReport): HTMLElement | false =>
  resumed !== undefined && h("p", { class: "help" }, `Went on from ${plural(resumed.entries, "journal entry", "journal entries")}${resumed.droppedLine ? "; a last line that was cut off was left out" : ""}.`);

/** `next`: what can be done after it. */
export function showReport(parent: HTMLElement, report: Report, looks: Looks, abortedHere: boolean, next: HTMLElement): void {
  const { tone, mark, words } = reportSummary(report);
  const nameOf = groupNames(looks, report);
  fill(
    parent,
    headline(tone, mark, `${words}.`),
    wentOn(report),
    loud(report),
    unsure(report),
    ...whyEnded(report, abortedHere),
    next,
    table(
      "What became of each backend",
      ["Backend", "Group", "Outcome", "State now"],
      report.entries.map((entry) => [backendCell(entry), nameOf(entry), outcomeCell(outcomeOf(entry.outcome), entry.error), marked(stateOf(entry.state))]),
    ),
    report.rules.length > 0 &&
      table(
        "Forwarding rules",
        ["Rule", "What became of it"],
        report.rules.map(({ id, matches, state }) => [`${matches} (${id})`, state]),
      ),
    ...beforeAndAfter(report, looks),
    ...folded("Report", describeReport(report), report),
  );
}
