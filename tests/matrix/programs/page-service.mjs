// A service worker: it may do all this while it is installed.
import { indexedDbJournal } from "unpool/journals";
import * as unpool from "./names.mjs";
import { page } from "./page.mjs";

self.addEventListener("install", (event) => event.waitUntil(page(() => unpool, indexedDbJournal)));
