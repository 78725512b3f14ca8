// The Describe operations of the Classic Load Balancer.
import { refusalOf } from "./codes.mjs";
import { findGroup, findLoadBalancer, findMasterSlaveGroup, masterSlaveGroups } from "./find.mjs";
import { Refusal } from "./refusal.mjs";

export const READS = {
  DescribeLoadBalancerAttribute: {
    required: ["LoadBalancerId"],
    run(state, parameters) {
      const lb = findLoadBalancer(state, parameters);
      const listeners = lb.listeners.map(({ port, protocol }) => ({ ListenerPort: port, ListenerProtocol: protocol }));
      return {
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
      };
    },
  },
  DescribeVServerGroups: {
    required: ["RegionId", "LoadBalancerId"],
    run(state, parameters) {
      const lb = findLoadBalancer(state, parameters);
      const listeners = flag(parameters, "IncludeListener");
      const rules = flag(parameters, "IncludeRule");
      return { VServerGroups: { VServerGroup: lb.vServerGroups.map((group) => describeGroup(lb, group, { listeners, rules })) } };
    },
  },
  DescribeVServerGroupAttribute: {
    required: ["RegionId", "VServerGroupId"],
    run(state, parameters) {
      const { lb, group } = findGroup(state, parameters);
      return {
        VServerGroupId: group.id,
        VServerGroupName: group.name,
        LoadBalancerId: lb.id,
        BackendServers: { BackendServer: group.backendServers.map((server) => describeServer(server)) },
      };
    },
  },
  DescribeMasterSlaveServerGroups: {
    required: ["RegionId", "LoadBalancerId"],
    run(state, parameters) {
      const lb = findLoadBalancer(state, parameters);
      const listeners = flag(parameters, "IncludeListener");
      return { MasterSlaveServerGroups: { MasterSlaveServerGroup: masterSlaveGroups(lb).map((group) => describeMasterSlaveGroup(lb, group, listeners)) } };
    },
  },
  DescribeMasterSlaveServerGroupAttribute: {
    required: ["RegionId", "MasterSlaveServerGroupId"],
    run(state, parameters) {
      const { lb, group } = findMasterSlaveGroup(state, parameters);
      return {
        MasterSlaveServerGroupId: group.id,
        MasterSlaveServerGroupName: group.name,
        LoadBalancerId: lb.id,
        MasterSlaveBackendServers: { MasterSlaveBackendServer: group.backendServers.map((server) => ({ ...describeServer(server), ServerType: server.serverType })) },
      };
    },
  },
  DescribeHealthStatus: {
    required: ["LoadBalancerId"],
    run(state, parameters) {
      const lb = findLoadBalancer(state, parameters);
      const wanted = findListeners(lb, parameters);
      return { BackendServers: { BackendServer: wanted.flatMap((listener) => healthBehind(lb, listener)) } };
    },
  },
};

export function describeServer({ serverId, serverIp, port, type, weight, description }) {
  return compact({ ServerId: serverId, ServerIp: serverIp, Port: port, Type: type, Weight: weight, Description: description });
}

export function compact(object) {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined));
}

function describeGroup(lb, group, { listeners, rules }) {
  const behind = lb.listeners.filter(({ vServerGroupId }) => vServerGroupId === group.id);
  return {
    VServerGroupId: group.id,
    VServerGroupName: group.name,
    ServerCount: group.backendServers.length,
    CreateTime: "2024-03-14T15:09:26Z",
    // What was not asked for is there all the same, and empty.
    AssociatedObjects: {
      Listeners: { Listener: listeners ? behind.map(({ port, protocol }) => ({ Port: port, Protocol: protocol })) : [] },
      Rules: { Rule: rules ? group.rules.map(({ id, name, domain, url }) => ({ RuleId: id, RuleName: name, Domain: domain, Url: url })) : [] },
    },
    Tags: { Tag: [] },
  };
}

function describeMasterSlaveGroup(lb, group, listeners) {
  const behind = lb.listeners.filter(({ masterSlaveServerGroupId }) => masterSlaveServerGroupId === group.id);
  return {
    MasterSlaveServerGroupId: group.id,
    MasterSlaveServerGroupName: group.name,
    CreateTime: "2024-03-14T15:09:26Z",
    AssociatedObjects: { Listeners: { Listener: listeners ? behind.map(({ port, protocol }) => ({ Port: port, Protocol: protocol })) : [] } },
  };
}

/** Vendor clients write True as well as true. */
function flag(parameters, name) {
  const text = (parameters.get(name) ?? "").toLowerCase();
  if (!["", "true", "false"].includes(text)) throw refusalOf("InvalidParameter", { message: `The specified parameter ${name} is not valid.` });
  return text === "true";
}

function findListeners(lb, parameters) {
  const port = parameters.get("ListenerPort");
  const protocol = parameters.get("ListenerProtocol");
  if (port && !(/^\d{1,5}$/.test(port) && Number(port) >= 1 && Number(port) <= 65535)) {
    throw refusalOf("InvalidParameter", { message: "The specified parameter ListenerPort is not valid." });
  }
  const found = lb.listeners.filter((listener) => (!port || listener.port === Number(port)) && (!protocol || listener.protocol === protocol.toLowerCase()));
  if (port && found.length === 0) throw new Refusal(404, "ListenerNotFound", "The specified listener does not exist.");
  if (port && found.length > 1) throw new Refusal(400, "TooManyListeners", "More than 1 listener found; please specify ListenerProtocol.");
  return found;
}

/** The servers that a listener sends to: its group or the default group, and the groups of its rules. */
function healthBehind(lb, listener) {
  const own = [...lb.vServerGroups, ...masterSlaveGroups(lb)].find(({ id }) => [listener.vServerGroupId, listener.masterSlaveServerGroupId].includes(id));
  const direct = own?.backendServers ?? lb.backendServers;
  const byRule = lb.vServerGroups.filter(({ rules }) => rules.some(({ listenerPort }) => listenerPort === listener.port && listener.protocol.startsWith("http")));
  return [...direct, ...byRule.flatMap(({ backendServers }) => backendServers)].map((server) => ({
    ListenerPort: listener.port,
    Protocol: listener.protocol,
    Port: server.port ?? listener.backendPort ?? listener.port,
    ServerId: server.serverId,
    ServerIp: server.serverIp,
    ServerHealthStatus: listener.healthCheck === false ? "unavailable" : (server.health ?? "normal"),
  }));
}
