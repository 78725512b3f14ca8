// What the tests of the safe removal share: the emulator's clouds, a clock that does not make them wait, and what was changed.
import assert from "node:assert/strict";
import { FORMS as ALL_FORMS, IDS, emulator } from "../api/cloud.mjs";
import { unpool } from "../api/support.mjs";

export { IDS, emulator };
export { UnpoolError, checkError, checkInvalid, errorOf, settled, unpool, watchStrays } from "../api/support.mjs";
export const { describePlan, describeReport } = unpool;

/** Every exchange has this limit, so that it can be told from a pause. */
export const LIMIT_MS = 54_321;

/** A removal on each cloud that the emulator's first state can carry out, and the read calls that a look at one group takes. */
const alibaba = { from: { loadBalancerId: IDS.loadBalancer }, remove: { serverId: "i-bp1fq61enf4loa5i0001" } };
const ucloud = { from: { ulbId: IDS.ulb, vServerId: "vserver-http" }, remove: { backendId: "backend-1a2b" } };
const openstack = { from: { poolId: IDS.pool }, remove: { memberId: IDS.member } };
export const REQUESTS = { alibaba, ucloud, scloud: ucloud, otc: openstack, keystone: openstack };

/** The clouds, with the options that give each its other form; one form of AK/SK is enough here. */
export const FORMS = ALL_FORMS.filter(([, { signature }]) => signature !== "scoped");

/** The operations that drain and take out, by cloud. */
const clb = { drain: "SetBackendServers", remove: "RemoveBackendServers" };
const ulb = { drain: "UpdateBackendAttribute", remove: "ReleaseBackend" };
const elb = { drain: "UpdateMember", remove: "DeleteMember" };
export const OPERATIONS = { alibaba: clb, ucloud: ulb, scloud: ulb, otc: elb, keystone: elb };

/** The emulator's name of a cloud: Keystone's catalogue leads to the OTC gateway. */
export const cloudOf = (kind) => (kind === "keystone" ? "otc" : kind);

/**
 * Pauses take no time, and the clock says that they did: -> the pauses asked for, in milliseconds. The emulator, in the
 * same process, sees the same clock. `seen` is told each pause before it is over.
 */
export function hasty(t, seen) {
  const { setTimeout: real } = globalThis;
  const now = Date.now;
  const asked = [];
  let ahead = 0;
  t.mock.method(Date, "now", () => now.call(Date) + ahead);
  t.mock.method(globalThis, "setTimeout", (work, ms, ...rest) => {
    // The package's own timers are in one file, or in all of it; everybody else's run as they are.
    if (ms === LIMIT_MS || !/\/(exchange\.js|index\.cjs)/.test(new Error().stack)) return real(work, ms, ...rest);
    asked.push(ms);
    seen?.(ms);
    const until = Date.now() + ms;
    return real(() => {
      ahead += Math.max(0, until - Date.now());
      work(...rest);
    }, 0);
  });
  return asked;
}

/** A cloud of the emulator with a client that has `LIMIT_MS`. */
export const patient = (cloud, kind, more) => cloud.client(kind, { timeoutMs: LIMIT_MS, ...more });

/** A `fetch` that does something before a request leaves (`before`), or tells another answer (`edit`: text -> text). */
export const tap = ({ before, edit }) => async (url, init) => {
  const request = decodeURIComponent(`${url} ${init.body ?? ""}`);
  await before?.(request, init);
  const answer = await fetch(url, init);
  if (!edit) return answer;
  const text = await answer.text();
  return new Response(text && edit(text, request), { status: answer.status, headers: answer.headers });
};

/** A plan that nothing speaks against, and its report with all events. */
export async function removal(client, request, options = {}) {
  const plan = await client.plan(request);
  assert.deepEqual(plan.refusals, []);
  const events = [];
  const report = await client.run(plan, { ...options, onEvent: (event) => (events.push(event), options.onEvent?.(event)) });
  return { plan, report, events };
}

/** The changes that requests made, a line each: who changed what from what to what. */
export const changes = (cloud, which = () => true) => cloud.control.changes().filter(which).map(line);

function line({ operation, change, resource, ids, before, after }) {
  const { loadBalancerId, ulbId, type, ...rest } = ids;
  const names = Object.keys({ ...before, ...after }).filter((name) => JSON.stringify(before?.[name]) !== JSON.stringify(after?.[name]));
  const how = change === "changed" ? ` ${names.map((name) => `${name} ${show(before[name])} -> ${show(after[name])}`).join(", ")}` : "";
  return `${operation ?? "somebody"}: ${change} ${resource} ${Object.values(rest).join(" ")}${how}`;
}
const show = (value) => (Array.isArray(value) ? `[${value.join(" ")}]` : String(value));

/** How many requests arrived, and the writes among them. */
export const arrived = (cloud) => cloud.control.log().filter(({ preflight, cloud: of }) => !preflight && of !== "keystone").length;
const READ = /^(Describe|List|Get)/;
export const writes = (cloud) => cloud.control.log().filter(({ operation, cloud: of }) => of !== "keystone" && !READ.test(operation)).map(({ operation }) => operation);

/** What a report says of each entry, a line each. */
export const outcomes = ({ entries }) => entries.map(({ id, outcome, state }) => `${id} ${outcome} ${state}`);

/** The lines of a cloud's backends, and of its rules. */
export const backends = (cloud, kind) => cloud.control.state()[cloudOf(kind)].backends;
export const rules = (cloud, kind) => cloud.control.state()[cloudOf(kind)].rules;
