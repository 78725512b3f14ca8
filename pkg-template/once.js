// Starting at the first use.

/** -> gives what `load` made, at its first call. A failure is not kept: the next call loads again. */
export function once(load) {
  let made;
  return () => (made ??= load());
}
