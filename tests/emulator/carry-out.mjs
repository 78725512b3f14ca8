// Lets a cloud handle one request and finds out what that changed.
import { difference, snapshot } from "./changes.mjs";
import { kindOf } from "./kinds.mjs";
import { newLock } from "./locks.mjs";

/** -> the cloud's answer; `entry` of the request log learns what happened. */
export function carryOut(cloud, context, request, fault, entry) {
  if (fault?.effect === "revoke-token") context.tokens.revoke(request.headers["x-auth-token"]);
  const handle = () => context.clock.during(fault?.effect === "clock-skew" ? Number(fault.offsetMs) : 0, () => cloud.handle(request, fault));
  const writes = kindOf(entry.operation) === "write" && cloud.resources;
  const answer = writes ? change(cloud, context, fault, entry, handle) : context.views.read(cloud, handle);
  entry.verified = answer.verified ?? false;
  if (answer.code !== undefined) entry.code = answer.code;
  return answer;
}

function change(cloud, context, fault, entry, handle) {
  const earlier = fault?.reads > 0 ? structuredClone(cloud.state) : undefined;
  const before = snapshot(cloud.resources());
  const answer = handle();
  const changes = difference(before, snapshot(cloud.resources()));
  entry.applied = changes.length > 0;
  recordChanges(context, cloud.name, changes, entry);
  if (earlier && entry.applied) context.views.hide(cloud, earlier, Number(fault.reads));
  if (fault?.lock && entry.applied) {
    for (const id of new Set(changes.map(({ ids }) => ids.loadBalancerId ?? ids.ulbId))) cloud.balancer(id).lock = newLock(fault.lock);
  }
  return answer;
}

/** `entry` is the request that made them; without one a test made them itself. */
export function recordChanges(context, cloud, changes, entry) {
  for (const { change, resource, ids, before, after } of changes) {
    context.changes.add({
      request: entry?.seq ?? null, testCall: entry?.testCall ?? null, at: new Date(context.clock.now()).toISOString(),
      cloud, operation: entry?.operation ?? null, change, resource, ids, before, after,
    });
  }
}

/** Reads that lag behind: a replica that has not seen the last change yet. */
export class Views {
  #hidden = new Map();

  /** The next `reads` reads of this cloud show `state`. */
  hide(cloud, state, reads) {
    this.#hidden.set(cloud.name, [...(this.#hidden.get(cloud.name) ?? []), { state, reads }]);
  }

  /** Runs `work` on what a read may see now. Every change that is still hidden comes one read closer. */
  read(cloud, work) {
    const hidden = this.#hidden.get(cloud.name) ?? [];
    if (hidden.length === 0) return work();
    const real = cloud.state;
    cloud.state = hidden[0].state;
    for (const view of hidden) view.reads -= 1;
    this.#hidden.set(cloud.name, hidden.filter(({ reads }) => reads > 0));
    try {
      return work();
    } finally {
      cloud.state = real;
    }
  }

  clear() {
    this.#hidden.clear();
  }
}
