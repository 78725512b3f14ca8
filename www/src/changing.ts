// What changes something: a run, its continuation, its undo. Each with a journal in this tab and a lock between tabs, so
// that neither a reload nor a second tab does harm; and what can be done afterwards.

import type { Picture, Plan, Report, RunOptions, UndoReport } from "unpool";
import { webLocks } from "unpool/locks";
import { unpoolError, type Caller, type Session } from "./api.ts";
import type { Cloud } from "./clouds.ts";
import { clock } from "./clock.ts";
import { confirmForget, confirmReal } from "./confirm.ts";
import { connectionOf, isLocal, placeOf } from "./connection.ts";
import { announce, fill, h } from "./dom.ts";
import { showHappened } from "./happened.ts";
import { KeptRun } from "./kept.ts";
import { backendsToPutBack, isOpen, keptDetails, keptSummary, nextButtons, type Kept } from "./next.ts";
import { headline } from "./problem.ts";
import { courseOfRun, courseOfUndo, Progress } from "./progress.ts";
import { showReport } from "./report.ts";
import { planSummary, plural, reportSummary } from "./safe-words.ts";
import type { Look } from "./sides.ts";
import { titled } from "./title.ts";
import { showUndoReport } from "./undo-report.ts";
import { nowOf, nowSummary, toPutBack, undoSummary } from "./undo-words.ts";

export type Work = "Look" | "Plan" | "Run" | "Check" | "Put back";

/** What is around it. */
export interface Host {
  cloud: Cloud;
  /** One thing at a time; what it throws is shown at `place`. */
  begin(what: Work, place: HTMLElement, work: (session: Session, signal: AbortSignal) => Promise<void>): Promise<void>;
  whyNot(): string | undefined;
  busy(): string | undefined;
  seen(picture: Picture): void;
  /** A run has ended; whether something was sent that changes something. */
  ran(changed: boolean): void;
  /** Brings a result before the eyes. */
  show(place: HTMLElement): void;
}

export const part = (title: string, ...content: HTMLElement[]) => h("section", { "aria-label": title }, h("h2", {}, title), ...content);

const look = async (caller: Caller, { request }: Plan): Promise<Look> => {
  try {
    return { picture: await caller.inspect(request.from) };
  } catch (thrown) {
    const { kind, message } = unpoolError(thrown);
    return { problem: `${kind}, ${message}` };
  }
};

const overrides = ({ request: { allow = [] } }: Plan) => (allow.length > 0 ? ` Guards that will not stop it: ${allow.join(", ")}.` : "");

export class Changing {
  /** What was found when the page was loaded. */
  readonly found = h("section", { "aria-label": "Earlier run", class: "found", hidden: true });
  readonly #foundWords = h("div", { class: "result" });
  readonly sections: readonly HTMLElement[];
  readonly #host: Host;
  readonly #buttons;
  readonly #next = h("div", { class: "next" });
  readonly #running = h("div", {}, h("p", { class: "idle" }, "Nothing has been run yet."));
  readonly #reported = h("div", { class: "result" }, h("p", { class: "idle" }, "It comes after the run."));
  readonly #happened = h("div", { class: "result" });
  readonly #puttingBack = h("div", {});
  readonly #back = h("div", { class: "result" });
  /** They come when they are needed. */
  readonly #happenedPart = part("What happened", this.#happened);
  readonly #backPart = part("Put back", this.#puttingBack, this.#back);
  #kept: Kept | undefined;

  constructor(host: Host) {
    this.#host = host;
    this.#buttons = nextButtons({
      kept: () => this.#kept,
      whyNot: () => host.whyNot(),
      busy: () => host.busy(),
      goOn: () => this.#goOn(),
      check: () => this.#check(),
      putBack: () => this.#putBack(),
      forget: () => this.#forget(),
    });
    fill(this.#next, this.#buttons.element, this.#buttons.reasons);
    this.#happenedPart.hidden = this.#backPart.hidden = true;
    this.sections = [part("Run", this.#running), part("Report", this.#reported), this.#happenedPart, this.#backPart];
    const run = KeptRun.find(host.cloud.id);
    if (run) this.#kept = { run };
    this.found.hidden = !run;
    this.#drawFound();
  }

  /** Why no other run may begin: what this one was about to do to the same backends would be lost. */
  get whyNoRun(): string | undefined {
    return this.#kept && isOpen(this.#kept) ? "the run before it is not at its end: continue it, put it back or forget it first." : undefined;
  }

  draw(): void {
    this.#buttons.draw();
  }

  #drawFound(): void {
    if (this.found.hidden || !this.#kept) return;
    const { tone, mark, words } = keptSummary(this.#kept);
    this.#next.hidden = false;
    fill(this.#foundWords, headline(tone, mark, `${words}.`), ...keptDetails(this.#kept));
    // What is moved loses the focus.
    if (this.#next.parentElement !== this.found) fill(this.found, h("h2", {}, "Earlier run"), this.#foundWords, this.#next);
    if (isOpen(this.#kept)) announce(`${words}: continue it, check what happened, or put it back.`);
  }

  async run(plan: Plan): Promise<void> {
    const { cloud } = this.#host;
    const what = plural(plan.entries.length, "backend");
    if (!(await this.#mayChange(`Run: remove ${what}`, `${planSummary(plan)}.`, overrides(plan)))) return;
    await this.#host.begin("Run", this.#reported, async (session, signal) => {
      await this.#kept?.run.forget();
      this.#kept = undefined;
      let run: KeptRun;
      try {
        run = await KeptRun.begin(cloud.id, plan, placeOf(cloud));
      } catch (thrown) {
        const why = thrown instanceof Error ? thrown.message : String(thrown);
        fill(this.#reported, headline("bad", "▲", "Not begun: plan and journal cannot be kept in this tab."), h("p", { class: "message", role: "alert" }, why));
        this.#host.show(this.#reported);
        return;
      }
      await this.#carryOut(session, signal, run);
    });
  }

  async #goOn(): Promise<void> {
    const kept = this.#kept;
    if (!kept) return;
    const { plan } = kept.run;
    if (!(await this.#mayChange(`Continue: remove ${plural(plan.entries.length, "backend")}`, `The plan was: ${planSummary(plan)}.`, overrides(plan)))) return;
    await this.#host.begin("Run", this.#reported, (session, signal) => this.#carryOut(session, signal, kept.run));
  }

  async #carryOut({ caller }: Session, signal: AbortSignal, run: KeptRun): Promise<void> {
    const { plan } = run;
    const progress = this.#begun(this.#running, new Progress(courseOfRun(plan, run.hasBegun)));
    fill(this.#reported, h("p", { class: "idle" }, "The run is under way."));
    this.#happenedPart.hidden = this.#backPart.hidden = true;
    let report: Report | undefined;
    try {
      const before = await look(caller, plan);
      const doing = `Removing ${plural(plan.entries.length, "backend")}`;
      report = await this.#locked(doing, (lock) => caller.run(plan, { signal, lock, journal: run.journal, onEvent: (event) => progress.tell(event) }));
      if (run.hasBegun) run.ended(report.status);
      this.#host.ran(run.hasBegun);
      const after = await this.#lookAgain(caller, plan);
      this.#kept = { run, report };
      this.found.hidden = true;
      this.#next.hidden = !run.hasBegun;
      showReport(this.#reported, report, { before, after }, signal.aborted, this.#next);
      announce(`${reportSummary(report).words}.`);
      this.#host.show(this.#reported);
    } finally {
      progress.end(report);
      await this.#settle(run);
    }
  }

  /** Of a run that sent nothing, nothing has to be kept. */
  async #settle(run: KeptRun): Promise<void> {
    if (!run.hasBegun) {
      await run.forget();
      this.#kept = undefined;
      this.found.hidden = true;
    } else if (this.#kept?.run !== run) {
      // It ended without a report.
      this.#kept = { run };
      this.found.hidden = false;
      this.#drawFound();
    }
    this.#host.ran(run.hasBegun);
  }

  async #check(): Promise<void> {
    const kept = this.#kept;
    if (!kept) return;
    this.#happenedPart.hidden = false;
    await this.#host.begin("Check", this.#happened, async ({ caller }, signal) => {
      const { plan } = kept.run;
      const picture = await caller.inspect(plan.request.from, { signal });
      this.#host.seen(picture);
      showHappened(this.#happened, kept.run, picture);
      announce(`${nowSummary(plan.entries.map((entry) => nowOf(entry, picture))).words}.`);
      this.#host.show(this.#happened);
    });
  }

  async #putBack(): Promise<void> {
    const kept = this.#kept;
    if (!kept) return;
    const { run } = kept;
    const { plan } = run;
    const what = backendsToPutBack(kept);
    const planned = `They get the weight that they had when the run was planned, at ${clock(new Date(plan.createdAt))}, and their places in forwarding rules. What is as it was stays so.`;
    if (!(await this.#mayChange(`Put ${what} back`, planned))) return;
    this.#backPart.hidden = false;
    await this.#host.begin("Put back", this.#back, async ({ caller }, signal) => {
      const progress = this.#begun(this.#puttingBack, new Progress(courseOfUndo(plan, toPutBack(plan, kept.report), run.isUndoOpen)));
      fill(this.#back, h("p", { class: "idle" }, "They are being put back."));
      let report: UndoReport | undefined;
      try {
        const before = await look(caller, plan);
        const journal = await run.undoJournal();
        report = await this.#locked(`Putting ${what} back`, (lock) =>
          caller.undo({ plan, journal: run.journal.entries }, { signal, lock, journal, onEvent: (event) => progress.tell(event) }),
        );
        if (run.undoEntries.length > 0 || report.status === "done") run.wasUndone(report.status);
        const after = await this.#lookAgain(caller, plan);
        showUndoReport(this.#back, report, { before, after }, signal.aborted);
        this.#drawFound();
        announce(`${undoSummary(report).words}.`);
        this.#host.show(this.#back);
      } finally {
        progress.end(report);
      }
    });
  }

  async #forget(): Promise<void> {
    const kept = this.#kept;
    if (!kept) return;
    const lost = "Backends that it drained or removed stay as they are, and their weights and places in rules are forgotten: nobody can put them back from here.";
    if (isOpen(kept) && !(await confirmForget(lost))) return;
    await kept.run.forget();
    kept.forgotten = true;
    this.#drawFound();
    announce("The run is forgotten. What it did stays as it is.");
    this.#host.ran(false);
  }

  #begun(place: HTMLElement, progress: Progress): Progress {
    fill(place, progress.element);
    place.parentElement?.scrollIntoView({ block: "start" });
    return progress;
  }

  /** Under a lock that refuses at once, and a title by which other tabs name this one. */
  async #locked<T>(doing: string, work: (lock: NonNullable<RunOptions["lock"]>) => Promise<T>): Promise<T> {
    const title = `${doing} since ${clock(new Date())}`;
    // Who reloads the page meanwhile is to see what became of it, which is at the top.
    history.scrollRestoration = "manual";
    try {
      return await titled(title, () => work(webLocks({ holder: `the tab “${title}”`, wait: false })));
    } finally {
      history.scrollRestoration = "auto";
    }
  }

  async #lookAgain(caller: Caller, plan: Plan): Promise<Look> {
    const after = await look(caller, plan);
    if ("picture" in after) this.#host.seen(after.picture);
    return after;
  }

  /** Asked before a real load balancer is changed. */
  async #mayChange(verb: string, what: string, more = ""): Promise<boolean> {
    const { cloud } = this.#host;
    if (isLocal(cloud)) return true;
    const where = connectionOf(cloud).endpoint || `${cloud.label} itself`;
    return confirmReal(verb, `${what} At ${where}: a real cloud.${more}`);
  }
}
