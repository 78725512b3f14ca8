// `unpool/slim` with the modules as assets that the bundler finds by their URL.
import { indexedDbJournal } from "unpool/journals";
import * as unpool from "./names-slim.mjs";
import { page } from "./page.mjs";

const core = new URL("unpool/core_bg.wasm", import.meta.url);
const removal = new URL("unpool/removal_bg.wasm", import.meta.url);
page(() => unpool.init(fetch(core), { removal: () => fetch(removal) }).then(() => unpool), indexedDbJournal);
