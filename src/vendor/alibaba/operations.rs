//! The operations of Classic Load Balancer (product `Slb`, version 2014-05-15).
//!
//! Sources: seed 001 and 002 (RemoveBackendServers), seed 004 (RemoveVServerGroupBackendServers),
//! the vendor's API reference and metadata for the others. None of the lists here comes in pages.

use crate::core::operation::{
    Effect, Field, Kind, Need, Operation, Paging, Parameter, Shape, TIMEOUT_MS, doc, expected, field, needed, optional,
    required,
};
use crate::core::sample::answer;
use crate::vendor::alibaba::servers;

const REGION: Parameter =
    optional("regionId", "RegionId", Kind::Text(64), doc("The region of the load balancer. Default: the client's."));
const OWNER: Parameter = optional(
    "ownerAccount",
    "OwnerAccount",
    Kind::Text(256),
    doc("The account that owns the resource, when a RAM user acts for it."),
);
const LOAD_BALANCER: Parameter =
    required("loadBalancerId", "LoadBalancerId", Kind::Id, doc("The id of the CLB instance, `lb-…`."));
const GROUP: Parameter =
    required("vServerGroupId", "VServerGroupId", Kind::Id, doc("The id of the vServer group, `rsp-…`."));

const REQUEST_ID: Field = expected("RequestId", Shape::Text, doc("The vendor's id of this request."));
const ANSWER_SERVER: &[Field] = &[
    field("ServerId", Shape::Text, doc("The id of the server.")),
    field("ServerIp", Shape::Text, doc("The address, where the vendor says it.")),
    field("Port", Shape::Integer, doc("The backend port.")),
    field("Type", Shape::Text, doc("`ecs`, `eni` or `eci`.")),
    field("Weight", Shape::Integer, doc("The weight, 0 to 100.")),
    field("Description", Shape::Text, doc("The description.")),
];
const SERVERS: Field = field(
    "BackendServers",
    Shape::Wrapped("BackendServer", ANSWER_SERVER),
    doc("Backend servers. After a removal the vendor's samples disagree about which: never take it for the proof."),
);
const HEALTH: &[Field] = &[
    field("ServerId", Shape::Text, doc("The id of the server.")),
    field("ServerIp", Shape::Text, doc("The address.")),
    field("Port", Shape::Integer, doc("The backend port.")),
    field("ListenerPort", Shape::Integer, doc("The port of the listener that asked.")),
    field("Protocol", Shape::Text, doc("The protocol of that listener.")),
    field(
        "ServerHealthStatus",
        Shape::Text,
        doc("`normal`, `abnormal`, or `unavailable` where there is no health check, or none yet."),
    ),
];
const ASSOCIATED: &[Field] = &[
    field(
        "Listeners",
        Shape::Wrapped(
            "Listener",
            &[
                field("Port", Shape::Integer, doc("The port.")),
                field("Protocol", Shape::Text, doc("`tcp`, `udp`, `http` or `https`.")),
            ],
        ),
        doc("The listeners that send to the group; asked for by `includeListener`."),
    ),
    field(
        "Rules",
        Shape::Wrapped(
            "Rule",
            &[
                field("RuleId", Shape::Text, doc("The id of the rule.")),
                field("RuleName", Shape::Text, doc("The name.")),
                field("Domain", Shape::Text, doc("The domain that it matches.")),
                field("Url", Shape::Text, doc("The path that it matches.")),
            ],
        ),
        doc("The forwarding rules that send to the group; asked for by `includeRule`."),
    ),
];
const LB: Field = field("LoadBalancerId", Shape::Text, doc("The id of the CLB instance."));
const VGROUP: Field = field("VServerGroupId", Shape::Text, doc("The id of the vServer group."));
const VGROUP_NAME: Field = field("VServerGroupName", Shape::Text, doc("The name."));

const MASTER_SLAVE_SERVER: &[Field] = &[
    field("ServerId", Shape::Text, doc("The id of the server.")),
    field("ServerIp", Shape::Text, doc("The address, where the vendor says it.")),
    field("Port", Shape::Integer, doc("The backend port.")),
    field("Type", Shape::Text, doc("`ecs`, `eni` or `eci`.")),
    field("Weight", Shape::Integer, doc("The weight.")),
    field("ServerType", Shape::Text, doc("`Master` or `Slave`.")),
];
const MASTER_SLAVE_GROUP: Field =
    field("MasterSlaveServerGroupId", Shape::Text, doc("The id of the master-slave server group."));
const MASTER_SLAVE_GROUP_NAME: Field = field("MasterSlaveServerGroupName", Shape::Text, doc("The name."));

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

/// The table.
pub const OPERATIONS: &[Operation] = &[
    Operation {
        name: "RemoveBackendServers",
        doc: doc(
            "Removes backend servers from the default server group. A server that is not there is ignored without an error.",
        ),
        source: doc(
            "seeds 001 and 002; https://www.alibabacloud.com/help/en/slb/classic-load-balancer/developer-reference/api-slb-2014-05-15-removebackendservers",
        ),
        effect: Effect::Removal,
        parameters: &[
            LOAD_BALANCER,
            required(
                "backendServers",
                "BackendServers",
                Kind::Batch(&servers::DEFAULT_GROUP),
                doc("The servers to remove, at most `maxBackendsPerCall`: objects, or bare ids of ECS instances."),
            ),
            REGION,
            OWNER,
        ],
        answer: answer!(&[LB, SERVERS, REQUEST_ID]),
        ..BASE
    },
    Operation {
        name: "RemoveVServerGroupBackendServers",
        doc: doc(
            "Removes backend servers from a vServer group. A server that is not there is ignored without an error.",
        ),
        source: doc(
            "seed 004; https://www.alibabacloud.com/help/en/slb/classic-load-balancer/developer-reference/api-slb-2014-05-15-removevservergroupbackendservers",
        ),
        effect: Effect::Removal,
        parameters: &[
            GROUP,
            required(
                "backendServers",
                "BackendServers",
                Kind::Batch(&servers::ANY_GROUP),
                doc(
                    "The entries to remove, at most `maxBackendsPerCall`; one server can be many entries (ports, addresses).",
                ),
            ),
            REGION,
            OWNER,
        ],
        answer: answer!(&[VGROUP, SERVERS, REQUEST_ID]),
        ..BASE
    },
    Operation {
        name: "DescribeLoadBalancerAttribute",
        doc: doc("Describes a load balancer: its state, listeners and default server group."),
        source: doc(
            "https://www.alibabacloud.com/help/en/slb/classic-load-balancer/developer-reference/api-slb-2014-05-15-describeloadbalancerattribute",
        ),
        parameters: &[LOAD_BALANCER, REGION, OWNER],
        answer: answer!(&[
            LB,
            field("LoadBalancerName", Shape::Text, doc("The name.")),
            field("LoadBalancerStatus", Shape::Text, doc("`active`, `inactive` or `locked`.")),
            field("RegionId", Shape::Text, doc("The region.")),
            field("Address", Shape::Text, doc("The service address.")),
            field(
                "ListenerPortsAndProtocol",
                Shape::Wrapped(
                    "ListenerPortAndProtocol",
                    &[
                        field("ListenerPort", Shape::Integer, doc("The port.")),
                        field("ListenerProtocol", Shape::Text, doc("`tcp`, `udp`, `http` or `https`.")),
                    ],
                ),
                doc("The listeners."),
            ),
            SERVERS,
            REQUEST_ID,
        ]),
        ..BASE
    },
    Operation {
        name: "DescribeVServerGroupAttribute",
        doc: doc("Describes a vServer group: the entries in it."),
        source: doc(
            "https://www.alibabacloud.com/help/en/slb/classic-load-balancer/developer-reference/api-slb-2014-05-15-describevservergroupattribute",
        ),
        parameters: &[GROUP, REGION, OWNER],
        answer: answer!(&[VGROUP, VGROUP_NAME, LB, SERVERS, REQUEST_ID]),
        ..BASE
    },
    Operation {
        name: "DescribeVServerGroups",
        doc: doc(
            "Lists the vServer groups of a load balancer, and what sends to them. A group can serve several listeners and rules.",
        ),
        source: doc(
            "https://www.alibabacloud.com/help/en/slb/classic-load-balancer/developer-reference/api-slb-2014-05-15-describevservergroups",
        ),
        parameters: &[
            LOAD_BALANCER,
            optional(
                "includeListener",
                "IncludeListener",
                Kind::Flag,
                doc("Whether to name the listeners of each group."),
            ),
            optional(
                "includeRule",
                "IncludeRule",
                Kind::Flag,
                doc("Whether to name the forwarding rules of each group."),
            ),
            REGION,
            OWNER,
        ],
        answer: answer!(&[
            field(
                "VServerGroups",
                Shape::Wrapped(
                    "VServerGroup",
                    &[
                        VGROUP,
                        VGROUP_NAME,
                        field("ServerCount", Shape::Integer, doc("How many entries it has.")),
                        field("AssociatedObjects", Shape::Object(ASSOCIATED), doc("What sends to it.")),
                    ],
                ),
                doc("The groups."),
            ),
            REQUEST_ID,
        ]),
        ..BASE
    },
    Operation {
        name: "DescribeMasterSlaveServerGroups",
        doc: doc(
            "Lists the master-slave server groups of a load balancer. There is no call that takes a server out of one.",
        ),
        source: doc(
            "https://www.alibabacloud.com/help/en/slb/classic-load-balancer/developer-reference/api-slb-2014-05-15-describemasterslaveservergroups",
        ),
        parameters: &[
            LOAD_BALANCER,
            optional(
                "includeListener",
                "IncludeListener",
                Kind::Flag,
                doc("Whether to name the listeners of each group."),
            ),
            REGION,
            OWNER,
        ],
        answer: answer!(&[
            field(
                "MasterSlaveServerGroups",
                Shape::Wrapped(
                    "MasterSlaveServerGroup",
                    &[
                        MASTER_SLAVE_GROUP,
                        MASTER_SLAVE_GROUP_NAME,
                        field("AssociatedObjects", Shape::Object(ASSOCIATED.split_at(1).0), doc("What sends to it.")),
                    ],
                ),
                doc("The groups."),
            ),
            REQUEST_ID,
        ]),
        ..BASE
    },
    Operation {
        name: "DescribeMasterSlaveServerGroupAttribute",
        doc: doc("Describes a master-slave server group: the two servers in it."),
        source: doc(
            "https://www.alibabacloud.com/help/en/slb/classic-load-balancer/developer-reference/api-slb-2014-05-15-describemasterslaveservergroupattribute",
        ),
        parameters: &[
            required(
                "masterSlaveServerGroupId",
                "MasterSlaveServerGroupId",
                Kind::Id,
                doc("The id of the master-slave server group, `rsp-…`."),
            ),
            REGION,
            OWNER,
        ],
        answer: answer!(&[
            MASTER_SLAVE_GROUP,
            MASTER_SLAVE_GROUP_NAME,
            LB,
            field(
                "MasterSlaveBackendServers",
                Shape::Wrapped("MasterSlaveBackendServer", MASTER_SLAVE_SERVER,),
                doc("The servers."),
            ),
            REQUEST_ID,
        ]),
        ..BASE
    },
    Operation {
        name: "DescribeHealthStatus",
        doc: doc(
            "Says how healthy the backend servers are, listener by listener: those of all groups that the listeners send to.",
        ),
        source: doc(
            "https://www.alibabacloud.com/help/en/slb/classic-load-balancer/developer-reference/api-slb-2014-05-15-describehealthstatus",
        ),
        parameters: &[
            LOAD_BALANCER,
            optional(
                "listenerPort",
                "ListenerPort",
                Kind::Integer(1, 65_535),
                doc("Only this listener. Two protocols can have the same port: give the protocol too."),
            ),
            optional(
                "listenerProtocol",
                "ListenerProtocol",
                Kind::OneOf("tcp udp http https"),
                doc("The protocol of the listener."),
            ),
            REGION,
            OWNER,
        ],
        answer: answer!(&[
            field(
                "BackendServers",
                Shape::Wrapped("BackendServer", HEALTH),
                doc("The states, one for each listener and entry."),
            ),
            REQUEST_ID,
        ]),
        ..BASE
    },
    Operation {
        name: "SetBackendServers",
        doc: doc("Sets weights in the default server group: of the servers named, and of no others."),
        source: doc(
            "https://www.alibabacloud.com/help/en/slb/classic-load-balancer/developer-reference/api-slb-2014-05-15-setbackendservers",
        ),
        effect: Effect::Write,
        parameters: &[
            LOAD_BALANCER,
            required(
                "backendServers",
                "BackendServers",
                Kind::Batch(&servers::WEIGHTS_OF_DEFAULT_GROUP),
                doc("The servers with their weights, at most `maxBackendsPerCall`."),
            ),
            REGION,
            OWNER,
        ],
        answer: answer!(&[LB, SERVERS, REQUEST_ID]),
        ..BASE
    },
    Operation {
        name: "SetVServerGroupAttribute",
        doc: doc("Sets weights in a vServer group, of the entries named and of no others; or the group's name."),
        source: doc(
            "https://www.alibabacloud.com/help/en/slb/classic-load-balancer/developer-reference/api-slb-2014-05-15-setvservergroupattribute",
        ),
        effect: Effect::Write,
        parameters: &[
            GROUP,
            needed(
                Need::Or("vServerGroupName"),
                "backendServers",
                "BackendServers",
                Kind::Batch(&servers::WEIGHTS_OF_VSERVER_GROUP),
                doc("The entries with their weights, at most `maxBackendsPerCall`."),
            ),
            optional("vServerGroupName", "VServerGroupName", Kind::Text(128), doc("The group's new name.")),
            REGION,
            OWNER,
        ],
        answer: answer!(&[VGROUP, VGROUP_NAME, SERVERS, REQUEST_ID]),
        ..BASE
    },
    Operation {
        name: "AddBackendServers",
        doc: doc("Adds running servers to the default server group. One that is there already is an error."),
        source: doc(
            "https://www.alibabacloud.com/help/en/slb/classic-load-balancer/developer-reference/api-slb-2014-05-15-addbackendservers",
        ),
        effect: Effect::Create,
        parameters: &[
            LOAD_BALANCER,
            required(
                "backendServers",
                "BackendServers",
                Kind::Batch(&servers::ANY_GROUP),
                doc("The servers to add, at most `maxBackendsPerCall`."),
            ),
            REGION,
            OWNER,
        ],
        answer: answer!(&[LB, SERVERS, REQUEST_ID]),
        ..BASE
    },
    Operation {
        name: "AddVServerGroupBackendServers",
        doc: doc("Adds running servers to a vServer group. An entry that is there already is an error."),
        source: doc(
            "https://www.alibabacloud.com/help/en/slb/classic-load-balancer/developer-reference/api-slb-2014-05-15-addvservergroupbackendservers",
        ),
        effect: Effect::Create,
        parameters: &[
            GROUP,
            required(
                "backendServers",
                "BackendServers",
                Kind::Batch(&servers::NEW_IN_VSERVER_GROUP),
                doc("The entries to add, at most `maxBackendsPerCall`."),
            ),
            REGION,
            OWNER,
        ],
        answer: answer!(&[VGROUP, SERVERS, REQUEST_ID]),
        ..BASE
    },
];
