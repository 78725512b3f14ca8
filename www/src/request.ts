// What is to be taken out: examples, the few fields that are changed most, and the request itself as JSON.

import type { Guard, PlanRequest } from "unpool";
import { fill, h } from "./dom.ts";
import type { Examples } from "./examples.ts";

let forms = 0;

export class RequestForm {
  readonly element: HTMLElement;
  readonly #editor: HTMLTextAreaElement;
  readonly #problem: HTMLElement;
  readonly #wait: HTMLInputElement;
  readonly #keep: HTMLInputElement;
  readonly #rule: HTMLSelectElement;
  readonly #changed: () => void;
  readonly #radios: { radio: HTMLInputElement; request: PlanRequest }[];

  constructor(examples: Examples, withRules: boolean, changed: () => void) {
    this.#changed = changed;
    const id = `safe-request-${++forms}`;
    this.#problem = h("div", { id: `${id}-problem`, class: "problem", "aria-live": "polite" });
    this.#editor = h("textarea", {
      id,
      spellcheck: false,
      autocomplete: "off",
      autocapitalize: "off",
      "aria-describedby": `${id}-problem`,
    });
    this.#wait = h("input", { type: "number", min: "0", step: "any", placeholder: "30" });
    this.#keep = h("input", { type: "text", placeholder: "1", autocomplete: "off" });
    this.#radios = examples.map(({ request }) => ({ radio: h("input", { type: "radio", name: id }), request }));
    const choices = examples.map(({ label, note }, at) => h("label", {}, this.#radios[at]?.radio, h("b", {}, label), h("small", {}, note)));
    this.#rule = h("select", {}, ...["stop", "delete-rule", "leave-empty"].map((value) => h("option", { value }, value)));
    this.element = h(
      "div",
      { class: "safe-request" },
      h("fieldset", { class: "calls" }, h("legend", {}, "Example"), ...choices),
      h(
        "div",
        { class: "fields" },
        h("label", { class: "field" }, h("span", {}, "Wait for connections, seconds"), this.#wait),
        h("label", { class: "field" }, h("span", {}, "Keep at least (number or share)"), this.#keep),
        withRules && h("label", { class: "field" }, h("span", {}, "A rule left without a backend"), this.#rule),
      ),
      h("div", { class: "editor" }, h("label", { htmlFor: id }, "Request, as JSON"), this.#editor, this.#problem),
    );
    this.#listen();
    this.set(examples[0].request);
  }

  #listen(): void {
    for (const { radio, request } of this.#radios) radio.addEventListener("change", () => this.set(request));
    this.#editor.addEventListener("input", () => this.#read());
    this.#wait.addEventListener("input", () => {
      const seconds = this.#wait.valueAsNumber;
      this.#change({ drain: Number.isNaN(seconds) ? undefined : { waitMs: Math.round(seconds * 1000) } });
    });
    this.#keep.addEventListener("input", () => {
      const text = this.#keep.value.trim();
      this.#change({ keepAtLeast: text === "" ? undefined : /^\d+$/.test(text) ? Number(text) : text });
    });
    this.#rule.addEventListener("change", () => this.#change({ onEmptyRule: this.#rule.value === "stop" ? undefined : this.#rule.value }));
  }

  /** The typed text as a request; what is wrong with its values is for unpool to say. */
  value(): PlanRequest | undefined {
    try {
      return JSON.parse(this.#editor.value) as PlanRequest;
    } catch {
      return undefined;
    }
  }

  set(request: PlanRequest): void {
    this.#editor.value = JSON.stringify(request, null, 2);
    this.#editor.rows = Math.min(24, this.#editor.value.split("\n").length + 1);
    this.#read();
  }

  choose(remove: unknown): void {
    this.#change({ remove });
  }

  allow(guard: Guard): void {
    this.#change({ allow: [...new Set([...(this.value()?.allow ?? []), guard])] });
    this.#editor.focus();
  }

  onEmptyRule(what: string): void {
    this.#change({ onEmptyRule: what });
    this.#editor.focus();
  }

  say(...problem: Node[]): void {
    this.#editor.setAttribute("aria-invalid", String(problem.length > 0));
    fill(this.#problem, ...problem);
  }

  /** What is undefined goes. */
  #change(changes: Record<string, unknown>): void {
    const request = this.value();
    if (request) this.set({ ...request, ...changes } as PlanRequest);
  }

  #read(): void {
    const request = this.value();
    if (request === undefined) {
      this.say(h("p", {}, "This is not JSON: ", this.#whyNot()));
    } else {
      this.say();
      this.#showFields(request);
    }
    this.#changed();
  }

  #showFields(request: Partial<PlanRequest> | null): void {
    const { drain, keepAtLeast, onEmptyRule } = request ?? {};
    const wait = drain === false ? "0" : drain?.waitMs === undefined ? "" : String(drain.waitMs / 1000);
    // Not while somebody types in it: "1." would become "1".
    if (document.activeElement !== this.#wait) this.#wait.value = wait;
    if (document.activeElement !== this.#keep) this.#keep.value = keepAtLeast === undefined ? "" : String(keepAtLeast);
    this.#rule.value = onEmptyRule ?? "stop";
    // An example is chosen for as long as it is about the same backends.
    const about = (of: Partial<PlanRequest> | null) => JSON.stringify([of?.from, of?.remove]);
    const same = this.#radios.find((each) => about(each.request) === about(request));
    for (const { radio } of this.#radios) radio.checked = radio === same?.radio;
  }

  #whyNot(): string {
    try {
      JSON.parse(this.#editor.value);
      return "";
    } catch (error) {
      return (error as Error).message;
    }
  }
}
