// The entries for CommonJS beside the same ones as ES modules: which files they are, whether they know each other's errors,
// read each other's journals, and see each other's locks.
const { mkdtempSync, rmSync } = require("node:fs");
const { tmpdir } = require("node:os");
const { basename, join } = require("node:path");
const cjs = { unpool: require("unpool"), journals: require("unpool/journals"), locks: require("unpool/locks"), node: require("unpool/node") };
const { input } = require("./job.cjs");

const NAMES = { unpool: "unpool", journals: "unpool/journals", locks: "unpool/locks", node: "unpool/node" };
const folder = mkdtempSync(join(tmpdir(), "unpool-twins-"));
const kind = (work) => work().then(() => "none", (error) => error);

/** As a page's `localStorage`. */
function storage() {
  const items = new Map();
  return {
    get length() {
      return items.size;
    },
    key: (index) => [...items.keys()][index] ?? null,
    getItem: (key) => items.get(key) ?? null,
    setItem: (key, value) => void items.set(key, value),
    removeItem: (key) => void items.delete(key),
  };
}

/** As the storage of a Durable Object. */
function objectStorage() {
  const items = new Map();
  return {
    list: async ({ prefix, startAfter, limit }) => new Map([...items].filter(([key]) => key.startsWith(prefix) && key > startAfter).sort(([a], [b]) => (a < b ? -1 : 1)).slice(0, limit)),
    put: async (key, value) => void items.set(key, value),
    delete: async (keys) => keys.filter((key) => items.delete(key)).length,
  };
}

/** As a binding of Workers KV. */
function kv() {
  const items = new Map();
  return {
    list: async ({ prefix }) => ({ keys: [...items.keys()].filter((name) => name.startsWith(prefix)).map((name) => ({ name })), list_complete: true }),
    get: async (keys) => new Map(keys.map((key) => [key, items.get(key) ?? null])),
    put: async (key, value) => void items.set(key, value),
  };
}

async function main() {
  const esm = Object.fromEntries(await Promise.all(Object.entries(NAMES).map(async ([name, from]) => [name, await import(from)])));

  const files = Object.fromEntries(Object.entries(NAMES).map(([name, from]) => [name, basename(require.resolve(from))]));
  const names = Object.keys(NAMES).every((name) => `${Object.keys(cjs[name]).sort()}` === `${Object.keys(esm[name]).sort()}`);
  const copies = cjs.journals.arrayJournal !== esm.journals.arrayJournal && cjs.node.fileJournal !== esm.node.fileJournal;

  // An error of each entry, made by each copy, for both copies of the class.
  const errors = [];
  for (const { journals, locks, node } of [cjs, esm]) {
    errors.push(await kind(async () => journals.arrayJournal(5)), await kind(async () => locks.leaseLock({})), await kind(() => node.fileJournal("")));
    errors.push(await kind(() => journals.indexedDbJournal("removal")));
  }
  const known = errors.map((error) => [error instanceof cjs.unpool.UnpoolError, error instanceof esm.unpool.UnpoolError, error.kind]);

  // A removal by one copy whose journal the other one has, and gone on with the other way round.
  const open = {
    file: (own) => own.node.fileJournal(join(folder, "removal.jsonl")),
    array: ((kept) => async (own) => own.journals.arrayJournal(kept))([]),
    storage: ((place) => async (own) => own.journals.storageJournal(place, "removal"))(storage()),
    object: ((place) => (own) => own.journals.durableObjectJournal(place, "removal"))(objectStorage()),
    kv: ((place) => (own) => own.journals.kvJournal(place, "removal"))(kv()),
  };
  const runs = {};
  let locked;
  for (const [where, journalOf] of Object.entries(open)) {
    for (const [first, second] of [[cjs, esm], [esm, cjs]]) {
      const request = input.requests.shift();
      const client = (own) => new own.unpool.Client(input.client);
      const plan = await client(first).plan(request);
      const before = await journalOf(first);
      await before.clear?.();
      // KV's cannot be cleared.
      if (before.entries.length > 0) continue;
      const started = await client(second).run(plan, { journal: before, maxCalls: plan.calls.reads + 1 });
      if (where === "file") locked ??= await kind(() => journalOf(second));
      await before.close?.();
      const after = await journalOf(second);
      const kept = after.entries.length;
      const ended = await client(first).run(plan, { journal: after });
      await after.close?.();
      runs[`${where}, ${first === cjs ? "require and import" : "import and require"}`] = { started: started.status, kept, resumed: ended.resumed?.entries, ended: ended.status };
    }
  }
  console.log(JSON.stringify({ files, names, copies, known, runs, locked: [locked.kind, locked.code] }));
}

main().finally(() => rmSync(folder, { recursive: true, force: true }));
