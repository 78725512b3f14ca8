// Classic Load Balancer, version 2014-05-15: what the operations do to the state and what they answer.
import { readBackendServers } from "./backend-servers.mjs";
import { Refusal } from "./refusal.mjs";

/** name -> { required, run(state, parameters) -> { answer, applied } }. Names that exist but do nothing here are in KNOWN. */
export const OPERATIONS = {
  RemoveBackendServers: {
    required: ["LoadBalancerId", "BackendServers"],
    run(state, parameters) {
      const lb = findLoadBalancer(state, parameters);
      const unwanted = readBackendServers(parameters.get("BackendServers"), { bareIds: true });
      const before = lb.backendServers.length;
      lb.backendServers = lb.backendServers.filter((server) => !unwanted.some((entry) => sameServer(server, entry)));
      return {
        applied: lb.backendServers.length < before,
        answer: {
          LoadBalancerId: lb.id,
          BackendServers: { BackendServer: lb.backendServers.map(({ serverId, type, weight, description }) => compact({ ServerId: serverId, Type: type, Weight: weight, Description: description })) },
        },
      };
    },
  },
  RemoveVServerGroupBackendServers: {
    required: ["RegionId", "VServerGroupId", "BackendServers"],
    run(state, parameters) {
      const { group } = findGroup(state, parameters);
      const unwanted = readBackendServers(parameters.get("BackendServers"), { bareIds: false });
      const before = group.backendServers.length;
      group.backendServers = group.backendServers.filter((server) => !unwanted.some((entry) => sameServer(server, entry)));
      return {
        applied: group.backendServers.length < before,
        answer: {
          VServerGroupId: group.id,
          BackendServers: { BackendServer: group.backendServers.map(({ serverId, port, type, weight }) => ({ ServerId: serverId, Port: port, Type: type, Weight: weight })) },
        },
      };
    },
  },
  DescribeLoadBalancerAttribute: {
    required: ["LoadBalancerId"],
    run(state, parameters) {
      const lb = findLoadBalancer(state, parameters);
      const listeners = lb.listeners.map(({ port, protocol }) => ({ ListenerPort: port, ListenerProtocol: protocol }));
      return {
        applied: false,
        answer: {
          LoadBalancerId: lb.id,
          LoadBalancerName: lb.name,
          LoadBalancerStatus: lb.status,
          RegionId: lb.regionId,
          Address: lb.address,
          AddressType: "internet",
          NetworkType: "vpc",
          LoadBalancerSpec: "slb.s2.small",
          CreateTime: "2024-03-14T15:09:26Z",
          DeleteProtection: "off",
          ModificationProtectionStatus: "NonProtection",
          ListenerPorts: { ListenerPort: lb.listeners.map(({ port }) => port) },
          ListenerPortsAndProtocol: { ListenerPortAndProtocol: listeners },
          ListenerPortsAndProtocal: { ListenerPortAndProtocal: listeners.map((l) => ({ ListenerPort: l.ListenerPort, ListenerProtocal: l.ListenerProtocol })) },
          BackendServers: { BackendServer: lb.backendServers.map((server) => describeServer(server)) },
        },
      };
    },
  },
  DescribeVServerGroupAttribute: {
    required: ["RegionId", "VServerGroupId"],
    run(state, parameters) {
      const { lb, group } = findGroup(state, parameters);
      return {
        applied: false,
        answer: {
          VServerGroupId: group.id,
          VServerGroupName: group.name,
          LoadBalancerId: lb.id,
          BackendServers: { BackendServer: group.backendServers.map((server) => describeServer(server)) },
        },
      };
    },
  },
};

/** Operations of the same API that the emulator verifies but does not carry out. */
export const KNOWN = new Set([
  "AddBackendServers", "AddVServerGroupBackendServers", "DescribeHealthStatus", "DescribeLoadBalancers",
  "DescribeMasterSlaveServerGroupAttribute", "DescribeMasterSlaveServerGroups", "DescribeRegions", "DescribeVServerGroups",
  "ModifyVServerGroupBackendServers", "SetBackendServers", "SetVServerGroupAttribute",
]);

/** An ENI may appear once per IP and a server once per port: what the entry leaves out matches all of them. */
function sameServer(server, entry) {
  return (
    server.serverId === entry.serverId &&
    server.type === entry.type &&
    (entry.serverIp === undefined || server.type === "ecs" || server.serverIp === entry.serverIp) &&
    (entry.port === undefined || server.port === undefined || server.port === entry.port)
  );
}

function describeServer({ serverId, serverIp, port, type, weight, description }) {
  return compact({ ServerId: serverId, ServerIp: serverIp, Port: port, Type: type, Weight: weight, Description: description });
}

function compact(object) {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined));
}

/** The region decides where an id is looked up, so an id of another region does not exist. */
function findLoadBalancer(state, parameters) {
  const region = parameters.get("RegionId");
  const lb = state.loadBalancers.find((candidate) => candidate.id === parameters.get("LoadBalancerId") && (!region || candidate.regionId === region));
  if (!lb) throw new Refusal(404, "InvalidLoadBalancerId.NotFound", "The specified LoadBalancerId does not exist.");
  return lb;
}

function findGroup(state, parameters) {
  for (const lb of state.loadBalancers) {
    if (lb.regionId !== parameters.get("RegionId")) continue;
    const group = lb.vServerGroups.find((candidate) => candidate.id === parameters.get("VServerGroupId"));
    if (group) return { lb, group };
  }
  throw new Refusal(404, "InvalidParameter", "The specified VServerGroupId does not exist.");
}
