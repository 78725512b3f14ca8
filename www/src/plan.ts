// A plan: what it does in one sentence, what speaks against it before anything else, then row by row.

import { describePlan, type Guard, type Plan } from "unpool";
import { copyButton, fill, h } from "./dom.ts";
import { headline } from "./problem.ts";
import { describeBackend, groupName, healthWords, planStep, planSummary, plural } from "./safe-words.ts";
import { fromTo, table } from "./table.ts";

export interface PlanActions {
  allow: (guard: Guard) => void;
  onEmptyRule: (what: string) => void;
}

const ACTIONS = {
  edit: "edited",
  delete: "deleted, as it would send to nobody",
  empty: "left without a backend",
  stop: "would be left without a backend",
} as const;

/** Text and JSON to take away. */
export function folded(what: string, words: string, data: unknown): HTMLElement[] {
  const json = JSON.stringify(data, null, 2);
  const block = (title: string, text: string) =>
    h(
      "details",
      { class: "fold" },
      h("summary", {}, title),
      h("div", { class: "stage-head" }, copyButton(`Copy ${title.toLowerCase()}`, () => text)),
      h("pre", { tabIndex: 0, role: "group", "aria-label": title }, text),
    );
  return [block(`${what} in words`, words), block(`${what} as JSON`, json)];
}

function button(label: string, press: () => void): HTMLButtonElement {
  const made = h("button", { type: "button", class: "small" }, label);
  made.addEventListener("click", press);
  return made;
}

const refusal = ({ guard, message, hint }: Plan["refusals"][number], actions: PlanActions) =>
  h(
    "li",
    { class: "note bad" },
    h("p", {}, h("span", { class: "mark", "aria-hidden": "true" }, "▲"), h("b", {}, ` Refused: ${message}.`), " ", h("code", {}, guard)),
    h("p", {}, `What to do: ${hint}.`),
    h(
      "p",
      { class: "actions" },
      ...(guard === "empty-rule" ? ["delete-rule", "leave-empty"].map((what) => button(`Set onEmptyRule to ${what}`, () => actions.onEmptyRule(what))) : []),
      button(`Override: allow ${guard}`, () => actions.allow(guard)),
    ),
  );

const warning = ({ guard, warning, message, groupId }: Plan["warnings"][number]) =>
  h(
    "li",
    { class: "note caution" },
    h("p", {}, h("span", { class: "mark", "aria-hidden": "true" }, "!"), ` ${guard ? "Allowed by name" : "Warning"}: ${message}. `, h("code", {}, guard ?? warning ?? "")),
    groupId !== undefined && h("p", { class: "help" }, `In ${groupId}`),
  );

export function showPlan(parent: HTMLElement, plan: Plan, actions: PlanActions): void {
  const { entries, refusals, warnings, absent, groups, rules, steps } = plan;
  const refused = refusals.length > 0;
  const summary = `${planSummary(plan)}.`;
  const alone = plan.loadBalancers.length === 1;
  const nameOf = (id: string) => {
    const found = groups.find((group) => group.id === id);
    return found ? groupName(found, alone) : id;
  };
  fill(
    parent,
    headline(refused ? "bad" : "plain", refused ? "▲" : "→", summary),
    refused && h("ul", { class: "noted", role: "alert" }, ...refusals.map((each) => refusal(each, actions))),
    warnings.length > 0 && h("ul", { class: "noted" }, ...warnings.map(warning)),
    absent.length > 0 &&
      h("ul", { class: "noted" }, ...absent.map((each) => h("li", { class: "note unknown" }, h("p", {}, "? Not found: ", h("code", {}, JSON.stringify(each)))))),
    groups.length > 0 &&
      table(
        "What remains",
        ["Group", "Servers in service", "Backends"],
        groups.map(({ id, inService, backends }) => [nameOf(id), fromTo(inService.before, inService.after), fromTo(backends.before, backends.after)]),
      ),
    entries.length > 0 &&
      table(
        `What goes: ${plural(entries.length, "backend")}`,
        ["Backend", "Group", "Weight", "Health"],
        entries.map((entry) => {
          const { name, detail } = describeBackend(entry);
          return [h("span", {}, h("span", { class: "name" }, name), h("small", {}, ` ${detail.split(" · weight")[0]}`)), nameOf(entry.groupId), String(entry.weight), healthWords(entry)];
        }),
      ),
    rules.length > 0 &&
      table(
        "Forwarding rules",
        ["Rule", "What becomes of it", "Backends"],
        rules.map(({ id, matches, action, backends, remaining }) => [`${matches} (${id})`, ACTIONS[action], fromTo(backends.length, remaining.length)]),
      ),
    steps.length > 0 &&
      table(
        "Steps, each after a fresh look",
        ["Step", "What", "Changes"],
        steps.map((step, at) => {
          const { name, what, calls } = planStep(step);
          return [`${at + 1}. ${name}`, what, calls];
        }),
      ),
    ...folded("Plan", describePlan(plan), plan),
    h("p", { class: "summary" }, h("b", {}, summary)),
  );
}
