// Calls played in Node itself.
import { createContext, runInContext } from "node:vm";
import { unpool } from "../demo/unpool.mjs";
import { play } from "./player.mjs";

const answerElsewhere = runInContext(
  "(status, headers, text) => Promise.resolve({ status, headers: { get: (name) => headers[name.toLowerCase()] ?? null }, text: () => Promise.resolve(text) })",
  createContext({}),
);

async function otherRealm(url, init) {
  const response = await fetch(url, init);
  return answerElsewhere(response.status, Object.fromEntries(response.headers), await response.text());
}

/** -> { play(script), stop() } */
export async function node() {
  return { play: (script) => play(unpool, script, { otherRealm }), stop: async () => {} };
}
