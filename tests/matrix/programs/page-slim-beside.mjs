// `unpool/slim` with the modules beside the page, where somebody has put them; with `?integrity=...` checked by the browser.
import { indexedDbJournal } from "unpool/journals";
import * as unpool from "./names-slim.mjs";
import { page } from "./page.mjs";

const integrity = new URLSearchParams(location.search).get("integrity") ?? "";
const beside = (name) => fetch(new URL(`./${name}_bg.wasm`, location.href), name === "core" ? { integrity } : {});
page(() => unpool.init(beside("core"), { removal: () => beside("removal") }).then(() => unpool), indexedDbJournal);
