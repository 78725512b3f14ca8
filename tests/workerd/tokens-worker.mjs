// A Worker with one client for all requests that it serves, as an author would keep it; and, to compare, one that lets
// requests wait for each other.
import { Client, UnpoolError } from "unpool";

let client;
let token;

const ways = {
  unpool: ({ options, operation }) => {
    client ??= new Client(options);
    return client.send(operation);
  },
  // What a cache of promises would do: whoever comes later waits for the first one's request.
  "a shared promise": async ({ identity }) => {
    token ??= fetch(identity.url, { method: "POST", body: identity.body, headers: { "content-type": "application/json" } }).then(({ status }) => status);
    return { status: await token };
  },
};

export default {
  async fetch(request) {
    const { way, ...input } = await request.json();
    try {
      return Response.json({ value: await ways[way](input) });
    } catch (error) {
      return Response.json({ kind: error instanceof UnpoolError ? error.kind : String(error), message: error.message });
    }
  },
};
