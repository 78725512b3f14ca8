// A lease on one load balancer, kept by a Durable Object. It calls nobody: an object that did would answer nobody meanwhile.
import { queue } from "./journal.js";

const KEY = "lease";
const LONGEST = 24 * 3_600_000;

/** What the object keeps: whose it is, while it is somebody's. @typedef {{ fence: number, owner?: string, holder?: string, until?: number }} Kept */
/** What is asked of it; anybody may ask anything. @typedef {Record<string, any>} Given */

const isText = (/** @type {unknown} */ value, /** @type {number} */ most) => typeof value === "string" && value !== "" && value.length <= most;
const isLeaseMs = (/** @type {any} */ value) => Number.isInteger(value) && value > 0 && value <= LONGEST;

const isHeld = (/** @type {Omit<Kept, "fence">} */ { owner, until }, /** @type {number} */ now) => owner !== undefined && until !== undefined && until > now;
/** What anybody may know: who knows the owner's id can do as the owner. */
const shown = (/** @type {Kept} */ lease, /** @type {number} */ now) => (isHeld(lease, now) ? { holder: lease.holder, until: lease.until, fence: lease.fence } : { fence: lease.fence });

/**
 * Each: -> [whether it is done, the lease from now on, if it changes].
 *
 * @type {Record<string, (lease: Kept, given: Given, now: number) => [isDone: boolean, changed?: Kept] | undefined>}
 */
const ACTIONS = {
  acquire(lease, { owner, holder, leaseMs }, now) {
    if (!isText(owner, 100) || !isText(holder, 200) || !isLeaseMs(leaseMs)) return undefined;
    const mine = isHeld(lease, now) && lease.owner === owner;
    if (isHeld(lease, now) && !mine) return [false];
    // Whoever asks again has not heard the answer.
    return [true, { owner, holder, until: now + leaseMs, fence: mine ? lease.fence : lease.fence + 1 }];
  },
  renew(lease, { owner, fence, leaseMs }, now) {
    if (!isText(owner, 100) || !isLeaseMs(leaseMs)) return undefined;
    // One that has run out is lost, even if nobody came: whoever comes next must not find it alive again.
    if (!isHeld(lease, now) || lease.owner !== owner || lease.fence !== fence) return [false];
    return [true, { ...lease, until: now + leaseMs }];
  },
  release(lease, { owner, fence }) {
    if (!isText(owner, 100)) return undefined;
    // Without a fence: the answer that told it was never heard.
    if (lease.owner !== owner || (fence !== undefined && lease.fence !== fence)) return [false];
    return [true, { fence: lease.fence }];
  },
  look: () => [true],
};

const answer = (/** @type {number} */ status, /** @type {object} */ body) => new Response(JSON.stringify(body), { status, headers: { "content-type": "application/json", "cache-control": "no-store" } });

export class BalancerLease {
  #storage;
  #inTurn = queue();

  /** @param {import("./locks.js").LeaseStateLike} state */
  constructor(state) {
    this.#storage = state.storage;
  }

  /** @param {{ readonly url: string, json(): Promise<any> }} request */
  async fetch(request) {
    const name = new URL(request.url).pathname.slice(1);
    const action = Object.hasOwn(ACTIONS, name) && ACTIONS[name];
    if (!action) return answer(404, { error: `no ${name}` });
    /** @type {Given} */
    let given;
    try {
      given = name === "look" ? {} : await request.json();
    } catch {
      return answer(400, { error: "not JSON" });
    }
    // Between reading and writing nobody else may read.
    return this.#inTurn(async () => {
      const lease = (await this.#storage.get(KEY)) ?? { fence: 0 };
      const now = Date.now();
      const [isDone, changed] = action(lease, given ?? {}, now) ?? [];
      if (isDone === undefined) return answer(400, { error: `not the fields of ${name}` });
      if (changed !== undefined) await this.#keep(changed);
      return answer(isDone ? 200 : 409, shown(changed ?? lease, now));
    });
  }

  /**
   * A renewed lease leaves its alarm as it is: it is set again when it comes.
   *
   * @param {Kept} lease
   */
  async #keep(lease) {
    await this.#storage.put(KEY, lease);
    if (lease.until !== undefined && (await this.#storage.getAlarm()) === null) await this.#storage.setAlarm(lease.until);
  }

  alarm() {
    return this.#inTurn(async () => {
      const { fence, ...held } = (await this.#storage.get(KEY)) ?? { fence: 0 };
      if (isHeld(held, Date.now())) await this.#storage.setAlarm(held.until);
      else if (held.owner !== undefined) await this.#storage.put(KEY, { fence });
    });
  }
}
