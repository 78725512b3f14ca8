//! Octavia, and OTC's older API: one member with each call. Octavia says yes first and carries it out
//! later; meanwhile the whole load balancer takes nothing else, and in ERROR it never does.

use serde_json::{Value, json};

use crate::cloud::{Act, Backend, Change, Cloud, Health};
use crate::fault::error;
use crate::vendor::Seen;

fn status(cloud: &Cloud, balancer: usize) -> &'static str {
    match cloud.real[balancer].broken {
        true => "ERROR",
        false if cloud.locked(balancer) => "PENDING_UPDATE",
        false => "ACTIVE",
    }
}

fn member(cloud: &Cloud, balancer: usize, backend: &Backend) -> Value {
    let mut out = json!({
        "id": backend.id, "name": backend.description, "address": backend.ip, "protocolPort": backend.port,
        "weight": backend.weight, "adminStateUp": backend.enabled,
        "operatingStatus": match backend.health {
            // So do the clouds that carry a change out at once, whatever its check says.
            _ if backend.weight == 0 && !cloud.temper.accepts => "OFFLINE",
            Health::Unknown => "NO_MONITOR",
            Health::Good => "ONLINE",
            Health::Mixed => "DEGRADED",
            Health::Bad => "ERROR",
        },
    });
    if cloud.temper.accepts {
        let pending = if backend.deleting { "PENDING_DELETE" } else { status(cloud, balancer) };
        out["provisioningStatus"] = json!(pending);
    }
    out
}

pub fn read(cloud: &Cloud, name: &str, op: &Value) -> Option<(Result<Value, Value>, Vec<Seen>)> {
    let pool = op["poolId"].as_str().and_then(|id| cloud.find_group(id));
    let mut missing = error("not-found", false, json!(true), "", 404);
    missing["field"] = json!("poolId");
    Some(match name {
        "GetLoadBalancer" => {
            let Some(place) = op["loadBalancerId"].as_str().and_then(|id| cloud.find(id)) else {
                return Some((Err(error("not-found", false, json!(true), "", 404)), vec![]));
            };
            let of = cloud.shown(place);
            let pools: Vec<Value> = of.groups.iter().map(|group| json!({"id": group.id})).collect();
            let mut told = json!({"id": of.id, "name": "web", "listeners": [], "pools": pools});
            if cloud.temper.accepts || of.broken {
                told["provisioningStatus"] = json!(status(cloud, place));
            }
            (Ok(json!({"loadbalancer": told})), vec![Seen::Header(place)])
        }
        "GetPool" => {
            let Some((place, group)) = pool else { return Some((Err(missing), vec![])) };
            let of = &cloud.shown(place).groups[group];
            let mut told = json!({
                "id": of.id, "name": "pool", "protocol": of.protocol, "lbAlgorithm": of.method,
                "loadbalancers": [{"id": cloud.real[place].id}], "listeners": [{"id": "l-1"}], "members": [],
            });
            if of.sticky {
                told["sessionPersistence"] = json!({"type": "HTTP_COOKIE"});
            }
            (Ok(json!({"pool": told})), vec![])
        }
        "ListMembers" => {
            let Some((place, group)) = pool else { return Some((Err(missing), vec![])) };
            let members = cloud.shown(place).groups[group].backends.iter();
            let told: Vec<Value> = members.map(|backend| member(cloud, place, backend)).collect();
            (Ok(json!({"members": told})), vec![Seen::Group(place, group)])
        }
        _ => return None,
    })
}

pub fn change(cloud: &Cloud, name: &str, op: &Value) -> Option<Change> {
    let (balancer, group) = cloud.find_group(op["poolId"].as_str()?)?;
    if name == "CreateMember" {
        let (ip, port) = (op["address"].as_str()?.to_owned(), op["protocolPort"].as_u64()? as u16);
        let grave = cloud.grave((balancer, group), |one| one.ip == ip && one.port == port);
        let added = Backend {
            id: String::new(),
            weight: op["weight"].as_i64().unwrap_or(1),
            enabled: op["adminStateUp"].as_bool().unwrap_or(true),
            description: op["name"].as_str().unwrap_or_default().to_owned(),
            health: Health::Unknown,
            deleting: false,
            drained_by_us: false,
            ..grave.unwrap_or_else(|| panic!("no {op}"))
        };
        return Some(Change { balancer, group, act: Act::Add(vec![added]) });
    }
    let id = op["memberId"].as_str()?.to_owned();
    let act = match name {
        "DeleteMember" => Act::Remove(vec![id]),
        "UpdateMember" => {
            assert!(op.as_object().is_some_and(|fields| fields.len() == 4), "only the weight is changed: {op}");
            Act::Weights(vec![(id, op["weight"].as_i64()?, None)])
        }
        _ => return None,
    };
    Some(Change { balancer, group, act })
}

pub fn refusal(cloud: &Cloud, change: &Change) -> Option<Value> {
    let group = &cloud.real[change.balancer].groups[change.group];
    if let Act::Add(backends) = &change.act {
        if cloud.locked(change.balancer) || cloud.real[change.balancer].broken {
            return Some(error("busy", true, json!(true), "", 409));
        }
        // The other 409, which does not pass.
        let twin = group.twin(&backends[0]).is_some();
        return twin.then(|| error("invalid-input", false, json!(true), "", 409));
    }
    let id = match &change.act {
        Act::Remove(ids) => &ids[0],
        Act::Weights(items) => &items[0].0,
        _ => return None,
    };
    if group.backend(id).is_none() {
        return Some(error("not-found", false, json!(true), "", 404));
    }
    if cloud.locked(change.balancer) || cloud.real[change.balancer].broken {
        return Some(error("busy", true, json!(true), "", 409));
    }
    None
}
