// Two load balancers: one with a default group and a vServer group, and the one of the oldest documentation page.

export const REGION = "cn-hangzhou";

const ecs = (serverId, serverIp, description) => ({ serverId, serverIp, type: "ecs", weight: 100, description });
const eni = (serverId, serverIp, description) => ({ serverId, serverIp, type: "eni", weight: 100, description });

export function alibabaState() {
  return {
    // Instances that ECS has released: a call that names one fails as a whole.
    goneServers: [],
    // Addresses of servers that were taken out.
    addresses: {},
    loadBalancers: [
      {
        id: "lb-bp15lbk8uja8rvm4a0001",
        name: "shop",
        regionId: REGION,
        status: "active",
        address: "203.0.113.10",
        listeners: [{ port: 80, protocol: "http" }, { port: 443, protocol: "tcp" }],
        backendServers: [
          ecs("i-bp1fq61enf4loa5i0000", "192.168.0.20", "BackendServer1"),
          ecs("i-bp1fq61enf4loa5i0001", "192.168.0.21", "BackendServer2"),
          { ...ecs("i-bp1fq61enf4loa5i0002", "192.168.0.22", "spare <&> standby"), weight: 10 },
          // One network interface, three addresses: three entries under one id.
          eni("eni-2ze1sdp50001", "192.168.0.30", "pod-a"),
          eni("eni-2ze1sdp50001", "192.168.0.31", "pod-b"),
          eni("eni-2ze1sdp50001", "192.168.0.32", "pod-c"),
        ],
        vServerGroups: [
          {
            id: "rsp-cige6j5e7p",
            name: "checkout",
            rules: [{ id: "rule-bp1checkout", name: "checkout", domain: "shop.example.com", url: "/checkout", listenerPort: 80 }],
            backendServers: [
              { ...ecs("i-bp1fq61enf4loa5i0000", "192.168.0.20", "test-111"), port: 80 },
              { ...ecs("i-bp1fq61enf4loa5i0000", "192.168.0.20", "test-111"), port: 8080 },
              { ...ecs("i-bp1fq61enf4loa5i0001", "192.168.0.21", "test-112"), port: 80 },
              { ...eni("eni-2ze1sdp50000", "192.168.0.10", "test-113"), port: 80 },
              { ...eni("eni-2ze1sdp50000", "172.16.6.1", "test-113"), port: 80 },
              { ...eni("eni-2ze1sdp50000", "192.168.0.10", "test-114"), port: 8000 },
            ],
          },
        ],
      },
      {
        id: "139a00604ad-cn-east-hangzhou-01",
        name: "legacy",
        regionId: "cn-east-hangzhou-01",
        status: "active",
        address: "203.0.113.11",
        listeners: [{ port: 80, protocol: "tcp" }],
        backendServers: ["vm-231", "vm-232", "vm-233", "vm-234"].map((id, index) => ecs(id, `10.0.0.${31 + index}`, undefined)),
        vServerGroups: [],
      },
    ],
  };
}

/** One line per backend, in a fixed order, so that two states compare line by line. */
export function listBackends(state) {
  const lines = [];
  for (const lb of state.loadBalancers) {
    for (const s of lb.backendServers) lines.push(`${lb.id} default ${s.type} ${s.serverId} ${s.serverIp} weight=${s.weight}`);
    for (const group of lb.vServerGroups) {
      for (const s of group.backendServers) lines.push(`${lb.id} ${group.id} ${s.type} ${s.serverId} ${s.serverIp}:${s.port} weight=${s.weight}`);
    }
  }
  return lines;
}

/** Everything that a change can touch, one record each, copied. */
export function* resources(state) {
  for (const lb of state.loadBalancers) {
    const loadBalancerId = lb.id;
    yield { resource: "loadBalancer", ids: { loadBalancerId }, value: { status: lb.status } };
    for (const server of lb.backendServers) yield serverRecord({ loadBalancerId }, server);
    for (const group of lb.vServerGroups) {
      const ids = { loadBalancerId, vServerGroupId: group.id };
      yield { resource: "vServerGroup", ids, value: { name: group.name } };
      for (const server of group.backendServers) yield serverRecord(ids, server);
    }
  }
}

function serverRecord(ids, { serverId, type, serverIp, port, weight, description, health }) {
  const identity = { serverId, type, serverIp, ...(port === undefined ? {} : { port }) };
  return { resource: "backendServer", ids: { ...ids, ...identity }, value: { weight, ...(description ? { description } : {}), ...(health ? { health } : {}) } };
}
