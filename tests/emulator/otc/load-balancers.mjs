// Shared load balancer, API version v2.0: load balancers, pools, and the tree of their states.
import { provisioningStatus } from "./find.mjs";
import { operatingStatus } from "./members.mjs";

export function describePool(state, pool) {
  const lb = balancerOf(state, pool);
  return {
    id: pool.id,
    name: pool.name,
    description: "",
    protocol: pool.protocol,
    lb_algorithm: pool.algorithm,
    session_persistence: null,
    admin_state_up: true,
    tenant_id: pool.project,
    project_id: pool.project,
    healthmonitor_id: null,
    members: ids(pool.members),
    listeners: ids(lb.listeners.filter(({ poolId }) => poolId === pool.id)),
    loadbalancers: [{ id: lb.id }],
  };
}

export function describeLoadBalancer(state, lb) {
  return {
    id: lb.id,
    name: lb.name,
    description: "",
    tenant_id: lb.project,
    project_id: lb.project,
    provider: "vlb",
    vip_address: lb.address,
    vip_subnet_id: "823d5866-6e30-45c2-9b1a-a1ebc3757fdb",
    vip_port_id: "a6cb2e9f-4ae3-4b5a-9bd4-0a4c2d1b7f00",
    admin_state_up: true,
    provisioning_status: provisioningStatus(lb),
    operating_status: "ONLINE",
    listeners: ids(lb.listeners),
    pools: ids(poolsOf(state, lb)),
    created_at: "2024-03-14T15:09:26",
    updated_at: "2024-03-14T15:09:26",
    tags: [],
  };
}

/** Pools appear under their listeners and, all of them once more, under the load balancer. */
export function describeStatuses(state, lb) {
  const pools = poolsOf(state, lb);
  return {
    statuses: {
      loadbalancer: {
        id: lb.id,
        name: lb.name,
        provisioning_status: provisioningStatus(lb),
        operating_status: "ONLINE",
        listeners: lb.listeners.map((listener) => ({
          id: listener.id,
          name: listener.name,
          provisioning_status: "ACTIVE",
          operating_status: "ONLINE",
          l7policies: [],
          pools: pools.filter(({ id }) => id === listener.poolId).map(poolStatus),
        })),
        pools: pools.map(poolStatus),
      },
    },
  };
}

function poolStatus(pool) {
  return {
    id: pool.id,
    name: pool.name,
    provisioning_status: "ACTIVE",
    operating_status: "ONLINE",
    healthmonitor: {},
    members: pool.members.map((member) => ({
      id: member.id, address: member.address, protocol_port: member.port, provisioning_status: "ACTIVE", operating_status: operatingStatus(member),
    })),
  };
}

const ids = (items) => items.map(({ id }) => ({ id }));
const balancerOf = (state, pool) => state.loadBalancers.find(({ id }) => id === pool.loadBalancerId);
const poolsOf = (state, lb) => state.pools.filter(({ loadBalancerId }) => loadBalancerId === lb.id);
