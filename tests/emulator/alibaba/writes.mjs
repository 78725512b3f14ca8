// The operations of the Classic Load Balancer that change backend servers: of the default group, and of a vServer group.
import { readBackendServers } from "./backend-servers.mjs";
import { refusalOf } from "./codes.mjs";
import { assertChangeable, findGroup, findLoadBalancer, sameServer } from "./find.mjs";
import { compact } from "./reads.mjs";
import { Refusal } from "./refusal.mjs";

const DEFAULT_WEIGHT = 100;
const SERVERS_PER_LOAD_BALANCER = 200;

export const WRITES = {
  RemoveBackendServers: {
    required: ["LoadBalancerId", "BackendServers"],
    run(state, parameters) {
      const lb = findLoadBalancer(state, parameters);
      const unwanted = readBackendServers(parameters.get("BackendServers"), { bareIds: true });
      assertChangeable(lb);
      lb.backendServers = without(state, lb.backendServers, unwanted);
      return answerOfDefault(lb, Number);
    },
  },
  RemoveVServerGroupBackendServers: {
    required: ["RegionId", "VServerGroupId", "BackendServers"],
    run(state, parameters) {
      const { lb, group } = findGroup(state, parameters);
      const unwanted = readBackendServers(parameters.get("BackendServers"), { bareIds: false });
      assertChangeable(lb);
      group.backendServers = without(state, group.backendServers, unwanted);
      return answerOfGroup(group, { descriptions: false });
    },
  },
  SetBackendServers: {
    required: ["LoadBalancerId"],
    run(state, parameters) {
      const lb = findLoadBalancer(state, parameters);
      const entries = readOptional(parameters);
      assertChangeable(lb);
      lb.backendServers = updated(lb.backendServers, entries);
      return answerOfDefault(lb, String);
    },
  },
  SetVServerGroupAttribute: {
    required: ["RegionId", "VServerGroupId"],
    run(state, parameters) {
      const { lb, group } = findGroup(state, parameters);
      const entries = readOptional(parameters);
      assertPorts(entries);
      assertChangeable(lb);
      group.backendServers = updated(group.backendServers, entries);
      group.name = parameters.get("VServerGroupName") || group.name;
      return { VServerGroupName: group.name, ...answerOfGroup(group, { descriptions: true }) };
    },
  },
  AddBackendServers: {
    required: ["LoadBalancerId"],
    run(state, parameters) {
      const lb = findLoadBalancer(state, parameters);
      // A server of the default group has no port of its own: the listener says it.
      const entries = readOptional(parameters).map((entry) => ({ ...entry, port: undefined }));
      assertChangeable(lb);
      lb.backendServers = added(state, lb, lb.backendServers, entries);
      return answerOfDefault(lb, String);
    },
  },
  AddVServerGroupBackendServers: {
    required: ["RegionId", "VServerGroupId", "BackendServers"],
    run(state, parameters) {
      const { lb, group } = findGroup(state, parameters);
      const entries = readBackendServers(parameters.get("BackendServers"), { bareIds: false });
      assertPorts(entries);
      assertChangeable(lb);
      group.backendServers = added(state, lb, group.backendServers, entries);
      return answerOfGroup(group, { descriptions: true });
    },
  },
};

function readOptional(parameters) {
  const text = parameters.get("BackendServers");
  return text ? readBackendServers(text, { bareIds: false }) : [];
}

function assertPorts(entries) {
  if (entries.some(({ port }) => port === undefined)) throw new Refusal(400, "BackendServersMalformed", "The specified parameter BackendServers is malformed.");
}

/** What is not there is ignored. An instance that no longer exists makes the whole call fail. */
function without(state, servers, unwanted) {
  if (unwanted.some(({ serverId }) => state.goneServers.includes(serverId))) throw refusalOf("ObtainIpFail");
  const removed = servers.filter((server) => unwanted.some((entry) => sameServer(server, entry)));
  // An instance keeps its address when it leaves a load balancer, and comes back with it.
  for (const { type, serverId, serverIp } of removed) state.addresses[`${type} ${serverId}`] = serverIp;
  return servers.filter((server) => !removed.includes(server));
}

/** Only the listed entries change. A weight left out is the default weight, and a description left out is none. */
function updated(servers, entries) {
  for (const entry of entries) {
    if (!servers.some((server) => sameServer(server, entry))) throw refusalOf("InvalidServerId.NotFound");
  }
  return servers.map((server) => {
    const entry = entries.findLast((candidate) => sameServer(server, candidate));
    return entry ? { ...server, weight: entry.weight ?? DEFAULT_WEIGHT, description: entry.description } : server;
  });
}

/** Of equal entries in one call the first counts; one that is there already fails the call. */
function added(state, lb, servers, entries) {
  const fresh = [];
  for (const entry of entries) {
    if (state.goneServers.includes(entry.serverId)) throw refusalOf("InvalidServerId.NotFound");
    const server = {
      serverId: entry.serverId,
      serverIp: entry.type === "ecs" || entry.serverIp === undefined ? addressOf(state, entry) : entry.serverIp,
      type: entry.type,
      weight: entry.weight ?? DEFAULT_WEIGHT,
      description: entry.description,
      ...(entry.port === undefined ? {} : { port: entry.port }),
    };
    if (servers.some((other) => sameServer(other, server))) {
      throw refusalOf("InvalidParameter", { message: `The specified backend server ${entry.serverId} has been added already.` });
    }
    if (!fresh.some((other) => sameServer(other, server))) fresh.push(server);
  }
  if (countServers(lb) + fresh.length > SERVERS_PER_LOAD_BALANCER) {
    throw refusalOf("InstanceBackendServerNumberOverLimit", { message: "The number of backend servers of the instance exceeds the limit." });
  }
  return [...servers, ...fresh];
}

function countServers(lb) {
  return lb.backendServers.length + lb.vServerGroups.reduce((sum, { backendServers }) => sum + backendServers.length, 0);
}

/** The address that the state knows for this server, or one made from its id. */
function addressOf(state, { serverId, type }) {
  const known = state.addresses[`${type} ${serverId}`];
  if (known) return known;
  for (const lb of state.loadBalancers) {
    for (const server of [...lb.backendServers, ...lb.vServerGroups.flatMap(({ backendServers }) => backendServers)]) {
      if (server.serverId === serverId && server.type === type) return server.serverIp;
    }
  }
  let hash = 0;
  for (const c of serverId) hash = (hash * 31 + c.codePointAt(0)) % 65_000;
  return `172.20.${hash >> 8}.${hash & 255}`;
}

/** Remove answers with numbers where Set and Add answer with text: that is how the vendor does it. */
function answerOfDefault(lb, weightAs) {
  return {
    LoadBalancerId: lb.id,
    BackendServers: {
      BackendServer: lb.backendServers.map(({ serverId, type, weight, description }) => compact({ ServerId: serverId, Type: type, Weight: weightAs(weight), Description: description })),
    },
  };
}

function answerOfGroup(group, { descriptions }) {
  return {
    VServerGroupId: group.id,
    BackendServers: {
      BackendServer: group.backendServers.map(({ serverId, port, type, weight, description }) =>
        compact({ ServerId: serverId, Port: port, Type: type, Weight: weight, Description: descriptions ? description : undefined })),
    },
  };
}
