// More state on request: whole load balancers beside those of the first state, and single fields of what is there.
import { newLoadBalancer, newPool } from "./otc/state.mjs";
import { newMember } from "./otc/members.mjs";
import { newBackend } from "./ucloud/state.mjs";
import { newLock } from "./locks.mjs";

const MOST = 10_000;

/** cloud -> (cloud, wish) -> the ids that were made. Each call makes one load balancer, numbered from 1. */
const GROWERS = { alibaba: growAlibaba, ucloud: growUcloud, scloud: growUcloud, otc: growOtc };

/** Fields that a patch may set, by the name that the state has for them. */
const PATCHABLE = new Set([
  "status", "weight", "description", "health", "healthCheck", "vServerGroupId", "name", "lock", // alibaba
  "enabled", "isBackup", "method", "priority", "domainMatchMode", // ucloud, besides status, weight
  "provisioningStatus", "operatingStatus", "adminStateUp", "algorithm", "envelope", // otc
]);

/** { add: { cloud: wish | [wish, ...] }, set: [{ cloud, id, ...fields }], gone: [serverId, ...] } -> { added: { cloud: [ids, ...] } } */
export function arrange(clouds, { add = {}, set = [], gone }) {
  const added = {};
  for (const [cloud, wishes] of Object.entries(add)) {
    if (!Object.hasOwn(GROWERS, cloud)) throw new TypeError(`state: add knows ${Object.keys(GROWERS).join(", ")}`);
    added[cloud] = [wishes].flat().map((wish) => GROWERS[cloud](clouds[cloud], wish));
  }
  for (const patch of set) applyPatch(clouds, patch);
  if (gone) clouds.alibaba.state.goneServers = gone;
  return { added };
}

function growAlibaba({ state }, wish) {
  const number = state.loadBalancers.length - 1;
  const size = sizes(wish, { servers: 0, groups: 0, serversPerGroup: 0, masterSlaveGroups: 0 });
  // A server has one address, in whatever group it is.
  const server = (index) => ({
    serverId: `i-seed${number}-${pad(index)}`, serverIp: address(number, 0, index), type: "ecs", weight: 100, description: `seed-${index}`,
  });
  const lb = {
    id: `lb-seed${number}`,
    name: `seed-${number}`,
    regionId: state.loadBalancers[0].regionId,
    status: "active",
    address: "203.0.113.30",
    listeners: [{ port: 80, protocol: "http" }],
    backendServers: times(size.servers, server),
    vServerGroups: times(size.groups, (group) => ({
      id: `rsp-seed${number}-${pad(group)}`,
      name: `seed-${group}`,
      rules: [],
      backendServers: times(size.serversPerGroup, (index) => ({ ...server(index), port: 80 })),
    })),
  };
  // A master and a slave each, which are the first two servers, on a listener of their own.
  lb.masterSlaveServerGroups = times(size.masterSlaveGroups, (group) => ({
    id: `rsp-seed${number}-ms${pad(group)}`,
    name: `seed-ms-${group}`,
    backendServers: ["Master", "Slave"].map((serverType, index) => ({ ...server(index), port: 3306, serverType })),
  }));
  for (const [index, { id }] of lb.masterSlaveServerGroups.entries()) lb.listeners.push({ port: 3306 + index, protocol: "tcp", masterSlaveServerGroupId: id });
  state.loadBalancers.push(lb);
  return { loadBalancerId: lb.id, serverIds: lb.backendServers.map(({ serverId }) => serverId), vServerGroupIds: lb.vServerGroups.map(({ id }) => id) };
}

function growUcloud({ state, region, projectId }, wish) {
  const number = state.balancers.length;
  const size = sizes(wish, { vServers: 1, backends: 0, rules: 0 });
  const ulb = {
    id: `ulb-seed${number}`,
    name: `seed-${number}`,
    region,
    projectId,
    vservers: times(size.vServers, (nth) => {
      const backends = times(size.backends, (index) =>
        newBackend({ id: `backend-seed${number}-${nth}-${pad(index)}`, resourceId: `uhost-seed${pad(index)}`, name: `seed${pad(index)}`, ip: address(0, 0, index), port: 80 }));
      const ids = backends.map(({ id }) => id);
      return {
        id: `vserver-seed${number}-${nth}`,
        name: `seed-${nth}`,
        protocol: "HTTP",
        method: wish.method ?? "Roundrobin",
        port: 8000 + nth,
        backends,
        policies: [
          ...times(size.rules, (rule) => ({ id: `policy-seed${number}-${nth}-${rule}`, type: "Custom", kind: "Path", match: `/seed${rule}`, priority: 1, backendIds: [...ids] })),
          { id: "", type: "Default", kind: "", match: "", priority: 0, backendIds: [...ids] },
        ],
      };
    }),
  };
  state.balancers.push(ulb);
  return {
    ulbId: ulb.id,
    vServers: ulb.vservers.map(({ id, backends, policies }) => ({
      vServerId: id, backendIds: backends.map((backend) => backend.id), policyIds: policies.map((policy) => policy.id).filter(Boolean),
    })),
  };
}

function growOtc({ state, projectId }, wish) {
  const number = state.loadBalancers.length;
  const size = sizes(wish, { pools: 1, members: 0 });
  const uuid = (pool, index) => `0000${hex(number, 4)}-${hex(pool, 4)}-4000-8000-${hex(index, 12)}`;
  const project = wish.projectId ?? projectId;
  const lb = newLoadBalancer({ id: uuid(0, 0), name: `seed-${number}`, project, listeners: [] });
  const pools = times(size.pools, (pool) =>
    newPool({
      id: uuid(pool, 0),
      name: `seed-${pool}`,
      loadBalancerId: lb.id,
      project,
      members: times(size.members, (index) => newMember({ id: uuid(pool, index), name: `seed-${index}`, address: address(number, pool, index) })),
    }));
  lb.listeners = pools.map((pool, index) => ({ id: uuid(0, index + 1), name: pool.name, protocol: "HTTP", port: 8000 + index, poolId: pool.id }));
  state.loadBalancers.push(lb);
  state.pools.push(...pools);
  return { loadBalancerId: lb.id, pools: pools.map(({ id, members }) => ({ poolId: id, memberIds: members.map((member) => member.id) })) };
}

function applyPatch(clouds, { cloud, id, ...fields }) {
  if (!clouds[cloud]?.state) throw new TypeError(`state: set needs cloud, and not ${cloud}`);
  for (const name of Object.keys(fields)) if (!PATCHABLE.has(name)) throw new TypeError(`state: set does not know ${name}; it knows ${[...PATCHABLE].join(", ")}`);
  const found = [...objectsNamed(clouds[cloud].state, id)];
  if (!id || found.length === 0) throw new TypeError(`state: nothing at ${cloud} has the id ${id}`);
  for (const object of found) {
    Object.assign(object, fields);
    if (fields.lock) object.lock = newLock(fields.lock);
    if (fields.lock === null) delete object.lock;
  }
}

/** Everything in the state with this id: one server of Alibaba can be many entries. */
function* objectsNamed(value, id) {
  if (value === null || typeof value !== "object") return;
  if (value.id === id || value.serverId === id) yield value;
  for (const child of Object.values(value)) yield* objectsNamed(child, id);
}

function sizes(wish, defaults) {
  const found = Object.fromEntries(Object.entries(defaults).map(([name, fallback]) => [name, wish[name] ?? fallback]));
  for (const [name, count] of Object.entries(found)) {
    if (!Number.isInteger(count) || count < 0 || count > MOST) throw new RangeError(`state: ${name} must be a whole number up to ${MOST}`);
  }
  for (const name of Object.keys(wish)) {
    if (!Object.hasOwn(defaults, name) && !["method", "projectId"].includes(name)) throw new TypeError(`state: add knows ${Object.keys(defaults).join(", ")}, not ${name}`);
  }
  return found;
}

const times = (count, make) => Array.from({ length: count }, (_, index) => make(index + 1));
const pad = (number) => String(number).padStart(4, "0");
const hex = (number, digits) => number.toString(16).padStart(digits, "0");
const address = (first, second, index) => `10.${100 + (first % 100)}.${((second * 40) + (index >> 8)) % 256}.${index & 255}`;
