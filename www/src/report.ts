// A report: what became of each backend, what is neither serving nor gone, and the groups before and after.

import { describeReport, type Backend, type Picture, type Report } from "unpool";
import { clock } from "./clock.ts";
import { fill, h } from "./dom.ts";
import { backendLine, groupTitle } from "./picture.ts";
import { folded } from "./plan.ts";
import { headline } from "./problem.ts";
import { condition, describeBackend, groupName, leftDrained, outcomeOf, plural, reportSummary, sorted, stateOf, wasBefore, type Condition } from "./safe-words.ts";
import { table } from "./table.ts";

/** A picture, or why there is none. */
export type Look = { picture: Picture } | { problem: string };

const marked = ({ tone, mark, words }: Condition) => h("span", {}, h("span", { class: `mark ${tone}`, "aria-hidden": "true" }, mark), ` ${words}`);

const groupsOf = (look: Look) =>
  "picture" in look ? look.picture.loadBalancers.flatMap(({ id, groups }) => groups.map((group) => ({ key: `${id} ${group.id}`, ...group }))) : [];

function side(title: string, look: Look, group: { backends: readonly Backend[] } | undefined, lost: ReadonlySet<string>): HTMLElement {
  return h(
    "div",
    { class: "pool" },
    h("h5", {}, title, "picture" in look && h("small", {}, ` as of ${clock(new Date(look.picture.readAt))}`)),
    "problem" in look && h("p", { class: "idle" }, `Could not be read: ${look.problem}`),
    group?.backends.length === 0 && h("p", { class: "idle" }, "No backends. Traffic has nowhere to go."),
    h(
      "ul",
      {},
      ...sorted(group?.backends ?? []).map((backend) => {
        const gone = lost.has(backend.id);
        return h("li", { class: `backend ${gone ? "gone" : condition(backend).tone}` }, ...backendLine(backend, gone));
      }),
    ),
    group && h("p", { class: "count" }, plural(group.backends.length, "backend")),
  );
}

function beforeAndAfter(report: Report, before: Look, after: Look): HTMLElement[] {
  const touched = new Set(report.entries.map(({ loadBalancerId, groupId }) => `${loadBalancerId} ${groupId}`));
  const later = new Map(groupsOf(after).map((group) => [group.key, group]));
  const shown = (groupsOf(before).length > 0 ? groupsOf(before) : groupsOf(after)).filter(({ key }) => touched.has(key));
  const earlier = new Map(groupsOf(before).map((group) => [group.key, group]));
  return shown.map((group) => {
    const [was, is] = [earlier.get(group.key), later.get(group.key)];
    const left = new Set(is?.backends.map(({ id }) => id));
    const lost = new Set(is ? was?.backends.map(({ id }) => id).filter((id) => !left.has(id)) : []);
    return h("div", { class: "touched" }, groupTitle(group, report.loadBalancers.length === 1), h("div", { class: "pair" }, side("Before", before, was, lost), side("After", after, is, new Set())));
  });
}

function loud(report: Report): HTMLElement | false {
  const left = leftDrained(report);
  if (left.length === 0) return false;
  const one = left.length === 1;
  return h(
    "div",
    { class: "note caution loud", role: "alert" },
    h("p", {}, h("span", { class: "mark caution", "aria-hidden": "true" }, "◐"), h("b", {}, ` ${plural(left.length, "backend")} ${one ? "takes" : "take"} no traffic and ${one ? "is" : "are"} not removed.`)),
    h("ul", {}, ...left.map((entry) => h("li", {}, h("span", { class: "name" }, describeBackend(entry).name), ` in ${entry.groupId}: ${wasBefore(entry)}`))),
    h("p", {}, "Nothing more happens by itself. To go on: plan again, and run that plan. To take it back: set what it was before."),
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
      h("p", {}, "What to do: press Look until it can be read, then plan again: a plan finds what is still there."),
    )
  );
}

export function showReport(parent: HTMLElement, report: Report, before: Look, after: Look): void {
  const { tone, mark, words } = reportSummary(report);
  const alone = report.loadBalancers.length === 1;
  const groups = new Map([...groupsOf(after), ...groupsOf(before)].map((group) => [group.key, groupName(group, alone)]));
  const nameOf = ({ loadBalancerId, groupId }: Report["entries"][number]) => groups.get(`${loadBalancerId} ${groupId}`) ?? groupId;
  fill(
    parent,
    headline(tone, mark, `${words}.`),
    loud(report),
    unsure(report),
    ...report.loadBalancers.map(
      ({ id, refusal, error }) =>
        // That somebody pressed Abort is in the headline.
        (refusal || (error && error.kind !== "aborted")) &&
        h(
          "div",
          { class: "note bad", role: "alert" },
          h("p", {}, h("span", { class: "mark bad", "aria-hidden": "true" }, "▲"), h("b", {}, ` ${id}: ${refusal ? `refused, ${refusal.message}` : error?.message}. `), h("code", {}, refusal?.guard ?? error?.kind ?? "")),
          (refusal ?? error)?.hint !== undefined && h("p", {}, `What to do: ${(refusal ?? error)?.hint}.`),
        ),
    ),
    table(
      "What became of each backend",
      ["Backend", "Group", "Outcome", "State now"],
      report.entries.map((entry) => {
        const { name, detail } = describeBackend(entry);
        const outcome = marked(outcomeOf(entry.outcome));
        if (entry.error) outcome.append(h("small", {}, ` ${entry.error.kind}: ${entry.error.message}`));
        return [h("span", {}, h("span", { class: "name" }, name), h("small", {}, ` ${detail.split(" · weight")[0]}`)), nameOf(entry), outcome, marked(stateOf(entry.state))];
      }),
    ),
    report.rules.length > 0 &&
      table(
        "Forwarding rules",
        ["Rule", "What became of it"],
        report.rules.map(({ id, matches, state }) => [`${matches} (${id})`, state]),
      ),
    ...beforeAndAfter(report, before, after),
    ...folded("Report", describeReport(report), report),
  );
}
