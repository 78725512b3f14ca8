//! Taking members out of pools safely: what to read, and which call makes a change.
//!
//! Sources: the Octavia API reference and what a real Octavia 19 does; the OTC ELB API reference.
//! Each call changes one member and locks the whole load balancer until it is carried out. Weight 0
//! drains. A 204 means accepted, so a member is gone only when the list no longer has it.

use alloc::vec::Vec;

use crate::core::encode::decimal;
use crate::core::json::Json;
use crate::core::operation::{Kind, Need, doc, needed, optional};
use crate::core::text::{has_word, words};
use crate::core::value::Value;
use crate::removal::family::{BY_ID, Change, Edit, Family, IN_GROUP, Read, read};
use crate::removal::world::{Backend, Balancer, Condition, Group, Health, Rule, items, number};

/// The load balancer and all its pools.
const BALANCER: u8 = 0;
/// The load balancer alone.
const HEADER: u8 = 1;
/// A pool.
const POOL: u8 = 2;
/// A pool whose load balancer is not known yet.
const FIRST: u8 = 3;
/// The members of a pool.
const MEMBERS: u8 = 4;

/// Name, address, port and type of a backend.
const FACTS: &[&str] = &["name", "address", "protocolPort", ""];

/// Octavia.
pub const OCTAVIA: Family = Family {
    from: &[
        needed(Need::Either("poolId"), "loadBalancerId", "", Kind::Id, doc("The load balancer: all its pools.")),
        optional("poolId", "", Kind::Id, doc("Only this pool.")),
    ],
    selectors: &[
        BY_ID,
        optional("memberId", "id", Kind::Id, doc("The id of the member in its pool.")),
        optional("address", "address", Kind::Address, doc("The server's address.")),
        optional("serverIp", "address", Kind::Address, doc("The same as `address`.")),
        optional("port", "protocolPort", Kind::Integer(1, 65_535), doc("The port.")),
        IN_GROUP,
        optional("health", "", Kind::OneOf("unhealthy"), doc("Those whose health check fails.")),
    ],
    facts: FACTS,
    batches: false,
    visible_after_ms: 2_000,
    identity_fields: "address protocolPort",
    backend_error_codes: "",
    begin,
    again: |balancer, group| [read(HEADER, &balancer.id), read(MEMBERS, &group.id)].into(),
    operation,
    take,
    change: |change, _, group, backends| call(change, group, backends, OCTAVIA_MEMBER),
    edit: no_rules,
};

/// The shared load balancers of OTC and Huawei: `admin_state_up` of a member is reserved there. What it says means nothing,
/// and it cannot be set.
pub const SHARED: Family = Family {
    take: |asked, answer, balancer, next| {
        take(asked, answer, balancer, next);
        for backend in balancer.groups.iter_mut().flat_map(|group| &mut group.backends) {
            backend.enabled = true;
        }
    },
    change: |change, _, group, backends| call(change, group, backends, MEMBER),
    ..OCTAVIA
};

fn begin(from: Value<'_>) -> Vec<Read> {
    match from.text("poolId") {
        "" => [read(BALANCER, from.text("loadBalancerId"))].into(),
        pool => [read(FIRST, pool)].into(),
    }
}

fn operation(read: &Read) -> Json {
    let (name, of) = match read.what {
        BALANCER | HEADER => ("GetLoadBalancer", "loadBalancerId"),
        MEMBERS => ("ListMembers", "poolId"),
        _ => ("GetPool", "poolId"),
    };
    Json::object(&[("operation", name), (of, &read.id)])
}

/// The shared load balancers of OTC and Huawei say `ACTIVE`, or nothing.
fn condition(status: &str) -> Condition {
    match status {
        "" | "ACTIVE" | "NO_MONITOR" => Condition::Ready,
        status if status.starts_with("PENDING") => Condition::Changing,
        _ => Condition::Stuck,
    }
}

fn take(query: &Read, answer: Value<'_>, balancer: &mut Balancer, next: &mut Vec<Read>) {
    match query.what {
        BALANCER | HEADER => {
            let Some(json) = answer.get("loadbalancer") else { return };
            balancer.id = query.id.clone();
            balancer.name = json.text("name").into();
            balancer.status = json.text("provisioningStatus").into();
            balancer.condition = condition(&balancer.status);
            balancer.listeners = ids(json, "listeners");
            if query.what == BALANCER {
                next.extend(ids(json, "pools").iter().map(|pool| read(POOL, pool)));
            }
        }
        POOL | FIRST => {
            let Some(json) = answer.get("pool") else { return };
            let method = json.text("lbAlgorithm");
            let group = balancer.group(&query.id, "pool");
            group.name = json.text("name").into();
            group.method = method.into();
            group.users = ids(json, "listeners");
            group.undrainable = if method.starts_with("SOURCE_IP") {
                "with SOURCE_IP a client stays at its member, whatever its weight"
            } else {
                ""
            };
            group.sticky = json.get("sessionPersistence").is_some_and(|kind| !kind.text("type").is_empty());
            if query.what == FIRST {
                next.extend(ids(json, "loadbalancers").iter().take(1).map(|of| read(HEADER, of)));
            }
            next.push(read(MEMBERS, &query.id));
        }
        _ => {
            let members = items(answer, "members");
            balancer.group(&query.id, "pool").backends = members.map(member).collect();
        }
    }
}

fn ids(of: Value<'_>, name: &str) -> Vec<alloc::string::String> {
    items(of, name).map(|item| item.text("id").into()).collect()
}

fn member(json: Value<'_>) -> Backend {
    let status = json.text("provisioningStatus");
    let weight = number(json, "weight", 1);
    Backend {
        id: json.text("id").into(),
        server: json.text("address").into(),
        weight,
        // One that is on its way out serves nobody any more.
        enabled: json.get("adminStateUp").is_none_or(Value::is_true) && status != "PENDING_DELETE",
        health: match json.text("operatingStatus") {
            "ONLINE" => Health::Healthy,
            // Octavia's word for what it has not checked yet, or somebody has switched off; it is the only one of these
            // clouds that tells a state of provisioning. The others say so of what fails its check, and of all that has
            // weight 0, whatever its check says.
            "OFFLINE" if !status.is_empty() || weight == 0 => Health::Unchecked,
            // Octavia's word for weight 0, instead of what the check says.
            "DRAINING" => Health::Unchecked,
            word if has_word("OFFLINE ERROR", word) => Health::Unhealthy,
            "DEGRADED" => Health::Mixed,
            _ => Health::Unknown,
        },
        saved: json.raw().into(),
        facts: FACTS,
    }
}

/// What makes a member what it was.
const MEMBER: &str = "address protocolPort subnetId name";
/// What does at Octavia.
const OCTAVIA_MEMBER: &str = "address protocolPort subnetId name adminStateUp backup monitorAddress monitorPort tags";

/// Every one of these `fields` that the pool's answer had of it. Left out is what was not set and what is the default.
fn create(group: &Group, backend: &Backend, fields: &str) -> Json {
    let mut out = Json::object(&[("operation", "CreateMember"), ("poolId", &group.id)]);
    let saved = backend.fields();
    for name in words(fields) {
        if let Some(value) = saved.value().get(name) {
            let usual = if name == "adminStateUp" { "true" } else { "false" };
            if !value.is_null() && !has_word("\"\" []", value.raw()) && value.raw() != usual {
                out.add_json(name, value.raw());
            }
        }
    }
    out.add_json("weight", &decimal(backend.weight));
    out
}

fn call(change: Change, group: &Group, backends: &[&Backend], fields: &str) -> Json {
    if let (Change::Add, Some(backend)) = (change, backends.first()) {
        return create(group, backend, fields);
    }
    let name = if change == Change::Remove { "DeleteMember" } else { "UpdateMember" };
    let mut out = Json::object(&[("operation", name), ("poolId", &group.id)]);
    for backend in backends {
        out.add("memberId", &backend.id);
        match change {
            Change::Drain => out.add_json("weight", "0"),
            Change::Restore => out.add_json("weight", &decimal(backend.weight)),
            Change::Remove | Change::Add => {}
        }
    }
    out
}

/// The policies here send to whole pools: none is edited to take a member out.
fn no_rules(_: Edit, _: &Balancer, _: &Group, _: &Rule, _: &[alloc::string::String]) -> Json {
    Json::object(&[])
}
