// The groups that a run or an undo was about, before and after, side by side.

import type { Backend, Picture } from "unpool";
import { clock } from "./clock.ts";
import { h } from "./dom.ts";
import { backendLine, groupTitle, type Fate } from "./picture.ts";
import { condition, groupName, plural, sorted } from "./safe-words.ts";

/** A picture, or why there is none. */
export type Look = { picture: Picture } | { problem: string };
export interface Looks {
  before: Look;
  after: Look;
}
interface About {
  loadBalancers: readonly unknown[];
  entries: readonly { loadBalancerId: string; groupId: string }[];
}

const groupsOf = (look: Look) =>
  "picture" in look ? look.picture.loadBalancers.flatMap(({ id, groups }) => groups.map((group) => ({ key: `${id} ${group.id}`, ...group }))) : [];

/** -> how the group of an entry is called. */
export function groupNames({ before, after }: Looks, { loadBalancers }: About): (entry: About["entries"][number]) => string {
  const names = new Map([...groupsOf(after), ...groupsOf(before)].map((group) => [group.key, groupName(group, loadBalancers.length === 1)]));
  return ({ loadBalancerId, groupId }) => names.get(`${loadBalancerId} ${groupId}`) ?? groupId;
}

function side(title: string, look: Look, group: { backends: readonly Backend[] } | undefined, fate: Fate, whose: ReadonlySet<string>): HTMLElement {
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
        const its = whose.has(backend.id) ? fate : undefined;
        return h("li", { class: `backend ${its ?? condition(backend).tone}` }, ...backendLine(backend, its));
      }),
    ),
    group && h("p", { class: "count" }, plural(group.backends.length, "backend")),
  );
}

/** The ids of those that are in the one and not in the other; of none where the other could not be read. */
const only = (one: { backends: readonly Backend[] } | undefined, other: { backends: readonly Backend[] } | undefined) => {
  const others = new Set(other?.backends.map(({ id }) => id));
  return new Set(other && one ? one.backends.map(({ id }) => id).filter((id) => !others.has(id)) : []);
};

export function beforeAndAfter({ entries, loadBalancers }: About, { before, after }: Looks): HTMLElement[] {
  const touched = new Set(entries.map(({ loadBalancerId, groupId }) => `${loadBalancerId} ${groupId}`));
  const [earlier, later] = [before, after].map((look) => new Map(groupsOf(look).map((group) => [group.key, group])));
  const shown = (earlier?.size ? groupsOf(before) : groupsOf(after)).filter(({ key }) => touched.has(key));
  return shown.map((group) => {
    const [was, is] = [earlier?.get(group.key), later?.get(group.key)];
    return h(
      "div",
      { class: "touched" },
      groupTitle(group, loadBalancers.length === 1),
      h("div", { class: "pair" }, side("Before", before, was, "gone", only(was, is)), side("After", after, is, "back", only(is, was))),
    );
  });
}
