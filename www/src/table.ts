// A table that becomes a list of terms and values where it is narrow. The roles stay when CSS takes the table apart.

import { h } from "./dom.ts";

type Cell = Node | string;

export function table(caption: string, titles: readonly string[], rows: readonly (readonly Cell[])[]): HTMLTableElement {
  return h(
    "table",
    { role: "table" },
    h("caption", {}, caption),
    h("thead", { role: "rowgroup" }, h("tr", { role: "row" }, ...titles.map((title) => h("th", { scope: "col", role: "columnheader" }, title)))),
    h(
      "tbody",
      { role: "rowgroup" },
      ...rows.map((row) =>
        h("tr", { role: "row" }, ...row.map((cell, at) => h("td", { role: "cell", "data-title": titles[at] ?? "" }, h("span", {}, cell)))),
      ),
    ),
  );
}

/** What was and what will be, for those who see an arrow and those who hear it. */
export const fromTo = (before: number | string, after: number | string): HTMLElement =>
  h("span", { class: "from-to" }, `${before} `, h("span", { "aria-hidden": "true" }, "→"), h("span", { class: "heard" }, "to"), " ", h("b", {}, String(after)));

/** The same for ids, which may be too long for one line. */
export const renamed = (before: string, after: string): HTMLElement => {
  const made = fromTo(before, after);
  made.className = "renamed";
  return made;
};
