// The services from their own side: what arrived, how they are configured, what is in Octavia's database.
import { execFile } from "node:child_process";
import { readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

// Octavia's API cannot put a load balancer into ERROR; only a fault of its machinery does. The row is what its API and
// its locking read.
const SET_STATUS = `
import sqlite3, sys
path, table, column, id, status = sys.argv[1:]
with sqlite3.connect(path, timeout=10) as db:
    changed = db.execute(f"UPDATE {table} SET {column} = ? WHERE id = ?", (status, id)).rowcount
sys.exit(0 if changed == 1 else f"{table} {id} is not there")
`;
const TABLES = new Set(["load_balancer", "listener", "pool", "member"]);

/** @param {string} folder the lab's state @param {string} python the interpreter of its environment */
export function inside(folder, python) {
  /** One service's log, from here on. `tokens` are fingerprints. */
  const arrivals = (service) => {
    const file = join(folder, service, "requests.jsonl");
    const all = async () =>
      (await readFile(file, "utf8")).split("\n").filter(Boolean).map((line) => JSON.parse(line));
    return all;
  };
  const logs = { octavia: arrivals("oc"), keystone: arrivals("ks") };
  const write = async (table, column, id, status) => {
    if (!TABLES.has(table)) throw new Error(`no such table: ${table}`);
    await run(python, ["-c", SET_STATUS, join(folder, "oc", "octavia.db"), table, column, id, status]);
  };

  return {
    /**
     * Watches what arrives from now on. `agent` chooses the client: Node's fetch says "node", the tests' own checks
     * and Octavia's calls of Keystone say something else.
     */
    async watch(agent = "node") {
      const start = { octavia: (await logs.octavia()).length, keystone: (await logs.keystone()).length };
      const since = async (service) =>
        (await logs[service]()).slice(start[service]).filter((request) => request.agent === agent);
      return {
        /** Requests that reached Octavia, in order of their answers: { method, path, query, token, status }. */
        octavia: () => since("octavia"),
        /** Requests for a token that reached Keystone. */
        tokens: async () =>
          (await since("keystone")).filter(({ method, path }) => method === "POST" && path === "/v3/auth/tokens"),
      };
    },

    /** Options of a running service (`{ group: { option: value } }`); `{}` is what its file says. */
    async configure(service, settings) {
      const file = join(folder, { octavia: "oc", keystone: "ks" }[service], "settings.json");
      await writeFile(`${file}.new`, JSON.stringify(settings));
      await rename(`${file}.new`, file);
    },

    /** Keeps every change pending for so long. 0 also ends a wait under way. */
    delay: (ms) => writeFile(join(folder, "delay_ms"), String(ms)),

    /** Writes a provisioning status that only Octavia's own machinery sets. */
    setStatus: (table, id, status) => write(table, "provisioning_status", id, status),

    /** Writes what a health check of a member found; no packet is balanced here, so nobody else does. */
    setHealth: (id, status) => write("member", "operating_status", id, status),
  };
}
