// One load balancer with two pools. The ids of the first pool are those of the vendor's example request.
import { newMember } from "./members.mjs";

const LOAD_BALANCER = "38278031-cfca-44be-81be-a412f618773b";
const POOL = "5a9a3e9e-d1aa-448e-af37-a70171f2a332";
const API_POOL = "5a9a3e9e-d1aa-448e-af37-a70171f2a333";

const member = (id, name, address, port, weight) => newMember({ id, name, address, port, weight });

export function otcState(project) {
  return {
    loadBalancers: [
      newLoadBalancer({
        id: LOAD_BALANCER,
        name: "shop",
        project,
        listeners: [
          { id: "09e64049-2ab0-4763-a8c5-f4207875dc3e", name: "web", protocol: "HTTP", port: 80, poolId: POOL },
          { id: "09e64049-2ab0-4763-a8c5-f4207875dc3f", name: "api", protocol: "TCP", port: 8443, poolId: API_POOL },
        ],
      }),
    ],
    pools: [
      newPool({
        id: POOL,
        name: "web",
        loadBalancerId: LOAD_BALANCER,
        project,
        members: [
          member("cf024846-7516-4e3a-b0fb-6590322c836f", "web-1", "10.0.0.11"),
          member("9a7aff27-fd41-4ec1-ba4c-3eb92c629313", "web-2", "10.0.0.12"),
          member("b43fbe21-2ef1-4c27-a7ad-d9c0f1e1cf8a", "web-3", "10.0.0.13"),
          member("1bf2a1f5-7b1c-4a26-8f0f-0d8ef3a4a1c4", "web-4", "10.0.0.14", 80, 10),
          member("4f7c6b1d-6f0c-4f0d-9a0a-0f1e6d6a2b55", "web-5", "10.0.0.15", 80, 0),
        ],
      }),
      newPool({
        id: API_POOL,
        name: "api",
        protocol: "TCP",
        loadBalancerId: LOAD_BALANCER,
        project,
        members: [member("cf024846-7516-4e3a-b0fb-6590322c8370", "api-1", "10.0.1.11", 8443)],
      }),
    ],
  };
}

export function newLoadBalancer(fields) {
  return { address: "10.0.0.5", provisioningStatus: "ACTIVE", ...fields };
}

export function newPool(fields) {
  return { protocol: "HTTP", algorithm: "ROUND_ROBIN", ...fields };
}

export function listBackends(state) {
  return state.pools.flatMap((pool) => pool.members.map((m) => `${pool.id} ${m.id} ${m.address}:${m.port} weight=${m.weight}`));
}

/** Everything that a change can touch, one record each, copied. */
export function* resources(state) {
  for (const { id, provisioningStatus } of state.loadBalancers) yield { resource: "loadBalancer", ids: { loadBalancerId: id }, value: { provisioningStatus } };
  for (const pool of state.pools) {
    const ids = { loadBalancerId: pool.loadBalancerId, poolId: pool.id };
    yield { resource: "pool", ids, value: { algorithm: pool.algorithm } };
    for (const { id, ...value } of pool.members) yield { resource: "member", ids: { ...ids, memberId: id }, value };
  }
}
