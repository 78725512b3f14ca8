// Journals and locks take what the types of pages have.
import { indexedDbJournal, storageJournal } from "unpool/journals";
import { webLocks } from "unpool/locks";

export const journals = [storageJournal(localStorage, "run"), storageJournal(sessionStorage, "run"), await indexedDbJournal("run")];
export const lock = webLocks({ signal: AbortSignal.timeout(1000) });
