// The four questions that every environment answers. `unpool` holds what the program imported by name; `job` comes from
// job.mjs; `openJournal` opens the journal that this environment would use, and opens the same one again when asked again.
const QUESTIONS = { sign, send, removal, journal };

/** -> { sign, send, removal, journal }, each { ok: true, ... } or { ok: false, error } */
export async function answers(unpool, job, openJournal) {
  const out = {};
  for (const [name, answer] of Object.entries(QUESTIONS)) {
    try {
      out[name] = { ok: true, ...(await answer(unpool, job, openJournal)) };
    } catch (error) {
      out[name] = { ok: false, error: told(error) };
    }
  }
  return out;
}

/** An error and its causes, as text that survives JSON. */
export function told(error) {
  const parts = [];
  for (let one = error; one !== undefined && one !== null && parts.length < 5; one = one.cause) {
    parts.push(one.kind ? `${one.kind}: ${one.message} (${one.code ?? one.field ?? one.hint})` : String(one.stack ?? one).slice(0, 800));
  }
  return parts.join(" <- ");
}

/** Signed requests and bare signatures: the harness knows what they must be. */
export function sign({ Client, UnpoolError, ...unpool }, { sign: { requests, signers } }) {
  const signed = requests.map(({ client: options, operation, stamp }) => {
    const client = new Client(options);
    const made = [client.sign(operation, stamp), client.explain(operation, stamp).curl];
    client.free();
    return made;
  });
  const signatures = signers.map(({ name, input }) => unpool[name](input).signature ?? unpool[name](input));
  let error;
  try {
    new Client({ vendor: "nobody" });
  } catch (thrown) {
    error = thrown;
  }
  if (!(error instanceof UnpoolError) || error.kind !== "invalid-input") throw new Error(`a vendor that is none: ${error}`);
  return { signed, signatures, version: unpool.version };
}

/** One call to each of two clouds that need unlike requests (a form; headers and DELETE), and a read after it. */
async function send({ Client, alibaba, openstack }, { alibaba: at, otc }) {
  const first = new Client(at.client);
  const { requestId } = await first.send(alibaba.removeBackendServers({ loadBalancerId: at.loadBalancerId, backendServers: [{ serverId: at.send }] }));
  const { backendServers } = await first.send(alibaba.describeLoadBalancerAttribute({ loadBalancerId: at.loadBalancerId }));
  first.free();
  const second = new Client(otc.client);
  await second.send(openstack.deleteMember({ poolId: otc.poolId, memberId: otc.send }));
  const { members } = await second.send(openstack.listMembers({ poolId: otc.poolId }));
  second.free();
  return { requestId, servers: backendServers.map(({ serverId }) => serverId), members: members.map(({ id }) => id) };
}

/** A plan carried out to its end. */
async function removal({ Client, describePlan, describeReport }, { alibaba: { client: options, loadBalancerId, removal: serverId } }) {
  const client = new Client(options);
  const plan = await client.plan({ from: { loadBalancerId }, remove: { serverId }, drain: { waitMs: 20 } });
  const events = [];
  const report = await client.run(plan, { onEvent: ({ event }) => events.push(event) });
  client.free();
  if (report.status !== "done") throw new Error(`ended as ${describeReport(report)}`);
  if (!describePlan(plan).includes(serverId)) throw new Error(`the plan does not name the server:\n${describePlan(plan)}`);
  return { events: events.length };
}

/** A run that pauses after each few calls, and is gone on with from the journal as a new program would open it. */
async function journal({ Client, describeReport }, { ucloud: { client: options, ulbId, removal: backendId } }, openJournal) {
  const client = new Client(options);
  const plan = await client.plan({ from: { ulbId }, remove: { backendId }, drain: { waitMs: 20 } });
  let [pauses, resumed, report] = [0, 0];
  for (let turn = 0; turn < 20; turn++) {
    const opened = await openJournal();
    try {
      report = await client.run(plan, { journal: opened, maxCalls: 6 });
    } finally {
      await opened.close?.();
    }
    resumed = report.resumed?.entries ?? 0;
    if (report.status !== "paused") break;
    pauses += 1;
  }
  client.free();
  if (report.status !== "done") throw new Error(`ended as ${describeReport(report)}`);
  if (pauses === 0 || resumed === 0) throw new Error(`nothing was resumed: ${pauses} pauses, ${resumed} entries`);
  return { pauses, resumed };
}
