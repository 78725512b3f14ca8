// The reads of the classic load balancer, page by page.
import { findUlb, integer } from "./find.mjs";
import { textOf } from "./parameters.mjs";
import { Refusal } from "./refusal.mjs";

export const READS = {
  DescribeULB: {
    required: ["Region"],
    run(balancers, parameters) {
      const wanted = textOf(parameters, "ULBId") ? [findUlb(balancers, parameters)] : balancers;
      return page(wanted, parameters, describeUlb);
    },
  },
  DescribeVServer: {
    required: ["Region"],
    run(balancers, parameters) {
      const vserverId = textOf(parameters, "VServerId");
      const candidates = textOf(parameters, "ULBId") ? [findUlb(balancers, parameters)] : balancers;
      const found = candidates.flatMap((ulb) => ulb.vservers.map((vserver) => ({ ulb, vserver })));
      const wanted = vserverId ? found.filter(({ vserver }) => vserver.id === vserverId) : found;
      if (vserverId && wanted.length === 0) throw new Refusal(4103, `Get vserver [${vserverId}] info failed`);
      return page(wanted, parameters, ({ ulb, vserver }) => describeVServer(ulb, vserver));
    },
  },
};

function page(wanted, parameters, describe) {
  const offset = integer(parameters, "Offset", 0);
  const limit = integer(parameters, "Limit", 20);
  return { TotalCount: wanted.length, DataSet: wanted.slice(offset, offset + limit).map(describe) };
}

function describeUlb(ulb) {
  return {
    ULBId: ulb.id,
    ULBName: ulb.name,
    Name: ulb.name,
    Tag: "Default",
    Remark: "",
    ULBType: "OuterMode",
    ListenType: "RequestProxy",
    Bandwidth: 2,
    BandwidthType: 0,
    CreateTime: 1_710_428_966,
    VPCId: "uvnet-emulator",
    SubnetId: "",
    BusinessId: "Default",
    PrivateIP: "",
    IPVersion: "IPv4",
    Resource: [],
    EnableLog: 0,
    FirewallSet: [],
    SnatIps: [],
    IPSet: [{ EIP: "203.0.113.20", EIPId: "eip-emulator", OperatorName: "BGP", Bandwidth: 2, BandwidthType: 0 }],
    VServerSet: ulb.vservers.map((vserver) => describeVServer(ulb, vserver)),
  };
}

function describeVServer(ulb, vserver) {
  const backends = new Map(vserver.backends.map((backend) => [backend.id, backend]));
  return {
    VServerId: vserver.id,
    VServerName: vserver.name,
    ULBId: ulb.id,
    Protocol: vserver.protocol,
    FrontendPort: vserver.port,
    ListenType: listenType(vserver),
    Method: vserver.method,
    PersistenceType: "None",
    PersistenceInfo: "",
    ClientTimeout: 60,
    MonitorType: "Port",
    Status: healthOf(vserver.backends),
    SSLSet: [],
    BackendSet: vserver.backends.map((backend) => describeBackend(backend)),
    PolicySet: vserver.policies.map((policy) => describePolicy(vserver, policy, backends)),
  };
}

export const listenType = ({ protocol }) => (protocol === "UDP" ? "PacketsTransmit" : "RequestProxy");

/** 0 all well, 1 all down, 2 partly. */
function healthOf(backends) {
  const down = backends.filter(({ status }) => status === 1).length;
  if (down === 0) return 0;
  return down === backends.length ? 1 : 2;
}

function describeBackend(backend) {
  return {
    BackendId: backend.id,
    ResourceType: backend.resourceType,
    ResourceId: backend.resourceId,
    ResourceName: backend.name,
    SubResourceType: "",
    SubResourceId: "",
    SubResourceName: "",
    PrivateIP: backend.ip,
    Port: backend.port,
    Enabled: backend.enabled,
    Status: backend.status,
    SubnetId: "subnet-emulator",
    VPCId: "uvnet-emulator",
    Weight: backend.weight,
    IsBackup: backend.isBackup,
  };
}

function describePolicy(vserver, policy, backends) {
  return {
    PolicyId: policy.id,
    PolicyType: policy.type,
    Type: policy.kind,
    Match: policy.match,
    ...(policy.domainMatchMode ? { DomainMatchMode: policy.domainMatchMode } : {}),
    PolicyPriority: policy.priority,
    VServerId: vserver.id,
    ...(policy.type === "Default" ? { TotalCount: policy.backendIds.length } : {}),
    BackendSet: policy.backendIds.map((id) => {
      const { resourceType, resourceId, name, port, ip } = backends.get(id);
      return { BackendId: id, ObjectId: resourceId, ResourceType: resourceType, ResourceName: name, Port: port, PrivateIP: ip };
    }),
  };
}
