// Whether a safe removal did what it had to do, from what was seen on the other side.
const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);

/**
 * `expected`: { gone: ends of lines, rules: lines }. `seen`: { before, after: { backends, rules }, error, events, report,
 * changes: what the cloud says was changed, in order; absent where it cannot tell }. -> what is wrong, or undefined.
 */
export function wrongWithRemoval({ gone, rules }, { before, after, error, events, report, changes }) {
  if (error) return `failed: ${error.kind ?? error}`;
  if (report.status !== "done") return `ended as ${report.status}`;
  const missing = gone.filter((line) => !before.backends.includes(line));
  if (missing.length > 0) return `not there at the start: ${missing.join(", ")}`;
  if (!same(after.backends, before.backends.filter((line) => !gone.includes(line)))) return "the backends are not what they had to be";
  if (!same(after.rules, rules)) return "the rules are not what they had to be";
  const outcomes = report.entries.map(({ outcome, state }) => `${outcome} ${state}`);
  if (outcomes.length !== gone.length || outcomes.some((text) => text !== "removed gone")) return `reported: ${outcomes.join(", ")}`;
  const told = events.filter(({ event }) => event === "entry").length;
  const last = events.at(-1);
  if (told !== gone.length || last.done !== gone.length || last.total !== gone.length) return "the events do not tell of every backend";
  return changes && outOfOrder(changes);
}

/** Nobody leaves who was not drained: -> who did. */
function outOfOrder(changes) {
  const drained = new Set();
  for (const { change, ids, after } of changes) {
    const who = JSON.stringify(ids);
    if (change === "changed" && (after.weight === 0 || after.enabled === 0)) drained.add(who);
    if (change === "removed" && !ids.policyId && !drained.has(who)) return `removed without being drained: ${who}`;
  }
  return undefined;
}

/** The same with a wrong secret. */
export function wrongWithRefusedRemoval({ before, after, error, report }) {
  if (report || !error) return "not refused";
  if (error.kind !== "auth") return `refused as ${error.kind ?? error} instead of auth`;
  return same(before, after) ? undefined : "something changed";
}
