// CPU time of `sign` against hand-written node:crypto, in one process, in turns.
import assert from "node:assert/strict";
import { median } from "./median.mjs";
import * as own from "./own.mjs";

const ROUNDS = 11;
const ROUND_MS = 60;

const keys = { accessKeyId: "LTAI5tTESTACCESSKEYID000", accessKeySecret: "kTESTsecretKEY0000000000000000" };
const servers = (count) =>
  Array.from({ length: count }, (_, index) => ({ serverId: `i-bp1fq61enf4loa5i${String(index).padStart(4, "0")}`, type: "ecs", weight: "100" }));

/** What is compared: `client` options for both sides, the `operation`, the hand-written signer, and the budget for the ratio. */
function cases({ alibaba, ucloud, openstack }) {
  const remove = (count) => alibaba.removeBackendServers({ loadBalancerId: "lb-bp15lbk8uja8rvm4a0001", backendServers: servers(count) });
  const ofAlibaba = { vendor: "alibaba", region: "cn-hangzhou", credentials: keys };
  const ofUcloud = { vendor: "ucloud", region: "cn-bj2", credentials: { publicKey: "4eZBpublicKEY", privateKey: "kTESTprivateKEY" } };
  const ofOtc = { vendor: "otc", region: "eu-de", credentials: { accessKey: "4eZBpublicKEY", secretKey: "kTESTsecretKEY" } };
  return [
    { name: "alibaba RPC, 1 server", client: ofAlibaba, operation: remove(1), by: own.alibabaRpc, budget: 0.6 },
    { name: "alibaba RPC, 20 servers", client: ofAlibaba, operation: remove(20), by: own.alibabaRpc, budget: 0.9 },
    { name: "the same, unrolled by hand, 1", client: ofAlibaba, operation: remove(1), by: own.alibabaRpcUnrolled },
    { name: "the same, unrolled by hand, 20", client: ofAlibaba, operation: remove(20), by: own.alibabaRpcUnrolled },
    { name: "alibaba ACS3, 1 server", client: { ...ofAlibaba, signature: "acs3" }, operation: remove(1), by: own.alibabaAcs3 },
    { name: "alibaba ACS3, 20 servers", client: { ...ofAlibaba, signature: "acs3" }, operation: remove(20), by: own.alibabaAcs3 },
    { name: "ucloud ReleaseBackend", client: ofUcloud, operation: ucloud.releaseBackend({ ulbId: "ulb-5xyz", backendId: "backend-1a2b" }), by: own.ucloud },
    {
      name: "otc DeleteMember, AK/SK",
      client: ofOtc,
      operation: openstack.deleteMember({ poolId: "5a9a3e9e-d1aa-448e-af37-a70171f2a332", memberId: "cf024846-7516-4e3a-b0fb-6590322c836f" }),
      by: own.otc,
    },
  ];
}

/** User and system time of this process for `count` calls, in microseconds a call. */
function cpu(work, count) {
  const before = process.cpuUsage();
  let length = 0;
  for (let index = 0; index < count; index++) length += work().url.length;
  const { user, system } = process.cpuUsage(before);
  // Uses the results, so that nothing can be left out.
  assert.ok(length >= count);
  return (user + system) / count;
}

/** How many calls take about ROUND_MS, after enough of them to be compiled well. */
function calibrate(work) {
  let count = 200;
  let micros = 0;
  for (let elapsed = 0; elapsed < 300; elapsed += (micros * count) / 1000) {
    micros = Math.max(cpu(work, count), 0.1);
    count = Math.max(100, Math.round((ROUND_MS * 1000) / micros));
  }
  return count;
}

/** -> [{ name, budget, own, unpool (both in microseconds), ratio }] */
export function measure(unpool) {
  return cases(unpool).map(({ name, client: options, operation, by, budget }) => {
    const client = new unpool.Client(options);
    const hand = by(options);
    same(client, hand, operation);
    const sides = [() => hand(operation), () => client.sign(operation)];
    const counts = sides.map(calibrate);
    const rounds = Array.from({ length: ROUNDS }, (_, round) => {
      const taken = [0, 0];
      // Who goes first changes, so that neither always inherits the other's garbage.
      for (const side of round % 2 === 0 ? [0, 1] : [1, 0]) taken[side] = cpu(sides[side], counts[side]);
      return taken;
    });
    client.free();
    return {
      name,
      budget,
      own: median(rounds.map(([theirs]) => theirs)),
      unpool: median(rounds.map(([, ours]) => ours)),
      ratio: median(rounds.map(([theirs, ours]) => ours / theirs)),
    };
  });
}

/** A comparison means nothing unless both make the same bytes. */
function same(client, hand, operation) {
  const timestamp = new Date("2024-03-14T15:09:26Z");
  const nonce = "dd7f2b2e-e1ab-469a-8df5-af53bcf829f6";
  const { method, url, headers, body } = client.sign(operation, { timestamp, nonce });
  assert.deepEqual({ method, url, headers, body }, { body: undefined, ...hand(operation, timestamp, nonce) });
}
