// A run as this tab keeps it until it is acknowledged: its plan and its journals, in sessionStorage, which outlives a
// reload and a crash of the tab and ends with it. No secrets. No DOM in here.

import type { JournalEntry, Plan, Report, UndoReport } from "unpool";
import { storageJournal, type ClearableJournal } from "unpool/journals";

/** Where the run takes place, without keys. */
export interface Place {
  endpoint: string;
  region: string;
  options: Record<string, string>;
}

interface Noted {
  plan: Plan;
  began: string;
  place: Place;
  /** How the run, and its undo, ended; absent while they have not. */
  status?: Report["status"];
  undone?: UndoReport["status"];
}

type Written = readonly (JournalEntry | string)[];

const isEntry = (entry: JournalEntry | string): entry is JournalEntry => typeof entry !== "string";

/** Whether a journal tells of every load balancer that it came to its end. */
const isOver = ({ loadBalancers }: Plan, entries: Written) =>
  loadBalancers.every(({ id }) => entries.some((entry) => isEntry(entry) && entry.lane === id && entry.entry === "end"));

export class KeptRun {
  readonly #key: string;
  readonly #noted: Noted;
  readonly #journal: ClearableJournal;
  readonly #undoJournal: ClearableJournal;

  private constructor(cloud: string, noted: Noted) {
    this.#key = keyOf(cloud);
    this.#noted = noted;
    this.#journal = storageJournal(sessionStorage, `${this.#key}-journal`);
    this.#undoJournal = storageJournal(sessionStorage, `${this.#key}-undo`);
  }

  /** What was kept before this page was loaded, if anything. */
  static find(cloud: string): KeptRun | undefined {
    try {
      const noted = JSON.parse(sessionStorage.getItem(keyOf(cloud)) ?? "null") as Noted | null;
      return noted?.plan.schema === "unpool/plan@1" ? new KeptRun(cloud, noted) : undefined;
    } catch {
      // No storage here, or something that is not ours.
      return undefined;
    }
  }

  /** Takes the place of the one before it. Throws what the browser throws where there is no room. */
  static async begin(cloud: string, plan: Plan, place: Place): Promise<KeptRun> {
    const kept = new KeptRun(cloud, { plan, began: new Date().toISOString(), place });
    // The journals first: an old one must never stand beside a new plan.
    await kept.forget();
    kept.#write();
    return kept;
  }

  get plan(): Plan {
    return this.#noted.plan;
  }
  get began(): Date {
    return new Date(this.#noted.began);
  }
  get place(): Place {
    return this.#noted.place;
  }
  get journal(): ClearableJournal & { entries: JournalEntry[] } {
    return this.#journal as ClearableJournal & { entries: JournalEntry[] };
  }
  get entries(): Written {
    return this.#journal.entries as Written;
  }
  get undoEntries(): Written {
    return this.#undoJournal.entries as Written;
  }
  get status(): Report["status"] | undefined {
    return this.#noted.status;
  }
  get undone(): UndoReport["status"] | undefined {
    return this.#noted.undone;
  }
  /** Something was, or may have been, sent that changes something. */
  get hasBegun(): boolean {
    return this.entries.length > 0;
  }
  get isOver(): boolean {
    return isOver(this.plan, this.entries);
  }
  /** It was begun, and it is not known to have ended. */
  get isUndoOpen(): boolean {
    return this.undoEntries.length > 0 && !isOver(this.plan, this.undoEntries);
  }

  ended(status: Report["status"]): void {
    this.#noted.status = status;
    this.#write();
  }

  wasUndone(status: UndoReport["status"]): void {
    this.#noted.undone = status;
    this.#write();
  }

  /** The journal of an undo that was cut off; of one that ended, nothing is left. */
  async undoJournal(): Promise<KeptRun["journal"]> {
    if (!this.isUndoOpen) await this.#undoJournal.clear();
    return this.#undoJournal as KeptRun["journal"];
  }

  async forget(): Promise<void> {
    sessionStorage.removeItem(this.#key);
    await this.#journal.clear();
    await this.#undoJournal.clear();
  }

  #write(): void {
    sessionStorage.setItem(this.#key, JSON.stringify(this.#noted));
  }
}

const keyOf = (cloud: string) => `unpool-run-${cloud}`;
