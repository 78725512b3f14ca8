// Asked before a real load balancer is changed; the safe answer has the focus.

import { byId, fill } from "./dom.ts";

export function confirmReal(verb: string, what: string): Promise<boolean> {
  const dialog = byId<HTMLDialogElement>("confirm");
  fill(byId("confirm-title"), `${verb}, at a real cloud?`);
  fill(byId("confirm-text"), what);
  fill(byId("confirm-send"), verb);
  dialog.returnValue = "keep";
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => resolve(dialog.returnValue === "send"), { once: true });
  });
}
