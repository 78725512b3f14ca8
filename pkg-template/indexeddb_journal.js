// A journal in IndexedDB. All of them are in one database, which so never needs a new version for a new journal.
import { checkName, entryOf, inUse, journal, queue, unsupported } from "./journal.js";

const DATABASE = "unpool";
const STORE = "journals";

/** @returns {Promise<IDBDatabase>} */
function open() {
  const { indexedDB } = globalThis;
  if (!indexedDB) throw unsupported("this runtime has no IndexedDB", "use another journal here, such as that of unpool/node");
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(DATABASE, 1);
    request.onupgradeneeded = () => request.result.createObjectStore(STORE);
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

/**
 * Does `work` with the store, and resolves with what its requests found once all of it is on the disk.
 *
 * @param {IDBDatabase} database
 * @param {IDBTransactionMode} mode
 * @param {(store: IDBObjectStore) => IDBRequest[]} work
 * @returns {Promise<any[]>}
 */
function transact(database, mode, work) {
  return new Promise((resolve, reject) => {
    const transaction = database.transaction(STORE, mode, { durability: "strict" });
    const requests = work(transaction.objectStore(STORE));
    transaction.oncomplete = () => resolve(requests.map(({ result }) => result));
    transaction.onabort = () => reject(transaction.error ?? new Error("the transaction was aborted"));
  });
}

/** @type {typeof import("./journals.js").indexedDbJournal} */
export async function indexedDbJournal(name) {
  checkName("name", name);
  const database = await open();
  // Or nobody could delete the database, or give it a new form, while this tab is open.
  database.onversionchange = () => database.close();
  const all = globalThis.IDBKeyRange.bound([name, 0], [name, Infinity]);
  const [keys, lines] = await transact(database, "readonly", (store) => [store.getAllKeys(all), store.getAll(all)]);
  const entries = lines.map(entryOf);
  /** @type {number | undefined} */
  let last = keys.at(-1)?.[1];
  let next = (last ?? 0) + 1;

  const inTurn = queue();
  const write = (/** @type {string} */ line) =>
    inTurn(async () => {
      let isCleared = false;
      try {
        await transact(database, "readwrite", (store) => {
          const added = store.add(line, [name, next]);
          if (last === undefined) return [added];
          const before = store.getKey([name, last]);
          before.onsuccess = () => {
            // Somebody has cleared it, and may have begun anew.
            isCleared = before.result === undefined;
            if (isCleared) before.transaction?.abort();
          };
          return [added];
        });
      } catch (/** @type {any} */ error) {
        throw isCleared || error.name === "ConstraintError" ? inUse(name, error) : error;
      }
      last = next++;
    });
  const clear = () =>
    inTurn(async () => {
      await transact(database, "readwrite", (store) => [store.delete(all)]);
      // The next number stays: whoever still has the old ones open finds them gone.
      last = undefined;
      entries.length = 0;
    });
  return /** @type {import("./journals.js").OpenJournal} */ (journal(entries, write, { clear, close: () => inTurn(() => database.close()) }));
}
