// Whether a call did what it had to do, from what was seen on the other side.

const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);

/**
 * `seen`: { before, after: lines of the pool; status: HTTP status; answer or error }.
 * -> what is wrong with it, or undefined.
 */
export function wrongWith(call, seen) {
  const { before, after, error, answer, status } = seen;
  if (error) return `failed: ${error.kind ?? error}`;
  if (!(status >= 200 && status < 300)) return `HTTP status ${status}`;
  const missing = call.gone.filter((line) => !before.includes(line));
  if (missing.length > 0) return `not in the pool at the start: ${missing.join(", ")}`;
  if (!same(after, before.filter((line) => !call.gone.includes(line)))) return "the pool is not what it had to be";
  if (call.left && !same(call.left(answer), call.expectedLeft)) return "the answer does not list what is left";
  return undefined;
}

/** The same for a call with a wrong secret. */
export function wrongWithRefusal(call, { before, after, error }) {
  if (!error) return "not refused";
  if (error.kind !== "auth") return `refused as ${error.kind ?? error} instead of auth`;
  if (!same(before, after)) return "the pool changed";
  return undefined;
}
