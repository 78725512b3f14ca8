// An error of unpool with everything that it knows.

import type { UnpoolError } from "./api.ts";
import { copyButton, fill, h, terms } from "./dom.ts";

type Value = Node | string | false | undefined;

const sentWords = (sent: UnpoolError["sent"]) =>
  sent === "unknown" ? "unknown: it may have been carried out" : sent ? "yes" : "no: nothing left this page";

/** The pauses between them are the reason why a call took long. */
const attemptsWords = ({ attempts = [], kind }: UnpoolError) =>
  `${attempts.length + 1}: ${[...attempts.map((attempt) => attempt.kind), kind].join(", ")}`;

export const requestIdTerm = (id: unknown): [string, Value] => [
  "Request id",
  typeof id === "string" && id !== "" && h("span", {}, h("code", {}, id), " ", copyButton("Copy request id", () => id)),
];

export const errorTerms = (error: UnpoolError): [string, Value][] => [
  ["Kind", h("code", {}, error.kind)],
  ["Field", error.field !== undefined && h("code", {}, error.field)],
  ["Vendor's code", error.code !== undefined && h("code", {}, error.code)],
  ["HTTP status", error.httpStatus !== undefined && String(error.httpStatus)],
  ["Sent", sentWords(error.sent)],
  ["Attempts", error.attempts && attemptsWords(error)],
  ["Can be repeated", error.retryable ? "yes, later" : "no"],
];

export const errorWords = (error: UnpoolError): HTMLElement[] => [
  h("p", { class: "message", role: "alert" }, error.message),
  ...(error.hint === undefined ? [] : [h("p", { class: "hint" }, `What to do: ${error.hint}`)]),
];

export const headline = (tone: string, mark: string, words: string): HTMLHeadingElement =>
  h("h3", { class: `headline ${tone}`, tabIndex: -1 }, h("span", { class: "mark", "aria-hidden": "true" }, mark), h("span", {}, words));

export function showError(parent: HTMLElement, what: string, error: UnpoolError): void {
  const tone = error.kind === "aborted" ? "plain" : "bad";
  fill(
    parent,
    headline(tone, tone === "bad" ? "▲" : "○", what),
    ...errorWords(error),
    terms([...errorTerms(error), requestIdTerm(error.requestId)]),
  );
}

/** Beside the field it is about: short. */
export const shortProblem = ({ kind, field, message, hint }: UnpoolError): HTMLElement[] => [
  h("p", {}, h("code", {}, kind), field !== undefined && " in ", field !== undefined && h("code", {}, field), ": ", message),
  ...(hint === undefined ? [] : [h("p", { class: "help" }, hint)]),
];
