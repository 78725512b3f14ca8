// Joins what a caller was told with what the emulator says was changed, and says what is wrong.
import { isOwn } from "./slots.mjs";

const CHANGE_OF = { add: "added", write: "changed", remove: "removed", "remove again": "removed" };

/** task: { effect, fault }, told: { outcome, alreadyGone }, changes: those that this call made. -> list of complaints. */
export function judge({ effect, fault, cloud }, { outcome, alreadyGone }, changes) {
  const found = [];
  const own = changes.filter(isOwn);
  const expected = own.filter(({ change }) => change === CHANGE_OF[effect]);
  if (own.length > expected.length) found.push(`it ${own.map(({ change }) => change).join(", ")} something`);
  if (expected.length > 1) found.push(`it was carried out ${expected.length} times`);
  const applied = expected.length > 0;

  if (outcome === "success") {
    const isThere = effect === "read" || applied || effect === "remove again";
    if (!isThere) found.push("reported as done, and nothing was changed");
    if (alreadyGone && !effect.startsWith("remove")) found.push("alreadyGone of what is no removal");
  } else if (outcome !== "outcome-unknown" && applied) {
    found.push(`carried out, and reported as ${outcome}`);
  }
  if (outcome === "outcome-unknown" && effect === "read") found.push("a read has no unknown outcome");
  if (outcome === "no UnpoolError") found.push("not an UnpoolError");
  if (fault === "none") {
    // Alibaba ignores what is not there; the others say so.
    const right = effect === "remove again" && cloud !== "alibaba" ? "not-found" : "success";
    if (outcome !== right) found.push(`nothing went wrong, and it ended as ${outcome}`);
  }
  return found;
}
