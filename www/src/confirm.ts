// Asked before a real load balancer is changed, or a journal thrown away; the safe answer has the focus.

import { byId, fill } from "./dom.ts";

function confirm(title: string, what: string, verb: string): Promise<boolean> {
  const dialog = byId<HTMLDialogElement>("confirm");
  fill(byId("confirm-title"), title);
  fill(byId("confirm-text"), what);
  fill(byId("confirm-send"), verb);
  dialog.returnValue = "keep";
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => resolve(dialog.returnValue === "send"), { once: true });
  });
}

export const confirmReal = (verb: string, what: string) => confirm(`${verb}, at a real cloud?`, what, verb);
export const confirmForget = (what: string) => confirm("Forget this run?", what, "Forget this run");
