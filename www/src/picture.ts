// What is on a load balancer: balancer -> groups -> backends, as of a time. A backend can be ticked.

import type { Backend, Picture } from "unpool";
import { clock } from "./clock.ts";
import { fill, h } from "./dom.ts";
import { condition, describeBackend, groupName, healthWords, plural, sorted, type Condition } from "./safe-words.ts";

/** What became of one between two looks. */
export type Fate = "gone" | "back";
const FATES: Record<Fate, Condition> = {
  gone: { tone: "plain", mark: "○", words: "Gone" },
  back: { tone: "good", mark: "↩", words: "Put back" },
};

type Group = Picture["loadBalancers"][number]["groups"][number];

export interface Ticks {
  chosen: (backend: Backend) => boolean;
  toggle: (backend: Backend) => void;
}

/** Name, address, weight and health; never by colour alone. */
export function backendLine(backend: Backend, fate?: Fate): HTMLElement[] {
  const { mark, tone, words } = fate ? FATES[fate] : condition(backend);
  const { name, detail } = describeBackend(backend);
  const health = healthWords(backend);
  return [
    h("span", { class: `mark ${tone}`, "aria-hidden": "true" }, mark),
    h("span", { class: "name" }, name),
    h("span", { class: "tag" }, words),
    h("span", { class: "detail" }, detail, fate !== "gone" && words !== health && ` · ${health.toLowerCase()}`),
  ];
}

function row(backend: Backend, ticks: Ticks): HTMLLIElement {
  const box = h("input", { type: "checkbox", checked: ticks.chosen(backend) });
  box.addEventListener("change", () => ticks.toggle(backend));
  return h("li", {}, h("label", { class: `backend tick ${condition(backend).tone}` }, box, ...backendLine(backend)));
}

/** How many of which, in the order of their worth. */
export function counts(backends: readonly Backend[]): string {
  const found = new Map<string, number>();
  for (const backend of backends) {
    const { mark, words } = condition(backend);
    const key = `${mark} ${words.toLowerCase()}`;
    found.set(key, (found.get(key) ?? 0) + 1);
  }
  return [...found].map(([key, count]) => key.replace(" ", ` ${count} `)).join("   ");
}

export function groupTitle(group: { kind: string; name: string; id: string }, alone = true): HTMLElement {
  const { kind, name, id } = group;
  const title = groupName(group, alone);
  return h("h4", {}, kind === "default" ? title.replace("d", "D") : `${kind} ${title}`, name !== "" && h("small", {}, ` ${id}`));
}

function group(each: Group, ticks: Ticks, filtered: boolean): HTMLElement {
  const { usedBy, rules, backends, method } = each;
  const custom = rules.filter((rule) => rule.custom);
  return h(
    "section",
    { class: "group", "aria-label": `${each.kind} ${each.name || each.id}` },
    groupTitle(each),
    h("p", { class: "help" }, usedBy.length > 0 ? `Gets traffic from ${usedBy.join(", ")}` : "No listener sends to it", method !== "" && ` · ${method}`),
    custom.length > 0 &&
      h("ul", { class: "rules" }, ...custom.map((rule) => h("li", {}, `Rule ${rule.matches} (${rule.id}) sends to `, rule.backends.join(", ") || "nobody"))),
    backends.length === 0
      ? h("p", { class: "idle" }, "No backends. Traffic has nowhere to go.")
      : h("ul", { class: "backends" }, ...sorted(backends).filter((backend) => !filtered || !serves(backend)).map((backend) => row(backend, ticks))),
    h("p", { class: "count" }, plural(backends.length, "backend"), backends.length > 0 && `: ${counts(backends)}`),
  );
}

/** Above so many, those that need a look are easily overlooked. */
const MANY = 24;
const serves = (backend: Backend) => condition(backend).tone === "good";
let onlyOthers = false;

function filter(picture: Picture, again: () => void): HTMLElement | false {
  const all = picture.loadBalancers.flatMap(({ groups }) => groups.flatMap(({ backends }) => backends));
  if (all.length <= MANY) return false;
  const box = h("input", { type: "checkbox", checked: onlyOthers });
  box.addEventListener("change", () => {
    onlyOthers = box.checked;
    again();
  });
  return h("label", { class: "check" }, box, h("span", {}, `Only those that are not healthy and in service (${all.filter((backend) => !serves(backend)).length} of ${all.length})`));
}

/** The focus stays where it was, though everything is drawn anew. */
function redraw(parent: HTMLElement, ...content: Parameters<typeof fill>[1][]): void {
  const boxes = () => [...parent.querySelectorAll<HTMLElement>("input, select")];
  const at = boxes().indexOf(document.activeElement as HTMLElement);
  const scrolls = [...parent.querySelectorAll(".backends")].map((list) => list.scrollTop);
  fill(parent, ...content);
  for (const [index, list] of [...parent.querySelectorAll(".backends")].entries()) list.scrollTop = scrolls[index] ?? 0;
  if (at >= 0) boxes()[at]?.focus({ preventScroll: true });
}

export function showPicture(parent: HTMLElement, picture: Picture | undefined, ticks: Ticks): void {
  if (!picture) {
    fill(parent, h("p", { class: "idle" }, "Not looked at yet: press Look."));
    return;
  }
  const many = filter(picture, () => showPicture(parent, picture, ticks));
  redraw(
    parent,
    many,
    ...picture.loadBalancers.map(({ id, name, status, listeners, groups }) =>
      h(
        "div",
        { class: "balancer" },
        h("h3", {}, `Load balancer ${name || id}`, name !== "" && h("small", {}, ` ${id}`), h("small", {}, ` as of ${clock(new Date(picture.readAt))}`)),
        h("p", { class: "help" }, status && `${status} · `, listeners.length > 0 ? `listeners ${listeners.join(", ")}` : "no listeners"),
        ...groups.map((each) => group(each, ticks, many !== false && onlyOthers)),
      ),
    ),
    picture.loadBalancers.length === 0 && h("p", { class: "idle" }, "No load balancer is there."),
  );
}
