// What an undo, and what a journal says, means in words. No DOM in here.

import type { Backend, JournalEntry, Picture, Plan, Report, UndoOutcome, UndoReport } from "unpool";
import { isSamePlace, plural, type Condition } from "./safe-words.ts";

const OUTCOMES: Record<UndoOutcome, Condition> = {
  restored: { tone: "good", mark: "●", words: "Put back" },
  present: { tone: "good", mark: "●", words: "Was there already" },
  absent: { tone: "plain", mark: "○", words: "Gone, and not by this run: left as it is" },
  failed: { tone: "bad", mark: "▲", words: "Failed: it could not be put back" },
  unknown: { tone: "unknown", mark: "?", words: "Unknown: it may be back, and no read tells" },
  "not-tried": { tone: "plain", mark: "○", words: "Not tried" },
};
export const undoOutcomeOf = (outcome: UndoOutcome) => OUTCOMES[outcome];

const ENDS: Record<UndoReport["status"], Condition> = {
  done: { tone: "good", mark: "●", words: "Put back" },
  incomplete: { tone: "bad", mark: "▲", words: "Not everything was done: put back" },
  refused: { tone: "bad", mark: "▲", words: "Refused: put back" },
  paused: { tone: "caution", mark: "◐", words: "Paused: put back" },
  aborted: { tone: "caution", mark: "◐", words: "Aborted: put back" },
};
const REST: readonly [UndoOutcome, string][] = [
  ["present", "there already"],
  ["absent", "gone and not by this run"],
  ["failed", "failed"],
  ["unknown", "unknown"],
  ["not-tried", "not tried"],
];

/** An undo's report in one sentence. */
export function undoSummary({ entries, status, calls }: UndoReport): Condition {
  const count = (wanted: UndoOutcome) => entries.filter(({ outcome }) => outcome === wanted).length;
  const rest = REST.filter(([outcome]) => count(outcome) > 0).map(([outcome, words]) => `, ${count(outcome)} ${words}`);
  const words = `${ENDS[status].words} ${count("restored")} of ${plural(entries.length, "backend")}${rest.join("")}; ${plural(calls, "call")}`;
  return { ...(count("unknown") > 0 ? { tone: "unknown" as const, mark: "?" } : ENDS[status]), words };
}

/** How many there are to be put back: of a run that has no report, those that it was about. */
export const toPutBack = (plan: Plan, report: Report | undefined): number =>
  report ? report.entries.filter(({ did }) => did.length > 0).length : plan.entries.length;

/** An entry of a journal in one line. */
export function journalWords(entry: JournalEntry | string): string {
  if (typeof entry === "string") return "A line that was cut off: it is left out";
  switch (entry.entry) {
    case "intent":
      return `${entry.operation?.operation ?? "A change"} is about to be sent`;
    case "result":
      return entry.error ? `It failed: ${entry.error.kind}, ${entry.error.message}` : "It was answered";
    case "seen":
      return "A read showed how things were";
    case "end":
      return "The load balancer was done with";
  }
}

/** The operations whose fate the journal does not tell. */
export function unanswered(entries: readonly (JournalEntry | string)[]): string[] {
  const open = new Map<string, string>();
  for (const entry of entries) {
    if (typeof entry === "string") continue;
    if (entry.entry === "intent") open.set(entry.lane, entry.operation?.operation ?? "a change");
    else open.delete(entry.lane);
  }
  return [...open.values()];
}

/** How a backend of a plan is now; `found` is what is in its place. */
export interface Now extends Condition {
  is: "gone" | "idle" | "serving";
  found?: Backend;
}

const switched = ({ enabled }: Backend) => (enabled ? "" : ", switched off");

export function nowOf(entry: Plan["entries"][number], picture: Picture): Now {
  const group = picture.loadBalancers.find(({ id }) => id === entry.loadBalancerId)?.groups.find(({ id }) => id === entry.groupId);
  const found = group?.backends.find(({ id }) => id === entry.id) ?? group?.backends.find((backend) => isSamePlace(backend, entry));
  if (!found) return { is: "gone", tone: "plain", mark: "○", words: "Not there" };
  const as = found.id === entry.id ? "" : `, as ${found.id}`;
  const weight = found.weight === entry.weight ? `weight ${found.weight}` : `weight ${found.weight}, was ${entry.weight}`;
  const words = (start: string) => `${start}${as}: ${weight}${switched(found)}`;
  const idle = (found.weight === 0 && entry.weight > 0) || (!found.enabled && entry.enabled);
  return idle
    ? { is: "idle", tone: "caution", mark: "◐", words: words("There, takes no traffic"), found }
    : { is: "serving", tone: "good", mark: "●", words: words("There"), found };
}

export const wasThen = (backend: Backend): string => `weight ${backend.weight}${switched(backend)}`;

/** In one sentence. */
export function nowSummary(states: readonly Now[]): Condition {
  const count = (wanted: Now["is"]) => states.filter(({ is }) => is === wanted).length;
  const [gone, idle, serving] = [count("gone"), count("idle"), count("serving")];
  const parts = [
    gone > 0 && `${gone} ${gone === 1 ? "is" : "are"} not there`,
    idle > 0 && `${idle} ${idle === 1 ? "is there and takes" : "are there and take"} no traffic`,
    serving > 0 && `${serving} ${serving === 1 ? "is" : "are"} there`,
  ].filter(Boolean);
  const tone = idle > 0 ? ({ tone: "caution", mark: "◐" } as const) : ({ tone: "plain", mark: "○" } as const);
  return { ...tone, words: `Of ${plural(states.length, "backend")}: ${parts.join(", ")}` };
}

