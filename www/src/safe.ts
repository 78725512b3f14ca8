// The safe removal of one cloud: look, plan, run, and what may be pressed when. It stays while other clouds are shown.

import type { Backend, Picture, Plan } from "unpool";
import { unpoolError, type Session } from "./api.ts";
import { Buttons } from "./buttons.ts";
import { Changing, part, type Work } from "./changing.ts";
import type { Cloud } from "./clouds.ts";
import { isLocal } from "./connection.ts";
import { announce, fill, h } from "./dom.ts";
import { examplesOf } from "./examples.ts";
import { showPicture } from "./picture.ts";
import { showPlan } from "./plan.ts";
import { shortProblem, showError } from "./problem.ts";
import { RequestForm } from "./request.ts";
import { fits, list, planSummary, plural, selectorOf, type Selector } from "./safe-words.ts";

export class SafeRemoval {
  readonly element: HTMLElement;
  readonly #cloud: Cloud;
  readonly #form: RequestForm;
  readonly #buttons: Buttons<"Look" | "Plan" | "Run" | "Abort">;
  readonly #changing: Changing;
  readonly #lookProblem = h("div", { class: "result" });
  readonly #picture = h("div", { class: "picture" });
  readonly #stale = h("p", { class: "note caution", hidden: true }, "! The request was changed since: this plan is not for it.");
  readonly #planned = h("div", { class: "result" });
  #session: Session | undefined;
  #seen: Picture | undefined;
  #looks = 0;
  #lookedAt: string | undefined;
  #typing: ReturnType<typeof setTimeout> | undefined;
  #plan: Plan | undefined;
  /** The request that the plan is for, as text. */
  #plannedFor = "";
  #work: { what: Work; abort: AbortController } | undefined;

  constructor(cloud: Cloud) {
    this.#cloud = cloud;
    this.#buttons = this.#makeButtons();
    this.#changing = new Changing({
      cloud,
      begin: (what, place, work) => this.#do(what, place, work),
      whyNot: () => this.#whyNot(),
      busy: () => this.#busy(),
      seen: (picture) => this.#show(picture),
      ran: (changed) => this.#ran(changed),
      show: (place) => this.#bring(place),
    });
    this.#form = new RequestForm(examplesOf(cloud), cloud.vendor.endsWith("cloud"), () => this.#requestChanged());
    this.element = h(
      "div",
      { class: "safe" },
      h("div", { class: "controls" }, this.#buttons.element, this.#buttons.reasons),
      this.#changing.found,
      h(
        "div",
        { class: "columns" },
        h("div", { class: "column" }, part("What to take out", this.#form.element), part("Load balancer", this.#lookProblem, this.#picture)),
        h("div", { class: "column" }, part("Plan", this.#stale, this.#planned), ...this.#changing.sections),
      ),
    );
    this.#drawPlan();
    this.#requestChanged();
  }

  /** Something is being changed. */
  get isChanging(): boolean {
    return this.#work?.what === "Run" || this.#work?.what === "Put back";
  }

  /** With other keys, or at another address: what was seen there need not be here. */
  use(session: Session | undefined): void {
    this.#session = session;
    this.#drawButtons();
    void this.lookUnasked();
  }

  #requestChanged(): void {
    // While it is being made, there is nothing to redraw.
    if (!this.element) return;
    this.#drawPicture();
    this.#drawButtons();
    const from = JSON.stringify(this.#form.value()?.from);
    if (from === this.#lookedAt) return;
    clearTimeout(this.#typing);
    this.#typing = setTimeout(() => void this.lookUnasked(), 400);
  }

  #chosen(): readonly Selector[] {
    return list<Selector>((this.#form.value() as { remove?: Selector | Selector[] } | null | undefined)?.remove);
  }

  #drawPicture(): void {
    const chosen = (backend: Backend) => this.#chosen().some((selector) => selector !== null && fits(selector, backend));
    showPicture(this.#picture, this.#seen, {
      chosen,
      toggle: (backend) => {
        const was = chosen(backend);
        const all = this.#seen?.loadBalancers.flatMap(({ groups }) => groups.flatMap(({ backends }) => backends)) ?? [];
        const wanted = all.filter((each) => (each === backend ? !was : chosen(each)));
        // One selector can mean many backends: said once is enough.
        this.#form.choose([...new Map(wanted.map((each) => [JSON.stringify(selectorOf(each)), selectorOf(each)])).values()]);
        if (was && chosen(backend)) announce("It stays chosen: without a port, a server is chosen in every group. Choose the others by port, or narrow `from`.");
      },
    });
  }

  #isStale(): boolean {
    return this.#plan !== undefined && this.#plannedFor !== JSON.stringify(this.#form.value());
  }

  #busy(): string | undefined {
    return this.#work && `${this.#work.what} is under way.`;
  }

  #whyNot(): string | undefined {
    return this.#busy() ?? (this.#session ? undefined : "the connection has to be mended first.");
  }

  #whyNoPlan(): string | undefined {
    return this.#whyNot() ?? (this.#form.value() ? undefined : "the request has to be mended first.");
  }

  #whyNoRun(): string | undefined {
    const before = this.#whyNoPlan() ?? this.#changing.whyNoRun;
    if (before !== undefined) return before;
    if (!this.#plan) return "make a plan first.";
    if (this.#isStale()) return "the request is not the one that was planned: plan again.";
    if (this.#plan.refusals.length > 0) return `${plural(this.#plan.refusals.length, "guard says", "guards say")} no: see the plan.`;
    return this.#plan.entries.length === 0 ? "there is nothing to remove." : undefined;
  }

  #makeButtons() {
    const run = (enabled: boolean) => {
      const count = this.#plan?.entries.length ?? 0;
      return enabled ? [`Run: remove ${count}`, h("span", { class: "where-wide" }, count === 1 ? " backend" : " backends")] : ["Run"];
    };
    return new Buttons({
      Look: { label: () => ["Look"], whyNot: () => this.#whyNoPlan(), press: () => this.#look() },
      Plan: { label: () => ["Plan"], look: "primary", whyNot: () => this.#whyNoPlan(), press: () => this.#makePlan() },
      Run: { label: run, look: "danger", whyNot: () => this.#whyNoRun(), press: () => this.#plan && this.#changing.run(this.#plan) },
      Abort: { label: () => ["Abort"], whyNot: () => (this.#work ? undefined : "nothing is under way."), press: () => this.#abort() },
    });
  }

  #drawButtons(): void {
    this.#stale.hidden = !this.#isStale();
    this.#buttons.draw();
    this.#changing.draw();
  }

  #abort(): void {
    announce("Aborting: what is done stays done, and the report says how it is.");
    this.#work?.abort.abort();
  }

  /** One thing at a time; what it throws is shown at `place`. */
  async #do(what: Work, place: HTMLElement, work: (session: Session, signal: AbortSignal) => Promise<void>): Promise<void> {
    const session = this.#session;
    if (!session || this.#work) return;
    this.#work = { what, abort: new AbortController() };
    const { signal } = this.#work.abort;
    this.#form.say();
    this.#drawButtons();
    try {
      await session.hold(() => work(session, signal));
    } catch (thrown) {
      const error = unpoolError(thrown);
      showError(place, `${what}: ${error.kind === "aborted" ? "aborted" : "failed"}`, error);
      if (error.kind === "invalid-input" && error.field) this.#form.say(...shortProblem(error));
      announce(`${what}: ${error.kind}. ${error.message}`);
      this.#bring(place);
    } finally {
      this.#work = undefined;
      this.#drawButtons();
    }
  }

  /** Brings a result before the eyes, and the focus to its first line. */
  #bring(place: HTMLElement): void {
    if (this.element.hidden) return;
    place.querySelector<HTMLElement>(".headline")?.focus({ preventScroll: true });
    place.parentElement?.scrollIntoView({ block: "start" });
  }

  async #look(): Promise<void> {
    await this.#do("Look", this.#lookProblem, async (session, signal) => {
      await this.#inspect(session, signal);
      announce(`Looked at ${plural(this.#seen?.loadBalancers.length ?? 0, "load balancer")}.`);
    });
  }

  /**
   * In nobody's way: nothing is held up by it, and the focus stays where it is. Only where it costs nobody anything, by
   * the address as it is now: a look that was due when another one was given must not go to a real cloud.
   */
  async lookUnasked(): Promise<void> {
    const session = this.#session;
    if (!session || this.#work || !isLocal(this.#cloud)) return;
    try {
      await session.hold(() => this.#inspect(session));
    } catch (thrown) {
      fill(this.#lookProblem, h("div", { class: "problem" }, ...shortProblem(unpoolError(thrown))));
    }
  }

  async #inspect({ caller }: Session, signal?: AbortSignal): Promise<void> {
    const request = this.#form.value();
    const ticket = ++this.#looks;
    if (!request) return;
    this.#lookedAt = JSON.stringify(request.from);
    const seen = await caller.inspect(request.from, signal && { signal });
    // Another look began later: it knows better.
    if (ticket !== this.#looks) return;
    this.#show(seen);
  }

  #show(seen: Picture): void {
    this.#looks++;
    this.#seen = seen;
    fill(this.#lookProblem);
    this.#drawPicture();
  }

  /** What was planned is done: nobody shall run it a second time by mistake. If nothing was changed, it still holds. */
  #ran(changed: boolean): void {
    if (changed) {
      this.#plan = undefined;
      this.#drawPlan();
    }
    this.#drawButtons();
  }

  #drawPlan(): void {
    if (!this.#plan) {
      fill(this.#planned, h("p", { class: "idle" }, "A plan only reads. Press Plan to see what a run would do, and what speaks against it."));
      return;
    }
    showPlan(this.#planned, this.#plan, {
      allow: (guard) => this.#form.allow(guard),
      onEmptyRule: (what) => this.#form.onEmptyRule(what),
    });
  }

  async #makePlan(): Promise<void> {
    this.#plan = undefined;
    await this.#do("Plan", this.#planned, async ({ caller }, signal) => {
      const request = this.#form.value();
      if (!request) return;
      fill(this.#planned, h("p", { class: "idle" }, "Planning: it is read, and nothing is changed."));
      this.#plan = await caller.plan(request, { signal });
      this.#plannedFor = JSON.stringify(request);
      this.#drawPlan();
      announce(`${planSummary(this.#plan)}.`);
      this.#bring(this.#planned);
    });
  }
}
