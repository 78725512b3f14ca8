// What a call did, in words: from its answer or error and from the pool before and after. No DOM in here.

import type { Backend } from "./backends.ts";

export type Tone = "good" | "bad" | "unknown" | "plain";

export interface Outcome {
  tone: Tone;
  words: string;
}

export interface Facts {
  /** The call changes something. */
  mutates: boolean;
  /** What was thrown, if anything. */
  error?: { kind: string; sent: boolean | "unknown" };
  answer?: Record<string, unknown>;
  /** Absent when the pool could not be read. */
  before?: readonly Backend[] | undefined;
  after?: readonly Backend[] | undefined;
}

/** Shape before colour: every tone has its own mark. */
export const marks: Record<Tone, string> = { good: "●", bad: "▲", unknown: "?", plain: "○" };

export function gone(before: readonly Backend[], after: readonly Backend[]): Backend[] {
  const left = new Set(after.map((backend) => backend.key));
  return before.filter((backend) => !left.has(backend.key));
}

const backends = (count: number) => `${count} backend${count === 1 ? "" : "s"}`;

export function outcome({ mutates, error, answer, before, after }: Facts): Outcome {
  if (error?.kind === "outcome-unknown") {
    return { tone: "unknown", words: "Unknown: the request left, no answer came back" };
  }
  if (error && error.sent === false) return { tone: "bad", words: "Not tried" };
  if (error) return { tone: "bad", words: "Failed" };
  if (!mutates) return { tone: "good", words: "Answered" };
  if (!before || !after) return { tone: "unknown", words: "Answered, but the pool could not be read" };
  const removed = gone(before, after).length;
  // Its fields are those of no answer: what was asked again found nothing to remove any more.
  const again = answer?.alreadyGone === true ? ": its answer was lost, and asked again it was gone" : "";
  if (removed > 0) return { tone: "good", words: `Removed ${backends(removed)}${again}` };
  return { tone: "plain", words: "Answered, and no backend left the pool: it was not in it, or the change is still under way" };
}
