//! Taking servers out of Classic Load Balancer safely: what to read, and which call makes a change.
//!
//! Sources: the vendor's API reference; what its own cloud controller manager and Terraform provider do.
//! The default group and each vServer group of a load balancer are changed one after the other, up
//! to twenty entries at once. Weight 0 drains. There is no drain status.

use alloc::{string::String, vec::Vec};

use crate::core::encode::decimal;
use crate::core::json::{Json, push_comma};
use crate::core::operation::{Kind, Need, Parameter, doc, needed, optional};
use crate::core::text::{cut, has_word, join, same};
use crate::core::value::Value;
use crate::removal::family::{BY_ID, Change, Edit, Family, IN_GROUP, Read, read};
use crate::removal::world::{Backend, Balancer, Condition, Group, Health, Rule, items, number, order, said};

/// The load balancer with its default group.
const BALANCER: u8 = 0;
/// The load balancer alone.
const HEADER: u8 = 1;
/// Its vServer groups, all of them.
const GROUPS: u8 = 2;
/// The names of those groups that are known already.
const NAMES: u8 = 3;
/// A vServer group.
const GROUP: u8 = 4;
/// A vServer group whose load balancer is not known yet.
const FIRST: u8 = 5;
/// The health of all servers of a load balancer.
const HEALTH: u8 = 6;
/// Its master-slave server groups.
const PAIRS: u8 = 7;
/// A master-slave server group.
const PAIR: u8 = 8;

/// Name, address, port and type of a backend.
const FACTS: &[&str] = &["", "serverIp", "port", "type"];

/// The family.
pub const FAMILY: Family = Family {
    from: &[
        needed(
            Need::Either("vServerGroupId"),
            "loadBalancerId",
            "",
            Kind::Id,
            doc("The CLB instance: its default group and all its vServer groups."),
        ),
        optional("vServerGroupId", "", Kind::Id, doc("Only this vServer group.")),
        needed(
            Need::Without("vServerGroupId"),
            "defaultGroupOnly",
            "",
            Kind::Flag,
            doc("Of the CLB instance, only its default group."),
        ),
    ],
    selectors: &[
        BY_ID,
        optional("serverId", "serverId", Kind::Id, doc("The id of the ECS instance, ENI or container instance.")),
        optional("serverIp", "serverIp", Kind::Address, doc("The server's address.")),
        optional("address", "serverIp", Kind::Address, doc("The same as `serverIp`.")),
        PORT,
        IN_GROUP,
        HEALTH_OF_SERVER,
    ],
    facts: FACTS,
    batches: true,
    visible_after_ms: 5_000,
    // An entry is what it is made of.
    identity_fields: "",
    backend_error_codes: "ObtainIpFail InvalidServerId.NotFound",
    begin,
    again,
    operation,
    take,
    change,
    edit: no_rules,
};

const PORT: Parameter = optional("port", "port", Kind::Integer(1, 65_535), doc("The backend port, in vServer groups."));
const HEALTH_OF_SERVER: Parameter =
    optional("health", "", Kind::OneOf("unhealthy"), doc("Those whose health check fails."));

fn begin(from: Value<'_>) -> Vec<Read> {
    let balancer = from.text("loadBalancerId");
    match from.text("vServerGroupId") {
        "" if from.get("defaultGroupOnly").is_some_and(Value::is_true) => {
            [read(BALANCER, balancer), read(NAMES, balancer), read(HEALTH, balancer)].into()
        }
        "" => [read(BALANCER, balancer), read(GROUPS, balancer)].into(),
        group => [read(FIRST, group)].into(),
    }
}

fn again(balancer: &Balancer, group: &Group) -> Vec<Read> {
    let own = match group.kind {
        DEFAULT => read(BALANCER, &balancer.id),
        _ => read(GROUP, &group.id),
    };
    [own, read(HEALTH, &balancer.id)].into()
}

const DEFAULT: &str = "default";
const VSERVER_GROUP: &str = "vServerGroup";

fn operation(read: &Read) -> Json {
    let (name, of) = match read.what {
        BALANCER | HEADER => ("DescribeLoadBalancerAttribute", "loadBalancerId"),
        GROUPS | NAMES => ("DescribeVServerGroups", "loadBalancerId"),
        HEALTH => ("DescribeHealthStatus", "loadBalancerId"),
        PAIRS => ("DescribeMasterSlaveServerGroups", "loadBalancerId"),
        PAIR => ("DescribeMasterSlaveServerGroupAttribute", "masterSlaveServerGroupId"),
        _ => ("DescribeVServerGroupAttribute", "vServerGroupId"),
    };
    let mut out = Json::object(&[("operation", name), (of, &read.id)]);
    if matches!(read.what, GROUPS | NAMES | PAIRS) {
        out.add_json("includeListener", "true");
    }
    if matches!(read.what, GROUPS | NAMES) {
        out.add_json("includeRule", "true");
    }
    out
}

fn take(query: &Read, answer: Value<'_>, balancer: &mut Balancer, next: &mut Vec<Read>) {
    match query.what {
        BALANCER | HEADER => {
            balancer.id = query.id.clone();
            balancer.name = answer.text("loadBalancerName").into();
            balancer.status = answer.text("loadBalancerStatus").into();
            balancer.condition = if balancer.status == "locked" { Condition::Stuck } else { Condition::Ready };
            balancer.listeners.clear();
            for listener in items(answer, "listenerPortsAndProtocol") {
                balancer.listeners.push(user(listener, "listenerProtocol", "listenerPort"));
            }
            // Where the default group belongs to the request, this answer is its latest state.
            if query.what == BALANCER || balancer.find(&query.id).is_some() {
                balancer.group(&query.id, DEFAULT).backends = backends(answer, SERVERS);
            }
        }
        FIRST | GROUP => {
            let group = balancer.group(&query.id, VSERVER_GROUP);
            group.name = answer.text("vServerGroupName").into();
            group.backends = backends(answer, SERVERS);
            if query.what == FIRST {
                let of = answer.text("loadBalancerId");
                next.extend([read(HEADER, of), read(NAMES, of), read(HEALTH, of)]);
            }
        }
        GROUPS | NAMES => {
            let mut free = balancer.listeners.clone();
            for item in items(answer, "vServerGroups") {
                let id = item.text("vServerGroupId");
                let associated = item.get("associatedObjects").unwrap_or(item);
                let mut users = Vec::new();
                for listener in items(associated, "listeners") {
                    let user = user(listener, "protocol", "port");
                    free.retain(|listener| !same(listener, &user));
                    users.push(user);
                }
                for rule in items(associated, "rules") {
                    users.push(join(&["rule ", rule.text("ruleId"), " ", rule.text("domain"), rule.text("url")]));
                }
                if query.what == GROUPS {
                    next.push(read(GROUP, id));
                } else if balancer.find(id).is_none() {
                    continue;
                }
                balancer.group(id, VSERVER_GROUP).users = users;
            }
            if query.what == GROUPS {
                next.extend([read(PAIRS, &query.id), read(HEALTH, &query.id)]);
            }
            if let Some(group) = balancer.groups.iter_mut().find(|group| group.kind == DEFAULT) {
                group.users = free;
            }
        }
        PAIRS => {
            for item in items(answer, "masterSlaveServerGroups") {
                let mut users = Vec::new();
                for listener in items(item.get("associatedObjects").unwrap_or(item), "listeners") {
                    users.push(user(listener, "protocol", "port"));
                }
                if let Some(default) = balancer.groups.iter_mut().find(|group| group.kind == DEFAULT) {
                    default.users.retain(|listener| !users.contains(listener));
                }
                let group = balancer.group(item.text("masterSlaveServerGroupId"), "masterSlaveServerGroup");
                group.name = item.text("masterSlaveServerGroupName").into();
                group.users = users;
                group.immutable = true;
                next.push(read(PAIR, &group.id));
            }
        }
        PAIR => {
            balancer.group(&query.id, "").backends = backends(answer, "masterSlaveBackendServers");
        }
        _ => {
            for group in &mut balancer.groups {
                health(group, &balancer.listeners, answer);
            }
        }
    }
}

/// A listener, as `http:80`.
fn user(listener: Value<'_>, protocol: &str, port: &str) -> String {
    join(&[listener.text(protocol), ":", said(listener, port)])
}

const SERVERS: &str = "backendServers";

fn backends(answer: Value<'_>, list: &str) -> Vec<Backend> {
    let mut out = Vec::new();
    for item in items(answer, list) {
        let server = item.text("serverId");
        let port = said(item, "port");
        let address = if is_ecs(item) { "" } else { item.text("serverIp") };
        out.push(Backend {
            id: join(&[
                server,
                if address.is_empty() { "" } else { " " },
                address,
                if port.is_empty() { "" } else { ":" },
                port,
            ]),
            server: join(&[server, if address.is_empty() { "" } else { " " }, address]),
            weight: number(item, "weight", 100),
            enabled: true,
            saved: item.raw().into(),
            facts: FACTS,
            ..Backend::default()
        });
    }
    out
}

/// Whether it is an ECS instance, which its id alone identifies; an ENI has several addresses.
fn is_ecs(server: Value<'_>) -> bool {
    !has_word("eni eci", server.text("type"))
}

/// Sets each backend's health to what the listeners of its group say of it. The answer does not say which listener a rule
/// belongs to: of the load balancer's `listeners` it may be any that is not TCP or UDP.
fn health(group: &mut Group, listeners: &[String], answer: Value<'_>) {
    if group.backends.is_empty() {
        return;
    }
    let ruled = group.users.iter().any(|user| user.starts_with("rule "));
    let listened = group.users.iter().any(|user| !user.starts_with("rule "));
    let may_have_rules = |listener: &&String| !has_word("tcp udp", cut(listener, ":").0);
    let with_rules: Vec<&String> = listeners.iter().filter(may_have_rules).collect();
    // There is a row for each listener and entry of the load balancer, which may be thousands: sorted by server, so that
    // those of one are found by halving.
    let rows: Vec<Value<'_>> = items(answer, "backendServers").collect();
    let servers: Vec<&str> = rows.iter().map(|row| row.text("serverId")).collect();
    let by_server = order(&servers);
    for backend in &mut group.backends {
        let saved = backend.fields();
        let saved = saved.value();
        let (mut found, mut failing) = (Health::Unknown, Vec::new());
        let from = by_server.partition_point(|index| servers[*index] < saved.text("serverId"));
        for row in by_server[from..].iter().map(|index| rows[*index]) {
            if !same(row.text("serverId"), saved.text("serverId")) {
                break;
            }
            let listener = user(row, "protocol", "listenerPort");
            let asks = |user: &String| is_listener(user, &listener);
            if differs(saved, row, "port") || (!is_ecs(saved) && differs(saved, row, "serverIp")) {
                continue;
            }
            if (listened || ruled) && !group.users.iter().any(asks) {
                let known = listeners.iter().find(|user| asks(user)).unwrap_or(&listener);
                if !ruled || !may_have_rules(&known) {
                    continue;
                }
                if row.text("serverHealthStatus") == "abnormal" {
                    failing.push(listener);
                }
                if listened {
                    continue;
                }
            }
            found = match (row.text("serverHealthStatus"), found) {
                ("normal", Health::Unknown | Health::Healthy) => Health::Healthy,
                ("abnormal", Health::Unknown | Health::Unhealthy) => Health::Unhealthy,
                ("normal" | "abnormal", _) => Health::Mixed,
                (_, before) => before,
            };
        }
        let fails = |user: &&String| failing.iter().any(|listener| is_listener(user, listener));
        let everywhere = || !with_rules.is_empty() && with_rules.iter().all(fails);
        let sure = found == Health::Unhealthy && (listened || everywhere());
        // Where a rule's listener may have found it unhealthy, it counts neither as healthy nor as unhealthy.
        backend.health = if failing.is_empty() || sure { found } else { Health::Mixed };
    }
}

/// Whether a listener is the one of a row, which is known by its port where its protocol is not given.
fn is_listener(user: &str, row: &str) -> bool {
    if row.starts_with(':') { user.ends_with(row) } else { same(user, row) }
}

/// Whether both have the field, with different values.
fn differs(one: Value<'_>, other: Value<'_>, name: &str) -> bool {
    let (one, other) = (said(one, name), said(other, name));
    !one.is_empty() && !other.is_empty() && !same(one, other)
}

fn change(change: Change, balancer: &Balancer, group: &Group, backends: &[&Backend]) -> Json {
    let default = group.kind == DEFAULT;
    let name = match (change, default) {
        (Change::Remove, true) => "RemoveBackendServers",
        (Change::Remove, false) => "RemoveVServerGroupBackendServers",
        (Change::Add, true) => "AddBackendServers",
        (Change::Add, false) => "AddVServerGroupBackendServers",
        (_, true) => "SetBackendServers",
        (_, false) => "SetVServerGroupAttribute",
    };
    let mut out = match default {
        true => Json::object(&[("operation", name), ("loadBalancerId", &balancer.id)]),
        false => Json::object(&[("operation", name), ("vServerGroupId", &group.id)]),
    };
    let mut list = String::from("[");
    for backend in backends {
        let saved = backend.fields();
        let saved = saved.value();
        let mut item = Json::object(&[("serverId", saved.text("serverId"))]);
        // A change repeats the whole entry, since the service may set a field that is left out to its default.
        let fields: &[&str] = match (change, is_ecs(saved)) {
            (Change::Remove, true) => &["type"],
            (Change::Remove, false) => &["type", "serverIp"],
            (_, true) => &["type", "description"],
            (_, false) => &["type", "serverIp", "description"],
        };
        for name in fields {
            let text = saved.text(name);
            if !text.is_empty() {
                item.add(name, text);
            }
        }
        if let (Some(port), false) = (saved.get("port"), default) {
            item.add_json("port", port.raw());
        }
        match change {
            Change::Drain => item.add_json("weight", "0"),
            Change::Restore | Change::Add => item.add_json("weight", &decimal(backend.weight)),
            Change::Remove => {}
        }
        push_comma(&mut list);
        list.push_str(item.as_str());
    }
    list.push_str("]");
    out.add_json("backendServers", &list);
    out
}

/// The rules here send to whole groups: none is edited to take a server out.
fn no_rules(_: Edit, _: &Balancer, _: &Group, _: &Rule, _: &[String]) -> Json {
    Json::object(&[])
}
