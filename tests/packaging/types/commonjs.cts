// The same package from CommonJS, under a name of its own.
import unpool = require("unpool");

const client = new unpool.Client({
  vendor: "otc",
  region: "eu-de",
  credentials: { accessKey: "ak", secretKey: "sk" },
});

export async function list(): Promise<string[]> {
  try {
    const { members } = await client.send(unpool.openstack.listMembers({ poolId: "p" }));
    return members.map(({ address }) => address ?? "");
  } catch (error) {
    if (error instanceof unpool.UnpoolError && error.kind === "not-found") return [];
    throw error;
  }
}

// @ts-expect-error Another vendor's operation.
client.sign(unpool.ucloud.releaseBackend({ ulbId: "ulb-1", backendId: "backend-1" }));

// The other entries that have a twin: what one of them gives is what the other one takes.
import journals = require("unpool/journals");
import locks = require("unpool/locks");
import node = require("unpool/node");

export async function run(plan: unpool.Plan<"otc">): Promise<unpool.Report> {
  const journal: journals.OpenJournal = await node.fileJournal("removal.jsonl");
  const kept: journals.ClearableJournal = journals.arrayJournal();
  const lock: locks.Lock = locks.webLocks({ holder: "ann" });
  await client.run(plan, { journal: kept, lock });
  return client.run(plan, { journal, lock });
}
