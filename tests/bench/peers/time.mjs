// Time of a signature: unpool and the others in one process, in turns.
import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { median } from "../median.mjs";
import { PEERS } from "./alibaba.mjs";

const ROUNDS = 11;
const ROUND_MS = 60;

const options = { vendor: "alibaba", region: "cn-hangzhou", credentials: { accessKeyId: "LTAI5tTESTACCESSKEYID000", accessKeySecret: "kTESTsecretKEY0000000000000000" } };
const operationOf = (count) => ({
  operation: "RemoveBackendServers",
  loadBalancerId: "lb-bp15lbk8uja8rvm4a0001",
  backendServers: Array.from({ length: count }, (_, index) => ({ serverId: `i-bp1fq61enf4loa5i${String(index).padStart(4, "0")}`, type: "ecs", weight: "100" })),
});

const unpool = ({ Client }, signature) => (given) => {
  const client = new Client({ ...given, signature });
  return (operation) => client.sign(operation);
};

/** One after the other -> wall clock and CPU time in microseconds for each signature. */
async function measure(sign, operation, count) {
  const cpu = process.cpuUsage();
  const started = performance.now();
  let length = 0;
  for (let index = 0; index < count; index++) {
    const made = sign(operation);
    // Waiting for what is there already would cost those that do not need it.
    length += (typeof made.then === "function" ? await made : made).url.length;
  }
  const wall = (performance.now() - started) * 1000;
  const { user, system } = process.cpuUsage(cpu);
  assert.ok(length >= count);
  return { wall: wall / count, cpu: (user + system) / count };
}

async function calibrate(sign, operation) {
  let [count, wall] = [50, 0];
  for (let elapsed = 0; elapsed < 200; elapsed += (wall * count) / 1000) {
    ({ wall } = await measure(sign, operation, count));
    count = Math.max(20, Math.round((ROUND_MS * 1000) / Math.max(wall, 0.1)));
  }
  return count;
}

/** A figure for what is no signature would be worth nothing. */
function check(signature, { url, body, headers }) {
  if (signature !== "RPC") return assert.match(JSON.stringify(headers), /authorization":"[^"]*Signature=[0-9a-f]{64}/i);
  const sent = [...new URLSearchParams(body || new URL(url).search)].sort(([a], [b]) => (a < b ? -1 : 1));
  const encode = (text) => encodeURIComponent(text).replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);
  const query = sent.filter(([name]) => name !== "Signature").map(([name, value]) => `${encode(name)}=${encode(value)}`).join("&");
  const expected = createHmac("sha1", `${options.credentials.accessKeySecret}&`).update(`POST&%2F&${encode(query)}`).digest("base64");
  return assert.equal(Object.fromEntries(sent).Signature, expected);
}

/** -> [{ name, signature, times: [{ wall, cpu } of one server, of twenty] }] */
export async function measureAll(module) {
  const rows = [
    { name: "unpool", signature: "RPC", make: unpool(module, "rpc") },
    { name: "unpool", signature: "ACS3", make: unpool(module, "acs3") },
    ...PEERS,
  ].map((row) => ({ ...row, sign: row.make(options), times: [] }));
  for (const count of [1, 20]) {
    const operation = operationOf(count);
    for (const row of rows) {
      check(row.signature, await row.sign(operation));
      row.count = await calibrate(row.sign, operation);
      row.rounds = [];
    }
    for (let round = 0; round < ROUNDS; round++) {
      // Who goes first changes, so that nobody always inherits the same one's garbage.
      for (let index = 0; index < rows.length; index++) {
        const row = rows[(index + round) % rows.length];
        row.rounds.push(await measure(row.sign, operation, row.count));
      }
    }
    for (const row of rows) row.times.push({ wall: median(row.rounds.map(({ wall }) => wall)), cpu: median(row.rounds.map(({ cpu }) => cpu)) });
  }
  return rows;
}
