// Plans and reports in words, for terminals and logs. They are plain data; nothing else is needed to print them.
import { invalid } from "./errors.js";

/** @typedef {import("./index.js").Plan} Plan */
/** @typedef {import("./index.js").Report} Report */
/** @typedef {Plan["steps"][number]} Step */
/** @typedef {import("./index.js").UndoReport} UndoReport */

/**
 * Whether it is what it is to be.
 *
 * @template {Plan | Report | UndoReport} Given
 * @param {Given} given
 * @param {string} what
 * @param {string} from
 * @param {readonly string[]} others
 */
function known(given, what, from, ...others) {
  if ([what, ...others].some((name) => given?.schema === `unpool/${name}@1`)) return given;
  throw invalid("schema", `this is no ${what} that this version can describe`, `give what \`await client.${from}()\` returned`);
}

const plural = (/** @type {number} */ count, /** @type {string} */ one, many = `${one}s`) => `${count} ${count === 1 ? one : many}`;
const named = (/** @type {import("./index.js").PlanEntry} */ { loadBalancerId, groupId, id }) => `${id} in ${groupId === loadBalancerId ? loadBalancerId : `${loadBalancerId} / ${groupId}`}`;
const places = (/** @type {Plan} */ plan) => plural(plan.loadBalancers.length, "load balancer");

const STEPS = {
  drain: (/** @type {Extract<Step, { entries: number[] }>} */ step) => `drain ${plural(step.entries.length, "backend")} of ${step.groupId} (${plural(step.calls, "call")})`,
  wait: (/** @type {Extract<Step, { waitMs: number }>} */ step) => `wait ${step.waitMs / 1000} s for connections to end`,
  detach: (/** @type {Extract<Step, { ruleId: string }>} */ step, /** @type {Plan} */ { rules }) => (rules.find(({ id }) => id === step.ruleId)?.action === "delete" ? `delete rule ${step.ruleId}` : `take them out of rule ${step.ruleId}`),
  remove: (/** @type {Extract<Step, { entries: number[] }>} */ step) => `remove ${plural(step.entries.length, "backend")} from ${step.groupId} (${plural(step.calls, "call")})`,
};

/**
 * What a plan would do, line by line: what speaks against it first, a summary at the end.
 *
 * @type {typeof import("./index.js").describePlan}
 */
export function describePlan(plan) {
  const { entries, refusals, warnings, absent, groups, rules, steps, calls, vendor, region } = known(plan, "plan", "plan");
  const lines = [`Plan for ${vendor}${region ? ` ${region}` : ""}: remove ${plural(entries.length, "backend")} from ${places(plan)}.`];
  for (const { guard, message, hint } of refusals) lines.push(`  REFUSED (${guard}): ${message}. To go on: ${hint}.`);
  for (const { warning, guard, message, groupId } of warnings) {
    lines.push(`  Warning (${guard ? `${guard}, allowed` : warning})${groupId ? ` in ${groupId}` : ""}: ${message}.`);
  }
  for (const selector of absent) lines.push(`  Not found: ${JSON.stringify(selector)}`);
  for (const { id } of plan.loadBalancers) {
    lines.push(`  Load balancer ${id}`);
    for (const { id: group, kind, name, loadBalancerId, usedBy, backends, inService } of groups) {
      if (loadBalancerId !== id) continue;
      lines.push(`    ${kind} ${group}${name ? ` (${name})` : ""}${usedBy.length ? `, used by ${usedBy.join(", ")}` : ""}`);
      for (const entry of entries) {
        if (entry.loadBalancerId !== id || entry.groupId !== group) continue;
        lines.push(`      - ${entry.id}${entry.id.startsWith(entry.server) ? "" : ` (${entry.server})`}, weight ${entry.weight}${entry.enabled ? "" : ", switched off"}, ${entry.health}`);
      }
      lines.push(`      in service: ${inService.before} -> ${inService.after} servers; backends: ${backends.before} -> ${backends.after}`);
    }
    for (const { id: rule, loadBalancerId, matches, action, backends, remaining } of rules) {
      if (loadBalancerId === id) lines.push(`    rule ${rule} (${matches}): ${action}, ${backends.length} -> ${plural(remaining.length, "backend")}`);
    }
    let count = 0;
    for (const step of steps) if (step.loadBalancerId === id) lines.push(`    ${++count}. ${/** @type {(step: Step, plan: Plan) => string} */ (STEPS[step.step])(step, plan)}`);
  }
  lines.push(
    refusals.length > 0
      ? `Nothing will be done: ${plural(refusals.length, "guard")} said no.`
      : entries.length === 0
        ? "Nothing is to be removed."
        : `${plural(entries.length, "backend")} will be removed by ${plural(calls.changes, "change")}, each after a fresh look: at least ${calls.reads + calls.changes} calls.`,
  );
  return lines.join("\n");
}

const PAUSED = (/** @type {string} */ at) => `Paused: nothing more happens by itself. Go on from its journal, if it has one, or plan again, after ${at}.`;
/** What may have been done, where no read has shown it. */
const UNSEEN = { drain: "a drain", restore: "its return to service", remove: "its removal", add: "its return" };

/**
 * What became of a run, or of an undo, line by line.
 *
 * @type {typeof import("./index.js").describeReport}
 */
export function describeReport(report) {
  const { schema, status, entries, loadBalancers, rules, calls, vendor, resumeAt, resumed, absent = [] } = known(report, "report", "run", "undo");
  const undo = schema === "unpool/undo@1";
  const count = (/** @type {string} */ outcome) => entries.filter((entry) => entry.outcome === outcome).length;
  const lines = [];
  if (resumed) {
    const dropped = resumed.droppedLine ? "; a last line that was cut off was dropped" : "";
    lines.push(`Went on from ${plural(resumed.entries, "journal entry", "journal entries")}${dropped}.`);
  }
  for (const { id, status: ended, refusal, error } of loadBalancers) {
    lines.push(`Load balancer ${id}: ${ended}`);
    if (refusal) lines.push(`  Refused (${refusal.guard}): ${refusal.message}. To go on: ${refusal.hint}.`);
    if (error) lines.push(`  ${error.kind}: ${error.message}${error.hint ? ` (${error.hint})` : ""}`);
    for (const entry of entries) {
      if (entry.loadBalancerId !== id) continue;
      const isOut = entry.outcome === "removed" || entry.outcome === "absent";
      const left = undo ? entry.state !== "serving" : entry.state !== "gone" && !(isOut && entry.state === "unknown");
      const renamed = "newId" in entry && entry.newId ? ` as ${entry.newId}` : "";
      const unseen = left && entry.unseen ? `, ${UNSEEN[entry.unseen]} may have been carried out` : "";
      lines.push(`  ${entry.outcome.padEnd(9)} ${named(entry)}${renamed}${left ? `: now ${entry.state}${isOut ? " again" : ""}` : ""}${unseen}${entry.error ? ` (${entry.error.kind}: ${entry.error.message})` : ""}`);
    }
    for (const rule of rules) if (rule.loadBalancerId === id) lines.push(`  rule ${rule.id} (${rule.matches}): ${rule.state}`);
  }
  if (undo) {
    const rest = ["present", "absent", "failed", "unknown", "not-tried"].filter((outcome) => count(outcome) > 0).map((outcome) => `, ${count(outcome)} ${outcome}`);
    lines.push(`${vendor}: undo ${status}. ${count("restored")} of ${entries.length} restored${rest.join("")}; ${plural(calls, "call")}.`);
    if (resumeAt) lines.push(PAUSED(resumeAt));
    return lines.join("\n");
  }
  const drained = entries.filter(({ state, outcome }) => (state === "drained" || state === "detached") && outcome !== "removed").length;
  if (drained > 0) lines.push(`${plural(drained, "backend")} ${drained === 1 ? "takes" : "take"} no traffic and ${drained === 1 ? "is" : "are"} not removed.`);
  const perhaps = entries.filter(({ state, outcome, did }) => state === "unknown" && outcome !== "removed" && outcome !== "absent" && did.includes("drain")).length;
  if (perhaps > 0) lines.push(`${plural(perhaps, "backend")} may take no traffic: nobody has seen it since.`);
  // What was drained by somebody else is not for an undo.
  const own = perhaps > 0 || entries.some(({ state, outcome, did }) => (state === "drained" || state === "detached") && outcome !== "removed" && did.includes("drain"));
  if (own) lines.push("To put back what this run has drained: client.undo(report).");
  const rest = ["absent", "failed", "unknown", "not-tried"].filter((outcome) => count(outcome) > 0).map((outcome) => `, ${count(outcome)} ${outcome}`);
  for (const selector of absent) lines.push(`Not found: ${JSON.stringify(selector)}`);
  lines.push(`${vendor}: ${status}. ${count("removed")} of ${entries.length} removed${rest.join("")}; ${plural(calls, "call")}.`);
  if (resumeAt) lines.push(PAUSED(resumeAt));
  return lines.join("\n");
}
