// Plays one call in whatever runtime this is, and tells how it ended as plain data. Runs in Node, in a page and in a Worker.

const REASONS = { none: () => [], error: () => [new Error("changed my mind")], text: () => ["changed my mind"], null: () => [null], object: () => [{ changed: "my mind" }] };

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const never = () => new Promise(() => {});

/** A plain object that reads as an answer, with what `change` makes of it. */
async function mock(url, init, change = {}) {
  const response = await fetch(url, init);
  const text = await response.text();
  return { status: response.status, headers: { get: (name) => response.headers.get(name) }, text: async () => text, ...change };
}

/** What a caller's own `fetch` may do. All but those that throw at once do send. */
const FETCHES = {
  "throws text": () => () => {
    throw "no network today";
  },
  "throws undefined": () => () => {
    throw undefined;
  },
  "rejects with text": () => async (url, init) => {
    await mock(url, init);
    throw "torn";
  },
  "gives undefined": () => async (url, init) => void (await mock(url, init)),
  "gives an empty object": () => async (url, init) => (await mock(url, init), {}),
  mock: () => (url, init) => mock(url, init),
  thenable: () => (url, init) => ({ then: (resolve, reject) => void mock(url, init).then(resolve, reject) }),
  "text throws": () => (url, init) =>
    mock(url, init, {
      text: () => {
        throw "torn";
      },
    }),
  "text hangs": ({ bodyAsked }) => (url, init) => mock(url, init, { text: () => (bodyAsked(), never()) }),
  "ignores its signal": () => (url, { signal, ...init }) => fetch(url, init),
  "hides Date": () => async (url, init) => {
    const answer = await mock(url, init);
    return { ...answer, headers: { get: (name) => (/^date$/i.test(name) ? null : answer.headers.get(name)) } };
  },
  "other realm": ({ otherRealm }) => otherRealm,
};

/** Every text that an error shows to whoever prints, stores or sends it. */
function textsOf(error, depth = 0) {
  if (depth > 5 || error === null || typeof error !== "object") return [String(error)];
  const own = [error.name, error.message, error.stack, error.hint];
  return [...own.filter((text) => typeof text === "string"), JSON.stringify(error), ...(error.cause === undefined ? [] : textsOf(error.cause, depth + 1))];
}

function told(error, UnpoolError) {
  if (!(error instanceof UnpoolError)) return { foreign: true, texts: textsOf(error) };
  const { kind, sent, retryable, code, httpStatus, attempts, cause } = error;
  return { kind, sent, retryable, code, httpStatus, attempts: attempts?.map(({ kind }) => kind), cause: cause instanceof UnpoolError ? cause.kind : undefined, message: error.message, texts: textsOf(error) };
}

/**
 * script: { client, operation, how?, fetch?, abort?: { when, reason, afterMs? }, authenticate?: { restMs }, log } ; `log` is the address of the emulator's log.
 * surroundings: { otherRealm } -> { value } or { error }, and how long it took.
 */
export async function play({ Client, UnpoolError }, script, { otherRealm } = {}) {
  let bodyAsked;
  const bodyIsAsked = new Promise((resolve) => (bodyAsked = resolve));
  const own = script.fetch && { fetch: FETCHES[script.fetch]({ bodyAsked, otherRealm }) };
  const client = new Client({ ...script.client, ...own });
  const controller = new AbortController();
  const abort = () => controller.abort(...REASONS[script.abort.reason]());
  const how = { ...script.how, ...(script.abort && { signal: controller.signal }) };
  const arrived = async () => {
    const count = async () => (await (await fetch(script.log)).json()).filter((entry) => entry.operation === script.operation.operation && !entry.preflight).length;
    // A call that ended will not arrive any more.
    while (!ended && (await count()) < (script.abort.arrivals ?? 1)) await pause(20);
  };
  let ended = false;
  const MOMENTS = { waiting: arrived, body: () => bodyIsAsked };
  const when = script.abort?.when;
  if (script.authenticate) {
    await client.authenticate();
    await pause(script.authenticate.restMs);
  }
  if (when === "before") abort();
  const start = Date.now();
  const sending = client.send(script.operation, how);
  const aborting = MOMENTS[when]?.().then(() => pause(script.abort.afterMs ?? 0)).then(abort);
  try {
    const value = await sending;
    if (when === "after") {
      abort();
      await pause(20);
    }
    return { value: { alreadyGone: value?.alreadyGone }, elapsedMs: Date.now() - start };
  } catch (error) {
    return { error: told(error, UnpoolError), elapsedMs: Date.now() - start };
  } finally {
    ended = true;
    await aborting;
    client.free();
  }
}
