// One safe removal through the package, told line by line: the plan, the events as they come, the report.
import { unpool } from "./unpool.mjs";

const indented = (text) => text.replace(/^/gm, "  ");
const seconds = (ms) => `${(ms / 1000).toFixed(2)} s`.padStart(8);

function eventWords({ event, step, why, until, attempt, error, refusal, entry }) {
  switch (event) {
    case "step-begin":
      return step;
    case "wait":
      return `  at most until ${until.slice(11, 19)} UTC (${why})`;
    case "retry":
      return `  attempt ${attempt} failed: ${error.kind}, ${error.message}`;
    case "refused":
      return `  refused (${refusal.guard}): ${refusal.message}`;
    case "entry":
      return `  ${entry.outcome} ${entry.id}${entry.newId ? ` as ${entry.newId}` : ""} of ${entry.groupId}: ${entry.state}`;
    default:
      return undefined;
  }
}

/** -> tells events to `say`, each with the time since now. */
export function teller(say) {
  const started = performance.now();
  return (event) => {
    const words = eventWords(event);
    if (words) say(`  ${seconds(performance.now() - started)}  ${event.done}/${event.total}  ${words}`);
  };
}

export const tellPlan = (plan, say) => say(indented(unpool.describePlan(plan)));
export const tellReport = (report, say) => say(indented(unpool.describeReport(report)));
export const tellError = (error, say) => say(`  ${error.kind ?? error.name}: ${error.message}`);

/** -> { plan, events, report } as far as it came, and { error } where it ended. What happens is told to `say`, line by line. */
export async function carryOut(settings, request, say) {
  const client = new unpool.Client(settings);
  const seen = { events: [] };
  try {
    seen.plan = await client.plan(request);
    tellPlan(seen.plan, say);
    const tell = teller(say);
    seen.report = await client.run(seen.plan, {
      onEvent: (event) => {
        seen.events.push(event);
        tell(event);
      },
    });
    tellReport(seen.report, say);
  } catch (error) {
    seen.error = error;
    tellError(error, say);
  } finally {
    client.free();
  }
  return seen;
}
