// For runtimes that only have what the web has: takes the job from a global, and leaves a promise of the answers there.
import { arrayJournal } from "unpool/journals";
import { answers } from "./checks.mjs";
import * as unpool from "./names.mjs";

const kept = [];
globalThis.answered = answers(unpool, JSON.parse(globalThis.jobText), () => arrayJournal(kept)).then((out) => JSON.stringify(out));
