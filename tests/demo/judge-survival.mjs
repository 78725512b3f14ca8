// Whether a run that was killed, gone on with and undone left what it had to leave, from what was seen on the other side.
const same = (a, b) => JSON.stringify([...a].sort()) === JSON.stringify([...b].sort());

export function wrongWithSurvival(expected, { before, killed, resumed, undone, report, undo, changes, error }) {
  if (error) return `failed: ${error.kind ?? error}`;
  const { gone, rules } = expected;
  const missing = gone.filter((line) => !before.backends.includes(line));
  if (missing.length > 0) return `not there at the start: ${missing.join(", ")}`;
  if (killed.backends.length >= before.backends.length) return "killed before anything was removed";
  if (report.status !== "done") return `the resumed run ended as ${report.status}`;
  if (!report.resumed) return "the resumed run did not go on from the journal";
  if (!same(resumed.backends, before.backends.filter((line) => !gone.includes(line)))) return "after the resume the backends are not what they had to be";
  if (!same(resumed.rules, rules)) return "after the resume the rules are not what they had to be";
  if (undo.status !== "done") return `the undo ended as ${undo.status}`;
  const outcomes = undo.entries.map(({ outcome, state }) => `${outcome} ${state}`);
  if (outcomes.length !== gone.length || outcomes.some((text) => text !== "restored serving")) return `the undo reported: ${outcomes.join(", ")}`;
  const renamed = (line) => undo.entries.reduce((text, { id, newId }) => (newId ? text.replaceAll(id, newId) : text), line);
  if (!same(undone.backends, before.backends.map(renamed))) return "after the undo the backends are not what they were";
  // A rule names its backends in an order that is nobody's.
  const inOrder = (line) => renamed(line).replace(/\[(.*)\]/, (_, ids) => `[${ids.split(", ").sort().join(", ")}]`);
  if (!same(undone.rules.map(inOrder), before.rules.map(inOrder))) return "after the undo the rules are not what they were";
  return changes && twice(changes, gone.length);
}

/** Each backend has left once and come back once: nothing was sent again that was carried out. */
function twice(changes, count) {
  const backends = changes.filter(({ ids }) => !ids.policyId);
  for (const change of ["removed", "added"]) {
    const made = backends.filter((each) => each.change === change);
    if (made.length !== count) return `${made.length} backends were ${change}, instead of ${count}`;
    if (new Set(made.map(({ ids }) => JSON.stringify(ids))).size !== count) return `a backend was ${change} twice`;
  }
  return undefined;
}

/** The same with a wrong secret: it ends with the plan. */
export function wrongWithRefusedSurvival({ before, undone, error, cut, report, undo }) {
  if (!error || cut || report || undo) return "not refused";
  if (error.kind !== "auth") return `refused as ${error.kind ?? error} instead of auth`;
  return same(before.backends, undone.backends) && same(before.rules, undone.rules) ? undefined : "something changed";
}
