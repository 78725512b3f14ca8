// The clouds' emulator with a job for each environment, and the judgement of what an environment answers: by the bytes that
// are known, and by what has become of the clouds.
import assert from "node:assert/strict";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { start } from "../emulator/main.mjs";
import { pkg } from "../packaging/install.mjs";
import { sign } from "./programs/checks.mjs";
import { known } from "./known.mjs";

export const QUESTIONS = ["sign", "send", "removal", "journal"];
const target = fileURLToPath(new URL("../../target/matrix", import.meta.url));

/** -> { folder, job(), judge(job, answers), close() } */
export async function startLab() {
  const emulator = await start({ cors: true });
  await mkdir(target, { recursive: true });
  const folder = await mkdtemp(join(target, "lab-"));
  const fixed = await known();
  const close = async () => {
    await emulator.close();
    await rm(folder, { recursive: true, force: true });
  };
  let jobs = 0;

  /** Load balancers of its own, and everything that a program needs to know. */
  const job = async () => {
    const id = `job-${++jobs}`;
    const { added } = emulator.control.arrange({
      add: { alibaba: { servers: 5, groups: 1, serversPerGroup: 4 }, otc: { members: 4 }, ucloud: { backends: 4, rules: 1 } },
    });
    const [alibaba, otc, ucloud] = [added.alibaba[0], added.otc[0], added.ucloud[0]];
    const client = (vendor) => {
      const { url, region, credentials, projectId } = emulator.info[vendor];
      return { vendor, region, credentials, endpoint: url, allowHttp: true, ...(vendor === "ucloud" && { projectId }) };
    };
    return {
      id,
      journal: join(folder, `${id}.jsonl`),
      answers: join(folder, `${id}.json`),
      sign: fixed.sign,
      alibaba: { client: client("alibaba"), loadBalancerId: alibaba.loadBalancerId, send: alibaba.serverIds[4], removal: alibaba.serverIds[0] },
      otc: { client: client("otc"), poolId: otc.pools[0].poolId, send: otc.pools[0].memberIds[0] },
      ucloud: { client: client("ucloud"), ulbId: ucloud.ulbId, removal: ucloud.vServers[0].backendIds[1] },
    };
  };

  // What this very Node makes of the requests: it must be the same everywhere.
  const own = sign(await import(pathToFileURL(join(pkg, "index.js"))), { sign: fixed.sign });

  const lines = (cloud, ...words) => emulator.control.state()[cloud].backends.filter((line) => words.every((word) => line.includes(word)));
  const judges = {
    sign(_, { signed, signatures, version }) {
      assert.equal(signed[0][0].body, fixed.body, "not the request of the vendor's client");
      assert.deepEqual(signatures, fixed.signatures, "not the signatures of the vendors' documents and clients");
      assert.deepEqual({ signed, version }, { signed: own.signed, version: own.version });
    },
    send({ alibaba, otc }, { requestId, servers, members }) {
      assert.ok(requestId);
      assert.deepEqual(lines("alibaba", `${alibaba.loadBalancerId} default `, alibaba.send), []);
      assert.deepEqual(lines("otc", otc.send), []);
      assert.deepEqual([servers.includes(alibaba.send), servers.length >= 3, members.length], [false, true, 3]);
    },
    removal({ alibaba }, { events }) {
      assert.deepEqual(lines("alibaba", `${alibaba.loadBalancerId} `, alibaba.removal), []);
      assert.equal(lines("alibaba", `${alibaba.loadBalancerId} `).length, 6, "the others stay");
      assert.ok(events > 0);
    },
    journal({ ucloud }, { resumed }) {
      assert.equal(lines("ucloud", `${ucloud.ulbId} `).length, 3);
      assert.deepEqual(lines("ucloud", ucloud.removal), []);
      assert.ok(resumed > 0);
    },
  };
  /** -> { sign, send, removal, journal }: each "ok", or what is wrong. */
  const judge = (job, out) => {
    if (out.crash) return Object.fromEntries(QUESTIONS.map((question) => [question, `crashed: ${out.crash}`]));
    return Object.fromEntries(
      QUESTIONS.map((question) => {
        const answer = out[question];
        if (!answer?.ok) return [question, answer?.error ?? "no answer"];
        try {
          judges[question](job, answer);
          return [question, "ok"];
        } catch (error) {
          return [question, error.message];
        }
      }),
    );
  };
  return { folder, job, judge, close };
}
