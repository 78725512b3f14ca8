// The request inspector: every stage of the signature, the request, and the curl line.

import type { Explanation } from "./api.ts";
import { byId, copyButton, fill, h } from "./dom.ts";

function stage(title: string, text: string, copy?: string): HTMLElement {
  return h(
    "li",
    {},
    h("div", { class: "stage-head" }, h("h3", {}, title), copy !== undefined && copyButton(copy, () => text)),
    h("pre", { tabIndex: 0, role: "group", "aria-label": title }, text || "(empty)"),
  );
}

const sentence = (name: string) => {
  const words = name.replace(/([a-z])([A-Z])/g, "$1 $2").toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
};

function request({ method, url, headers, body }: Explanation): string {
  const { host, pathname, search } = new URL(url);
  const lines = [`${method} ${pathname}${search}`, `host: ${host}`];
  for (const [name, value] of Object.entries(headers)) {
    if (name.toLowerCase() !== "host") lines.push(`${name}: ${value}`);
  }
  return body === undefined ? lines.join("\n") : `${lines.join("\n")}\n\n${body}`;
}

/** `first`: what has to be said before the stages, if anything. */
export function showExplanation(explanation: Explanation, ...first: (Node | string)[]): void {
  fill(
    byId("stages"),
    first.length > 0 && h("p", { class: "first" }, ...first),
    h("p", { class: "help" }, `Signature scheme: ${explanation.signature}. Secrets, tokens and signatures are left out.`),
    h(
      "ol",
      {},
      ...explanation.stages.map(({ name, text }) => stage(sentence(name), text)),
      stage("Request", request(explanation)),
      stage("As curl, secrets left out", explanation.curl, "Copy curl"),
    ),
  );
}

export function showNoExplanation(why: string): void {
  fill(byId("stages"), h("p", { class: "idle" }, why));
}
