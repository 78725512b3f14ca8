// A run, or an undo, while it goes on: how many are done, which step each load balancer is at, how long it waits at most, what happened.

import type { Plan, Report, RunEvent, UndoReport } from "unpool";
import { clock } from "./clock.ts";
import { announce, fill, h } from "./dom.ts";
import { eventWords, outcomeOf, plural, stepName, waitWords, type OutcomeWords, type Step } from "./safe-words.ts";
import { undoOutcomeOf } from "./undo-words.ts";

type StepState = "to do" | "under way" | "done" | "done before" | "stopped";
const MARKS: Record<StepState, string> = { "to do": "○", "under way": "◐", done: "●", "done before": "●", stopped: "■" };

interface Wait {
  why: Extract<RunEvent, { event: "wait" }>["why"];
  from: number;
  until: number;
}
interface Lane {
  steps: Map<Step, StepState>;
  wait?: Wait | undefined;
  element: HTMLElement;
}

/** What is to be expected: each load balancer's steps, how many backends, and what an outcome is called. */
interface Course {
  lanes: Map<string, Step[]>;
  total: number;
  outcome: OutcomeWords;
  /** It goes on where another one ended: a step that does not come was done by that one. */
  goesOn: boolean;
}

export const courseOfRun = ({ loadBalancers, steps, entries }: Plan, goesOn: boolean): Course => ({
  goesOn,
  lanes: new Map(loadBalancers.map(({ id }) => [id, ["check", ...steps.filter((step) => step.loadBalancerId === id).map(({ step }) => step)]])),
  total: entries.length,
  outcome: ({ outcome }) => outcomeOf(outcome as Parameters<typeof outcomeOf>[0]),
});

export const courseOfUndo = ({ loadBalancers }: Plan, total: number, goesOn: boolean): Course => ({
  goesOn,
  lanes: new Map(loadBalancers.map(({ id }) => [id, ["check", "put-back"]])),
  total,
  outcome: ({ outcome }) => undoOutcomeOf(outcome as Parameters<typeof undoOutcomeOf>[0]),
});

/** Said aloud at the start, at half time and shortly before the end: not every second. */
const LAST_CALL_MS = 10_000;
const TICK_MS = 250;

export class Progress {
  readonly element = h("div", { class: "progress" });
  readonly #bar = h("progress", { max: 1, value: 0 });
  readonly #label = h("span", {});
  readonly #lanes = new Map<string, Lane>();
  readonly #log = h("ol", { class: "log", role: "log", "aria-live": "off", "aria-label": "Events", tabIndex: 0 });
  #timer: ReturnType<typeof setInterval> | undefined;
  #said = new Set<string>();

  readonly #words: (event: RunEvent) => string;
  readonly #goesOn: boolean;

  constructor({ lanes, total, outcome, goesOn }: Course) {
    this.#goesOn = goesOn;
    this.#words = (event) => eventWords(event, outcome);
    for (const [id, steps] of lanes) this.#lanes.set(id, { steps: new Map(steps.map((step) => [step, "to do"])), element: h("div", { class: "lane" }) });
    this.#count(0, total);
    fill(this.element, h("label", { class: "bar" }, this.#label, this.#bar), ...[...this.#lanes.values()].map(({ element }) => element), h("h3", {}, "Events"), this.#log);
    for (const id of this.#lanes.keys()) this.#draw(id);
    this.#timer = setInterval(() => this.#tick(), TICK_MS);
  }

  tell(event: RunEvent): void {
    this.#count(event.done, event.total);
    const lane = this.#lanes.get(event.loadBalancerId);
    if (lane) {
      // Whatever comes after a pause says that it is over.
      lane.wait = event.event === "wait" ? { why: event.why, from: Date.now(), until: Date.parse(event.until) } : undefined;
      if (event.event === "step-begin") this.#begin(lane, event.step);
      if (event.event === "refused") this.#stop(lane);
      if (event.event === "step-end" && lane.steps.get(event.step) === "under way") lane.steps.set(event.step, "done");
      this.#draw(event.loadBalancerId);
    }
    this.#note(event);
    // Of hundreds that go as they should, the report tells; what goes wrong is said at once.
    const expected = event.event === "step-end" || (event.event === "entry" && (event.entry.outcome === "removed" || event.entry.outcome === "restored"));
    if (!expected) announce(`${this.#words(event)}.`);
  }

  /** Nothing moves any more; what was said stays. A step that ended need not have come to its aim: the report knows. */
  end(report?: Report | UndoReport): void {
    clearInterval(this.#timer);
    for (const [id, lane] of this.#lanes) {
      lane.wait = undefined;
      this.#stop(lane);
      const entries = [...(report?.entries ?? [])].filter((entry) => entry.loadBalancerId === id);
      const missed = (step: Step, reached: boolean) => report && !reached && lane.steps.get(step) === "done" && lane.steps.set(step, "stopped");
      missed("remove", entries.some(({ outcome }) => outcome === "removed"));
      missed("put-back", entries.every(({ state, outcome }) => state === "serving" || (state === "gone" && outcome !== "failed")));
      this.#draw(id);
    }
  }

  #begin({ steps }: Lane, step: Step): void {
    for (const [earlier, state] of steps) {
      if (earlier === step) break;
      if (this.#goesOn && step !== "put-back" && state === "to do") steps.set(earlier, "done before");
    }
    steps.set(step, "under way");
  }

  #stop({ steps }: Lane): void {
    for (const [step, state] of steps) if (state === "under way") steps.set(step, "stopped");
  }

  #count(done: number, total: number): void {
    this.#bar.max = Math.max(total, 1);
    this.#bar.value = done;
    fill(this.#label, `${done} of ${plural(total, "backend")} done`);
  }

  #note(event: RunEvent): void {
    const time = new Date(event.at);
    const detail = event.event.startsWith("step") ? "" : "more";
    const whose = this.#lanes.size > 1 && h("small", {}, ` ${event.loadBalancerId}`);
    const follows = this.#log.scrollHeight - this.#log.scrollTop - this.#log.clientHeight < 40;
    this.#log.append(h("li", { class: detail }, h("time", { dateTime: event.at }, clock(time)), h("span", {}, this.#words(event), whose)));
    // Who scrolled back to read is left alone.
    if (follows) this.#log.scrollTop = this.#log.scrollHeight;
  }

  #draw(id: string): void {
    const lane = this.#lanes.get(id);
    if (!lane) return;
    fill(
      lane.element,
      this.#lanes.size > 1 && h("h3", {}, id),
      h(
        "ol",
        { class: "steps", "aria-label": `Steps of ${id}` },
        ...[...lane.steps].map(([step, state]) =>
          h("li", { class: state.replace("done before", "done").replace(" ", "-") }, h("span", { class: "mark", "aria-hidden": "true" }, MARKS[state]), ` ${stepName(step)}`, h("small", {}, ` ${state}`)),
        ),
      ),
      lane.wait && this.#waiting(lane.wait),
    );
  }

  #waiting({ why, from, until }: Wait): HTMLElement {
    const left = Math.max(0, Math.ceil((until - Date.now()) / 1000));
    return h(
      "div",
      { class: "waiting" },
      h("p", {}, `${waitWords(why)}.`),
      h(
        "label",
        { class: "bar" },
        h("span", {}, `At most until ${clock(new Date(until))}: `, h("b", {}, left > 0 ? `${left} s left` : "any moment")),
        h("progress", { max: Math.max(1, until - from), value: Math.min(Date.now(), until) - from }),
      ),
    );
  }

  #tick(): void {
    for (const [id, { wait }] of this.#lanes) {
      if (!wait) continue;
      this.#draw(id);
      const left = wait.until - Date.now();
      const half = left < (wait.until - wait.from) / 2 ? "half" : "";
      const moment = left < LAST_CALL_MS && wait.until - wait.from > 2 * LAST_CALL_MS ? "last" : half;
      if (moment === "" || wait.until - wait.from < LAST_CALL_MS) continue;
      const key = `${id} ${wait.until} ${moment}`;
      if (this.#said.has(key)) continue;
      this.#said.add(key);
      announce(`Still waiting: ${Math.ceil(left / 1000)} s left at most.`);
    }
  }
}
