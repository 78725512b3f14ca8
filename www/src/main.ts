// Wires the page: which cloud, which of the two views, and with which keys.

import { Session, unpoolError } from "./api.ts";
import { clouds, type Call, type Cloud } from "./clouds.ts";
import { connectionOf, isLocal, returnTo, settings, showConnection } from "./connection.ts";
import { announce, byId, fill, h } from "./dom.ts";
import { emulator, resetEmulator } from "./emulator.ts";
import { KeptRun } from "./kept.ts";
import { isOpen } from "./next.ts";
import { shortProblem } from "./problem.ts";
import { SafeRemoval } from "./safe.ts";
import { chooseCall, readBefore, useSession } from "./single.ts";
import { showNoResult } from "./send.ts";

const wrongSecret = byId<HTMLInputElement>("wrong-secret");

const [firstCloud] = clouds;
if (!firstCloud) throw new Error("no clouds");
let cloud: Cloud = firstCloud;
/** The call of the single-call view; undefined in the view of the safe removal. */
let call: Call | undefined;
let session: Session | undefined;
/** One for each cloud that was visited: what was typed and planned there stays, and so does what is running. */
const removals = new Map<Cloud, SafeRemoval>();

function removal(): SafeRemoval {
  let found = removals.get(cloud);
  if (!found) {
    found = new SafeRemoval(cloud);
    removals.set(cloud, found);
    byId("safe").append(found.element);
  }
  return found;
}

function openSession(): void {
  session?.retire();
  session = undefined;
  const options = call?.options ?? {};
  try {
    session = new Session(settings(cloud, options), wrongSecret.checked ? settings(cloud, options, true) : undefined);
    fill(byId("connection-error"));
  } catch (thrown) {
    fill(byId("connection-error"), ...shortProblem(unpoolError(thrown)));
    byId<HTMLDetailsElement>("connection").open = true;
  }
}

/** Hands the session to the view that is shown. */
function useIt(readAgain: boolean): void {
  if (call) useSession(session, readAgain);
  else removal().use(session);
}

/** Those where a run was cut off when the page was loaded before. */
const cutOff = new Set<Cloud>();
for (const each of clouds) {
  const run = KeptRun.find(each.id);
  if (!run) continue;
  returnTo(each, run.place);
  if (isOpen({ run })) cutOff.add(each);
}

// What has to be decided is at the top, wherever the page is scrolled to when it is loaded again.
if (cutOff.size > 0) history.scrollRestoration = "manual";

const link = (href: string, label: string, current: boolean, ...more: (HTMLElement | false)[]) => {
  const made = h("a", { href }, label, ...more);
  if (current) made.setAttribute("aria-current", "page");
  return made;
};

/** Until it is looked at. */
function cutOffMark(of: Cloud): (HTMLElement | false)[] {
  if (of === cloud && !call) cutOff.delete(of);
  if (!cutOff.has(of)) return [];
  return [h("span", { class: "mark caution", "aria-hidden": "true" }, " ◐"), h("span", { class: "heard" }, " (a run was cut off)")];
}

function showChoice(): void {
  const place = (of: Cloud) => (call ? of.calls[0].id : "safe");
  fill(byId("clouds"), ...clouds.map((each) => link(`#${each.id}/${place(each)}`, each.label, each === cloud, ...cutOffMark(each))));
  fill(byId("views"), link(`#${cloud.id}/safe`, "Safe removal", !call), link(`#${cloud.id}/${cloud.calls[0].id}`, "Single call", !!call));
  byId("single").hidden = !call;
  byId("safe").hidden = !!call;
  for (const [of, { element }] of removals) element.hidden = of !== cloud;
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
  cors.className = cloud.cors.startsWith("Expect a refusal") ? "refused" : "";
  fill(cors, `A browser that calls the real cloud: ${cloud.cors}`);
}

function connectionChanged(): void {
  showTarget();
  openSession();
  useIt(true);
}

function choose(): void {
  const [cloudId, place] = location.hash.slice(1).split("/");
  const chosen = clouds.find(({ id }) => id === cloudId);
  // An anchor inside the page is no choice.
  if (!chosen && location.hash !== "") return;
  cloud = chosen ?? cloud;
  call = cloud.calls.find(({ id }) => id === place);
  announce("");
  if (call) chooseCall(cloud, call);
  else removal();
  showChoice();
  showConnection(cloud, connectionChanged);
  connectionChanged();
}

wrongSecret.addEventListener("change", () => {
  openSession();
  useIt(false);
});
byId("reset").addEventListener("click", async () => {
  await resetEmulator();
  announce("Every pool of the emulator is as it was at the start.");
  if (call) {
    showNoResult();
    await readBefore();
  } else {
    await removal().lookUnasked();
  }
});
byId("reset").hidden = !emulator;
// What is drained stays drained when the page goes.
addEventListener("beforeunload", (event) => {
  if ([...removals.values()].some(({ isChanging }) => isChanging)) event.preventDefault();
});
addEventListener("hashchange", choose);
choose();
