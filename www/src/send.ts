// One call: the pool before it, its answer or error, the pool after it.

import { unpoolError, type Caller, type Session, type UnpoolError } from "./api.ts";
import { show, source, type Operation, type Reading } from "./backends.ts";
import { byId, copyButton, fill, h, terms } from "./dom.ts";
import { gone, marks, outcome, type Outcome } from "./outcome.ts";

export interface Result {
  operation: Operation;
  before: Reading;
  after: Reading;
  milliseconds: number;
  answer?: Record<string, unknown>;
  error?: UnpoolError;
  outcome: Outcome;
}

export const mutates = (operation: Operation) => !/^(Describe|List|Get)/.test(operation.operation);

export async function read(reader: Caller, operation: Operation): Promise<Reading> {
  const pool = source(operation);
  if (!pool) return { at: new Date(), problem: "the operation names no load balancer, group or pool" };
  try {
    const answer = await reader.send(pool.read);
    return { at: new Date(), backends: pool.list(answer) };
  } catch (thrown) {
    const { kind, message } = unpoolError(thrown);
    return { at: new Date(), problem: `${kind}, ${message}` };
  }
}

/** Some vendors answer before the change is made: then the pool is read again, for at most `settleMs`. */
async function readAfter(reader: Caller, operation: Operation, before: Reading, settleMs: number): Promise<Reading> {
  const deadline = Date.now() + settleMs;
  for (;;) {
    const after = await read(reader, operation);
    const changed = before.backends && after.backends && gone(before.backends, after.backends).length > 0;
    if (changed || Date.now() >= deadline) return after;
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
}

export function perform(session: Session, operation: Operation, signal: AbortSignal, settleMs: number): Promise<Result> {
  return session.hold(async () => {
    const before = await read(session.reader, operation);
    const started = performance.now();
    const call: { answer?: Record<string, unknown>; error?: UnpoolError } = {};
    try {
      call.answer = await session.caller.send(operation, { signal });
    } catch (thrown) {
      call.error = unpoolError(thrown);
    }
    const milliseconds = Math.round(performance.now() - started);
    const changing = mutates(operation) && !call.error;
    const after = await readAfter(session.reader, operation, before, changing ? settleMs : 0);
    const facts = { mutates: mutates(operation), before: before.backends, after: after.backends, ...call };
    return { operation, before, after, milliseconds, ...call, outcome: outcome(facts) };
  });
}

export function showPool(before: Reading | undefined, result?: Result): void {
  const after = result?.after;
  const missing = before?.backends && after?.backends ? gone(before.backends, after.backends) : [];
  show(byId("before"), "Before", before, missing, "It is read when you send.");
  show(byId("after"), "After", after, [], "Nothing sent yet.");
}

const sentWords = (sent: UnpoolError["sent"]) =>
  sent === "unknown" ? "unknown: it may have been carried out" : sent ? "yes" : "no: nothing left this page";

/** The pauses between them are the reason why a call took long. */
const attemptsWords = ({ attempts = [], kind }: UnpoolError) =>
  `${attempts.length + 1}: ${[...attempts.map((attempt) => attempt.kind), kind].join(", ")}`;

function requestIdOf({ answer, error }: Result): string | undefined {
  const id = error ? error.requestId : answer?.requestId;
  return typeof id === "string" && id !== "" ? id : undefined;
}

export function showResult(result: Result): void {
  const { error, answer, operation, milliseconds } = result;
  const requestId = requestIdOf(result);
  const { tone, words } = result.outcome;
  fill(
    byId("result"),
    h("h3", { class: `headline ${tone}` }, h("span", { class: "mark", "aria-hidden": "true" }, marks[tone]), words),
    error && h("p", { class: "message", role: "alert" }, error.message),
    error?.hint !== undefined && h("p", { class: "hint" }, `What to do: ${error.hint}`),
    terms([
      ["Call", `${operation.operation}, ${milliseconds} ms`],
      ["Kind", error && h("code", {}, error.kind)],
      ["Field", error?.field !== undefined && h("code", {}, error.field)],
      ["Vendor's code", error?.code !== undefined && h("code", {}, error.code)],
      ["HTTP status", error?.httpStatus !== undefined && String(error.httpStatus)],
      ["Sent", error && sentWords(error.sent)],
      ["Attempts", error?.attempts && attemptsWords(error)],
      ["Can be repeated", error && (error.retryable ? "yes, later" : "no")],
      ["Request id", requestId && h("span", {}, h("code", {}, requestId), " ", copyButton("Copy request id", () => requestId))],
    ]),
  );
  fill(
    byId("answer"),
    answer && h("h3", {}, "Answer"),
    answer && h("pre", { tabIndex: 0, role: "group", "aria-label": "Answer" }, JSON.stringify(answer, null, 2)),
  );
}

export function showNoResult(): void {
  fill(byId("result"));
  fill(byId("answer"));
}
