// Wires the page: what is chosen and typed -> explained at once, sent on demand.

import { Session, unpoolError, type UnpoolError } from "./api.ts";
import { source, type Operation, type Reading } from "./backends.ts";
import { clouds, type Call, type Cloud } from "./clouds.ts";
import { confirmReal } from "./confirm.ts";
import { connectionOf, isLocal, settings, showConnection } from "./connection.ts";
import { announce, byId, enable, enabled, fill, h } from "./dom.ts";
import { emulator, resetEmulator } from "./emulator.ts";
import { showExplanation, showNoExplanation } from "./explain.ts";
import { mutates, perform, read, showNoResult, showPool, showResult } from "./send.ts";

const editor = byId<HTMLTextAreaElement>("operation");
const sendButton = byId<HTMLButtonElement>("send");
const stopButton = byId<HTMLButtonElement>("stop");
const wrongSecret = byId<HTMLInputElement>("wrong-secret");

const [firstCloud] = clouds;
if (!firstCloud) throw new Error("no clouds");
let cloud: Cloud = firstCloud;
let call: Call = firstCloud.calls[0];
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

function showUnpoolError({ kind, field, message, hint }: UnpoolError): void {
  showProblem(
    h("p", {}, h("code", {}, kind), field !== undefined && " in ", field !== undefined && h("code", {}, field), ": ", message),
    hint !== undefined && h("p", { class: "help" }, hint),
  );
}

/** The typed text as an operation; what is wrong with its values is for unpool to say. */
function parse(): Operation | undefined {
  let value: unknown;
  try {
    value = JSON.parse(editor.value);
  } catch (error) {
    showProblem(h("p", {}, "This is not JSON: ", (error as Error).message));
    return undefined;
  }
  return value as Operation;
}

function openSession(): Session | undefined {
  session?.retire();
  session = undefined;
  try {
    session = new Session(
      settings(cloud, call.options ?? {}),
      wrongSecret.checked ? settings(cloud, call.options ?? {}, true) : undefined,
    );
  } catch (thrown) {
    showUnpoolError(unpoolError(thrown));
    byId<HTMLDetailsElement>("connection").open = true;
  }
  return session;
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
      showUnpoolError(unpoolError(thrown));
    }
  }
  if (!operation) showNoExplanation("Mend the operation to see how it is signed.");
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
async function readBefore(): Promise<void> {
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
  if (mutates(about) && !isLocal(where) && !(await confirmReal(about, connectionOf(where).endpoint))) return;
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

function showChoice(): void {
  fill(
    byId("clouds"),
    ...clouds.map((each) => {
      const link = h("a", { href: `#${each.id}` }, each.label);
      if (each === cloud) link.setAttribute("aria-current", "page");
      return link;
    }),
  );
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

function showTarget(): void {
  const local = isLocal(cloud);
  const { endpoint } = connectionOf(cloud);
  const target = byId("target");
  target.className = local ? "target" : "target real";
  fill(target, local ? `● ${cloud.local}` : "▲ Real cloud");
  const where = local ? `this machine, ${endpoint}.` : `${endpoint || `${cloud.label} itself`} and change real load balancers.`;
  fill(byId("where"), `Calls go to ${where}`);
  const cors = byId("cors");
  cors.className = cloud.cors.startsWith("Refused") ? "refused" : "";
  fill(cors, `A browser that calls the real cloud: ${cloud.cors}`);
}

function connectionChanged(): void {
  showTarget();
  if (openSession()) explain();
  else showNoExplanation("The connection has to be mended first.");
  void readBefore();
}

function choose(): void {
  const [cloudId, callId] = location.hash.slice(1).split("/");
  cloud = clouds.find(({ id }) => id === cloudId) ?? cloud;
  call = cloud.calls.find(({ id }) => id === callId) ?? cloud.calls[0];
  editor.value = drafts.get(call) ?? example(call);
  editor.rows = Math.min(24, editor.value.split("\n").length + 1);
  showNoResult();
  announce("");
  showChoice();
  showConnection(cloud, connectionChanged);
  connectionChanged();
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
wrongSecret.addEventListener("change", () => {
  if (openSession()) explain();
});
byId("restore").addEventListener("click", () => {
  drafts.delete(call);
  choose();
  announce("The example is back in the editor.");
});
byId("reset").addEventListener("click", async () => {
  await resetEmulator();
  showNoResult();
  announce("Every pool of the emulator is as it was at the start.");
  await readBefore();
});
byId("reset").hidden = !emulator;
addEventListener("hashchange", choose);
choose();
