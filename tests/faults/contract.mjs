// What the contract promises, as functions of what a call does, where it runs and which cloud answers.
// A cell is { effect, runtime, cloud, api }; each rule gives what must come of it. Nothing here knows how a fault is made.

export const EFFECTS = ["read", "idempotent write", "non-idempotent write", "removal"];
export const RUNTIMES = ["node", "page", "workerd"];
export const CLOUDS = ["alibaba", "ucloud", "otc"];
/** Operations of a cloud that are repeated, and looked for, in another way than its usual ones. UCloud has no code that proves a rule gone. */
export const OTHER_APIS = { "alibaba vServer group": EFFECTS, "ucloud rules": EFFECTS.slice(0, 3) };

const reads = ({ effect }) => effect === "read";
const adds = ({ effect }) => effect === "non-idempotent write";
const removes = ({ effect }) => effect === "removal";

/** Only a cloud that answers not-found for what is gone can prove it; Alibaba ignores unknown ids and answers success. */
const provesGone = ({ cloud }) => cloud !== "alibaba";

/** What may help when it is done again as it is. An outcome that nobody knows is to be read, not repeated. */
const RETRYABLE = ["busy", "throttled", "server", "network", "timeout"];

/**
 * The call succeeded. `arrived`: requests of the operation itself that reached the cloud; `looks`: a read was sent before
 * the outcome was told; `applied`: whether the cloud's state shows the change.
 */
export const success = (more = {}) => (cell) => ({ outcome: "success", arrived: 1, applied: !reads(cell), ...more });

/** The cloud said no, with a code: for every effect the same, and certainly not carried out. */
export const refusal = (kind, more = {}) => () => ({
  outcome: kind, sent: true, retryable: RETRYABLE.includes(kind), arrived: 1, applied: false, ...more,
});

/**
 * No answer tells what was done. A read says what happened to it; anything else is of unknown outcome, with that as its cause.
 * `applied`: whether the cloud carried it out all the same.
 */
export const lost = (cause, { applied = false, retryable = RETRYABLE.includes(cause), ...more } = {}) => (cell) =>
  reads(cell)
    ? { outcome: cause, sent: "unknown", retryable, arrived: 1, applied: false, ...more }
    : { outcome: "outcome-unknown", cause, sent: "unknown", retryable: false, arrived: 1, applied, ...more };

/** An answer came, and cannot be read as one. `retryable` is what a read says of itself. */
export const unreadable = (more = {}) => lost("unexpected-answer", { sent: true, ...more });

/** It certainly did not leave: so for every effect. */
export const unsent = (kind, more = {}) => () => ({
  outcome: kind, sent: false, retryable: RETRYABLE.includes(kind), arrived: 0, applied: false, ...more,
});

/** A later attempt after a lost one: reads, idempotent writes and removals are repeated, the others are looked for first. */
export const repeated = ({ applied = false } = {}) => (cell) => {
  if (adds(cell)) return success(applied ? { arrived: 1, looks: true } : { arrived: 2, looks: true })(cell);
  return success({ arrived: 2, ...(applied && removes(cell) && provesGone(cell) ? { alreadyGone: true } : {}) })(cell);
};

/** Every attempt is lost the same way; what is looked for before repeating is found or not by a read, which works. */
export const lostForEver = (cause, { applied = false } = {}) => (cell) => {
  // An earlier attempt is told as it would have been had it been the only one.
  const each = reads(cell) ? cause : "outcome-unknown";
  if (!adds(cell)) return lost(cause, { applied, arrived: 3, attempts: [each, each] })(cell);
  // Found by the first look; or looked for and repeated, to the last attempt, whose fate nobody looks up any more.
  return applied ? success({ looks: true })(cell) : lost(cause, { arrived: 3, looks: true })(cell);
};

/** By a property of the cell: `by("runtime", { node: rule }, rule)`. */
export const by = (property, rules, otherwise) => (cell) => (rules[cell[property]] ?? otherwise)(cell);
export const byCloud = (rules, otherwise) => by("cloud", rules, otherwise);
export const byEffect = (rules, otherwise) => by("effect", rules, otherwise);
export const byRuntime = (rules, otherwise) => by("runtime", rules, otherwise);
