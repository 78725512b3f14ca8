//! The operations of the load balancer API v2.0, as OTC, Huawei (shared load balancers) and Octavia
//! serve it under one path. Where the two dialects differ, the field's line says so.
//!
//! Sources: seed 003 (removing a backend server), the Octavia API reference, the OTC ELB API
//! reference, and answers recorded from Octavia 19.

use crate::core::operation::{
    Doc, Effect, Empty, Field, Kind, Need, Operation, Paging, Parameter, Shape, TIMEOUT_MS, doc, expected, field,
    needed, optional, required,
};
use crate::core::sample::answer;

const POOL: Parameter = required("poolId", "", Kind::Id, doc("The id of the pool (backend server group)."));
const MEMBER: Parameter =
    required("memberId", "", Kind::Id, doc("The id of the member in its pool; not the server's id."));

const LOAD_BALANCER: Parameter = required("loadBalancerId", "", Kind::Id, doc("The id of the load balancer."));
const WEIGHT: Kind = Kind::Integer(0, 256);
const WEIGHT_DOC: Doc =
    doc("The weight: 0 takes no new connections. 0 to 256 with Octavia, 0 to 100 with OTC and Huawei.");
const MEMBER_NAME: Parameter = optional("name", "name", Kind::Text(255), doc("The member's own name."));
const ADMIN_STATE: Parameter =
    optional("adminStateUp", "admin_state_up", Kind::Flag, doc("Whether it is switched on. Octavia only."));
const BACKUP: Parameter =
    optional("backup", "backup", Kind::Flag, doc("Whether it serves only when all others fail. Octavia only."));
const MONITOR_ADDRESS: Parameter = optional(
    "monitorAddress",
    "monitor_address",
    Kind::Address,
    doc("The address that health checks use. Octavia only."),
);
const MONITOR_PORT: Parameter = optional(
    "monitorPort",
    "monitor_port",
    Kind::Integer(1, 65_535),
    doc("The port that health checks use. Octavia only."),
);
const TAGS: Parameter =
    optional("tags", "tags", Kind::List(&Kind::Text(255), Empty::Fine), doc("The tags. Octavia only."));

/// The parameters that Octavia alone understands. OTC and Huawei have reserved `admin_state_up`: they
/// would take it and do nothing.
pub const OCTAVIA_ONLY: &str = "adminStateUp backup monitorAddress monitorPort tags";
/// The highest weight of OTC and Huawei.
pub const SHARED_WEIGHT: i64 = 100;

const ID: Field = field("id", Shape::Text, doc("The id."));
const NAME: Field = field("name", Shape::Text, doc("The name."));
const OPERATING: Field = field(
    "operating_status",
    Shape::Text,
    doc("`ONLINE`, `OFFLINE`, `NO_MONITOR`; Octavia also `DRAINING`, `DEGRADED`, `ERROR`; OTC's tree also `DISABLED`."),
);
const PROVISIONING: Field = field(
    "provisioning_status",
    Shape::Text,
    doc("Octavia: `ACTIVE`, `PENDING_…` or `ERROR`. OTC: always `ACTIVE`, or not there."),
);
const UP: Field = field("admin_state_up", Shape::Flag, doc("Octavia: whether it is switched on. OTC: reserved."));
const PROJECT: Field = field("project_id", Shape::Text, doc("The project."));

const REQUEST_ID: Field =
    field("RequestId", Shape::Text, doc("The service's id of this request, where the runtime may read it."));

/// A status tree tells the first six.
const MEMBER_FIELDS: &[Field] = &[
    ID,
    NAME,
    OPERATING,
    PROVISIONING,
    field("address", Shape::Text, doc("The address.")),
    field("protocol_port", Shape::Integer, doc("The port.")),
    field("weight", Shape::Integer, doc("The weight; 0 takes no new connections.")),
    UP,
    field("subnet_id", Shape::Text, doc("The subnet.")),
    field("backup", Shape::Flag, doc("Octavia: whether it serves only when all others fail.")),
    field("monitor_address", Shape::Text, doc("Octavia: the address that health checks use.")),
    field("monitor_port", Shape::Integer, doc("Octavia: the port that health checks use.")),
    PROJECT,
    field("tags", Shape::Texts, doc("Octavia: the tags.")),
];
const ONE_MEMBER: &[Field] = &[expected("member", Shape::Object(MEMBER_FIELDS), doc("The member.")), REQUEST_ID];

const POOL_FIELDS: &[Field] = &[
    ID,
    NAME,
    OPERATING,
    PROVISIONING,
    field("protocol", Shape::Text, doc("The protocol.")),
    field(
        "lb_algorithm",
        Shape::Text,
        doc("How it chooses: `ROUND_ROBIN`, `LEAST_CONNECTIONS`, `SOURCE_IP`; Octavia also `SOURCE_IP_PORT`."),
    ),
    field(
        "session_persistence",
        Shape::Object(&[
            field("type", Shape::Text, doc("`SOURCE_IP`, `HTTP_COOKIE` or `APP_COOKIE`.")),
            field("cookie_name", Shape::Text, doc("The cookie.")),
        ]),
        doc("What keeps a client at its member."),
    ),
    UP,
    field("healthmonitor_id", Shape::Text, doc("The health monitor.")),
    field("loadbalancers", Shape::List(&[ID]), doc("The load balancers that it is on.")),
    field("listeners", Shape::List(&[ID]), doc("The listeners whose default it is.")),
    field("members", Shape::List(&[ID]), doc("The members' ids.")),
    PROJECT,
];

const LOAD_BALANCER_FIELDS: &[Field] = &[
    ID,
    NAME,
    OPERATING,
    PROVISIONING,
    field("vip_address", Shape::Text, doc("The address.")),
    field("vip_subnet_id", Shape::Text, doc("The subnet of the address.")),
    field("provider", Shape::Text, doc("Who carries it out.")),
    UP,
    field("listeners", Shape::List(&[ID]), doc("The listeners' ids.")),
    field("pools", Shape::List(&[ID]), doc("The pools' ids.")),
    PROJECT,
];

const POOLS_OF_TREE: Shape = Shape::List(&[
    ID,
    NAME,
    OPERATING,
    PROVISIONING,
    field(
        "health_monitor",
        Shape::Object(&[ID, field("type", Shape::Text, doc("What it sends.")), OPERATING, PROVISIONING]),
        doc("The health monitor."),
    ),
    field("members", Shape::List(MEMBER_FIELDS.split_at(6).0), doc("The members.")),
]);
const TREE: &[Field] = &[
    ID,
    NAME,
    OPERATING,
    PROVISIONING,
    field(
        "listeners",
        Shape::List(&[
            ID,
            NAME,
            OPERATING,
            PROVISIONING,
            field("pools", POOLS_OF_TREE, doc("The pools of the listener.")),
        ]),
        doc("The listeners."),
    ),
    field(
        "pools",
        POOLS_OF_TREE,
        doc(
            "OTC: all pools once more. Octavia leaves it out, and pools without a listener with it: see GetLoadBalancer.",
        ),
    ),
];

/// The path of a pool's members.
const ALL: &str = "/v2.0/lbaas/pools/{poolId}/members";
/// The path of one of them.
const ONE: &str = "/v2.0/lbaas/pools/{poolId}/members/{memberId}";

/// What every operation here shares.
const BASE: Operation = Operation {
    name: "",
    doc: doc(""),
    source: doc(""),
    effect: Effect::Read,
    route: ("", ""),
    envelope: "",
    parameters: &[],
    answer: answer!(&[]),
    paging: Paging::None,
    timeout_ms: TIMEOUT_MS,
};

/// The table.
pub const OPERATIONS: &[Operation] = &[
    Operation {
        name: "DeleteMember",
        doc: doc("Removes a member from its pool. Established connections stay; Octavia answers before it is done."),
        source: doc(
            "seed 003; https://docs.otc.t-systems.com/elastic-load-balancing/api-ref/shared_load_balancer_apis/backend_server/removing_a_backend_server.html",
        ),
        effect: Effect::Removal,
        route: ("DELETE", ONE),
        parameters: &[POOL, MEMBER],
        answer: answer!(&[REQUEST_ID]),
        ..BASE
    },
    Operation {
        name: "ListMembers",
        doc: doc("Lists the members of a pool: all pages."),
        source: doc("https://docs.openstack.org/api-ref/load-balancer/v2/#list-members"),
        route: ("GET", ALL),
        parameters: &[
            POOL,
            optional("limit", "limit", Kind::Integer(1, 2_000), doc("How many members one request asks for.")),
            optional("marker", "marker", Kind::Id, doc("The id of the member after which to begin.")),
        ],
        answer: answer!(&[expected("members", Shape::List(MEMBER_FIELDS), doc("The members.")), REQUEST_ID]),
        paging: Paging::Marker { list: "members" },
        ..BASE
    },
    Operation {
        name: "GetMember",
        doc: doc("Describes a member of a pool."),
        source: doc("https://docs.openstack.org/api-ref/load-balancer/v2/#show-member-details"),
        route: ("GET", ONE),
        parameters: &[POOL, MEMBER],
        answer: answer!(ONE_MEMBER),
        ..BASE
    },
    Operation {
        name: "UpdateMember",
        doc: doc(
            "Changes a member: what is not given stays. Weight 0 drains it; connections stay. Address and port cannot be changed. Octavia answers before it is done.",
        ),
        source: doc(
            "https://docs.openstack.org/api-ref/load-balancer/v2/#update-a-member; for OTC and Huawei \"Modifying a Backend Server\" of their API reference v2.0",
        ),
        effect: Effect::Write,
        route: ("PUT", ONE),
        envelope: "member",
        parameters: &[
            POOL,
            MEMBER,
            needed(
                Need::Or("name adminStateUp backup monitorAddress monitorPort tags"),
                "weight",
                "weight",
                WEIGHT,
                WEIGHT_DOC,
            ),
            MEMBER_NAME,
            ADMIN_STATE,
            BACKUP,
            MONITOR_ADDRESS,
            MONITOR_PORT,
            TAGS,
        ],
        answer: answer!(ONE_MEMBER),
        ..BASE
    },
    Operation {
        name: "CreateMember",
        doc: doc(
            "Adds a member to a pool. It gets a new id. One with the same address and port is an error. Octavia answers before it is done.",
        ),
        source: doc(
            "https://docs.openstack.org/api-ref/load-balancer/v2/#create-member; for OTC and Huawei \"Adding a Backend Server\" of their API reference v2.0",
        ),
        effect: Effect::Create,
        route: ("POST", ALL),
        envelope: "member",
        parameters: &[
            POOL,
            required("address", "address", Kind::Address, doc("The address.")),
            required("protocolPort", "protocol_port", Kind::Integer(1, 65_535), doc("The port.")),
            optional("subnetId", "subnet_id", Kind::Id, doc("The subnet of the address; OTC and Huawei need it.")),
            optional("weight", "weight", WEIGHT, WEIGHT_DOC),
            MEMBER_NAME,
            ADMIN_STATE,
            BACKUP,
            MONITOR_ADDRESS,
            MONITOR_PORT,
            TAGS,
        ],
        answer: answer!(ONE_MEMBER),
        ..BASE
    },
    Operation {
        name: "GetPool",
        doc: doc("Describes a pool: what it is on, how it chooses, the ids of its members."),
        source: doc("https://docs.openstack.org/api-ref/load-balancer/v2/#show-pool-details"),
        route: ("GET", "/v2.0/lbaas/pools/{poolId}"),
        parameters: &[POOL],
        answer: answer!(&[expected("pool", Shape::Object(POOL_FIELDS), doc("The pool.")), REQUEST_ID]),
        ..BASE
    },
    Operation {
        name: "GetLoadBalancer",
        doc: doc("Describes a load balancer: its state, the ids of its listeners and pools."),
        source: doc("https://docs.openstack.org/api-ref/load-balancer/v2/#show-load-balancer-details"),
        route: ("GET", "/v2.0/lbaas/loadbalancers/{loadBalancerId}"),
        parameters: &[LOAD_BALANCER],
        answer: answer!(&[
            expected("loadbalancer", Shape::Object(LOAD_BALANCER_FIELDS), doc("The load balancer.")),
            REQUEST_ID
        ]),
        ..BASE
    },
    Operation {
        name: "GetLoadBalancerStatuses",
        doc: doc(
            "Says how everything on a load balancer is: listeners, pools, health monitors and members as one tree.",
        ),
        source: doc("https://docs.openstack.org/api-ref/load-balancer/v2/#get-the-load-balancer-status-tree"),
        route: ("GET", "/v2.0/lbaas/loadbalancers/{loadBalancerId}/statuses"),
        parameters: &[LOAD_BALANCER],
        answer: answer!(&[
            expected(
                "statuses",
                Shape::Object(&[expected("loadbalancer", Shape::Object(TREE), doc("The load balancer."))]),
                doc("The tree."),
            ),
            REQUEST_ID,
        ]),
        ..BASE
    },
];
