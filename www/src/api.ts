// unpool as this page uses it: the vendor is chosen and the operation is typed while the page runs, so the types that
// tie the two together at compile time are left here.

import { Client, UnpoolError } from "unpool";
import type { Picture, Plan, PlanRequest, Report, RunOptions, Undoable, UndoReport } from "unpool";
import type { Operation } from "./backends.ts";

export interface Explanation {
  signature: string;
  method: string;
  url: string;
  headers: Record<string, string>;
  body?: string;
  stages: { name: string; text: string }[];
  curl: string;
}

export interface Caller {
  explain(operation: Operation): Explanation;
  send(operation: Operation, options?: { signal?: AbortSignal }): Promise<Record<string, unknown>>;
  inspect(from: PlanRequest["from"], options?: { signal?: AbortSignal }): Promise<Picture>;
  plan(request: PlanRequest, options?: { signal?: AbortSignal }): Promise<Plan>;
  run(plan: Plan, options?: RunOptions): Promise<Report>;
  undo(of: Undoable, options?: RunOptions): Promise<UndoReport>;
  authenticate(): Promise<{ expiresAt: string; endpoint?: string }>;
  free(): void;
}

export type ClientSettings = Record<string, unknown>;

const open = (settings: ClientSettings) =>
  new Client(settings as unknown as ConstructorParameters<typeof Client>[0]) as unknown as Caller;

/** The caller that signs what the page shows, and one with the true secret that reads the pool. */
export class Session {
  readonly caller: Caller;
  readonly reader: Caller;
  #calls = 0;
  #retired = false;

  constructor(settings: ClientSettings, wrong?: ClientSettings) {
    this.reader = open(settings);
    try {
      this.caller = wrong ? open(wrong) : this.reader;
    } catch (error) {
      this.reader.free();
      throw error;
    }
  }

  /** Keeps the keys for as long as `work` takes, also when the connection is changed meanwhile. */
  async hold<T>(work: () => Promise<T>): Promise<T> {
    this.#calls++;
    try {
      return await work();
    } finally {
      this.#calls--;
      if (this.#retired) this.retire();
    }
  }

  retire(): void {
    this.#retired = true;
    if (this.#calls > 0) return;
    this.caller.free();
    if (this.reader !== this.caller) this.reader.free();
  }
}

/** What was thrown, as an UnpoolError; anything else is a mistake of this page and goes on to the console. */
export function unpoolError(thrown: unknown): UnpoolError {
  if (thrown instanceof UnpoolError) return thrown;
  throw thrown;
}

export type { UnpoolError };
