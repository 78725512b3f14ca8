// What a server does while it renders a page: the same as the page, with the journal in memory.
import { arrayJournal } from "unpool/journals";
import * as unpool from "./names.mjs";
import { page } from "./page.mjs";

export async function onServer(query) {
  const kept = [];
  await page(() => unpool, () => arrayJournal(kept), query);
  return "answered";
}
