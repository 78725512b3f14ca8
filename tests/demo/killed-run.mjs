// The run of a plan in a process of its own, with its journal in a file. It is there to be killed: once the first removal
// has been sent, it says so to its parent and never hears the answer.
//
// Its parent sends { settings, plan, path } and gets { event } for each event, { sent: operation } in the end, or { error }.
import { fileJournal, unpool } from "./unpool.mjs";

/** The calls that take a backend out. */
const REMOVALS = ["RemoveBackendServers", "RemoveVServerGroupBackendServers", "ReleaseBackend", "DeleteMember"];

/** The journal, and a fetch that keeps the answer to the first call whose intent is in it. */
function cutOff(file) {
  let next;
  let sent = false;
  return {
    journal: {
      entries: file.entries,
      async append(entry) {
        await file.append(entry);
        if (entry.entry === "intent" && REMOVALS.includes(entry.operation.operation)) next ??= entry.operation.operation;
      },
    },
    async fetch(url, init) {
      const answer = await fetch(url, init);
      // A token may be fetched between intent and call.
      if (next === undefined || sent || (init.method === "POST" && url.includes("/auth/tokens"))) return answer;
      sent = true;
      process.send({ sent: next });
      return new Promise(() => {});
    },
  };
}

process.once("message", async ({ settings, plan, path }) => {
  try {
    const { journal, fetch } = cutOff(await fileJournal(path));
    const client = new unpool.Client({ ...settings, fetch, timeoutMs: 60_000 });
    const report = await client.run(plan, { journal, onEvent: (event) => process.send({ event }) });
    process.send({ error: `it ended by itself: ${report.status}` });
  } catch (error) {
    process.send({ error: String(error?.stack ?? error) });
  }
});
// Nobody would kill it any more.
process.once("disconnect", () => process.exit());
