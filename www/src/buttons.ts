// Buttons that never vanish: one that can do nothing stays in reach of the keyboard, and the reason is written below.

import { enable, enabled, fill, h, type Child } from "./dom.ts";

export interface Press {
  label: (enabled: boolean) => Child[];
  look?: string;
  /** Why it cannot be pressed now. */
  whyNot: () => string | undefined;
  press: () => unknown;
}

let rows = 0;

export class Buttons<Name extends string> {
  readonly element = h("div", { class: "actions" });
  readonly reasons = h("ul", { class: "reasons" });
  readonly #id = `why-${++rows}`;
  readonly #all: readonly { what: Press; button: HTMLButtonElement }[];

  constructor(presses: Record<Name, Press>) {
    this.#all = Object.values<Press>(presses).map((what) => {
      const button = h("button", { type: "button", class: what.look ?? "" });
      button.addEventListener("click", () => enabled(button) && what.press());
      return { what, button };
    });
    fill(this.element, ...this.#all.map(({ button }) => button));
  }

  draw(): void {
    const reasons = new Map<string, string[]>();
    for (const { what, button } of this.#all) {
      const why = what.whyNot();
      enable(button, why);
      fill(button, ...what.label(why === undefined));
      if (why !== undefined) reasons.set(why, [...(reasons.get(why) ?? []), button.textContent]);
      const at = why === undefined ? -1 : [...reasons.keys()].indexOf(why);
      if (at < 0) button.removeAttribute("aria-describedby");
      else button.setAttribute("aria-describedby", `${this.#id}-${at}`);
    }
    fill(this.reasons, ...[...reasons].map(([why, names], at) => h("li", { id: `${this.#id}-${at}` }, h("b", {}, `${names.join(", ")}: `), why)));
  }
}
