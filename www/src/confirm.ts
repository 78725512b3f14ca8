// Asked before a real load balancer is changed; the safe answer has the focus.

import type { Operation } from "./backends.ts";
import { byId, fill } from "./dom.ts";

export function confirmReal(operation: Operation, endpoint: string): Promise<boolean> {
  const dialog = byId<HTMLDialogElement>("confirm");
  const { operation: name, ...parameters } = operation;
  fill(byId("confirm-title"), `Send ${name} to a real cloud?`);
  fill(byId("confirm-text"), `${endpoint || "The vendor"} will carry it out with ${JSON.stringify(parameters)}.`);
  fill(byId("confirm-send"), `Send ${name}`);
  dialog.returnValue = "keep";
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => resolve(dialog.returnValue === "send"), { once: true });
  });
}
