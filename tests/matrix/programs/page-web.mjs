// `unpool/web` fetches its modules from beside it.
import { indexedDbJournal } from "unpool/journals";
import * as unpool from "./names-web.mjs";
import { page } from "./page.mjs";

page(() => unpool.init().then(() => unpool), indexedDbJournal);
