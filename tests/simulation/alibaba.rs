//! Classic Load Balancer: batches, one lock for a load balancer, silence about what is not there,
//! and one bad instance that fails a whole batch.

use serde_json::{Value, json};

use crate::cloud::{Act, Backend, Change, Cloud, Group, Health};
use crate::fault::error;
use crate::vendor::Seen;

fn server(backend: &Backend, group: &Group) -> Value {
    let mut out = json!({
        "serverId": backend.server, "serverIp": backend.ip, "type": backend.kind,
        "weight": backend.weight, "description": backend.description,
    });
    if !group.default {
        out["port"] = json!(backend.port);
    }
    out
}

fn listeners(group: &Group) -> Vec<Value> {
    group.ports.iter().map(|port| json!({"port": port, "protocol": group.protocol})).collect()
}

pub fn read(cloud: &Cloud, name: &str, op: &Value) -> Option<(Result<Value, Value>, Vec<Seen>)> {
    let balancer = op["loadBalancerId"].as_str().and_then(|id| cloud.find(id));
    let missing = || {
        let mut out = error("not-found", false, json!(true), "InvalidLoadBalancerId.NotFound", 400);
        out["field"] = json!("loadBalancerId");
        Err(out)
    };
    Some(match name {
        "DescribeLoadBalancerAttribute" => {
            let Some(place) = balancer else { return Some((missing(), vec![])) };
            let of = cloud.shown(place);
            let all = of.groups.iter().flat_map(|group| group.ports.iter().map(move |port| (group.protocol, *port)));
            let own = of.groups.iter().position(|group| group.default);
            let group = own.map(|own| &of.groups[own]);
            let servers: Vec<Value> =
                group.map(|group| group.backends.iter().map(|one| server(one, group)).collect()).unwrap_or_default();
            (
                Ok(json!({
                    "loadBalancerId": of.id, "loadBalancerName": "web",
                    "loadBalancerStatus": if of.broken { "locked" } else { "active" },
                    "listenerPortsAndProtocol": all.map(|(protocol, port)| json!({"listenerPort": port, "listenerProtocol": protocol})).collect::<Vec<_>>(),
                    "backendServers": servers, "requestId": "r",
                })),
                own.map(|own| Seen::Group(place, own)).into_iter().chain([Seen::Header(place)]).collect(),
            )
        }
        "DescribeVServerGroups" => {
            let Some(place) = balancer else { return Some((missing(), vec![])) };
            let groups = cloud.shown(place).groups.iter().filter(|group| !group.default);
            let told: Vec<Value> = groups
                .map(|group| {
                    json!({
                        "vServerGroupId": group.id, "vServerGroupName": "group", "serverCount": group.backends.len(),
                        "associatedObjects": {"listeners": listeners(group), "rules": []},
                    })
                })
                .collect();
            (Ok(json!({"vServerGroups": told, "requestId": "r"})), vec![])
        }
        "DescribeMasterSlaveServerGroups" => {
            let answer = json!({"masterSlaveServerGroups": [], "requestId": "r"});
            (if balancer.is_some() { Ok(answer) } else { missing() }, vec![])
        }
        "DescribeVServerGroupAttribute" => {
            let Some((place, group)) = op["vServerGroupId"].as_str().and_then(|id| cloud.find_group(id)) else {
                let mut out = error("not-found", false, json!(true), "InvalidParameter", 404);
                out["field"] = json!("vServerGroupId");
                return Some((Err(out), vec![]));
            };
            let of = &cloud.shown(place).groups[group];
            (
                Ok(json!({
                    "vServerGroupId": of.id, "vServerGroupName": "group", "loadBalancerId": cloud.real[place].id,
                    "backendServers": of.backends.iter().map(|one| server(one, of)).collect::<Vec<_>>(), "requestId": "r",
                })),
                vec![Seen::Group(place, group)],
            )
        }
        "DescribeHealthStatus" => {
            let Some(place) = balancer else { return Some((missing(), vec![])) };
            let mut told = Vec::new();
            for group in &cloud.shown(place).groups {
                for (number, port) in group.ports.iter().enumerate() {
                    for backend in &group.backends {
                        let state = match (backend.health, number) {
                            (Health::Unknown, _) => "unavailable",
                            (Health::Good, _) | (Health::Mixed, 0) => "normal",
                            _ => "abnormal",
                        };
                        told.push(json!({
                            "serverId": backend.server, "serverIp": backend.ip, "port": backend.port,
                            "listenerPort": port, "protocol": group.protocol, "serverHealthStatus": state,
                        }));
                    }
                }
            }
            (Ok(json!({"backendServers": told, "requestId": "r"})), vec![Seen::Health(place)])
        }
        _ => return None,
    })
}

/// The id of an entry, in this model's words: what the service tells it by.
fn id(item: &Value, group: &Group) -> String {
    let text = |name: &str| item[name].as_str().unwrap_or_default().to_owned();
    let mut out = text("serverId");
    // Without a type the service takes it for an ECS instance, whose address tells nothing.
    if matches!(item["type"].as_str(), Some("eni" | "eci")) {
        out = format!("{out}@{}", text("serverIp"));
    }
    if !group.default {
        out = format!("{out}:{}", item["port"]);
    }
    out
}

pub fn change(cloud: &Cloud, name: &str, op: &Value) -> Option<Change> {
    let (balancer, group) = match op["vServerGroupId"].as_str() {
        Some(id) => cloud.find_group(id)?,
        None => {
            let balancer = cloud.find(op["loadBalancerId"].as_str()?)?;
            (balancer, cloud.real[balancer].groups.iter().position(|group| group.default)?)
        }
    };
    let of = &cloud.real[balancer].groups[group];
    let items = op["backendServers"].as_array()?;
    let act = match name {
        "RemoveBackendServers" | "RemoveVServerGroupBackendServers" => {
            Act::Remove(items.iter().map(|item| id(item, of)).collect())
        }
        "SetBackendServers" | "SetVServerGroupAttribute" => {
            let set = |item: &Value| {
                (id(item, of), item["weight"].as_i64().unwrap_or(100), item["description"].as_str().map(str::to_owned))
            };
            Act::Weights(items.iter().map(set).collect())
        }
        "AddBackendServers" | "AddVServerGroupBackendServers" => {
            let add = |item: &Value| {
                let id = id(item, of);
                let grave = cloud.grave((balancer, group), |one| one.id == id).unwrap_or_else(|| panic!("no {item}"));
                Backend {
                    weight: item["weight"].as_i64().unwrap_or(100),
                    description: item["description"].as_str().unwrap_or_default().to_owned(),
                    health: Health::Unknown,
                    deleting: false,
                    drained_by_us: false,
                    ..grave
                }
            };
            Act::Add(items.iter().map(add).collect())
        }
        _ => return None,
    };
    Some(Change { balancer, group, act })
}

pub fn refusal(cloud: &Cloud, change: &Change) -> Option<Value> {
    if cloud.real[change.balancer].broken {
        return Some(error("invalid-input", false, json!(true), "LbStatusNotSupport", 400));
    }
    if cloud.locked(change.balancer) {
        return Some(error("busy", true, json!(true), "BackendServer.configuring", 409));
    }
    let group = &cloud.real[change.balancer].groups[change.group];
    let named: Vec<&String> = match &change.act {
        Act::Weights(items) => items.iter().map(|(id, ..)| id).collect(),
        Act::Remove(ids) => ids.iter().collect(),
        Act::Add(backends) => backends.iter().map(|one| &one.id).collect(),
        _ => vec![],
    };
    assert!((1..=20).contains(&named.len()), "a batch of {}", named.len());
    if matches!(change.act, Act::Remove(_))
        && named.iter().any(|id| group.backend(id).is_some_and(|backend| backend.dead))
    {
        return Some(error("invalid-input", false, json!(true), "ObtainIpFail", 400));
    }
    if let Act::Add(backends) = &change.act {
        if backends.iter().any(|one| one.dead) {
            return Some(error("invalid-input", false, json!(true), "ObtainIpFail", 400));
        }
        if backends.iter().any(|one| group.twin(one).is_some()) {
            return Some(error("invalid-input", false, json!(true), "InvalidParameter", 400));
        }
    }
    if cloud.temper.strict
        && matches!(change.act, Act::Weights(_))
        && named.iter().any(|id| group.backend(id).is_none())
    {
        return Some(error("invalid-input", false, json!(true), "InvalidParameter", 400));
    }
    None
}
