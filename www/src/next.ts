// What can be done about a run that is kept: go on, look, put back, forget. And why not.

import type { Report } from "unpool";
import { Buttons } from "./buttons.ts";
import { clock } from "./clock.ts";
import { h } from "./dom.ts";
import type { KeptRun } from "./kept.ts";
import { leftDrained, planSummary, plural, type Condition } from "./safe-words.ts";
import { toPutBack } from "./undo-words.ts";

export interface Kept {
  run: KeptRun;
  /** Of this page's own run; one that was cut off has none. */
  report?: Report;
  /** Nothing is left of it but what is shown. */
  forgotten?: boolean;
}

interface Deeds {
  kept: () => Kept | undefined;
  /** Why nothing can be sent now, and why nothing at all can be done. */
  whyNot: () => string | undefined;
  busy: () => string | undefined;
  goOn: () => unknown;
  check: () => unknown;
  putBack: () => unknown;
  forget: () => unknown;
}

export const backendsToPutBack = ({ run, report }: Kept) => plural(toPutBack(run.plan, report), "backend");

/** Whether something was begun and is neither at its end nor back. */
export const isOpen = ({ run, report, forgotten }: Kept): boolean =>
  !forgotten && run.undone !== "done" && (run.isUndoOpen || (run.hasBegun && (!run.isOver || (report !== undefined && leftDrained(report).length > 0))));

function whyNotOn({ run, forgotten }: Kept): string | undefined {
  if (forgotten) return "this run was forgotten.";
  if (run.undoEntries.length > 0) return "it was being put back.";
  return run.isOver ? "the run came to its end." : undefined;
}

function whyNotBack({ run, report, forgotten }: Kept): string | undefined {
  if (forgotten) return "this run was forgotten.";
  if (!run.hasBegun || (report && toPutBack(run.plan, report) === 0)) return "nothing was changed.";
  return run.undone === "done" ? "that is done." : undefined;
}

export function nextButtons(deeds: Deeds): Buttons<"goOn" | "check" | "putBack" | "forget"> {
  const whyNot = (own: (kept: Kept) => string | undefined) => () => {
    const kept = deeds.kept();
    return kept && (own(kept) ?? deeds.whyNot());
  };
  const gone = ({ forgotten }: Kept) => (forgotten ? "this run was forgotten." : undefined);
  const back = () => {
    const kept = deeds.kept();
    return [kept ? `Put ${backendsToPutBack(kept)} back` : "Put back"];
  };
  return new Buttons({
    goOn: { label: () => ["Continue"], look: "primary", whyNot: whyNot(whyNotOn), press: deeds.goOn },
    check: { label: () => ["Check what happened"], whyNot: whyNot(gone), press: deeds.check },
    putBack: { label: back, whyNot: whyNot(whyNotBack), press: deeds.putBack },
    forget: {
      label: () => ["Forget this run"],
      whyNot: () => {
        const kept = deeds.kept();
        return kept && (gone(kept) ?? deeds.busy());
      },
      press: deeds.forget,
    },
  });
}

/** What was found when the page was loaded, in one sentence. */
export function keptSummary(kept: Kept): Condition {
  const { run, forgotten } = kept;
  const caution = (words: string) => ({ tone: "caution" as const, mark: "◐", words });
  const plain = (words: string) => ({ tone: "plain" as const, mark: "○", words });
  if (forgotten) return plain("The run is forgotten. What it did stays as it is");
  if (run.undone === "done") return { tone: "good", mark: "●", words: "The run was put back" };
  if (run.undoEntries.length > 0) return caution(`Putting ${backendsToPutBack(kept)} back ${run.isUndoOpen ? "was cut off" : "came to an end, and not everything is back"}`);
  if (!run.hasBegun) return plain("A run was cut off before it changed anything");
  if (run.isOver) return plain("A run came to its end and is kept");
  return caution(run.status === undefined ? "A run was cut off" : "A run was stopped half-way");
}

const time = ({ entries, undoEntries, began }: KeptRun) => {
  const last = [...entries, ...undoEntries].filter((entry) => typeof entry !== "string").at(-1);
  return `Begun at ${clock(began)}${last ? `, last written down at ${clock(new Date(last.at))}` : ""}`;
};

/** What it was about. */
export const keptDetails = (kept: Kept): HTMLElement[] => [
  h("p", {}, h("b", {}, "The plan was: "), `${planSummary(kept.run.plan)}.`),
  h("p", {}, `${time(kept.run)}. `, isOpen(kept) && "Nothing happens by itself: a backend that was drained takes no traffic until you decide."),
  h("p", { class: "help" }, "Its plan and journal are kept in this tab, without keys, until you forget them or close the tab."),
];
