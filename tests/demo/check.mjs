#!/usr/bin/env node
// The removal calls and the safe removals of the demo without a browser: node tests/demo/check.mjs [--wrong-secret] [--openstack]
// Each safe removal is carried out twice: undisturbed, and in a process that is killed, then gone on with and undone.
//
// They go through the built package to the emulator (with --openstack also to a real Keystone and Octavia). What they did
// is read on the other side, never through the package. Exit status 0: every row is right; 1: a row is wrong, or
// --wrong-secret and every call was refused, as it has to be; 2: --wrong-secret and a call was not refused or changed something.
import { parseArgs } from "node:util";
import { startLab } from "../openstack/lab.mjs";
import { calls, withWrongSecret } from "./calls.mjs";
import { startEmulator } from "./emulator.mjs";
import { wrongWith, wrongWithRefusal } from "./judge.mjs";
import { inEmulator, inOpenStack } from "./places.mjs";
import { removals } from "./removals.mjs";
import { judgeRemoval, removalAt, removalTable } from "./safe.mjs";
import { judgeSurvival, survivalInEmulator, survivalInOpenStack, survivalTable } from "./survive.mjs";
import { table } from "./table.mjs";
import { unpool } from "./unpool.mjs";

const { values: options } = parseArgs({
  options: { "wrong-secret": { type: "boolean", default: false }, openstack: { type: "boolean", default: false } },
});
const wrongSecret = options["wrong-secret"];
const keys = (credentials) => (wrongSecret ? withWrongSecret(credentials) : credentials);

async function send(settings, operation) {
  const client = new unpool.Client(settings);
  try {
    return { answer: await client.send(operation) };
  } catch (error) {
    return { error };
  } finally {
    client.free();
  }
}

async function throughEmulator(emulator, call) {
  await emulator.reset();
  const poolLines = async () =>
    (await emulator.state())[call.cloud].backends.filter((line) => line.startsWith(call.pool)).map((line) => line.slice(call.pool.length));
  const { url, region, projectId, credentials } = emulator.info[call.cloud];
  const before = await poolLines();
  const result = await send(
    {
      vendor: call.vendor,
      endpoint: url,
      allowHttp: true,
      region,
      credentials: keys(credentials),
      ...(call.cloud.endsWith("cloud") && { projectId }),
      ...call.client,
    },
    call.operation(unpool),
  );
  // Its log has no keys and no signatures.
  const entry = (await emulator.log()).at(-1);
  return {
    call,
    before,
    after: await poolLines(),
    ...result,
    request: entry ? `${entry.method} ${entry.target}` : "(nothing arrived)",
    status: entry?.status,
  };
}

async function throughOpenStack(lab) {
  const [{ id }] = lab.members;
  const call = { name: "openstack DeleteMember, password", gone: [`${id} 10.0.0.11:8080`] };
  const poolLines = async () =>
    (await lab.api.members(lab.poolId)).map(({ id, address, protocol_port: port }) => `${id} ${address}:${port}`);
  const before = await poolLines();
  let last = { request: "(nothing left)" };
  const result = await send(
    {
      vendor: "openstack",
      region: lab.region,
      identityEndpoint: lab.identityEndpoint,
      allowHttp: true,
      credentials: keys(lab.credentials),
      fetch: async (url, init) => {
        last = { request: `${init.method} ${new URL(url).pathname}` };
        const response = await fetch(url, init);
        last.status = response.status;
        return response;
      },
    },
    unpool.openstack.deleteMember({ poolId: lab.poolId, memberId: id }),
  );
  await lab.api.settled(lab.loadBalancerId);
  return { call, before, after: await poolLines(), ...result, ...last };
}

/** A path is broken before its slashes, to keep the table narrow. */
const folded = (text) => text.replace(/(.{1,40})(?=\/|$)/g, "$1\n").trim().split("\n");

function print(seen) {
  const rows = seen.map(({ call, request, status, error, before, after }) => [
    [call.name, ...folded(request)],
    error ? [String(status ?? "-"), error.kind ?? error.name] : [String(status)],
    before,
    before.map((line) => (after.includes(line) ? "still there" : "gone")).concat(after.filter((line) => !before.includes(line))),
  ]);
  console.log(table(["call, request line", "status", "backends before", "backends after"], rows));
}

/** Says what is wrong and returns the exit status. */
function verdict(seen, removed, survived) {
  const judge = wrongSecret ? wrongWithRefusal : wrongWith;
  const judged = [
    ...seen.map(({ call, ...rest }) => ({ name: call.name, what: judge(call, rest), error: rest.error })),
    ...removed.map((each) => ({ name: each.name, what: judgeRemoval(each, wrongSecret), error: each.error })),
    ...survived.map((each) => ({ name: `${each.name}: killed, resumed, undone`, what: judgeSurvival(each, wrongSecret), error: each.error })),
  ];
  const wrong = judged.filter(({ what }) => what);
  console.log();
  for (const { name, what, error } of wrong) {
    console.log(`WRONG  ${name}: ${what}`);
    if (error) console.log(`       ${error.message}${error.hint ? ` (${error.hint})` : ""}`);
  }
  if (wrongSecret) {
    if (wrong.length > 0) return 2;
    console.log(`Wrong secret: all ${seen.length} calls and all ${removed.length + survived.length} safe removals were refused as auth, and no backend changed.`);
    return 1;
  }
  if (wrong.length === 0) {
    console.log(`${seen.length} calls and ${removed.length} safe removals, every one removed what it had to remove and nothing else.`);
    console.log(`${survived.length} runs were killed, resumed from their journals and undone: every backend left once and came back once.`);
  }
  return wrong.length > 0 ? 1 : 0;
}

for (const [signal, status] of [["SIGINT", 130], ["SIGTERM", 143]]) process.once(signal, () => process.exit(status));

const seen = [];
const removed = [];
// They wait most of the time: meanwhile the others.
const surviving = Promise.all(removals().map((removal) => survivalInEmulator(removal, keys)));
const emulator = await startEmulator();
try {
  for (const call of calls()) seen.push(await throughEmulator(emulator, call));
  for (const removal of removals()) removed.push(await removalAt(await inEmulator(emulator, removal, keys)));
} finally {
  await emulator.stop();
}
const survived = await surviving;
if (options.openstack) {
  const lab = await startLab();
  try {
    seen.push(await throughOpenStack(lab));
    removed.push(await removalAt(await inOpenStack(lab, keys, "removal")));
    survived.push(await survivalInOpenStack(lab, keys));
  } finally {
    await lab.stop();
  }
}
for (const { told } of survived) console.log(told.join("\n"));
console.log();
print(seen);
console.log();
console.log(removalTable(removed));
console.log();
console.log(survivalTable(survived));
process.exitCode = verdict(seen, removed, survived);
