// What a crash does not undo: a run is killed right after its first removal was sent, gone on with from its journal in
// another process, and then undone from plan and journal alone. What is there is read on the other side after each.
import { fork } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { tellError, tellPlan, tellReport, teller } from "./carry-out.mjs";
import { startEmulator } from "./emulator.mjs";
import { wrongWithRefusedSurvival, wrongWithSurvival } from "./judge-survival.mjs";
import { inEmulator, inOpenStack } from "./places.mjs";
import { difference, table } from "./table.mjs";
import { fileJournal, unpool } from "./unpool.mjs";

const child = fileURLToPath(new URL("killed-run.mjs", import.meta.url));
/** Nobody is connected to an emulator. */
const DRAIN = { waitMs: 200 };

/** Runs the plan until its first removal is sent, and kills that process then. -> the operation that was cut off. */
async function runAndKill(settings, plan, path, say) {
  const run = fork(child, { stdio: ["ignore", "inherit", "inherit", "ipc"] });
  const exited = new Promise((resolve) => run.once("exit", (code, signal) => resolve({ code, signal })));
  const tell = teller(say);
  try {
    return await new Promise((resolve, reject) => {
      run.on("message", ({ event, sent, error }) => {
        if (event) tell(event);
        if (sent) resolve(sent);
        if (error) reject(new Error(error));
      });
      void exited.then(({ code, signal }) => reject(new Error(`the run ended by itself: ${signal ?? code}`)));
      run.send({ settings, plan, path });
    });
  } finally {
    run.kill("SIGKILL");
    await exited;
  }
}

async function goOn(settings, plan, path, say) {
  const client = new unpool.Client(settings);
  const journal = await fileJournal(path);
  try {
    const report = await client.run(plan, { journal, onEvent: teller(say) });
    tellReport(report, say);
    return report;
  } finally {
    await journal.close();
    client.free();
  }
}

async function takeBack(settings, plan, path, say) {
  const client = new unpool.Client(settings);
  const journal = await fileJournal(path);
  try {
    const undone = await client.undo({ plan, journal: journal.entries }, { onEvent: teller(say) });
    tellReport(undone, say);
    return undone;
  } finally {
    await journal.close();
    client.free();
  }
}

async function planOf(settings, request) {
  const client = new unpool.Client(settings);
  try {
    return await client.plan(request);
  } finally {
    client.free();
  }
}

/**
 * At a place of places.mjs. -> { before, killed, resumed, undone: looks; cut: the operation; report, undo; changes; error },
 * as far as it came; `told`, line by line.
 */
async function survivalAt({ name, settings, request, look, expected, changes }) {
  const told = [];
  const say = (line) => told.push(line);
  const folder = await mkdtemp(join(tmpdir(), "unpool-demo-"));
  const path = join(folder, "journal.jsonl");
  const before = await look();
  const seen = { name, told, before, expected: expected(before) };
  say(`\n${name}: killed, resumed, undone`);
  try {
    const plan = await planOf(settings, { ...request, drain: DRAIN });
    tellPlan(plan, say);
    seen.cut = await runAndKill(settings, plan, path, say);
    say(`  ${seen.cut} was sent, and its process killed before the answer.`);
    seen.killed = await look();
    say("  Another process goes on from the journal:");
    seen.report = await goOn(settings, plan, path, say);
    seen.resumed = await look();
    say("  Undo, from the plan and the journal:");
    seen.undo = await takeBack(settings, plan, path, say);
  } catch (error) {
    seen.error = error;
    tellError(error, say);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  // Whatever went wrong: how it is now.
  return { ...seen, undone: await look(), changes: await changes() };
}

/** Most of it is waiting until what was cut off must show, so many go on at a time, each with an emulator of its own. */
export async function survivalInEmulator(removal, keys) {
  const emulator = await startEmulator();
  try {
    return await survivalAt(await inEmulator(emulator, removal, keys));
  } finally {
    await emulator.stop();
  }
}

/** Octavia keeps no list of changes; what arrived there and was accepted tells as much. */
const accepted = (requests) =>
  requests
    .filter(({ method, path, status }) => status < 300 && /\/members(\/|$)/.test(path) && (method === "POST" || method === "DELETE"))
    .map(({ method, path }, at) => (method === "DELETE" ? { change: "removed", ids: { memberId: path.split("/").at(-1) } } : { change: "added", ids: { request: at } }));

export async function survivalInOpenStack(lab, keys) {
  const place = await inOpenStack(lab, keys, "survival");
  const watched = await lab.watch();
  return survivalAt({ ...place, changes: async () => accepted(await watched.octavia()) });
}

/** The looks, each with what has changed since the one before it. */
function stages({ before, killed, resumed, undone, cut, report, undo, error }) {
  const looks = [
    ["before", before],
    [`killed at ${cut}`, killed],
    [`resumed: ${report?.status}`, resumed],
    [`undone: ${undo?.status}`, undo && undone],
    [error?.kind ?? error?.name, error && undone],
  ].filter(([, look]) => look);
  return looks.flatMap(([stage, look], at) => {
    const since = at === 0 ? [""] : difference(looks[at - 1][1], look);
    return (since.length > 0 ? since : ["(nothing)"]).map((line, first) => (first === 0 ? [stage, String(look.backends.length), line] : ["", "", line]));
  });
}

/** Another one at each time. */
const withoutNewIds = (line, { undo }) => (undo?.entries ?? []).reduce((text, { newId }) => (newId ? text.replaceAll(newId, "(new id)") : text), line);

export function survivalTable(seen) {
  const rows = seen.map((each) => {
    const lines = stages(each).map((cells) => cells.map((cell) => withoutNewIds(cell, each)));
    return [each.name, ...[0, 1, 2].map((column) => lines.map((line) => line[column]))];
  });
  return table(["killed, resumed, undone", "when", "backends", "changed since"], rows);
}

/** -> what is wrong, or undefined. */
export const judgeSurvival = (seen, wrongSecret) => (wrongSecret ? wrongWithRefusedSurvival(seen) : wrongWithSurvival(seen.expected, seen));
