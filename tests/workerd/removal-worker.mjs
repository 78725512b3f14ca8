// A Worker that plans and runs a safe removal, and tells what it planned, heard and reported.
import { Client, UnpoolError, describePlan, describeReport } from "unpool";

/** Every exchange has this limit, so that it can be told from a pause. */
const LIMIT_MS = 54_321;

const { setTimeout: real } = globalThis;
const now = Date.now;
let ahead = 0;
let hasty = false;
// Where a test asks for it, pauses take no time, and the clock says that they did.
Date.now = () => now() + ahead;
globalThis.setTimeout = (work, ms, ...rest) => {
  if (!hasty || ms === LIMIT_MS) return real(work, ms, ...rest);
  return real(() => {
    ahead += ms;
    work(...rest);
  }, 0);
};

async function removal({ client: options, request, abortAt, run = {} }) {
  const client = new Client({ ...options, timeoutMs: LIMIT_MS });
  const picture = await client.inspect(request.from);
  const plan = await client.plan(request);
  const controller = new AbortController();
  const events = [];
  const onEvent = (event) => {
    events.push(event);
    if (event.event === abortAt?.event && (event.why ?? event.step) === (abortAt.why ?? abortAt.step)) controller.abort("enough");
  };
  const told = { picture, plan, planText: describePlan(plan), events };
  try {
    const report = await client.run(plan, { signal: controller.signal, onEvent, ...run });
    return { ...told, report, reportText: describeReport(report) };
  } catch (error) {
    if (!(error instanceof UnpoolError)) throw error;
    return { ...told, refused: error.toJSON() };
  }
}

export default {
  async fetch(request) {
    const input = await request.json();
    hasty = input.hasty;
    try {
      return Response.json(await removal(input));
    } catch (error) {
      return Response.json({ foreign: error instanceof UnpoolError ? error.toJSON() : String(error?.stack ?? error) });
    }
  },
};
