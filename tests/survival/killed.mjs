// Runs in processes of their own that are killed: in the drain's wait, between two calls, between a call and its answer,
// and at any moment. Whoever goes on finds the same file, the same plan, and the cloud as it is.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { readFile, rm } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { LIMIT_MS, arrange, changes, operator, optionsOf, sameChanges, writes } from "./support.mjs";

const program = fileURLToPath(new URL("run.mjs", import.meta.url));

/** -> { line(pattern, nth): a promise of a line that fits, kill(), ended: a promise of { code, signal, lines } } */
export function begin(job) {
  const child = spawn(process.execPath, [program], { env: { ...process.env, JOB: JSON.stringify({ limitMs: LIMIT_MS, ...job }) }, stdio: ["ignore", "pipe", "pipe"] });
  const lines = [];
  const waiting = [];
  let isOver = false;
  let rest = "";
  let errors = "";
  const take = () => {
    for (const wait of [...waiting]) {
      const found = lines.filter((line) => wait.pattern.test(line))[wait.nth];
      if (found === undefined) continue;
      waiting.splice(waiting.indexOf(wait), 1);
      wait.resolve(found);
    }
  };
  child.stdout.setEncoding("utf8").on("data", (text) => {
    const parts = (rest + text).split("\n");
    rest = parts.pop();
    lines.push(...parts);
    take();
  });
  child.stderr.setEncoding("utf8").on("data", (text) => (errors += text));
  const ended = new Promise((resolve) => {
    child.on("close", (code, signal) => {
      isOver = true;
      for (const { reject, pattern } of waiting) reject(new Error(`it ended (${code ?? signal}) without ${pattern}:\n${lines.join("\n")}\n${errors}`));
      resolve({ code, signal, lines, errors });
    });
  });
  return {
    pid: child.pid,
    line: (pattern, nth = 0) => new Promise((resolve, reject) => (waiting.push({ pattern, nth, resolve, reject }), take())),
    kill: () => child.kill("SIGKILL"),
    isOver: () => isOver,
    ended,
  };
}

/** Begins the job, and kills it when `moment(process)` says so -> whether it was still under way then, and what it said. */
async function killed(job, moment) {
  const running = begin(job);
  try {
    await Promise.race([moment(running), running.ended]);
  } finally {
    running.kill();
  }
  const { signal, code, lines, errors } = await running.ended;
  assert.ok(signal === "SIGKILL" || code === 0, `it ended by itself (${code}):\n${errors}\n${lines.join("\n")}`);
  return { isKilled: signal === "SIGKILL", lines };
}

/** Lets another process go on -> its report. */
async function goneOnWith(job) {
  const { code, lines, errors } = await begin({ ...job, hasty: true }).ended;
  assert.equal(code, 0, `${errors}\n${lines.join("\n")}`);
  return JSON.parse(lines.at(-1).replace(/^report /, ""));
}

export const OPERATIONS = {
  alibaba: ["SetBackendServers", "SetVServerGroupAttribute", "RemoveBackendServers", "RemoveVServerGroupBackendServers"],
  ucloud: ["UpdateBackendAttribute", "UpdatePolicy", "ReleaseBackend"],
  otc: ["UpdateMember", "DeleteMember"],
};
const DRAINED_SOON = { drain: { waitMs: 30 } };

/**
 * The moments. Each: (cloud, kind, round, whole) -> what of the request is another one, what of the job is, and when it
 * is killed. `whole` is what a run that nobody disturbs takes: { entries, ms }.
 */
export const MOMENTS = {
  "in the drain's wait": () => ({ request: { drain: { waitMs: 60_000 } }, when: ({ line }) => line(/^event wait drain/) }),
  "between two calls": (cloud, kind, round, { entries }) => {
    // Behind an intent that is written and not sent, behind a result, behind what a read has shown.
    const hold = 1 + (round % (entries - 1));
    return { request: DRAINED_SOON, job: { hold }, when: ({ line }) => line(/^holds/) };
  },
  "between a call that is carried out and its answer": (cloud, kind, round) => hangs(cloud, kind, round, "hang-after"),
  "between a call that is not carried out and its answer": (cloud, kind, round) => hangs(cloud, kind, round, "hang"),
  "at any moment": (cloud, kind, round, { ms }) => ({
    request: DRAINED_SOON,
    async when({ line }) {
      // What comes before is the start of the program.
      await line(/^event step-begin check/);
      await new Promise((resolve) => setTimeout(resolve, Math.random() * ms));
    },
  }),
};

function hangs(cloud, kind, round, effect) {
  const operations = OPERATIONS[kind];
  const operation = operations[round % operations.length];
  // These come once, all others twice.
  const isOnce = kind === "alibaba" || operation === "UpdatePolicy";
  const skip = isOnce ? 0 : Math.floor(round / operations.length) % 2;
  return {
    request: DRAINED_SOON,
    faults: [{ cloud: kind, operation, effect, skip }],
    async when({ isOver }) {
      const count = () => writes(cloud).filter((name) => name === operation).length;
      while (!isOver() && count() <= skip) await new Promise((resolve) => setTimeout(resolve, 2));
    },
  };
}

/** How many entries a run that nobody disturbs writes, and how long it takes from its first event. */
export async function measured(cloud, kind, path) {
  await rm(path, { force: true });
  const plan = await operator(cloud, kind).plan({ ...arrange(cloud, kind), ...DRAINED_SOON });
  const running = begin({ client: optionsOf(cloud, kind), plan, path });
  await running.line(/^event step-begin check/);
  const begun = performance.now();
  const { lines } = await running.ended;
  await rm(path);
  return { ms: performance.now() - begun, entries: lines.filter((line) => line.startsWith("entry ")).length };
}

/** One kill, and what comes of it -> whether there was one, and what the journal ended with. */
export async function killOnce(cloud, kind, path, moment, round, whole, expected) {
  // What a test that failed has left.
  await rm(path, { force: true });
  const { request, job, faults = [], when } = MOMENTS[moment](cloud, kind, round, whole);
  const plan = await operator(cloud, kind).plan({ ...arrange(cloud, kind), ...request });
  cloud.control.faults(faults);
  const all = { client: optionsOf(cloud, kind), plan, path };
  const { isKilled, lines } = await killed({ ...all, ...job }, when);
  const message = `${kind}, ${moment}, round ${round}:\n${lines.join("\n")}\n${await readFile(path, "utf8").catch(String)}`;
  cloud.control.faults([]);
  const before = changes(cloud).length;
  const report = await goneOnWith(all);
  assert.equal(report.status, "done", `${message}\n${JSON.stringify(report, null, 1)}`);
  for (const { outcome, state } of report.entries) assert.deepEqual([outcome, state], ["removed", "gone"], message);
  // Each drained once, removed once, each rule edited once: as if nothing had happened.
  sameChanges(changes(cloud), expected, message);
  const last = lines.findLast((line) => line.startsWith("entry "));
  return { isKilled, before, last: last && JSON.parse(last.slice(6)).entry };
}
