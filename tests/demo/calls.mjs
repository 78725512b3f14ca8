// The removal calls that the demo has to show, each with what must be gone from the pool afterwards and nothing else.

const balancer = "lb-bp15lbk8uja8rvm4a0001";
const legacy = "139a00604ad-cn-east-hangzhou-01";
const pool = "5a9a3e9e-d1aa-448e-af37-a70171f2a332";

/**
 * `name`; `cloud` (of the emulator) and `pool`, the start of the state lines that show the pool; `client`, options beside
 * endpoint, region and credentials; `operation(unpool)`; `gone`, how the lines end that must go (after the pool's name);
 * `left(answer)`, for answers that list what is left: the ids.
 */
export function calls() {
  const bareIds = ({ alibaba }) =>
    alibaba.removeBackendServers({
      regionId: "cn-east-hangzhou-01",
      loadBalancerId: legacy,
      backendServers: ["vm-233", "vm-234"],
      ownerAccount: "OwnerAccount",
    });
  const serverIds = (answer) => answer.backendServers.map(({ serverId }) => serverId);
  const ofLegacy = {
    cloud: "alibaba",
    vendor: "alibaba",
    pool: `${legacy} default `,
    operation: bareIds,
    gone: ["ecs vm-233 10.0.0.33 weight=100", "ecs vm-234 10.0.0.34 weight=100"],
    left: serverIds,
    expectedLeft: ["vm-231", "vm-232"],
  };
  return [
    {
      name: "scloud ReleaseBackend",
      cloud: "scloud",
      vendor: "scloud",
      pool: "ulb-5xyz ",
      operation: ({ ucloud }) => ucloud.releaseBackend({ ulbId: "ulb-5xyz", backendId: "backend-1a2b" }),
      gone: ["vserver-http backend-1a2b 10.9.1.11:80"],
    },
    {
      name: "alibaba RemoveBackendServers, objects",
      cloud: "alibaba",
      vendor: "alibaba",
      pool: `${balancer} default `,
      operation: ({ alibaba }) =>
        alibaba.removeBackendServers({
          loadBalancerId: balancer,
          backendServers: [
            { serverId: "i-bp1fq61enf4loa5i0000", type: "ecs", weight: "100" },
            { serverId: "eni-2ze1sdp50001", type: "eni", serverIp: "192.168.0.31" },
          ],
        }),
      gone: ["ecs i-bp1fq61enf4loa5i0000 192.168.0.20 weight=100", "eni eni-2ze1sdp50001 192.168.0.31 weight=100"],
      left: serverIds,
      expectedLeft: ["i-bp1fq61enf4loa5i0001", "i-bp1fq61enf4loa5i0002", "eni-2ze1sdp50001", "eni-2ze1sdp50001"],
    },
    { name: "alibaba RemoveBackendServers, ids, JSON", ...ofLegacy },
    { name: "alibaba RemoveBackendServers, ids, XML", ...ofLegacy, client: { format: "xml" } },
    {
      name: "alibaba RemoveVServerGroupBackendServers",
      cloud: "alibaba",
      vendor: "alibaba",
      pool: `${balancer} rsp-cige6j5e7p `,
      operation: ({ alibaba }) =>
        alibaba.removeVServerGroupBackendServers({
          vServerGroupId: "rsp-cige6j5e7p",
          backendServers: [
            { serverId: "i-bp1fq61enf4loa5i0000", port: 8080, type: "ecs" },
            { serverId: "eni-2ze1sdp50000", port: 80, type: "eni", serverIp: "172.16.6.1" },
          ],
        }),
      gone: ["ecs i-bp1fq61enf4loa5i0000 192.168.0.20:8080 weight=100", "eni eni-2ze1sdp50000 172.16.6.1:80 weight=100"],
      left: (answer) => answer.backendServers.map(({ serverId, port }) => `${serverId}:${port}`),
      expectedLeft: ["i-bp1fq61enf4loa5i0000:80", "i-bp1fq61enf4loa5i0001:80", "eni-2ze1sdp50000:80", "eni-2ze1sdp50000:8000"],
    },
    {
      name: "otc DeleteMember, AK/SK",
      cloud: "otc",
      vendor: "otc",
      pool: `${pool} `,
      operation: ({ openstack }) => openstack.deleteMember({ poolId: pool, memberId: "cf024846-7516-4e3a-b0fb-6590322c836f" }),
      gone: ["cf024846-7516-4e3a-b0fb-6590322c836f 10.0.0.11:80 weight=1"],
    },
  ];
}

/** The credential that a wrong secret replaces. */
const SECRETS = ["accessKeySecret", "privateKey", "secretKey", "password"];

export function withWrongSecret(credentials) {
  return Object.fromEntries(
    Object.entries(credentials).map(([name, value]) => [name, SECRETS.includes(name) ? `${value}-wrong` : value]),
  );
}
