// `unpool/slim` with the modules as assets that Vite names.
import { indexedDbJournal } from "unpool/journals";
import core from "unpool/core_bg.wasm?url";
import removal from "unpool/removal_bg.wasm?url";
import * as unpool from "./names-slim.mjs";
import { page } from "./page.mjs";

page(() => unpool.init(fetch(core), { removal: () => fetch(removal) }).then(() => unpool), indexedDbJournal);
