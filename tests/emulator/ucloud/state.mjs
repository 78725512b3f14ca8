// One load balancer with an HTTP, a TCP and a UDP listener. The same hosts appear under several backend ids.

const HOSTS = [
  { resourceId: "uhost-web1", name: "web-1", ip: "10.9.1.11" },
  { resourceId: "uhost-web2", name: "web-2", ip: "10.9.1.12" },
  { resourceId: "uhost-web3", name: "web-3", ip: "10.9.1.13" },
];

const backend = (id, host, port) => newBackend({ id, ...HOSTS[host], port });

export function newBackend(fields) {
  return { resourceType: "UHost", weight: 1, enabled: 1, isBackup: 0, status: 0, ...fields };
}

export function ucloudState(region, projectId) {
  return {
    // Counts the ids that were handed out.
    allocated: 0,
    // Addresses of hosts that were released.
    addresses: {},
    balancers: [
      {
        id: "ulb-5xyz",
        name: "shop",
        region,
        projectId,
        vservers: [
          {
            id: "vserver-http",
            name: "web",
            protocol: "HTTP",
            method: "Roundrobin",
            port: 80,
            backends: [backend("backend-1a2b", 0, 80), backend("backend-3c4d", 1, 80), backend("backend-5e6f", 2, 80)],
            policies: [
              { id: "policy-api", type: "Custom", kind: "Path", match: "/api", priority: 1, backendIds: ["backend-3c4d"] },
              { id: "", type: "Default", kind: "", match: "", priority: 0, backendIds: ["backend-1a2b", "backend-3c4d", "backend-5e6f"] },
            ],
          },
          {
            id: "vserver-tcp",
            name: "db",
            protocol: "TCP",
            method: "Roundrobin",
            port: 3306,
            // Old nodes carry UUIDs instead of backend-... ids.
            backends: [backend("1cf3c062-f551-48c7-a6e2-c2730d84303f", 0, 3306), backend("backend-7g8h", 1, 3306)],
            policies: [],
          },
          { id: "vserver-udp", name: "dns", protocol: "UDP", method: "Roundrobin", port: 53, backends: [backend("backend-9j0k", 0, 53)], policies: [] },
        ],
      },
    ],
  };
}

/** A line ends with what is not as it was born: weight, disabled, backup, down. */
export function listBackends(state) {
  return state.balancers.flatMap((ulb) =>
    ulb.vservers.flatMap((vserver) => vserver.backends.map((b) => `${ulb.id} ${vserver.id} ${b.id} ${b.ip}:${b.port}${condition(b)}`)),
  );
}

function condition({ weight, enabled, isBackup, status }) {
  return `${weight === 1 ? "" : ` weight=${weight}`}${enabled ? "" : " disabled"}${isBackup ? " backup" : ""}${status ? " down" : ""}`;
}

export function listRules(state) {
  return state.balancers.flatMap((ulb) =>
    ulb.vservers.flatMap((vserver) =>
      vserver.policies.map((p) => `${ulb.id} ${vserver.id} ${p.type} ${p.id || "-"} ${p.match || "-"} [${p.backendIds.join(", ")}]`),
    ),
  );
}

/** Everything that a change can touch, one record each, copied. */
export function* resources(state) {
  for (const ulb of state.balancers) {
    for (const vserver of ulb.vservers) {
      const ids = { ulbId: ulb.id, vServerId: vserver.id };
      yield { resource: "vServer", ids, value: { method: vserver.method } };
      for (const { id, name, ...value } of vserver.backends) yield { resource: "backend", ids: { ...ids, backendId: id }, value };
      for (const { id, backendIds, ...value } of vserver.policies) {
        yield { resource: "policy", ids: { ...ids, policyId: id }, value: { ...value, backendIds: [...backendIds] } };
      }
    }
  }
}
