// A lock by a lease that a Durable Object keeps: for any number of Workers.
import { UnpoolError, invalid } from "./errors.js";
import { checkSignal, isAborted, race } from "./exchange.js";
import { checkMethods, checkName } from "./journal.js";
import { checkHolder, checkNotAborted, locked, lost } from "./locked.js";
import { settings } from "./text.js";
import { READY } from "./numbers.js";

/** @typedef {import("./index.js").SignalLike} SignalLike */

/** The drain (30 s), the longest that a vendor's answer is waited for (65 s), and a minute, rounded up. */
const LEASE_MS = 180_000;
const LONGEST_PAUSE = 4_000;
/** How long an object that cannot be reached is asked again for a new lease; a deployment moves objects. */
const PATIENCE = 15_000;
/** Asked at least so long, however little of a lease is left: only the object knows. */
const LEAST = 5_000;

/** What the object answers, and when it was asked. @typedef {{ isDone: boolean, asked: number, fence: number, holder: string, until?: number }} Answer */

/**
 * @param {string} name
 * @param {any} value
 * @param {number} least
 * @param {number} most
 */
const whole = (name, value, least, most) => {
  if (Number.isInteger(value) && value >= least && value <= most) return value;
  throw invalid(name, `${name} must be an integer from ${least} to ${most}`, "milliseconds");
};

/**
 * Half to all of it, so that those who wait do not come all at once.
 *
 * @param {number} millis
 * @param {SignalLike} [signal]
 */
const pause = (millis, signal) => race(undefined, millis * (0.5 + Math.random() / 2), signal, { came: READY });

/** @type {typeof import("./locks.js").leaseLock} */
export function leaseLock(namespace, options) {
  checkMethods("namespace", namespace, ["get", "idFromName"], "give the binding of the Durable Object class BalancerLease");
  const { holder, leaseMs = LEASE_MS, wait = 0, signal } = settings(options, ["holder", "leaseMs", "wait", "signal"]);
  checkHolder(holder);
  whole("leaseMs", leaseMs, 1_000, 24 * 3_600_000);
  whole("wait", wait, 0, 24 * 3_600_000);
  checkSignal(signal);
  return async (key, work) => {
    checkName("key", key);
    const lease = new Lease(namespace, key, { holder, leaseMs, signal });
    await lease.acquire(Date.now() + wait);
    try {
      return await work({ check: () => lease.check(), fence: /** @type {number} */ (lease.fence) });
    } finally {
      await lease.release();
    }
  };
}

class Lease {
  /** Its number, once it was granted. @type {number | undefined} */
  fence;
  #namespace;
  #key;
  #holder;
  #leaseMs;
  #signal;
  #owner = crypto.randomUUID();
  /** By this clock, counted from before the object was asked: never later than the object's own. */
  #until = 0;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #renewal;
  #isOver = false;

  /**
   * @param {import("./locks.js").LeaseNamespaceLike} namespace
   * @param {string} key
   * @param {{ holder: string, leaseMs: number, signal?: SignalLike | undefined }} options
   */
  constructor(namespace, key, { holder, leaseMs, signal }) {
    this.#namespace = namespace;
    this.#key = key;
    this.#holder = holder;
    this.#leaseMs = leaseMs;
    this.#signal = signal;
  }

  /**
   * One request -> what the object says, and whether it agrees.
   *
   * @param {string} action
   * @param {object} fields
   * @returns {Promise<Answer>}
   */
  async #ask(action, fields) {
    const asked = Date.now();
    // After a failure an object's stub may stay broken.
    const object = this.#namespace.get(this.#namespace.idFromName(this.#key));
    const response = await object.fetch(`https://lease/${action}`, { method: "POST", body: JSON.stringify({ owner: this.#owner, ...fields }) });
    const { status } = response;
    const text = await response.text();
    if (status === 200 || status === 409) return { isDone: status === 200, asked, ...JSON.parse(text) };
    const isOurs = status < 500;
    throw new UnpoolError({
      kind: isOurs ? "unexpected-answer" : "server",
      message: `the object that keeps the lease on ${this.#key} answered HTTP status ${status}`,
      httpStatus: status,
      retryable: !isOurs,
      sent: false,
      ...(isOurs && { hint: "bind the class BalancerLease of the same version" }),
    });
  }

  /**
   * Asks until there is an answer, at the latest at `end`.
   *
   * @param {string} action
   * @param {object} fields
   * @param {number} end
   * @returns {Promise<Answer>}
   */
  async #reach(action, fields, end) {
    for (let millis = 250; ; millis = Math.min(2 * millis, LONGEST_PAUSE)) {
      checkNotAborted(this.#signal);
      const attempt = this.#ask(action, fields).then((answer) => ({ answer }), (error) => ({ error }));
      const late = { error: new Error("the object that keeps the lease does not answer") };
      const { answer, error } = await race(attempt, Math.max(end - Date.now(), LEAST), this.#signal, late);
      checkNotAborted(this.#signal);
      if (answer !== undefined) return answer;
      const left = end - Date.now();
      if (error?.kind === "unexpected-answer" || left <= 0) throw error;
      await pause(Math.max(Math.min(millis, left), 50), this.#signal);
    }
  }

  /** @param {number} giveUp */
  async acquire(giveUp) {
    try {
      for (let millis = 250; ; millis = Math.min(2 * millis, LONGEST_PAUSE)) {
        const answer = await this.#reach("acquire", { holder: this.#holder, leaseMs: this.#leaseMs }, Math.max(giveUp, Date.now() + PATIENCE));
        if (answer.isDone) {
          this.fence = answer.fence;
          this.#isHeldSince(answer.asked);
          this.#renewLater();
          return;
        }
        const left = giveUp - Date.now();
        if (left <= 0) throw locked(this.#key, answer.holder, answer.until);
        await pause(Math.min(millis, left), this.#signal);
      }
    } catch (/** @type {any} */ error) {
      // It may have been granted, and nobody heard of it.
      if (error?.code !== "locked") await this.release(1);
      if (error instanceof UnpoolError) throw error;
      const message = `the object that keeps the lease on ${this.#key} cannot be reached`;
      throw new UnpoolError({ kind: "network", message, retryable: true, sent: false, cause: error });
    }
  }

  /** @param {number} asked */
  #isHeldSince(asked) {
    this.#until = Math.max(this.#until, asked + this.#leaseMs);
  }

  #renew = () => ({ fence: this.fence, leaseMs: this.#leaseMs });

  async check() {
    let answer;
    // An answer can be older than the lease: a laptop slept, a page was frozen.
    do {
      try {
        answer = await this.#reach("renew", this.#renew(), this.#until);
      } catch (error) {
        if (isAborted(this.#signal)) throw error;
        throw lost(this.#key, undefined, error);
      }
      if (!answer.isDone) throw lost(this.#key, answer.holder);
      this.#isHeldSince(answer.asked);
    } while (Date.now() >= this.#until);
  }

  /** So that a drain may take longer than the lease. How that ends is told by the next check. */
  #renewLater() {
    this.#renewal = setTimeout(async () => {
      try {
        const { isDone, asked } = await this.#ask("renew", this.#renew());
        if (!isDone) return;
        this.#isHeldSince(asked);
      } catch {
        // Tried again below, while there is a lease to renew.
        if (Date.now() > this.#until) return;
      }
      if (!this.#isOver) this.#renewLater();
    }, this.#leaseMs / 3);
  }

  /** What the work ended with counts more than this: a lease that cannot be released runs out. */
  async release(tries = 3) {
    this.#isOver = true;
    clearTimeout(this.#renewal);
    for (let left = tries; left > 0; left--) {
      const heard = this.#ask("release", { fence: this.fence }).catch(() => undefined);
      if ((await race(heard, LEAST)) !== undefined) return;
      if (left > 1) await pause(250);
    }
  }
}
