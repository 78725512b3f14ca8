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
      return `  ${entry.outcome} ${entry.id} of ${entry.groupId}: ${entry.state}`;
    default:
      return undefined;
  }
}

/** -> { plan, events, report } as far as it came, and { error } where it ended. What happens is told to `say`, line by line. */
export async function carryOut(settings, request, say) {
  const client = new unpool.Client(settings);
  const seen = { events: [] };
  try {
    seen.plan = await client.plan(request);
    say(indented(unpool.describePlan(seen.plan)));
    const started = performance.now();
    seen.report = await client.run(seen.plan, {
      onEvent: (event) => {
        seen.events.push(event);
        const words = eventWords(event);
        if (words) say(`  ${seconds(performance.now() - started)}  ${event.done}/${event.total}  ${words}`);
      },
    });
    say(indented(unpool.describeReport(seen.report)));
  } catch (error) {
    seen.error = error;
    say(`  ${error.kind ?? error.name}: ${error.message}`);
  } finally {
    client.free();
  }
  return seen;
}
