// The Worker under test: an object that carries out removals with the journal in its storage, and requests that carry
// them out under a lease.
import { Client, UnpoolError } from "unpool";
import { durableObjectJournal } from "unpool/journals";
import { BalancerLease, leaseLock } from "unpool/locks";

/** Every exchange has this limit, so that it can be told from a pause. */
const LIMIT_MS = 54_321;

const { setTimeout: real } = globalThis;
const { now } = Date;
let ahead = 0;
let hasty = false;
// Where a test asks for it, pauses take no time, and the clock says that they did.
Date.now = () => now.call(Date) + ahead;
globalThis.setTimeout = (work, ms, ...rest) => {
  if (!hasty || ms === LIMIT_MS) return real(work, ms, ...rest);
  return real(() => {
    ahead += ms;
    work(...rest);
  }, 0);
};

const told = async (work) => {
  try {
    return Response.json({ value: (await work()) ?? null });
  } catch (error) {
    return Response.json({ error: error instanceof UnpoolError ? error.toJSON() : { foreign: String(error?.stack ?? error) } });
  }
};

/** The journal, which stands still behind the entry of that number until the gate is opened. */
const gated = (journal, { gate, hold }) => ({
  entries: journal.entries,
  async append(entry) {
    await journal.append(entry);
    if (journal.entries.length === hold) await fetch(gate);
  },
});

export class Runner {
  #storage;

  constructor(state) {
    this.#storage = state.storage;
  }

  fetch(request) {
    return told(async () => {
      const { what, name, client: options, plan, of, ...input } = await request.json();
      hasty = input.hasty;
      const journal = await durableObjectJournal(this.#storage, name);
      if (what === "entries") return journal.entries;
      const client = new Client({ ...options, timeoutMs: LIMIT_MS });
      const events = [];
      const run = { journal: gated(journal, input), onEvent: (event) => void events.push(event), ...input.run };
      const report = what === "undo" ? await client.undo(of, run) : await client.run(plan, run);
      return { report, events, entries: journal.entries };
    });
  }
}

/** Loses its lease at the renewal of that number: to somebody else, or because it has run out. */
export class Lease extends BalancerLease {
  #storage;

  constructor(state) {
    super(state);
    this.#storage = state.storage;
  }

  async fetch(request) {
    const { pathname } = new URL(request.url);
    if (pathname === "/lose") {
      await this.#storage.put("lose", await request.json());
      return Response.json({});
    }
    if (pathname === "/renew") await this.#lose();
    return super.fetch(request);
  }

  async #lose() {
    const lose = await this.#storage.get("lose");
    if (lose === undefined) return;
    await this.#storage.put("lose", { ...lose, at: lose.at - 1 });
    if (lose.at !== 0) return;
    const lease = await this.#storage.get("lease");
    const until = now.call(Date) + 60_000;
    await this.#storage.put("lease", lose.to ? { owner: "theirs", holder: lose.to, until, fence: lease.fence + 1 } : { ...lease, until: 1 });
  }
}

/** A run under a lease, with a journal in memory. */
const leased = ({ client: options, plan, holder, wait, leaseMs, entries = [], ...input }, env) =>
  told(async () => {
    // A lease is renewed in real time.
    hasty = false;
    const client = new Client({ ...options, timeoutMs: LIMIT_MS });
    const journal = { entries, append: async (entry) => void entries.push(entry) };
    const lock = leaseLock(env.LEASES, { holder, wait, leaseMs });
    const report = await client.run(plan, { journal: gated(journal, input), lock, ...input.run });
    return { report, entries };
  });

const call = (binding, name, url, body) => binding.get(binding.idFromName(name)).fetch(url, { method: "POST", body });

export default {
  async fetch(request, env) {
    const text = await request.text();
    const input = JSON.parse(text);
    if (input.what === "leased") return leased(input, env);
    const asked = input.what === "lease" ? call(env.LEASES, input.key, `https://lease/${input.action}`, text) : call(env.RUNNER, "one", "https://runner/", text);
    const response = await asked;
    return new Response(response.body, { status: response.status });
  },
};
