// Starting at the first use.

/**
 * -> gives what `load` made, at its first call. A failure is not kept: the next call loads again.
 *
 * @template Made
 * @param {() => Made} load
 * @returns {() => Made}
 */
export function once(load) {
  /** @type {Made | undefined} */
  let made;
  return () => (made ??= load());
}
