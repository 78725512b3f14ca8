// The safe removals of the demo: each carried out and told, what it did read on the other side, and a table of all.
import { carryOut } from "./carry-out.mjs";
import { wrongWithRefusedRemoval, wrongWithRemoval } from "./judge-removal.mjs";
import { table } from "./table.mjs";

const say = (line) => console.log(line);

/** `keys(credentials)` may spoil them. */
export async function removalThroughEmulator(emulator, removal, keys) {
  await emulator.reset();
  const { url, region, projectId, identityEndpoint, credentials } = emulator.info[removal.cloud];
  const added = removal.arrange && (await emulator.arrange({ add: removal.arrange })).added;
  const [made] = added?.[removal.cloud] ?? [];
  const part = (lines = []) => lines.filter((line) => line.startsWith(removal.pool)).map((line) => line.slice(removal.pool.length));
  const look = async () => {
    const { backends, rules } = (await emulator.state())[removal.state];
    return { backends: part(backends), rules: part(rules) };
  };
  const before = await look();
  say(`\n${removal.name}`);
  const settings = {
    ...(identityEndpoint ? { vendor: "openstack", identityEndpoint } : { vendor: removal.cloud, endpoint: url }),
    allowHttp: true,
    region,
    credentials: keys(credentials),
    ...(removal.cloud.endsWith("cloud") && { projectId }),
  };
  const seen = await carryOut(settings, removal.request(made), say);
  const expected = { gone: removal.gone(made), rules: removal.rules ? removal.rules(before.rules, made) : before.rules };
  return { ...seen, name: removal.name, expected, before, after: await look(), changes: await emulator.changes() };
}

/** Two of a pool of five at a real Octavia. */
export async function removalThroughOpenStack(lab, keys) {
  const names = ["web-1", "web-2", "web-3", "web-4", "web-5"];
  const { poolId, members } = await lab.pool(names, { name: "removal" });
  const look = async () => {
    const list = await lab.api.members(poolId);
    const lines = list.map(({ id, address, protocol_port: port, weight }) => `${id} ${address}:${port} weight=${weight}`);
    return { backends: lines.sort(), rules: [] };
  };
  const before = await look();
  const leaving = members.slice(1, 3).map(({ id }) => id);
  const name = "openstack, a real Octavia";
  say(`\n${name}`);
  const settings = { vendor: "openstack", region: lab.region, identityEndpoint: lab.identityEndpoint, allowHttp: true, credentials: keys(lab.credentials) };
  const request = { from: { poolId }, remove: leaving.map((memberId) => ({ memberId })), drain: { waitMs: 1000 } };
  const seen = await carryOut(settings, request, say);
  const gone = before.backends.filter((line) => leaving.some((id) => line.startsWith(id)));
  return { ...seen, name, expected: { gone, rules: [] }, before, after: await look() };
}

/** A rule's backends on a line of their own, to keep the table narrow. */
const marked = (mark, line) => `${mark} ${line}`.replace(" [", "\n    [").split("\n");

const difference = (before, after) => [
  ...before.filter((line) => !after.includes(line)).flatMap((line) => marked("-", line)),
  ...after.filter((line) => !before.includes(line)).flatMap((line) => marked("+", line)),
];

export function removalTable(seen) {
  const rows = seen.map(({ name, before, after, report, error }) => [
    name,
    [`${before.backends.length} -> ${after.backends.length}`, ...difference(before.backends, after.backends), ...difference(before.rules, after.rules)],
    report?.status ?? error.kind ?? error.name,
    // Of the run alone: the plan's reads come on top.
    report ? String(report.calls) : "-",
  ]);
  return table(["safe removal", "backends before -> after", "status", "calls"], rows);
}

/** -> what is wrong, or undefined. */
export const judgeRemoval = (seen, wrongSecret) => (wrongSecret ? wrongWithRefusedRemoval(seen) : wrongWithRemoval(seen.expected, seen));
