//! The operations of UCloud's and SCloud's classic load balancer (CLB, formerly ULB).
//!
//! Sources: seed 000 (ReleaseBackend), <https://docs.ucloud.cn/api/ulb-api/describe_vserver>.

use crate::core::operation::{
    Effect, Field, Kind, Operation, Paging, Parameter, Shape, TIMEOUT_MS, doc, expected, field, optional, required,
};

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

const REQUEST_ID: Field =
    field("RequestId", Shape::Text, doc("The vendor's id of this request, where the runtime may read it."));
const RET_CODE: Field = expected("RetCode", Shape::Integer, doc("0."));

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
    field("ClientTimeout", Shape::Integer, doc("The idle timeout of connections, in seconds.")),
    field("Status", Shape::Integer, doc("0 all backends work, 1 none, 2 some.")),
    field("BackendSet", Shape::List(BACKEND), doc("The backends.")),
    field("PolicySet", Shape::List(POLICY), doc("The forwarding rules.")),
];

/// What every operation here shares.
const BASE: Operation = Operation {
    name: "",
    doc: doc(""),
    source: doc(""),
    effect: Effect::Read,
    route: ("POST", ""),
    parameters: &[],
    answer: &[],
    paging: Paging::None,
    timeout_ms: TIMEOUT_MS,
};

/// The table.
pub const OPERATIONS: &[Operation] = &[
    Operation {
        name: "ReleaseBackend",
        doc: doc(
            "Releases one backend from its VServer. On a layer 7 VServer it must be out of all forwarding rules first.",
        ),
        source: doc("seed 000; https://docs.scloudsg.com/en/docs/api/ulb-api/release_backend"),
        effect: Effect::Removal,
        parameters: &[
            ULB,
            required(
                "backendId",
                "BackendId",
                Kind::Id,
                doc(
                    "The backend's node id, `backend-…`, as DescribeVServer and AllocateBackend return it; not the server's own id.",
                ),
            ),
            REGION,
            PROJECT,
        ],
        answer: &[RET_CODE, REQUEST_ID],
        timeout_ms: CHANGE_TIMEOUT_MS,
        ..BASE
    },
    Operation {
        name: "DescribeVServer",
        doc: doc("Describes the VServers of a load balancer with their backends and rules: all pages."),
        source: doc("https://docs.ucloud.cn/api/ulb-api/describe_vserver"),
        parameters: &[
            ULB,
            optional("vServerId", "VServerId", Kind::Id, doc("Only this VServer.")),
            optional("limit", "Limit", Kind::Integer(1, 1_000), doc("How many VServers one request asks for.")),
            optional(
                "offset",
                "Offset",
                Kind::Integer(0, 1_000_000),
                doc("How many VServers to leave out at the start."),
            ),
            REGION,
            PROJECT,
        ],
        answer: &[
            RET_CODE,
            field("TotalCount", Shape::Integer, doc("How many there are.")),
            expected("DataSet", Shape::List(VSERVER), doc("The VServers.")),
            REQUEST_ID,
        ],
        paging: Paging::Offset { list: "dataSet" },
        ..BASE
    },
];
