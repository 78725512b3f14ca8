// A Worker that does with unpool what a test asks for, and tells how it ended.
import * as unpool from "unpool";

const { Client, UnpoolError } = unpool;

// At load, workerd allows no randomness, timers or requests: a client can be made here all the same.
const early = new Client({ vendor: "ucloud", region: "cn-bj2", credentials: { publicKey: "public", privateKey: "private" } });
let shared;

const sendWith = async ({ client: options, operation, how }, change) => {
  const client = new Client({ ...options, ...change?.options });
  const sending = client.send(operation, { ...how, ...change?.how });
  await change?.during?.(client);
  return sending;
};
const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** What a `fetch` that is no fetch may do. */
const MOCKS = {
  answers: async () => ({ status: 200, headers: { get: () => null }, text: async () => '{"RequestId":"r-mock"}' }),
  "answers at once": () => new Response('{"RequestId":"r-mock"}'),
  "throws text": () => {
    throw "no network today";
  },
  "rejects with text": () => Promise.reject("no network today"),
  "returns undefined": () => undefined,
  "has no headers": async () => ({ status: 200, text: async () => '{"RequestId":"r-mock"}' }),
  "has text that throws": async () => ({
    status: 200,
    headers: new Headers(),
    text() {
      throw "torn";
    },
  }),
};

const scenarios = {
  names: () => Object.keys(unpool).sort(),
  early: () => early.sign(unpool.ucloud.releaseBackend({ ulbId: "ulb-1", backendId: "backend-1" })).body,
  sign({ client: options, operation, stamp }) {
    const client = new Client(options);
    const first = client.sign(operation, stamp);
    return { first, nonces: [client.sign(operation), client.sign(operation)].map(({ body }) => new URLSearchParams(body).get("SignatureNonce")) };
  },
  send: (input) => sendWith(input),
  "send by hand": async ({ client: options, operation }) => {
    const request = new Client(options).sign(operation);
    return (await fetch(request.url, request)).status;
  },
  "aborted before": (input) => sendWith(input, { how: { signal: AbortSignal.abort("changed my mind") } }),
  "aborted while waiting": (input) => {
    const controller = new AbortController();
    return sendWith(input, { how: { signal: controller.signal }, during: () => wait(100).then(() => controller.abort("changed my mind")) });
  },
  "freed while waiting": (input) =>
    sendWith(input, {
      async during(client) {
        await wait(50);
        client.free();
        client.free();
        let kind;
        try {
          client.sign(input.operation);
        } catch (error) {
          kind = error.kind;
        }
        if (kind !== "invalid-input") throw new Error(`after free: ${kind}`);
      },
    }),
  "own fetch": (input) => sendWith(input, { options: { fetch: MOCKS[input.mock] } }),
  "service binding": (input, env) => sendWith(input, { options: { fetch: (url, init) => env.CLOUD.fetch(url, init) } }),
  // One client for all requests that this Worker serves, as an author would keep it.
  shared: ({ client: options, operation }) => {
    shared ??= new Client(options);
    return shared.send(operation);
  },
};

function told(error) {
  if (!(error instanceof UnpoolError)) return { foreign: String(error?.stack ?? error) };
  const { stack, ...fields } = { ...error.toJSON(), isError: error instanceof Error };
  return { ...fields, cause: error.cause instanceof UnpoolError ? told(error.cause) : typeof error.cause === "string" ? error.cause : String(error.cause) };
}

export default {
  async fetch(request, env) {
    const { scenario, ...input } = await request.json();
    try {
      return Response.json({ value: await scenarios[scenario](input, env) });
    } catch (error) {
      return Response.json({ error: told(error) });
    }
  },
};
