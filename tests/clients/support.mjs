// What the client tests share: a fresh emulator per file, and a way to send bytes exactly as given.
import assert from "node:assert/strict";
import { request as httpRequest } from "node:http";
import { start } from "../emulator/main.mjs";

// Loopback must not go through a proxy of the machine.
for (const name of ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"]) delete process.env[name];

export { start };

/** Sends a captured request: target, headers (Host included) and body as they are. -> { status, headers, text } */
export function sendRaw(url, { method, target, headers, body = "" }) {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const request = httpRequest({ hostname, port, method, path: target, headers, agent: false }, (response) => {
      const chunks = [];
      response.on("data", (chunk) => chunks.push(chunk));
      response.on("end", () => resolve({ status: response.statusCode, headers: response.headers, text: Buffer.concat(chunks).toString("utf8") }));
      response.on("error", reject);
    });
    request.on("error", reject);
    request.end(body);
  });
}

/** Runs `work` on a reset emulator; -> { result, removed, log } where `removed` are the lines of the cloud's backends that went. */
export async function observe(emulator, cloud, work) {
  emulator.control.reset();
  const before = emulator.control.state()[cloud].backends;
  const result = await work();
  const after = emulator.control.state()[cloud].backends;
  assert.deepEqual(after.filter((line) => !before.includes(line)), [], "a removal adds nothing");
  return { result, removed: before.filter((line) => !after.includes(line)), log: emulator.control.log().filter((entry) => entry.cloud === cloud) };
}

/** Runs `work` on a reset emulator; -> { result, changes, log } of that cloud, a change as "operation: removed backend". */
export async function watch(emulator, cloud, work) {
  emulator.control.reset();
  const result = await work();
  const of = (entries) => entries.filter((entry) => entry.cloud === cloud);
  return {
    result,
    changes: of(emulator.control.changes()).map(({ operation, change, resource }) => `${operation}: ${change} ${resource}`),
    log: of(emulator.control.log()),
  };
}
