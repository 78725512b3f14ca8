//! The operations of UCloud's and SCloud's classic load balancer (CLB, formerly ULB).
//!
//! Sources: seed 000 (ReleaseBackend), the vendor's API reference (<https://docs.ucloud.cn/api/ulb-api/>)
//! and its acceptance tests. The default rule of a layer 7 VServer is the service's own: its members
//! follow the VServer's, so no operation here takes one.

use crate::core::operation::{
    Effect, Empty, Field, Kind, Need, Operation, Paging, Parameter, Shape, TIMEOUT_MS, doc, expected, field, needed,
    optional, required,
};
use crate::core::sample::answer;

/// The gateway gives up on a change after 60 seconds; giving up sooner would leave it unknown.
const CHANGE_TIMEOUT_MS: u32 = 65_000;

const ULB: Parameter = required("ulbId", "ULBId", Kind::Id, doc("The id of the load balancer, `ulb-…`."));
const REGION: Parameter = optional("region", "Region", Kind::Text(64), doc("The region. Default: the client's."));
const PROJECT: Parameter = optional(
    "projectId",
    "ProjectId",
    Kind::Id,
    doc("The project. Default: the client's; sub-accounts must give one."),
);

const VSERVER_ID: Parameter = required("vServerId", "VServerId", Kind::Id, doc("The id of the VServer, `vserver-…`."));
const BACKEND_ID: Parameter = required(
    "backendId",
    "BackendId",
    Kind::Id,
    doc(
        "The backend's node id, `backend-…`, as DescribeVServer and AllocateBackend return it; not the server's own id.",
    ),
);
const OFFSET: Parameter =
    optional("offset", "Offset", Kind::Integer(0, 1_000_000), doc("How many to leave out at the start."));
const LIMIT: Parameter = optional("limit", "Limit", Kind::Integer(1, 1_000), doc("How many one request asks for."));
const PORT: Kind = Kind::Integer(1, 65_535);
const SWITCH: Kind = Kind::Integer(0, 1);
/// 1 to 100 in one place of the reference and 0 to 100 in another; the vendor's tests set 0.
const WEIGHT: Kind = Kind::Integer(0, 100);

const POLICY_ID: Parameter = required("policyId", "PolicyId", Kind::Id, doc("The id of the rule."));
const MATCH: Parameter = required(
    "match",
    "Match",
    Kind::Text(255),
    doc("What it matches: a domain of up to 255 characters, or a path or regular expression of 1 to 255."),
);
const MATCH_MODE: Parameter =
    optional("domainMatchMode", "DomainMatchMode", Kind::OneOf("Regular Wildcard"), doc("How a domain is matched."));
const PRIORITY: Parameter =
    optional("policyPriority", "PolicyPriority", Kind::Integer(1, 9_999), doc("The priority, of path rules only."));

const REQUEST_ID: Field =
    field("RequestId", Shape::Text, doc("The vendor's id of this request, where the runtime may read it."));
const RET_CODE: Field = expected("RetCode", Shape::Integer, doc("0."));
const TOTAL: Field = field("TotalCount", Shape::Integer, doc("How many there are."));

const BACKEND: &[Field] = &[
    field(
        "BackendId",
        Shape::Text,
        doc("The node id that ReleaseBackend takes. One server has one for each VServer and port."),
    ),
    field("ResourceType", Shape::Text, doc("`UHost`, `UNI`, `UPM`, `UHybrid`, `CUBE` or `IP`.")),
    field("ResourceId", Shape::Text, doc("The id of the server.")),
    field("ResourceName", Shape::Text, doc("The name of the server.")),
    field("SubResourceType", Shape::Text, doc("The type of the network interface.")),
    field("SubResourceId", Shape::Text, doc("The id of the network interface.")),
    field("PrivateIP", Shape::Text, doc("The address.")),
    field("Port", Shape::Integer, doc("The port.")),
    field("Enabled", Shape::Integer, doc("1 takes traffic, 0 does not.")),
    field("Status", Shape::Integer, doc("0 healthy, 1 unhealthy.")),
    field("Weight", Shape::Integer, doc("The weight; counts with WeightRoundrobin only.")),
    field("IsBackup", Shape::Integer, doc("1 for the standby of the Backup method.")),
    field("SubnetId", Shape::Text, doc("The subnet.")),
    field("VPCId", Shape::Text, doc("The VPC.")),
];

const POLICY: &[Field] = &[
    field("PolicyId", Shape::Text, doc("The id of the rule; empty for the default rule.")),
    field("PolicyType", Shape::Text, doc("`Custom` or `Default`.")),
    field("Type", Shape::Text, doc("`Domain` or `Path`.")),
    field("Match", Shape::Text, doc("What it matches.")),
    field("DomainMatchMode", Shape::Text, doc("`Regular` or `Wildcard`.")),
    field("PolicyPriority", Shape::Integer, doc("1 to 9999 for path rules.")),
    field("VServerId", Shape::Text, doc("The VServer.")),
    field(
        "BackendSet",
        Shape::List(&[
            field("BackendId", Shape::Text, doc("The node id.")),
            field("ObjectId", Shape::Text, doc("The id of the server.")),
            field("PrivateIP", Shape::Text, doc("The address.")),
            field("Port", Shape::Integer, doc("The port.")),
        ]),
        doc("The backends of the rule."),
    ),
];

const VSERVER: &[Field] = &[
    field("VServerId", Shape::Text, doc("The id of the VServer, `vserver-…`.")),
    field("VServerName", Shape::Text, doc("The name.")),
    field("ULBId", Shape::Text, doc("The load balancer.")),
    field("Protocol", Shape::Text, doc("`HTTP`, `HTTPS`, `TCP` or `UDP`.")),
    field("FrontendPort", Shape::Integer, doc("The port that it listens on.")),
    field("ListenType", Shape::Text, doc("`RequestProxy` or `PacketsTransmit`.")),
    field("Method", Shape::Text, doc("The balancing method.")),
    field(
        "PersistenceType",
        Shape::Text,
        doc("What keeps a client at its backend: `None`, `ServerInsert` or `UserDefined`."),
    ),
    field("ClientTimeout", Shape::Integer, doc("The idle timeout of connections, in seconds.")),
    field("Status", Shape::Integer, doc("0 all backends work, 1 none, 2 some.")),
    field("BackendSet", Shape::List(BACKEND), doc("The backends.")),
    field("PolicySet", Shape::List(POLICY), doc("The forwarding rules.")),
];

const LOAD_BALANCER: &[Field] = &[
    field("ULBId", Shape::Text, doc("The id of the load balancer.")),
    field("Name", Shape::Text, doc("The name.")),
    field("ULBType", Shape::Text, doc("`OuterMode` or `InnerMode`.")),
    field("ListenType", Shape::Text, doc("`RequestProxy`, `PacketsTransmit`, `Comprehensive` or `Pending`.")),
    field("PrivateIP", Shape::Text, doc("The address inside the VPC.")),
    field("IPSet", Shape::List(&[field("EIP", Shape::Text, doc("A public address."))]), doc("The public addresses.")),
    field("VPCId", Shape::Text, doc("The VPC.")),
    field("SubnetId", Shape::Text, doc("The subnet.")),
    field("VServerSet", Shape::List(VSERVER), doc("The VServers, with their backends and rules.")),
];

/// What every operation here shares.
const BASE: Operation = Operation {
    name: "",
    doc: doc(""),
    source: doc(""),
    effect: Effect::Read,
    route: ("POST", ""),
    envelope: "",
    parameters: &[],
    answer: answer!(&[]),
    paging: Paging::None,
    timeout_ms: TIMEOUT_MS,
};
/// What every change here shares.
const CHANGE: Operation = Operation { answer: answer!(&[RET_CODE, REQUEST_ID]), timeout_ms: CHANGE_TIMEOUT_MS, ..BASE };

/// The table.
pub const OPERATIONS: &[Operation] = &[
    Operation {
        name: "ReleaseBackend",
        doc: doc(
            "Releases one backend from its VServer. On a layer 7 VServer it must be out of all forwarding rules first.",
        ),
        source: doc("seed 000; https://docs.scloudsg.com/en/docs/api/ulb-api/release_backend"),
        effect: Effect::Removal,
        parameters: &[ULB, BACKEND_ID, REGION, PROJECT],
        ..CHANGE
    },
    Operation {
        name: "DescribeVServer",
        doc: doc("Describes the VServers of a load balancer with their backends and rules: all pages."),
        source: doc("https://docs.ucloud.cn/api/ulb-api/describe_vserver"),
        parameters: &[
            ULB,
            optional("vServerId", "VServerId", Kind::Id, doc("Only this VServer.")),
            LIMIT,
            OFFSET,
            REGION,
            PROJECT,
        ],
        answer: answer!(&[
            RET_CODE,
            TOTAL,
            expected("DataSet", Shape::List(VSERVER), doc("The VServers.")),
            REQUEST_ID
        ]),
        paging: Paging::Offset { list: "dataSet" },
        ..BASE
    },
    Operation {
        name: "DescribeULB",
        doc: doc("Describes load balancers with their VServers, backends and rules: all pages."),
        source: doc("https://docs.ucloud.cn/api/ulb-api/describe_ulb"),
        parameters: &[
            optional("ulbId", "ULBId", Kind::Id, doc("Only this load balancer, `ulb-…`. Default: all of the region.")),
            optional("vpcId", "VPCId", Kind::Id, doc("Only those of this VPC.")),
            optional("subnetId", "SubnetId", Kind::Id, doc("Only those of this subnet.")),
            LIMIT,
            OFFSET,
            REGION,
            PROJECT,
        ],
        answer: answer!(&[
            RET_CODE,
            TOTAL,
            expected("DataSet", Shape::List(LOAD_BALANCER), doc("The load balancers.")),
            REQUEST_ID,
        ]),
        paging: Paging::Offset { list: "dataSet" },
        ..BASE
    },
    Operation {
        name: "UpdateBackendAttribute",
        doc: doc(
            "Changes a backend: what is not given stays. With `enabled` 0 it gets no new traffic and keeps its connections; a VServer with the Backup method ignores that without a word, so read it back.",
        ),
        source: doc("https://docs.ucloud.cn/api/ulb-api/update_backend_attribute"),
        effect: Effect::Write,
        parameters: &[
            ULB,
            BACKEND_ID,
            needed(Need::Or("weight port isBackup"), "enabled", "Enabled", SWITCH, doc("1 takes traffic, 0 does not.")),
            optional("weight", "Weight", WEIGHT, doc("The weight, 0 to 100; counts with WeightRoundrobin only.")),
            optional("port", "Port", PORT, doc("The port; not with PacketsTransmit.")),
            optional("isBackup", "IsBackup", SWITCH, doc("1 for the standby of the Backup method.")),
            REGION,
            PROJECT,
        ],
        ..CHANGE
    },
    Operation {
        name: "UpdatePolicy",
        doc: doc(
            "Replaces a forwarding rule and its whole list of backends. What is not repeated is lost, and there is no version to tell that somebody else changed the rule meanwhile: read it directly before, and read it back.",
        ),
        source: doc("https://docs.ucloud.cn/api/ulb-api/update_policy"),
        effect: Effect::Write,
        parameters: &[
            ULB,
            VSERVER_ID,
            POLICY_ID,
            required(
                "type",
                "Type",
                Kind::OneOf("Domain Path"),
                doc("What it matches by. The service takes a rule without a type for one of domains."),
            ),
            MATCH,
            required(
                "backendIds",
                "BackendId",
                Kind::List(&Kind::Id, Empty::Only("allowEmpty")),
                doc("The node ids of all backends that the rule is to have, and of no others."),
            ),
            optional(
                "allowEmpty",
                "",
                Kind::Flag,
                doc("Takes an empty `backendIds`: the rule goes on to match, and answers nothing."),
            ),
            MATCH_MODE,
            PRIORITY,
            REGION,
            PROJECT,
        ],
        ..CHANGE
    },
    Operation {
        name: "CreatePolicy",
        doc: doc("Makes a forwarding rule of a layer 7 VServer; made twice, there are two."),
        source: doc("https://docs.ucloud.cn/api/ulb-api/create_policy"),
        effect: Effect::Create,
        parameters: &[
            ULB,
            VSERVER_ID,
            optional("type", "Type", Kind::OneOf("Domain Path"), doc("What it matches by. Default: Domain.")),
            MATCH,
            required(
                "backendIds",
                "BackendId",
                Kind::List(&Kind::Id, Empty::Never),
                doc("The node ids of its backends."),
            ),
            MATCH_MODE,
            PRIORITY,
            REGION,
            PROJECT,
        ],
        answer: answer!(&[RET_CODE, expected("PolicyId", Shape::Text, doc("The id of the new rule.")), REQUEST_ID]),
        ..CHANGE
    },
    Operation {
        name: "DeletePolicy",
        doc: doc("Deletes a forwarding rule; what it matched falls to the default rule."),
        source: doc("https://docs.ucloud.cn/api/ulb-api/delete_policy"),
        effect: Effect::Removal,
        parameters: &[
            POLICY_ID,
            optional("vServerId", "VServerId", Kind::Id, doc("The VServer of the rule.")),
            REGION,
            PROJECT,
        ],
        ..CHANGE
    },
    Operation {
        name: "AllocateBackend",
        doc: doc(
            "Adds a backend to a VServer. It gets a new node id, so rules must be pointed to it, and it may be invisible for some seconds.",
        ),
        source: doc("https://docs.ucloud.cn/api/ulb-api/allocate_backend"),
        effect: Effect::Create,
        parameters: &[
            ULB,
            VSERVER_ID,
            required(
                "resourceType",
                "ResourceType",
                Kind::OneOf("UHost UNI UPM UHybrid CUBE IP UDHost UDocker USDP"),
                doc("What the server is. PacketsTransmit takes no UDocker, UHybrid, CUBE or IP."),
            ),
            needed(
                Need::Either("resourceIp"),
                "resourceId",
                "ResourceId",
                Kind::Id,
                doc("The id of the server; or give its address instead."),
            ),
            optional(
                "resourceIp",
                "ResourceIP",
                Kind::Address,
                doc("The address of a UHybrid or IP backend, with `vpcId` and `subnetId`."),
            ),
            needed(Need::With("resourceIp"), "vpcId", "VPCId", Kind::Id, doc("The VPC of the address.")),
            needed(Need::With("resourceIp"), "subnetId", "SubnetId", Kind::Id, doc("The subnet of the address.")),
            optional("port", "Port", PORT, doc("The port. Default: 80.")),
            optional("weight", "Weight", WEIGHT, doc("The weight, 0 to 100. Default: 1.")),
            optional("enabled", "Enabled", SWITCH, doc("1 takes traffic, 0 does not. Default: 1.")),
            optional("isBackup", "IsBackup", SWITCH, doc("1 for the standby of the Backup method. Default: 0.")),
            REGION,
            PROJECT,
        ],
        answer: answer!(&[RET_CODE, expected("BackendId", Shape::Text, doc("The new node id.")), REQUEST_ID]),
        ..CHANGE
    },
];
