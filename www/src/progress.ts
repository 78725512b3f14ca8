// A run while it goes on: how many are done, which step each load balancer is at, how long it waits at most, what happened.

import type { Plan, Report, RunEvent } from "unpool";
import { clock } from "./clock.ts";
import { announce, fill, h } from "./dom.ts";
import { eventWords, plural, stepName, waitWords, type Step } from "./safe-words.ts";

type StepState = "to do" | "under way" | "done" | "stopped";
const MARKS: Record<StepState, string> = { "to do": "○", "under way": "◐", done: "●", stopped: "■" };

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

  constructor(plan: Plan) {
    for (const { id } of plan.loadBalancers) {
      const steps = plan.steps.filter((step) => step.loadBalancerId === id).map(({ step }) => step);
      this.#lanes.set(id, { steps: new Map((["check", ...steps] as Step[]).map((step) => [step, "to do"])), element: h("div", { class: "lane" }) });
    }
    this.#count(0, plan.entries.length);
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
      if (event.event === "step-begin") lane.steps.set(event.step, "under way");
      if (event.event === "refused") this.#stop(lane);
      if (event.event === "step-end" && lane.steps.get(event.step) === "under way") lane.steps.set(event.step, "done");
      this.#draw(event.loadBalancerId);
    }
    this.#note(event);
    // Of hundreds that go as they should, the report tells; what goes wrong is said at once.
    const expected = event.event === "step-end" || (event.event === "entry" && event.entry.outcome === "removed");
    if (!expected) announce(`${eventWords(event)}.`);
  }

  /** Nothing moves any more; what was said stays. A step that ended need not have come to its aim: the report knows. */
  end(report?: Report): void {
    clearInterval(this.#timer);
    for (const [id, lane] of this.#lanes) {
      lane.wait = undefined;
      this.#stop(lane);
      const entries = report?.entries.filter((entry) => entry.loadBalancerId === id) ?? [];
      const missed = (step: Step, reached: boolean) => report && !reached && lane.steps.get(step) === "done" && lane.steps.set(step, "stopped");
      missed("remove", entries.some(({ outcome }) => outcome === "removed"));
      missed("put-back", entries.every(({ state }) => state === "serving" || state === "gone"));
      this.#draw(id);
    }
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
    this.#log.append(h("li", { class: detail }, h("time", { dateTime: event.at }, clock(time)), h("span", {}, eventWords(event), whose)));
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
          h("li", { class: state.replace(" ", "-") }, h("span", { class: "mark", "aria-hidden": "true" }, MARKS[state]), ` ${stepName(step)}`, h("small", {}, ` ${state}`)),
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
