// Where an id is looked up, and whether what it names may change now.
import { takeLock } from "../locks.mjs";
import { FAULT_CODES, refusalOf } from "./codes.mjs";
import { textOf } from "./parameters.mjs";
import { Refusal } from "./refusal.mjs";

/** There is no code of its own for what does not exist. */
export function findUlb(balancers, parameters) {
  const id = textOf(parameters, "ULBId");
  const ulb = balancers.find((candidate) => candidate.id === id);
  if (!ulb) throw new Refusal(4103, `Get ulb [${id}] info failed`);
  return ulb;
}

export function findVServer(ulb, parameters) {
  const id = textOf(parameters, "VServerId");
  const vserver = ulb.vservers.find((candidate) => candidate.id === id);
  if (!vserver) throw new Refusal(4103, `Get vserver [${id}] info failed`);
  return vserver;
}

/** A backend is named without its VServer. */
export function findBackend(ulb, backendId) {
  for (const vserver of ulb.vservers) {
    const backend = vserver.backends.find(({ id }) => id === backendId);
    if (backend) return { vserver, backend };
  }
  throw new Refusal(4093, `The backend [${backendId}] does not exist`);
}

export function assertChangeable(ulb) {
  const lock = takeLock(ulb);
  if (lock) throw refusalOf(lock.code ?? FAULT_CODES.busy);
}

export function integer(parameters, name, fallback, [low, high] = [0, 999_999_999]) {
  const text = textOf(parameters, name);
  if (text === undefined || text === "") return fallback;
  if (!/^\d{1,9}$/.test(text) || Number(text) < low || Number(text) > high) throw new Refusal(230, `Params [${name}] not available`);
  return Number(text);
}

export function oneOf(parameters, name, fallback, values) {
  const text = textOf(parameters, name) || fallback;
  if (!values.includes(text)) throw new Refusal(230, `Params [${name}] not available`);
  return text;
}
