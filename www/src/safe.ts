// The safe removal of one cloud: look, plan, run, and what may be pressed when. It stays while other clouds are shown.

import type { Backend, Picture, Plan, Report } from "unpool";
import { unpoolError, type Session } from "./api.ts";
import type { Cloud } from "./clouds.ts";
import { confirmReal } from "./confirm.ts";
import { connectionOf, isLocal } from "./connection.ts";
import { announce, enable, enabled, fill, h } from "./dom.ts";
import { examplesOf } from "./examples.ts";
import { showPicture } from "./picture.ts";
import { showPlan } from "./plan.ts";
import { shortProblem, showError } from "./problem.ts";
import { Progress } from "./progress.ts";
import { showReport, type Look } from "./report.ts";
import { RequestForm } from "./request.ts";
import { fits, list, planSummary, plural, reportSummary, selectorOf, type Selector } from "./safe-words.ts";

type Work = "Look" | "Plan" | "Run";

const part = (title: string, ...content: HTMLElement[]) => h("section", { "aria-label": title }, h("h2", {}, title), ...content);

export class SafeRemoval {
  readonly element: HTMLElement;
  readonly #cloud: Cloud;
  readonly #form: RequestForm;
  readonly #buttons: Record<Work | "Abort", HTMLButtonElement>;
  readonly #reasons = h("ul", { class: "reasons" });
  readonly #running = h("div", {}, h("p", { class: "idle" }, "Nothing has been run yet."));
  readonly #lookProblem = h("div", { class: "result" });
  readonly #picture = h("div", { class: "picture" });
  readonly #stale = h("p", { class: "note caution", hidden: true }, "! The request was changed since: this plan is not for it.");
  readonly #planned = h("div", { class: "result" });
  readonly #reported = h("div", { class: "result" });
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
    const press = (label: Work | "Abort", work: () => unknown, look = "") => {
      const button = h("button", { type: "button", class: look }, label);
      button.addEventListener("click", () => enabled(button) && work());
      return button;
    };
    this.#buttons = {
      Look: press("Look", () => this.#look()),
      Plan: press("Plan", () => this.#makePlan(), "primary"),
      Run: press("Run", () => this.#run(), "danger"),
      Abort: press("Abort", () => this.#abort()),
    };
    this.#form = new RequestForm(examplesOf(cloud), cloud.vendor.endsWith("cloud"), () => this.#requestChanged());
    this.element = h(
      "div",
      { class: "safe" },
      h("div", { class: "controls" }, h("div", { class: "actions" }, ...Object.values(this.#buttons)), this.#reasons),
      h(
        "div",
        { class: "columns" },
        h("div", { class: "column" }, part("What to take out", this.#form.element), part("Load balancer", this.#lookProblem, this.#picture)),
        h("div", { class: "column" }, part("Plan", this.#stale, this.#planned), part("Run", this.#running), part("Report", this.#reported)),
      ),
    );
    this.#drawPlan();
    fill(this.#reported, h("p", { class: "idle" }, "It comes after the run."));
    this.#requestChanged();
  }

  get isRunning(): boolean {
    return this.#work?.what === "Run";
  }

  /** With other keys, or at another address: what was seen there need not be here. */
  use(session: Session | undefined): void {
    this.#session = session;
    this.#drawButtons();
    // Looked at without being asked only where that costs nobody anything.
    if (session && isLocal(this.#cloud)) void this.lookUnasked();
  }

  #requestChanged(): void {
    // While it is being made, there is nothing to redraw.
    if (!this.element) return;
    this.#drawPicture();
    this.#drawButtons();
    const from = JSON.stringify(this.#form.value()?.from);
    if (from === this.#lookedAt || !isLocal(this.#cloud)) return;
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

  #whyNot(button: Work | "Abort"): string | undefined {
    if (button === "Abort") return this.#work ? undefined : "nothing is under way.";
    if (this.#work) return `${this.#work.what} is under way.`;
    if (!this.#session) return "the connection has to be mended first.";
    if (!this.#form.value()) return "the request has to be mended first.";
    if (button !== "Run") return undefined;
    if (!this.#plan) return "make a plan first.";
    if (this.#isStale()) return "the request is not the one that was planned: plan again.";
    if (this.#plan.refusals.length > 0) return `${plural(this.#plan.refusals.length, "guard says", "guards say")} no: see the plan.`;
    return this.#plan.entries.length === 0 ? "there is nothing to remove." : undefined;
  }

  #drawButtons(): void {
    this.#stale.hidden = !this.#isStale();
    const reasons = new Map<string, string[]>();
    for (const [name, button] of Object.entries(this.#buttons) as [Work | "Abort", HTMLButtonElement][]) {
      const why = this.#whyNot(name);
      enable(button, why);
      if (why !== undefined) reasons.set(why, [...(reasons.get(why) ?? []), name]);
    }
    const id = (at: number) => `why-${this.#cloud.id}-${at}`;
    fill(this.#reasons, ...[...reasons].map(([why, names], at) => h("li", { id: id(at) }, h("b", {}, `${names.join(", ")}: `), why)));
    for (const [name, button] of Object.entries(this.#buttons)) {
      const at = [...reasons.values()].findIndex((names) => names.includes(name));
      if (at < 0) button.removeAttribute("aria-describedby");
      else button.setAttribute("aria-describedby", id(at));
    }
    const count = this.#plan?.entries.length ?? 0;
    const what = [`Run: remove ${count}`, h("span", { class: "where-wide" }, count === 1 ? " backend" : " backends")];
    fill(this.#buttons.Run, ...(enabled(this.#buttons.Run) ? what : ["Run"]));
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
      this.#show(place);
    } finally {
      this.#work = undefined;
      this.#drawButtons();
    }
  }

  /** Brings a result before the eyes, and the focus to its first line. */
  #show(place: HTMLElement): void {
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

  /** In nobody's way: nothing is held up by it, and the focus stays where it is. */
  async lookUnasked(): Promise<void> {
    const session = this.#session;
    if (!session || this.#work) return;
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
    this.#seen = seen;
    fill(this.#lookProblem);
    this.#drawPicture();
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
      this.#show(this.#planned);
    });
  }

  async #run(): Promise<void> {
    const plan = this.#plan;
    if (!plan || !(await this.#mayRun(plan))) return;
    await this.#do("Run", this.#reported, async ({ caller }, signal) => {
      const progress = new Progress(plan);
      fill(this.#running, progress.element);
      if (!this.element.hidden) this.#running.parentElement?.scrollIntoView({ block: "start" });
      fill(this.#reported, h("p", { class: "idle" }, "The run is under way."));
      const look = async (): Promise<Look> => {
        try {
          return { picture: await caller.inspect(plan.request.from) };
        } catch (thrown) {
          const { kind, message } = unpoolError(thrown);
          return { problem: `${kind}, ${message}` };
        }
      };
      let report: Report | undefined;
      try {
        const before = await look();
        report = await caller.run(plan, { signal, onEvent: (event) => progress.tell(event) });
        // What was planned is done: nobody shall run it a second time by mistake.
        this.#plan = undefined;
        this.#drawPlan();
        const after = await look();
        if ("picture" in after) this.#seen = after.picture;
        else fill(this.#lookProblem, h("p", { class: "problem" }, `What is below is from before the run: it could not be read again (${after.problem}).`));
        this.#drawPicture();
        showReport(this.#reported, report, before, after);
        announce(`${reportSummary(report).words}.`);
        this.#show(this.#reported);
      } finally {
        progress.end(report);
      }
    });
  }

  /** Asked before a real load balancer is changed. */
  async #mayRun(plan: Plan): Promise<boolean> {
    if (isLocal(this.#cloud)) return true;
    const allowed = plan.request.allow ?? [];
    const overrides = allowed.length > 0 ? ` Guards that will not stop it: ${allowed.join(", ")}.` : "";
    const where = connectionOf(this.#cloud).endpoint || `${this.#cloud.label} itself`;
    return confirmReal(`Run: remove ${plural(plan.entries.length, "backend")}`, `${planSummary(plan)}. At ${where}: a real cloud.${overrides}`);
  }
}
