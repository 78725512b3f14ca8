//! Taking servers out of Classic Load Balancer safely: what to read, and which call makes a change.
//!
//! Sources: the vendor's API reference; what its own cloud controller manager and Terraform provider do.
//! The default group and each vServer group of a load balancer are changed one after the other, up
//! to twenty entries at once. Weight 0 drains. There is no drain status.

use alloc::{string::String, vec::Vec};

use crate::core::encode::decimal;
use crate::core::json::{Json, push_comma};
use crate::core::operation::{Kind, Need, Parameter, doc, needed, optional};
use crate::core::text::{has_word, join, same};
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
    settle_ms: 5_000,
    // An entry is what it is made of.
    twin: "",
    culprits: "ObtainIpFail InvalidServerId.NotFound",
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

fn take(asked: &Read, answer: Value<'_>, balancer: &mut Balancer, next: &mut Vec<Read>) {
    match asked.what {
        BALANCER | HEADER => {
            balancer.id = asked.id.clone();
            balancer.name = answer.text("loadBalancerName").into();
            balancer.status = answer.text("loadBalancerStatus").into();
            balancer.condition = if balancer.status == "locked" { Condition::Stuck } else { Condition::Ready };
            balancer.listeners.clear();
            for listener in items(answer, "listenerPortsAndProtocol") {
                balancer.listeners.push(user(listener, "listenerProtocol", "listenerPort"));
            }
            // Where the default group is of interest, this is the latest of it.
            if asked.what == BALANCER || balancer.find(&asked.id).is_some() {
                balancer.group(&asked.id, DEFAULT).backends = backends(answer, SERVERS);
            }
        }
        FIRST | GROUP => {
            let group = balancer.group(&asked.id, VSERVER_GROUP);
            group.name = answer.text("vServerGroupName").into();
            group.backends = backends(answer, SERVERS);
            if asked.what == FIRST {
                let of = answer.text("loadBalancerId");
                next.extend([read(HEADER, of), read(NAMES, of), read(HEALTH, of)]);
            }
        }
        GROUPS | NAMES => {
            let mut free = balancer.listeners.clone();
            for told in items(answer, "vServerGroups") {
                let id = told.text("vServerGroupId");
                let associated = told.get("associatedObjects").unwrap_or(told);
                let mut users = Vec::new();
                for listener in items(associated, "listeners") {
                    let user = user(listener, "protocol", "port");
                    free.retain(|listener| !same(listener, &user));
                    users.push(user);
                }
                for rule in items(associated, "rules") {
                    users.push(join(&["rule ", rule.text("ruleId"), " ", rule.text("domain"), rule.text("url")]));
                }
                if asked.what == GROUPS {
                    next.push(read(GROUP, id));
                } else if balancer.find(id).is_none() {
                    continue;
                }
                balancer.group(id, VSERVER_GROUP).users = users;
            }
            if asked.what == GROUPS {
                next.extend([read(PAIRS, &asked.id), read(HEALTH, &asked.id)]);
            }
            if let Some(group) = balancer.groups.iter_mut().find(|group| group.kind == DEFAULT) {
                group.users = free;
            }
        }
        PAIRS => {
            for told in items(answer, "masterSlaveServerGroups") {
                let mut users = Vec::new();
                for listener in items(told.get("associatedObjects").unwrap_or(told), "listeners") {
                    users.push(user(listener, "protocol", "port"));
                }
                if let Some(default) = balancer.groups.iter_mut().find(|group| group.kind == DEFAULT) {
                    default.users.retain(|listener| !users.contains(listener));
                }
                let group = balancer.group(told.text("masterSlaveServerGroupId"), "masterSlaveServerGroup");
                group.name = told.text("masterSlaveServerGroupName").into();
                group.users = users;
                group.fixed = true;
                next.push(read(PAIR, &group.id));
            }
        }
        PAIR => {
            balancer.group(&asked.id, "").backends = backends(answer, "masterSlaveBackendServers");
        }
        _ => {
            for group in &mut balancer.groups {
                health(group, answer);
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
    for told in items(answer, list) {
        let server = told.text("serverId");
        let port = said(told, "port");
        let address = if is_ecs(told) { "" } else { told.text("serverIp") };
        out.push(Backend {
            id: join(&[
                server,
                if address.is_empty() { "" } else { " " },
                address,
                if port.is_empty() { "" } else { ":" },
                port,
            ]),
            server: join(&[server, if address.is_empty() { "" } else { " " }, address]),
            weight: number(told, "weight", 100),
            enabled: true,
            saved: told.raw().into(),
            facts: FACTS,
            ..Backend::default()
        });
    }
    out
}

/// Of an ECS instance the address tells nothing; an ENI has several.
fn is_ecs(server: Value<'_>) -> bool {
    !has_word("eni eci", server.text("type"))
}

/// What each backend's listeners say of it.
fn health(group: &mut Group, answer: Value<'_>) {
    if group.backends.is_empty() {
        return;
    }
    let ruled = group.users.iter().any(|user| user.starts_with("rule "));
    let listened = group.users.iter().any(|user| !user.starts_with("rule "));
    // A row for each listener and entry of the load balancer: those of a server are found, not looked for.
    let rows: Vec<Value<'_>> = items(answer, "backendServers").collect();
    let servers: Vec<&str> = rows.iter().map(|row| row.text("serverId")).collect();
    let places = order(&servers);
    for backend in &mut group.backends {
        let own = Json::new(backend.saved.clone()).read();
        let own = own.value();
        let (mut found, mut doubtful) = (Health::Unknown, false);
        let from = places.partition_point(|place| servers[*place] < own.text("serverId"));
        for told in places[from..].iter().map(|place| rows[*place]) {
            if !same(told.text("serverId"), own.text("serverId")) {
                break;
            }
            let listener = user(told, "protocol", "listenerPort");
            // A listener whose protocol is not told is known by its port.
            let asks = |user: &String| {
                if listener.starts_with(':') { user.ends_with(&listener) } else { same(user, &listener) }
            };
            if differs(own, told, "port") || (!is_ecs(own) && differs(own, told, "serverIp")) {
                continue;
            }
            if listened && !group.users.iter().any(asks) {
                // Which listener a rule belongs to is not told: of those that have rules it may be any.
                let may_be_ruled = ruled && !has_word("tcp udp", told.text("protocol"));
                doubtful |= may_be_ruled && told.text("serverHealthStatus") == "abnormal";
                continue;
            }
            found = match (told.text("serverHealthStatus"), found) {
                ("normal", Health::Unknown | Health::Healthy) => Health::Healthy,
                ("abnormal", Health::Unknown | Health::Unhealthy) => Health::Unhealthy,
                ("normal" | "abnormal", _) => Health::Mixed,
                (_, before) => before,
            };
        }
        // Nothing to rely on then, and nothing that is known to fail.
        backend.health = if doubtful && found != Health::Unhealthy { Health::Mixed } else { found };
    }
}

/// Whether both say it, and not the same.
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
        let saved = Json::new(backend.saved.clone()).read();
        let saved = saved.value();
        let mut item = Json::object(&[("serverId", saved.text("serverId"))]);
        // What is set is repeated whole: what is left out may go back to its default.
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
