//! The operations of the load balancer API v2.0, as OTC, Huawei (shared load balancers) and Octavia
//! serve it under one path. Where the two dialects differ, the field's line says so.
//!
//! Sources: seed 003 (removing a backend server), the Octavia API reference, the OTC ELB API
//! reference, and answers recorded from Octavia 19.

use crate::core::operation::{
    Effect, Field, Kind, Operation, Paging, Parameter, Shape, TIMEOUT_MS, doc, expected, field, optional, required,
};

const POOL: Parameter = required("poolId", "", Kind::Id, doc("The id of the pool (backend server group)."));
const MEMBER: Parameter =
    required("memberId", "", Kind::Id, doc("The id of the member in its pool; not the server's id."));

const REQUEST_ID: Field =
    field("RequestId", Shape::Text, doc("The service's id of this request, where the runtime may read it."));

const MEMBER_FIELDS: &[Field] = &[
    field("id", Shape::Text, doc("The id of the member.")),
    field("name", Shape::Text, doc("The name of the member.")),
    field("address", Shape::Text, doc("The address.")),
    field("protocol_port", Shape::Integer, doc("The port.")),
    field("weight", Shape::Integer, doc("The weight; 0 takes no new connections.")),
    field("admin_state_up", Shape::Flag, doc("Octavia: whether it is switched on. OTC: reserved.")),
    field("subnet_id", Shape::Text, doc("The subnet.")),
    field(
        "operating_status",
        Shape::Text,
        doc("`ONLINE`, `OFFLINE`, `NO_MONITOR`; Octavia also `DRAINING`, `DEGRADED`, `ERROR`."),
    ),
    field("provisioning_status", Shape::Text, doc("Octavia: `ACTIVE`, `PENDING_…` or `ERROR`.")),
    field("backup", Shape::Flag, doc("Octavia: whether it serves only when all others fail.")),
    field("monitor_address", Shape::Text, doc("Octavia: the address that health checks use.")),
    field("monitor_port", Shape::Integer, doc("Octavia: the port that health checks use.")),
    field("project_id", Shape::Text, doc("Octavia: the project.")),
    field("tags", Shape::Texts, doc("Octavia: the tags.")),
];

/// What every operation here shares.
const BASE: Operation = Operation {
    name: "",
    doc: doc(""),
    source: doc(""),
    effect: Effect::Read,
    route: ("", ""),
    parameters: &[],
    answer: &[],
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
        route: ("DELETE", "/v2.0/lbaas/pools/{poolId}/members/{memberId}"),
        parameters: &[POOL, MEMBER],
        answer: &[REQUEST_ID],
        ..BASE
    },
    Operation {
        name: "ListMembers",
        doc: doc("Lists the members of a pool: all pages."),
        source: doc("https://docs.openstack.org/api-ref/load-balancer/v2/#list-members"),
        route: ("GET", "/v2.0/lbaas/pools/{poolId}/members"),
        parameters: &[
            POOL,
            optional("limit", "limit", Kind::Integer(1, 2_000), doc("How many members one request asks for.")),
            optional("marker", "marker", Kind::Id, doc("The id of the member after which to begin.")),
        ],
        answer: &[expected("members", Shape::List(MEMBER_FIELDS), doc("The members.")), REQUEST_ID],
        paging: Paging::Marker { list: "members" },
        ..BASE
    },
];
