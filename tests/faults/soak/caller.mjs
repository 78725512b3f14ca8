// Sends the calls of the soak from whatever runtime this is: one client for each slot, as long as the soak lasts.

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

const FETCHES = {
  "rejects with text": async (url, init) => {
    await (await fetch(url, init)).text();
    throw "torn";
  },
  "throws text": () => {
    throw "no network today";
  },
};

/** Signatures and tokens of a request: what must never be seen again. */
function credentialsIn(url, { headers, body }) {
  const found = [];
  const text = `${url}&${body ?? ""}`;
  for (const [, signature] of text.matchAll(/Signature"?[=:]"?([^"&\s]{20,})/g)) found.push(decodeURIComponent(signature));
  const named = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]);
  for (const [name, value] of named) {
    if (name === "x-auth-token") found.push(value);
    if (name === "authorization") found.push(value.match(/Signature=(\w+)/)?.[1] ?? value);
  }
  return found;
}

/** Every text that an error shows to whoever prints, stores or sends it. */
function textsOf(error, depth = 0) {
  if (depth > 5 || error === null || typeof error !== "object") return [String(error)];
  return [error.message, error.stack, JSON.stringify(error), ...(error.cause === undefined ? [] : textsOf(error.cause, depth + 1))].filter((text) => typeof text === "string");
}

/** -> { call(task), clients }: a task is { slot, id, client, operation, how, fetch, abortAfterMs }. */
export function caller({ Client, UnpoolError }) {
  const slots = new Map();

  function slotOf({ slot, client }) {
    if (!slots.has(slot)) {
      const state = { task: undefined, seen: [] };
      const fetchOfSlot = async (url, init) => {
        state.seen.push(...credentialsIn(url, init));
        // Not signed by anybody: the emulator's faults and its log of changes go by it.
        const named = { ...init, headers: { ...init.headers, "x-test-call": state.task.id } };
        const answer = await (FETCHES[state.task.fetch] ?? fetch)(url, named);
        const token = answer.headers.get("x-subject-token");
        if (token) state.seen.push(token);
        return answer;
      };
      slots.set(slot, { ...state, state, client: new Client({ ...client, fetch: fetchOfSlot }) });
    }
    return slots.get(slot);
  }

  async function call(task) {
    const { state, client } = slotOf(task);
    state.task = task;
    state.seen = [];
    const controller = new AbortController();
    const how = { ...task.how, ...(task.abortAfterMs !== undefined && { signal: controller.signal }) };
    const start = Date.now();
    const sending = client.send(task.operation, how);
    if (task.abortAfterMs !== undefined) pause(task.abortAfterMs).then(() => controller.abort("enough"));
    let told;
    try {
      const value = await sending;
      told = { outcome: "success", alreadyGone: value?.alreadyGone === true, texts: [] };
    } catch (error) {
      const { kind, sent, code, message } = error;
      told = { outcome: error instanceof UnpoolError ? kind : "no UnpoolError", sent, code, message, texts: textsOf(error) };
    }
    return { ...told, seen: state.seen, elapsedMs: Date.now() - start };
  }
  return { call };
}
