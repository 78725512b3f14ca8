// The emulator's own clock: replayed requests and "the user's clock is wrong" both need time to be somewhere else.
export class Clock {
  #offset = 0;

  now() {
    return Date.now() + this.#offset;
  }

  /** { offsetMs } shifts the clock; { now } (milliseconds or ISO text) sets it. It keeps running either way. */
  set({ offsetMs, now }) {
    const offset = now === undefined ? Number(offsetMs ?? 0) : new Date(now).getTime() - Date.now();
    if (!Number.isFinite(offset)) throw new RangeError("clock: offsetMs must be a number, now a time");
    this.#offset = offset;
  }

  /** Runs `work`, which must not wait, with the clock another `offsetMs` off. */
  during(offsetMs, work) {
    this.#offset += offsetMs;
    try {
      return work();
    } finally {
      this.#offset -= offsetMs;
    }
  }

  get offsetMs() {
    return this.#offset;
  }
}
