// The classic load balancer (ULB): what the operations do to the state and what they answer.
import { textOf } from "./parameters.mjs";
import { Refusal } from "./refusal.mjs";

/** name -> { required, run(balancers, parameters) -> { answer, applied } } */
export const OPERATIONS = {
  ReleaseBackend: {
    required: ["Region", "ULBId", "BackendId"],
    run(balancers, parameters) {
      const ulb = findUlb(balancers, parameters);
      const backendId = textOf(parameters, "BackendId");
      const vserver = ulb.vservers.find(({ backends }) => backends.some(({ id }) => id === backendId));
      if (!vserver) throw new Refusal(4093, `The backend [${backendId}] does not exist`);
      const inRule = ["HTTP", "HTTPS"].includes(vserver.protocol) &&
        vserver.policies.some(({ type, backendIds }) => type === "Custom" && backendIds.includes(backendId));
      if (inRule) throw new Refusal(4110, "Release backend failed, the vserver has a content forwarding rule with this backend, detach it first");
      vserver.backends = vserver.backends.filter(({ id }) => id !== backendId);
      // The service itself keeps the default rule in step; only custom rules block.
      for (const policy of vserver.policies) policy.backendIds = policy.backendIds.filter((id) => id !== backendId);
      return { applied: true, answer: {} };
    },
  },
  DescribeVServer: {
    required: ["Region"],
    run(balancers, parameters) {
      const ulbId = textOf(parameters, "ULBId");
      const vserverId = textOf(parameters, "VServerId");
      const candidates = ulbId ? [findUlb(balancers, parameters)] : balancers;
      const found = candidates.flatMap((ulb) => ulb.vservers.map((vserver) => ({ ulb, vserver })));
      const wanted = vserverId ? found.filter(({ vserver }) => vserver.id === vserverId) : found;
      if (vserverId && wanted.length === 0) throw new Refusal(4103, `Get vserver [${vserverId}] info failed`);
      const offset = integer(parameters, "Offset", 0);
      const limit = integer(parameters, "Limit", 20);
      const page = wanted.slice(offset, offset + limit);
      return { applied: false, answer: { TotalCount: wanted.length, DataSet: page.map(({ ulb, vserver }) => describeVServer(ulb, vserver)) } };
    },
  },
};

/** Operations of the same gateway that the emulator verifies but does not carry out. */
export const KNOWN = new Set([
  "AllocateBackend", "AllocateBackendBatch", "CreatePolicy", "DeletePolicy", "DeleteULB", "DeleteVServer", "DescribePolicyGroup",
  "DescribeULB", "DescribeULBSimple", "DescribeUHostInstance", "GetProjectList", "ListRegions", "UpdateBackendAttribute",
  "UpdateBackendAttributeBatch", "UpdateBackendBatch", "UpdatePolicy",
]);

function findUlb(balancers, parameters) {
  const id = textOf(parameters, "ULBId");
  const ulb = balancers.find((candidate) => candidate.id === id);
  if (!ulb) throw new Refusal(4103, `Get ulb [${id}] info failed`);
  return ulb;
}

function integer(parameters, name, fallback) {
  const text = textOf(parameters, name);
  if (text === undefined || text === "") return fallback;
  if (!/^\d{1,9}$/.test(text)) throw new Refusal(230, `Params [${name}] not available`);
  return Number(text);
}

function describeVServer(ulb, vserver) {
  const hosts = new Map(vserver.backends.map((backend) => [backend.id, backend]));
  return {
    VServerId: vserver.id,
    VServerName: vserver.name,
    ULBId: ulb.id,
    Protocol: vserver.protocol,
    FrontendPort: vserver.port,
    ListenType: vserver.protocol === "UDP" ? "PacketsTransmit" : "RequestProxy",
    Method: "Roundrobin",
    PersistenceType: "None",
    PersistenceInfo: "",
    ClientTimeout: 60,
    MonitorType: "Port",
    Status: 0,
    SSLSet: [],
    BackendSet: vserver.backends.map((backend) => describeBackend(backend)),
    PolicySet: vserver.policies.map((policy) => describePolicy(vserver, policy, hosts)),
  };
}

function describeBackend(backend) {
  return {
    BackendId: backend.id,
    ResourceType: "UHost",
    ResourceId: backend.resourceId,
    ResourceName: backend.name,
    SubResourceType: "",
    SubResourceId: "",
    SubResourceName: "",
    PrivateIP: backend.ip,
    Port: backend.port,
    Enabled: 1,
    Status: 0,
    SubnetId: "subnet-emulator",
    VPCId: "uvnet-emulator",
    Weight: 1,
    IsBackup: 0,
  };
}

function describePolicy(vserver, policy, hosts) {
  return {
    PolicyId: policy.id,
    PolicyType: policy.type,
    Type: policy.match ? "Path" : "",
    Match: policy.match,
    PolicyPriority: policy.match ? 1 : 0,
    VServerId: vserver.id,
    ...(policy.type === "Default" ? { TotalCount: policy.backendIds.length } : {}),
    BackendSet: policy.backendIds.map((id) => {
      const { resourceId, name, port, ip } = hosts.get(id);
      return { BackendId: id, ObjectId: resourceId, ResourceType: "UHost", ResourceName: name, Port: port, PrivateIP: ip };
    }),
  };
}
