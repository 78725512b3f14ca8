import { indexedDbJournal } from "unpool/journals";
import * as unpool from "./names.mjs";
import { page } from "./page.mjs";

page(() => unpool, indexedDbJournal);
