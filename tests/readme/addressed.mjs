// Preloaded into an example's process: requests to the clouds' own addresses go to the emulator, under the Host header
// that was meant, so that examples run as they are printed and signatures still fit. Nothing else is reachable.
import { readFile } from "node:fs/promises";
import { request as send } from "node:http";
import { Readable } from "node:stream";

const { ADDRESSES, KILL_AT } = process.env;
const addresses = JSON.parse(ADDRESSES);

globalThis.fetch = async (input, init = {}) => {
  const url = new URL(input);
  if (url.protocol === "file:") {
    // Browsers fetch the module from beside the script.
    return new Response(await readFile(url), { headers: { "content-type": "application/wasm" } });
  }
  const address = addresses[url.host];
  if (!address) throw new TypeError(`no example may reach ${url.host}`);
  if (KILL_AT && String(init.body).includes(KILL_AT)) process.kill(process.pid, "SIGKILL");
  return exchange(new URL(address), url, init);
};

function exchange(address, url, { method = "GET", headers = {}, body, signal }) {
  return new Promise((resolve, reject) => {
    const options = {
      host: address.hostname,
      port: address.port,
      method,
      path: url.pathname + url.search,
      headers: { ...headers, host: url.host },
      signal,
    };
    const request = send(options, (answer) => {
      const empty = answer.statusCode === 204;
      if (empty) answer.resume();
      resolve(new Response(empty ? null : Readable.toWeb(answer), { status: answer.statusCode, headers: pairs(answer.rawHeaders) }));
    });
    request.on("error", (cause) => reject(new TypeError("fetch failed", { cause })));
    request.end(body);
  });
}

function pairs(raw) {
  const list = [];
  for (let index = 0; index < raw.length; index += 2) list.push([raw[index], raw[index + 1]]);
  return list;
}
