// The nodes behind a VServer: out, in, on, off.
import { refusalOf } from "./codes.mjs";
import { listenType } from "./describe.mjs";
import { assertChangeable, findBackend, findUlb, findVServer, integer, oneOf } from "./find.mjs";
import { objectsOf, textOf } from "./parameters.mjs";
import { Refusal } from "./refusal.mjs";

const BACKENDS_PER_ULB = 50;
const RESOURCE_TYPES = ["UHost", "UNI", "UPM", "UHybrid", "CUBE", "IP", "UDHost", "UDocker"];
const BY_ADDRESS = ["UHybrid", "IP"];

export const BACKEND_OPERATIONS = {
  ReleaseBackend: {
    required: ["Region", "ULBId", "BackendId"],
    run(balancers, parameters, failing, state) {
      const ulb = findUlb(balancers, parameters);
      const backendId = textOf(parameters, "BackendId");
      const { vserver, backend } = findBackend(ulb, backendId);
      const inRule = ["HTTP", "HTTPS"].includes(vserver.protocol) &&
        vserver.policies.some(({ type, backendIds }) => type === "Custom" && backendIds.includes(backendId));
      if (inRule) throw new Refusal(4110, "Release backend failed, the vserver has a content forwarding rule with this backend, detach it first");
      assertChangeable(ulb);
      if (failing) return { BackendSet: [itemResult(backendId, failing)] };
      vserver.backends = vserver.backends.filter((other) => other !== backend);
      // The host keeps its address, and comes back with it.
      state.addresses[backend.resourceId] = backend.ip;
      // The service itself keeps the default rule in step; only custom rules block.
      for (const policy of vserver.policies) policy.backendIds = policy.backendIds.filter((id) => id !== backendId);
      return {};
    },
  },
  UpdateBackendAttribute: {
    required: ["Region", "ULBId", "BackendId"],
    run(balancers, parameters, failing) {
      const ulb = findUlb(balancers, parameters);
      const backendId = textOf(parameters, "BackendId");
      const apply = prepareUpdate(findBackend(ulb, backendId), parameters);
      assertChangeable(ulb);
      if (failing) return { BackendSet: [itemResult(backendId, failing)] };
      apply();
      return {};
    },
  },
  UpdateBackendBatch: {
    required: ["Region", "ULBId"],
    run(balancers, parameters, failing) {
      const ulb = findUlb(balancers, parameters);
      const items = objectsOf(parameters, "Attributes");
      if (items.length === 0) throw new Refusal(220, "Missing params [Attributes]");
      assertChangeable(ulb);
      return { BackendSet: items.map((item) => updateItem(ulb, item, failing)) };
    },
  },
  AllocateBackend: {
    required: ["Region", "ULBId", "VServerId", "ResourceType"],
    run(balancers, parameters, failing, state) {
      const ulb = findUlb(balancers, parameters);
      const vserver = findVServer(ulb, parameters);
      const backend = readBackend(state, vserver, parameters);
      if (vserver.backends.some(({ ip, resourceId, port }) => port === backend.port && (resourceId ? resourceId === backend.resourceId : ip === backend.ip))) {
        throw new Refusal(4109, "The backend has been added to the vserver already");
      }
      if (ulb.vservers.reduce((sum, { backends }) => sum + backends.length, 0) >= BACKENDS_PER_ULB) throw new Refusal(4207, "The number of backends exceeds the quota");
      assertChangeable(ulb);
      backend.id = `backend-new${(state.allocated += 1)}`;
      vserver.backends.push(backend);
      for (const policy of vserver.policies) if (policy.type === "Default") policy.backendIds.push(backend.id);
      return { BackendId: backend.id };
    },
  },
};

function updateItem(ulb, item, failing) {
  const backendId = textOf(item, "BackendId") ?? "";
  if (failing && (!failing.items || failing.items.includes(backendId))) return itemResult(backendId, failing);
  try {
    prepareUpdate(findBackend(ulb, backendId), item)();
    return { BackendId: backendId, SubRetCode: 0, SubMessage: "" };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return { BackendId: backendId, SubRetCode: error.retCode, SubMessage: error.message };
  }
}

function itemResult(backendId, { code = 4104, message }) {
  const { retCode, message: text } = refusalOf(code, { message });
  return { BackendId: backendId, SubRetCode: retCode, SubMessage: text };
}

/** Checks everything first; -> the change itself. What is left out stays as it is. */
function prepareUpdate({ vserver, backend }, parameters) {
  const wish = {
    port: integer(parameters, "Port", backend.port, [1, 65535]),
    weight: integer(parameters, "Weight", backend.weight, [0, 100]),
    enabled: integer(parameters, "Enabled", backend.enabled, [0, 1]),
    isBackup: integer(parameters, "IsBackup", backend.isBackup, [0, 1]),
  };
  if (wish.port !== backend.port && listenType(vserver) === "PacketsTransmit") throw new Refusal(4118, "The port of the backend must be that of the vserver");
  // A VServer with this method takes the call and leaves both as they are.
  if (vserver.method === "Backup") Object.assign(wish, { weight: backend.weight, enabled: backend.enabled });
  return () => Object.assign(backend, wish);
}

function readBackend(state, vserver, parameters) {
  const resourceType = oneOf(parameters, "ResourceType", "UHost", RESOURCE_TYPES);
  const resourceId = textOf(parameters, "ResourceId") ?? "";
  const address = textOf(parameters, "ResourceIP") ?? "";
  if (!resourceId === !address) throw new Refusal(220, "Missing params [ResourceId]");
  const packets = listenType(vserver) === "PacketsTransmit";
  if (packets && ["UHybrid", "CUBE", "IP"].includes(resourceType)) throw new Refusal(4996, `ResourceType [${resourceType}] is not supported here`);
  if (BY_ADDRESS.includes(resourceType)) {
    for (const name of ["ResourceIP", "VPCId", "SubnetId"]) if (!textOf(parameters, name)) throw new Refusal(220, `Missing params [${name}]`);
  }
  const port = integer(parameters, "Port", 80, [1, 65535]);
  if (packets && port !== vserver.port) throw new Refusal(4118, "The port of the backend must be that of the vserver");
  return {
    resourceType,
    resourceId,
    name: resourceId.replace(/^uhost-/, ""),
    ip: address || addressOf(state, resourceId),
    port,
    weight: integer(parameters, "Weight", 1, [1, 100]),
    enabled: integer(parameters, "Enabled", 1, [0, 1]),
    isBackup: integer(parameters, "IsBackup", 0, [0, 1]),
    status: 0,
  };
}

/** The address that the state knows for this host, or one made from its id. */
function addressOf(state, resourceId) {
  const known = state.addresses[resourceId];
  if (known) return known;
  for (const { backends } of state.balancers.flatMap(({ vservers }) => vservers)) {
    const backend = backends.find((other) => other.resourceId === resourceId);
    if (backend) return backend.ip;
  }
  let hash = 0;
  for (const c of resourceId) hash = (hash * 31 + c.codePointAt(0)) % 65_000;
  return `10.20.${hash >> 8}.${hash & 255}`;
}
