// The safe removals that the demo has to show, one for each family of clouds and for both ways to sign at OpenStack's.
const balancer = "lb-bp15lbk8uja8rvm4a0001";
const pool = "5a9a3e9e-d1aa-448e-af37-a70171f2a332";
const server = "i-bp1fq61enf4loa5i0001";
const member = "cf024846-7516-4e3a-b0fb-6590322c836f";

const drain = { waitMs: 1000 };
const ofPool = {
  state: "otc",
  pool: `${pool} `,
  request: () => ({ from: { poolId: pool }, remove: { memberId: member }, drain }),
  gone: () => [`${member} 10.0.0.11:80 weight=1`],
};

/**
 * `name`; `cloud`, whose keys and address the emulator tells; `state`, the part of its state that shows the backends, in
 * lines that start with `pool`; `arrange`, what is there beside the first state. With what came of that: `request`, and
 * the ends of the lines that must go; `rules(lines)`, what must have become of the forwarding rules.
 */
export function removals() {
  return [
    {
      name: "alibaba, a server in two groups",
      cloud: "alibaba",
      state: "alibaba",
      pool: `${balancer} `,
      request: () => ({ from: { loadBalancerId: balancer }, remove: { serverId: server }, drain }),
      gone: () => [`default ecs ${server} 192.168.0.21 weight=100`, `rsp-cige6j5e7p ecs ${server} 192.168.0.21:80 weight=100`],
    },
    {
      name: "ucloud, L7 with a rule",
      cloud: "ucloud",
      state: "ucloud",
      pool: "ulb-seed1 ",
      arrange: { ucloud: { backends: 3, rules: 1 } },
      request: ({ ulbId, vServers: [{ backendIds }] }) => ({ from: { ulbId }, remove: { backendId: backendIds[1] }, drain }),
      gone: ({ vServers: [{ vServerId, backendIds }] }) => [`${vServerId} ${backendIds[1]} 10.100.0.2:80`],
      rules: (lines, { vServers: [{ backendIds: [first, second, third] }] }) =>
        lines.map((line) => line.replace(`[${first}, ${second}, ${third}]`, `[${first}, ${third}]`)),
    },
    { name: "otc, AK/SK", cloud: "otc", ...ofPool },
    { name: "openstack, Keystone password", cloud: "keystone", ...ofPool },
  ];
}
