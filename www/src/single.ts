// A single call: what is chosen and typed is explained at once, and sent on demand.

import { unpoolError, type Session } from "./api.ts";
import { source, type Operation, type Reading } from "./backends.ts";
import type { Call, Cloud } from "./clouds.ts";
import { confirmReal } from "./confirm.ts";
import { connectionOf, isLocal } from "./connection.ts";
import { announce, byId, enable, enabled, fill, h } from "./dom.ts";
import { showExplanation, showNoExplanation } from "./explain.ts";
import { shortProblem } from "./problem.ts";
import { mutates, perform, read, showNoResult, showPool, showResult } from "./send.ts";

const editor = byId<HTMLTextAreaElement>("operation");
const sendButton = byId<HTMLButtonElement>("send");
const stopButton = byId<HTMLButtonElement>("stop");

let cloud: Cloud;
let call: Call;
let session: Session | undefined;
let operation: Operation | undefined;
let before: Reading | undefined;
let sending: AbortController | undefined;
/** What was typed, for as long as the page lives. */
const drafts = new Map<Call, string>();

const example = (of: Call) => JSON.stringify(of.operation, null, 2);

function showProblem(...content: (Node | string | false | undefined)[]): void {
  editor.setAttribute("aria-invalid", String(content.length > 0));
  fill(byId("operation-error"), ...content);
}

/** The typed text as an operation; what is wrong with its values is for unpool to say. */
function parse(): Operation | undefined {
  try {
    return JSON.parse(editor.value) as Operation;
  } catch (error) {
    showProblem(h("p", {}, "This is not JSON: ", (error as Error).message));
    return undefined;
  }
}

/** Explains what is typed, or says what is wrong with it. */
function explain(): void {
  operation = undefined;
  showProblem();
  const parsed = parse();
  if (parsed && session) {
    try {
      const explanation = session.caller.explain(parsed);
      operation = parsed;
      if (cloud.endpointOption === "identityEndpoint" && explanation.url.includes("/auth/tokens")) {
        showExplanation(explanation, "First Keystone is asked for a token, and its catalog says where the call goes. ", tokenButton());
      } else {
        showExplanation(explanation);
      }
    } catch (thrown) {
      showProblem(...shortProblem(unpoolError(thrown)));
    }
  }
  if (!operation) showNoExplanation(session ? "Mend the operation to see how it is signed." : "The connection has to be mended first.");
  showSendButton();
}

function tokenButton(): HTMLButtonElement {
  const button = h("button", { type: "button" }, "Get a token");
  button.addEventListener("click", async () => {
    const current = session;
    if (!current) return;
    try {
      const { expiresAt } = await current.hold(() => current.caller.authenticate());
      announce(`Keystone gave a token, valid until ${expiresAt}.`);
      if (current === session) explain();
    } catch (thrown) {
      const { kind, message } = unpoolError(thrown);
      announce(`${kind}: ${message}`);
    }
  });
  return button;
}

function showSendButton(): void {
  const name = operation?.operation ?? call.operation.operation;
  fill(sendButton, sending ? "Sending…" : `Send ${name}`);
  sendButton.className = !operation || mutates(operation) ? "danger" : "primary";
  enable(sendButton, sending ? "A call is under way." : operation ? undefined : "The operation has to be mended first.");
  enable(stopButton, sending ? undefined : "Nothing is being sent.");
}

let reading = 0;
/** Reads the pool without being asked only where that costs nobody anything. */
export async function readBefore(): Promise<void> {
  const ticket = ++reading;
  const [current, about] = [session, operation];
  before = undefined;
  showPool(undefined);
  if (!current || !about || !source(about) || !isLocal(cloud)) return;
  const result = await current.hold(() => read(current.reader, about));
  if (ticket !== reading) return;
  before = result;
  showPool(before);
}

async function send(): Promise<void> {
  if (!enabled(sendButton) || !operation || !session) return;
  const [about, current, where] = [operation, session, cloud];
  if (mutates(about) && !isLocal(where) && !(await mayChange(about))) return;
  sending = new AbortController();
  const ticket = ++reading;
  showSendButton();
  announce(`${about.operation} is on its way.`);
  try {
    const result = await perform(current, about, sending.signal, where.settleMs ?? 0);
    announce(`${about.operation}: ${result.outcome.words}.`);
    if (ticket !== reading) return;
    before = result.before;
    showPool(before, result);
    showResult(result);
    byId("result").focus({ preventScroll: true });
    byId("result").scrollIntoView({ block: "nearest" });
  } finally {
    sending = undefined;
    showSendButton();
  }
}

function mayChange({ operation: name, ...parameters }: Operation): Promise<boolean> {
  const { endpoint } = connectionOf(cloud);
  return confirmReal(`Send ${name}`, `${endpoint || "The vendor"} will carry it out with ${JSON.stringify(parameters)}.`);
}

function showCalls(): void {
  fill(
    byId("calls"),
    h("legend", {}, "Call"),
    ...cloud.calls.map((each) => {
      const radio = h("input", { type: "radio", name: "call", value: each.id, checked: each === call });
      radio.addEventListener("change", () => (location.hash = `${cloud.id}/${each.id}`));
      return h("label", {}, radio, h("b", {}, each.operation.operation), h("small", {}, each.label));
    }),
  );
}

export function chooseCall(nextCloud: Cloud, nextCall: Call): void {
  [cloud, call] = [nextCloud, nextCall];
  editor.value = drafts.get(call) ?? example(call);
  editor.rows = Math.min(24, editor.value.split("\n").length + 1);
  showNoResult();
  showCalls();
}

/** With other keys, or at another address. `again`: what is in the pool has to be read there. */
export function useSession(next: Session | undefined, again: boolean): void {
  session = next;
  explain();
  if (again) void readBefore();
}

let typing: ReturnType<typeof setTimeout> | undefined;
editor.addEventListener("input", () => {
  drafts.set(call, editor.value);
  const pool = () => JSON.stringify(operation && source(operation)?.read);
  const shown = pool();
  explain();
  clearTimeout(typing);
  if (pool() !== shown) typing = setTimeout(() => void readBefore(), 400);
});
editor.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
  event.preventDefault();
  void send();
});
sendButton.addEventListener("click", () => void send());
stopButton.addEventListener("click", () => sending?.abort());
byId("restore").addEventListener("click", () => {
  drafts.delete(call);
  chooseCall(cloud, call);
  useSession(session, true);
  announce("The example is back in the editor.");
});
