// The Worker under test: an object that keeps journals, journals in KV, and leases.
import { durableObjectJournal, kvJournal } from "unpool/journals";
import { BalancerLease, leaseLock } from "unpool/locks";

const sleep = (millis) => new Promise((resolve) => setTimeout(resolve, millis));
const told = async (work) => {
  try {
    return Response.json({ value: (await work()) ?? null });
  } catch (error) {
    return Response.json({ error: { name: error.name, message: error.message, ...error } });
  }
};

/** Appends to a journal; `together` without waiting for the one before -> how many entries there are then. */
async function append(journal, { entries, together }) {
  if (together) await Promise.all(entries.map((entry) => journal.append(entry)));
  else for (const entry of entries) await journal.append(entry);
  return journal.entries.length;
}

/** One object has any number of journals open, each by a name of its own. */
class Keeper {
  #journals = new Map();
  #state;

  constructor(state) {
    this.#state = state;
  }

  /** Got anew each time, as by most users. */
  get storage() {
    return this.#state.storage;
  }

  fetch(request) {
    return told(async () => {
      const { does: what, as, prefix, ...input } = await request.json();
      if (what === "open") {
        const journal = await durableObjectJournal(this.storage, prefix);
        this.#journals.set(as, journal);
        return journal.entries;
      }
      if (what === "keys") return [...(await this.storage.list({ prefix })).keys()];
      if (what === "put") return this.storage.put(input.values);
      const journal = this.#journals.get(as);
      if (what === "append") return append(journal, input);
      if (what === "entries") return journal.entries;
      if (what === "clear") return journal.clear();
      throw new Error(what);
    });
  }
}
export class SqlKeeper extends Keeper {}
export class KvKeeper extends Keeper {}

/** Shows what the lease's object has stored, which it does not tell. */
class Watched extends BalancerLease {
  #storage;

  constructor(state) {
    super(state);
    this.#storage = state.storage;
  }

  async fetch(request) {
    if (new URL(request.url).pathname !== "/stored") return super.fetch(request);
    return Response.json({ lease: await this.#storage.get("lease"), alarm: await this.#storage.getAlarm() });
  }
}
export class SqlLease extends Watched {}
export class KvLease extends Watched {}
/** As a user binds it. */
export { BalancerLease };

/** The work that is done under a lock, step by step. */
async function steps(lease, list) {
  const said = [];
  for (const step of list) {
    if (step.sleep) await sleep(step.sleep);
    if (step.check) await lease.check();
    if (step.fail) throw new Error(step.fail);
    said.push({ fence: lease.fence, at: Date.now() });
  }
  return said;
}

const ACTIONS = {
  keeper: ({ binding, ...input }, env) => ask(env[binding], "one", "https://keeper/", input),
  raw: ({ binding, key, action, ...fields }, env) => ask(env[binding], key, `https://lease/${action}`, fields),
  race: ({ binding, key, owners, ...fields }, env) =>
    told(async () => {
      const answers = owners.map((owner) => ask(env[binding], key, "https://lease/acquire", { owner, holder: owner, ...fields }));
      return Promise.all(answers.map(async (answer) => ({ status: (await answer).status, ...(await (await answer).json()) })));
    }),
  hold: ({ binding, key, work, ...options }, env) => told(() => leaseLock(env[binding], options)(key, (lease) => steps(lease, work))),
  kv: ({ key, options, opened, ...input }, env) =>
    told(async () => {
      const journal = await kvJournal(env.KV, key, options);
      for (const more of opened ?? []) await append(await kvJournal(env.KV, key), more);
      if (input.entries) await append(journal, input);
      return journal.entries;
    }),
  kvKeys: ({ prefix }, env) => told(async () => (await env.KV.list({ prefix })).keys),
  kvPut: ({ name, value }, env) => told(() => env.KV.put(name, value)),
  kvDelete: ({ name }, env) => told(() => env.KV.delete(name)),
};
const ask = (binding, name, url, fields) => binding.get(binding.idFromName(name)).fetch(url, { method: "POST", body: JSON.stringify(fields) });

export default {
  async fetch(request, env) {
    const { what, ...input } = await request.json();
    const response = await ACTIONS[what](input, env);
    return new Response(response.body, { status: response.status });
  },
};
