//! Taking backends out of ULB safely: what to read, and which call makes a change.
//!
//! Sources: the vendor's API reference and its console's guide; the acceptance tests of its SDKs.
//! A VServer is a group, and one read shows it whole. Each call changes one backend. Switching off
//! drains, though not with the Backup method. A custom rule of a layer 7 VServer holds its backends
//! back, and is replaced as a whole.

use alloc::{string::String, vec::Vec};

use crate::core::json::Json;
use crate::core::operation::{Kind, doc, optional, required};
use crate::core::text::{before, cut, has_word, join, words};
use crate::core::value::Value;
use crate::removal::family::{BY_ID, Change, Edit, Family, IN_GROUP, Read, read};
use crate::removal::world::{Backend, Balancer, Group, Health, Rule, excerpt, items, number, said, texts};

/// All VServers of a load balancer, or this one.
const ALL: u8 = 0;
const ONE: u8 = 1;

/// Name, address, port and type of a backend.
const FACTS: &[&str] = &["resourceName", "privateIp", "port", "resourceType"];

/// The family.
pub const FAMILY: Family = Family {
    from: &[
        required("ulbId", "", Kind::Id, doc("The load balancer.")),
        optional("vServerId", "", Kind::Id, doc("Of it, only this VServer.")),
    ],
    selectors: &[
        BY_ID,
        optional("backendId", "backendId", Kind::Id, doc("The node id, `backend-…`.")),
        optional("resourceId", "resourceId", Kind::Id, doc("The server: all its nodes.")),
        optional("serverId", "resourceId", Kind::Id, doc("The same as `resourceId`.")),
        optional("address", "privateIp", Kind::Address, doc("The server's address.")),
        optional("serverIp", "privateIp", Kind::Address, doc("The same as `address`.")),
        optional("port", "port", Kind::Integer(1, 65_535), doc("The backend port.")),
        IN_GROUP,
        optional("health", "", Kind::OneOf("unhealthy"), doc("Those whose health check fails.")),
    ],
    facts: FACTS,
    batches: false,
    visible_after_ms: 10_000,
    identity_fields: "resourceId privateIp port",
    backend_error_codes: "",
    begin,
    again: |balancer, group| [read(ONE, &join(&[&balancer.id, " ", &group.id]))].into(),
    operation,
    take,
    change,
    edit,
};

fn begin(from: Value<'_>) -> Vec<Read> {
    let balancer = from.text("ulbId");
    match from.text("vServerId") {
        "" => [read(ALL, balancer)].into(),
        one => [read(ONE, &join(&[balancer, " ", one]))].into(),
    }
}

fn operation(read: &Read) -> Json {
    let (balancer, one) = cut(&read.id, " ");
    let mut out = Json::object(&[("operation", "DescribeVServer"), ("ulbId", balancer)]);
    if read.what == ONE {
        out.add("vServerId", one);
    }
    out
}

fn take(query: &Read, answer: Value<'_>, balancer: &mut Balancer, _: &mut Vec<Read>) {
    balancer.id = before(&query.id, " ").into();
    for item in items(answer, "dataSet") {
        let (protocol, method) = (item.text("protocol"), item.text("method"));
        let port = said(item, "frontendPort");
        let user = join(&[protocol, ":", port]);
        if !balancer.listeners.contains(&user) {
            balancer.listeners.push(user.clone());
        }
        let group = balancer.group(item.text("vServerId"), "VServer");
        group.name = item.text("vServerName").into();
        group.method = method.into();
        group.users = [user].into();
        group.weighted = method == "WeightRoundrobin";
        group.undrainable =
            if method == "Backup" { "with the Backup method the service ignores Enabled and Weight" } else { "" };
        group.idle_seconds = number(item, "clientTimeout", 0);
        group.sticky = !has_word("None", item.text("persistenceType")) && !item.text("persistenceType").is_empty();
        group.backends.clear();
        for node in items(item, "backendSet") {
            let server = node.text("resourceId");
            group.backends.push(Backend {
                id: node.text("backendId").into(),
                server: if server.is_empty() { node.text("privateIp") } else { server }.into(),
                weight: number(node, "weight", 1),
                enabled: number(node, "enabled", 1) != 0,
                health: match number(node, "status", -1) {
                    0 => Health::Healthy,
                    1 => Health::Unhealthy,
                    _ => Health::Unknown,
                },
                saved: node.raw().into(),
                facts: FACTS,
            });
        }
        group.rules.clear();
        // A VServer of another protocol may list rules, but they have no effect.
        if !has_word("HTTP HTTPS", protocol) {
            continue;
        }
        for rule in items(item, "policySet") {
            let nodes = items(rule, "backendSet");
            group.rules.push(Rule {
                id: rule.text("policyId").into(),
                matches: rule.text("match").into(),
                custom: rule.text("policyType") != "Default" && !rule.text("policyId").is_empty(),
                backends: nodes.map(|node| String::from(node.text("backendId"))).collect(),
                saved: excerpt(rule, "type match domainMatchMode policyPriority"),
            });
        }
    }
}

/// A server outside the cloud is known by its address, and has no id that could be given.
fn allocate(balancer: &Balancer, group: &Group, backend: &Backend) -> Json {
    let mut out = Json::object(&[("operation", "AllocateBackend"), ("ulbId", &balancer.id), ("vServerId", &group.id)]);
    let saved = backend.fields();
    let saved = saved.value();
    out.add("resourceType", saved.text("resourceType"));
    if has_word("UHybrid IP", saved.text("resourceType")) {
        out.add("resourceIp", saved.text("privateIp"));
        for name in words("vpcId subnetId") {
            if !saved.text(name).is_empty() {
                out.add(name, saved.text(name));
            }
        }
    } else {
        out.add("resourceId", saved.text("resourceId"));
    }
    for name in words("port weight isBackup") {
        if !said(saved, name).is_empty() {
            out.add_json(name, said(saved, name));
        }
    }
    out.add_json("enabled", if backend.enabled { "1" } else { "0" });
    out
}

fn change(change: Change, balancer: &Balancer, group: &Group, backends: &[&Backend]) -> Json {
    if let (Change::Add, Some(backend)) = (change, backends.first()) {
        return allocate(balancer, group, backend);
    }
    let name = if change == Change::Remove { "ReleaseBackend" } else { "UpdateBackendAttribute" };
    let mut out = Json::object(&[("operation", name), ("ulbId", &balancer.id)]);
    for backend in backends {
        out.add("backendId", &backend.id);
    }
    match change {
        Change::Drain => out.add_json("enabled", "0"),
        Change::Restore => out.add_json("enabled", "1"),
        Change::Remove | Change::Add => {}
    }
    out
}

/// An edit repeats the whole rule, since the service clears a field that is left out, or takes it for another value.
fn edit(edit: Edit, balancer: &Balancer, group: &Group, rule: &Rule, backends: &[String]) -> Json {
    let mut out = match edit {
        Edit::Delete => Json::object(&[("operation", "DeletePolicy")]),
        Edit::Set => Json::object(&[("operation", "UpdatePolicy"), ("ulbId", &balancer.id)]),
        Edit::Create => Json::object(&[("operation", "CreatePolicy"), ("ulbId", &balancer.id)]),
    };
    out.add("vServerId", &group.id);
    if edit != Edit::Create {
        out.add("policyId", &rule.id);
    }
    if edit == Edit::Delete {
        return out;
    }
    let saved = rule.fields();
    let saved = saved.value();
    out.add("type", if saved.text("type") == "Path" { "Path" } else { "Domain" });
    out.add("match", saved.text("match"));
    let mode = saved.text("domainMatchMode");
    if !mode.is_empty() {
        out.add("domainMatchMode", mode);
    }
    if number(saved, "policyPriority", 0) > 0 {
        out.add_json("policyPriority", said(saved, "policyPriority"));
    }
    out.add_json("backendIds", &texts(backends));
    if backends.is_empty() {
        out.add_json("allowEmpty", "true");
    }
    out
}
