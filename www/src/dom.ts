// The few lines that stand in for a framework.

export type Child = Node | string | false | null | undefined;
type Props<E> = Partial<Omit<E, "style" | "dataset">> & { [attribute: `aria-${string}` | `data-${string}`]: string; class?: string; role?: string };

/** `h("p", { class: "x" }, "text", node)`; falsy children are left out. Text is never read as HTML. */
export function h<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  props: Props<HTMLElementTagNameMap[K]> = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (name in element) (element as unknown as Record<string, unknown>)[name] = value;
    else element.setAttribute(name, String(value));
  }
  element.append(...present(children));
  return element;
}

export function fill(parent: Element, ...children: Child[]): void {
  parent.replaceChildren(...present(children));
}

const present = (children: Child[]) => children.filter((child): child is Node | string => !!child || child === "");

export function byId<E extends HTMLElement = HTMLElement>(id: string): E {
  const element = document.getElementById(id);
  if (!element) throw new Error(`no element #${id}`);
  return element as E;
}

/** A button that stays in reach of the keyboard when it can do nothing, and then says why. */
export function enable(button: HTMLButtonElement, why?: string): void {
  button.setAttribute("aria-disabled", String(why !== undefined));
  button.title = why ?? "";
}
export const enabled = (button: HTMLButtonElement) => button.getAttribute("aria-disabled") !== "true";

/** One polite line for what just happened. */
export const announce = (text: string) => fill(byId("status"), text);

export function copyButton(label: string, text: () => string): HTMLButtonElement {
  const button = h("button", { type: "button", class: "small" }, label);
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(text());
      announce(`Copied: ${label.replace(/^Copy /, "")}.`);
    } catch {
      announce("The browser refused to copy: select the text instead.");
    }
  });
  return button;
}

/** Terms and values; values that are absent are left out with their term. */
export function terms(entries: [term: string, value: Child][]): HTMLDListElement {
  const list = h("dl");
  for (const [term, value] of entries) {
    if (value) list.append(h("div", {}, h("dt", {}, term), h("dd", {}, value)));
  }
  return list;
}
