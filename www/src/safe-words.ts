// What a safe removal's data means in words, and which selector means which backend. No DOM in here.

import type { Backend, EntryState, Outcome, Plan, Report, ReportEntry, RunEvent } from "unpool";
import { clock } from "./clock.ts";
import type { Tone } from "./outcome.ts";

export type Selector = Record<string, unknown>;
/** Drawn with a shape and said with a word; the colour comes last. */
export interface Condition {
  tone: Tone | "caution";
  mark: string;
  words: string;
}
export type Step = Extract<RunEvent, { event: "step-begin" | "step-end" }>["step"];

const text = (value: unknown) => (value === undefined || value === null ? "" : String(value));
export const plural = (count: number, one: string, many = `${one}s`) => `${count} ${count === 1 ? one : many}`;
export const list = <T>(value: T | readonly T[] | undefined): readonly T[] =>
  value === undefined ? [] : Array.isArray(value) ? (value as readonly T[]) : [value as T];

/** Every vendor has its own words for the same four things. */
const facts = ({ saved }: Backend) => ({
  name: text(saved.resourceName ?? saved.name ?? saved.serverId),
  address: text(saved.privateIp ?? saved.serverIp ?? saved.address),
  port: text(saved.port ?? saved.protocolPort),
  memberId: saved.id,
});

/** Where traffic to one goes, it goes with the other: it was given a new id, say. */
export function isSamePlace(one: Backend, other: Backend): boolean {
  const [a, b] = [facts(one), facts(other)];
  return a.address !== "" && a.address === b.address && a.port === b.port;
}

export function describeBackend(backend: Backend): { name: string; detail: string } {
  const { name, address, port } = facts(backend);
  const where = address + (port && `:${port}`);
  return {
    name: name || backend.id,
    detail: [where, `weight ${backend.weight}`, !backend.enabled && "switched off", name !== "" && !backend.id.startsWith(name) && backend.id]
      .filter(Boolean)
      .join(" · "),
  };
}

const inOrder = new Intl.Collator("en", { numeric: true });
/** By name, then by address: the order in which people look for them. */
export function sorted(backends: readonly Backend[]): Backend[] {
  const key = (backend: Backend) => Object.values(describeBackend(backend)).join(" ");
  return backends
    .map((backend) => ({ backend, key: key(backend) }))
    .sort((a, b) => inOrder.compare(a.key, b.key))
    .map(({ backend }) => backend);
}

const HEALTH: Record<Backend["health"], Condition> = {
  healthy: { tone: "good", mark: "●", words: "Healthy" },
  unhealthy: { tone: "bad", mark: "▲", words: "Unhealthy" },
  mixed: { tone: "bad", mark: "▲", words: "Unhealthy for some listeners" },
  unknown: { tone: "unknown", mark: "?", words: "Health not known" },
};

/** What strikes first about a backend; health, weight and switch are told beside it all the same. */
export function condition(backend: Backend): Condition {
  if (!backend.enabled) return { tone: "caution", mark: "◐", words: "Switched off" };
  if (backend.weight === 0) return { tone: "caution", mark: "◐", words: "Weight 0" };
  return HEALTH[backend.health];
}
export const healthWords = (backend: Backend) => HEALTH[backend.health].words;

/** Whether a selector means a backend. What is really meant the plan says; this is for the ticks. */
export function fits(selector: Selector, backend: Backend): boolean {
  const { saved, health } = backend;
  const { address, port, memberId } = facts(backend);
  const known: Selector = {
    serverId: saved.serverId ?? saved.resourceId,
    resourceId: saved.resourceId,
    backendId: saved.backendId,
    memberId,
    address,
    serverIp: address,
    port,
    health,
  };
  const given = Object.entries(selector);
  return given.length > 0 && given.every(([name, value]) => text(known[name]) === text(value));
}

/** The selector that means a backend and, where the vendor has a name for that, nothing else. */
export function selectorOf(backend: Backend): Selector {
  const { saved } = backend;
  if (saved.backendId !== undefined) return { backendId: saved.backendId };
  if (saved.serverId === undefined) return { memberId: saved.id };
  return {
    serverId: saved.serverId,
    // One network interface can be many backends, one for each of its addresses.
    ...(saved.type === "ecs" ? {} : { serverIp: saved.serverIp }),
    ...(saved.port === undefined ? {} : { port: saved.port }),
  };
}

/** A default group has no name of its own; `alone`: nobody can mistake whose it is. */
export const groupName = ({ kind, name, id }: { kind: string; name: string; id: string }, alone: boolean) =>
  kind !== "default" ? name || id : alone ? "default group" : `default group of ${id}`;

const drainOf = (plan: Plan) => {
  const wait = plan.steps.find((step) => step.step === "wait");
  return wait ? `, after a drain of ${wait.waitMs / 1000} s` : plan.steps.some((step) => step.step === "drain") ? ", drained" : ", without a drain";
};

/** A plan in one sentence. */
export function planSummary(plan: Plan): string {
  const { entries, groups, refusals, calls } = plan;
  if (refusals.length > 0) return `Nothing will be done: ${plural(refusals.length, "guard says", "guards say")} no`;
  if (entries.length === 0) return "Nothing to remove: no backend fits";
  const before = groups.reduce((sum, group) => sum + group.backends.before, 0);
  const places = plural(groups.length, "group");
  return `Remove ${entries.length} of ${plural(before, "backend")} from ${places}${drainOf(plan)}; ${before - entries.length} stay. At least ${calls.reads + calls.changes} calls, ${calls.changes} of them changes`;
}

const STEPS: Record<Step, string> = {
  check: "Check",
  drain: "Drain",
  wait: "Wait",
  detach: "Detach from rules",
  remove: "Remove",
  "put-back": "Put back",
};
export const stepName = (step: Step) => STEPS[step];

export function planStep(step: Plan["steps"][number]): { name: string; what: string; calls: string } {
  const name = stepName(step.step);
  switch (step.step) {
    case "wait":
      return { name, what: `${step.waitMs / 1000} s, for connections to end`, calls: "0" };
    case "detach":
      return { name, what: `rule ${step.ruleId}`, calls: "1" };
    default:
      return { name, what: `${plural(step.entries.length, "backend")} of ${step.groupId}`, calls: String(step.calls) };
  }
}

type Why = Extract<RunEvent, { event: "wait" }>["why"];
const WAITS: Record<Why, string> = {
  drain: "Waiting for connections to end. No vendor here tells when a server is idle: this is a wait, not a proof",
  locked: "The load balancer is busy with another change",
  effect: "The change was answered and does not show yet",
  settle: "No answer came: what became of the call has to show first",
  retry: "A pause before the call is repeated",
};
export const waitWords = (why: Why) => WAITS[why];

const OUTCOMES: Record<Outcome, Condition> = {
  removed: { tone: "good", mark: "●", words: "Removed" },
  absent: { tone: "plain", mark: "○", words: "Was not there any more" },
  failed: { tone: "bad", mark: "▲", words: "Failed: it is still there" },
  unknown: { tone: "unknown", mark: "?", words: "Unknown: it may be gone, and no read tells" },
  "not-tried": { tone: "plain", mark: "○", words: "Not tried" },
};
export const outcomeOf = (outcome: Outcome) => OUTCOMES[outcome];

const STATES: Record<EntryState, Condition> = {
  serving: { tone: "good", mark: "●", words: "Serves as before" },
  drained: { tone: "caution", mark: "◐", words: "Drained: takes no traffic" },
  detached: { tone: "caution", mark: "◐", words: "Detached from its rules: takes no traffic" },
  gone: { tone: "plain", mark: "○", words: "Gone" },
  unknown: { tone: "unknown", mark: "?", words: "Unknown" },
};
export const stateOf = (state: EntryState) => STATES[state];

/** Those that take no traffic and are there all the same: nobody may overlook them. */
export const leftDrained = (report: Report): ReportEntry[] =>
  report.entries.filter(({ outcome, state }) => outcome !== "removed" && (state === "drained" || state === "detached"));

/** How a backend was before it was drained. */
export function wasBefore(entry: ReportEntry): string {
  return entry.saved.enabled === undefined ? `its weight was ${entry.weight}` : `it was ${entry.enabled ? "switched on" : "switched off"}, its weight ${entry.weight}`;
}

const ENDS: Record<Report["status"], Condition> = {
  done: { tone: "good", mark: "●", words: "Removed" },
  incomplete: { tone: "bad", mark: "▲", words: "Not everything was done: removed" },
  refused: { tone: "bad", mark: "▲", words: "Refused: removed" },
  paused: { tone: "caution", mark: "◐", words: "Paused: removed" },
  aborted: { tone: "caution", mark: "◐", words: "Aborted: removed" },
};
const REST: readonly [Outcome, string][] = [["absent", "not there any more"], ["failed", "failed"], ["unknown", "unknown"], ["not-tried", "not tried"]];

/** A report in one sentence. */
export function reportSummary({ entries, status, calls }: Report): Condition {
  const count = (wanted: Outcome) => entries.filter(({ outcome }) => outcome === wanted).length;
  const rest = REST.filter(([outcome]) => count(outcome) > 0).map(([outcome, words]) => `, ${count(outcome)} ${words}`);
  const end = ENDS[status];
  const words = `${end.words} ${count("removed")} of ${plural(entries.length, "backend")}${rest.join("")}; ${plural(calls, "call")}`;
  return { ...(count("unknown") > 0 ? { tone: "unknown" as const, mark: "?" } : end), words };
}

const PAUSES: Record<Why, string> = {
  drain: "for connections to end",
  locked: "for the load balancer to be free",
  effect: "for the change to show",
  settle: "for what became of the call to show",
  retry: "before the call is repeated",
};

/** What an outcome means depends on what was carried out: a run or an undo. */
export type OutcomeWords = (entry: Extract<RunEvent, { event: "entry" }>["entry"]) => Condition;

/** An event in one line. */
export function eventWords(event: RunEvent, outcomeWords: OutcomeWords): string {
  switch (event.event) {
    case "step-begin":
      return `${stepName(event.step)} begins`;
    case "step-end":
      return `${stepName(event.step)} ends`;
    case "wait":
      return `Waits ${PAUSES[event.why]}, at most until ${clock(new Date(event.until))}`;
    case "retry":
      return `Attempt ${event.attempt} failed: ${event.error.kind}, ${event.error.message}`;
    case "refused":
      return `Refused (${event.refusal.guard}): ${event.refusal.message}`;
    case "entry": {
      const { name } = describeBackend(event.entry);
      const { words } = outcomeWords(event.entry);
      const expected = event.entry.state === "gone" || event.entry.outcome === "restored";
      return expected ? `${name}: ${words}` : `${name}: ${words}. ${stateOf(event.entry.state).words}`;
    }
  }
}
