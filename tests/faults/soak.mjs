#!/usr/bin/env node
// Thousands of calls with random faults, each outcome held against the emulator's log of changes:
// node tests/faults/soak.mjs [--sends 10000] [--seed 1] [--runtime node|workerd] [--at-once 96]
import { realpathSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { setTimeout as pause } from "node:timers/promises";
import { parseArgs } from "node:util";
import { startEmulator } from "../demo/emulator.mjs";
import { clientOptions, target } from "./clouds.mjs";
import { control } from "./soak/control.mjs";
import { FAULTS, TIMES } from "./soak/faults.mjs";
import { judge } from "./soak/judge.mjs";
import { random } from "./soak/random.mjs";
import { listening } from "./soak/listen.mjs";
import { RUNTIMES } from "./soak/runtimes.mjs";
import { Search, secretsOf } from "./soak/secrets.mjs";
import { Slot, WISHES } from "./soak/slots.mjs";
import { summary } from "./soak/summary.mjs";

const CLOUDS = Object.keys(WISHES);
const LONGEST_MS = 180_000;
const NEVER_SETTLED = { outcome: "never settled", texts: [], seen: [] };

/** -> { calls: [{ fault, effect, cloud, outcome, complaints }], memory: { before, after }, search, seconds } */
export async function soak({ sends = 10_000, seed = 1, runtime: name = "node", atOnce = 96 } = {}) {
  const emulator = await startEmulator();
  const oracle = control(emulator.info);
  const search = new Search(secretsOf(emulator.info));
  const heard = listening((text) => search.add(text));
  const runtime = await RUNTIMES[name]((text) => search.add(text));
  try {
    const slots = await arrange(oracle, Math.min(atOnce, sends), seed);
    const calls = [];
    const start = Date.now();
    // The first calls make clients, pages of memory and connections that stay.
    await Promise.all(slots.map((slot) => play(slot, "none")));
    const before = await runtime.memory();
    // Each slot has its share, whoever is faster: the same seed is the same calls.
    const share = (number) => Math.floor((sends + number) / slots.length);
    await Promise.all(slots.map(async (slot) => {
      for (let count = share(slot.number); count > 0; count -= 1) calls.push(await play(slot));
    }));
    const late = oracle.late();
    for (const call of calls) if (late.includes(call.id)) call.complaints.push("it changed something after it was judged");
    return { calls, memory: { before, after: await runtime.memory() }, search: search.result(), seconds: (Date.now() - start) / 1_000 };

    async function play(slot, fixed) {
      const { random: dice, cloud } = slot;
      const { effect, operation } = slot.next();
      const fault = fixed ?? dice.weighted(Object.entries(FAULTS).map(([key, [weight]]) => [key, weight]));
      const { rule, how, fetch, abortAfterMs, lateMs } = FAULTS[fault][1](cloud, dice);
      const times = dice.weighted(TIMES);
      const id = `${slot.number}-${(slot.calls = (slot.calls ?? 0) + 1)}`;
      if (rule) await oracle.fault({ cloud: target(cloud), operation: operation.operation, testCall: id, times, ...rule });
      const task = { slot: slot.number, id, client: clientOptions(emulator.info, cloud, { maxAttempts: slot.attempts }), operation, how, fetch, abortAfterMs };
      const told = await Promise.race([runtime.call(task), pause(LONGEST_MS, NEVER_SETTLED, { ref: false })]);
      // What was given up may be carried out late, after a second attempt that succeeded, too; and the next call must not
      // meet it.
      if (lateMs) await pause(lateMs);
      const changes = await oracle.changesOf(id, lateMs ?? 0);
      slot.learn(changes);
      search.forbid(told.seen);
      for (const text of told.texts) search.add(text);
      const acted = rule === undefined && fetch === undefined ? "none" : fault;
      const label = acted === "none" && effect === "remove again" ? "none, and it is gone already" : acted;
      return { fault: label, effect, cloud, id, outcome: told.outcome, message: told.message, complaints: judge({ effect, fault: acted, cloud }, told, changes) };
    }
  } finally {
    heard.stop();
    await runtime.stop();
    await emulator.stop();
  }
}

/** A load balancer for each slot, every cloud in turn; half of the clients repeat nothing. */
async function arrange(oracle, count, seed) {
  const clouds = Array.from({ length: count }, (_, number) => CLOUDS[number % CLOUDS.length]);
  const wishes = {};
  for (const cloud of clouds) (wishes[target(cloud)] ??= []).push(WISHES[cloud]);
  const made = await oracle.arrange(wishes);
  return clouds.map((cloud, number) => {
    const slot = new Slot(number, cloud, made[target(cloud)].shift(), random(seed * 7_919 + number));
    slot.attempts = Math.floor(number / CLOUDS.length) % 2 === 0 ? 3 : 1;
    return slot;
  });
}

async function main() {
  const text = (value) => ({ type: "string", default: value });
  const { values } = parseArgs({ options: { sends: text("10000"), seed: text("1"), runtime: text("node"), "at-once": text("96") } });
  const result = await soak({ sends: Number(values.sends), seed: Number(values.seed), runtime: values.runtime, atOnce: Number(values["at-once"]) });
  process.stdout.write(summary(result, values));
  if (result.calls.some(({ complaints }) => complaints.length > 0) || result.search.found.length > 0) process.exitCode = 1;
}

if (process.argv[1] && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) await main();
