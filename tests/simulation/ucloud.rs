//! ULB: one backend with each call, rules that hold backends back and are replaced whole, a default
//! rule that the service keeps, a method with which switching off does nothing without a word.

use serde_json::{Value, json};

use crate::cloud::{Act, Backend, Balancer, Change, Cloud, Group, Health, Rule};
use crate::fault::error;
use crate::vendor::Seen;

fn vserver(group: &Group) -> Value {
    let backends: Vec<Value> = group
        .backends
        .iter()
        .map(|backend| {
            let mut out = json!({
                "backendId": backend.id, "resourceId": backend.server, "privateIp": backend.ip, "port": backend.port,
                "enabled": i64::from(backend.enabled), "weight": backend.weight, "resourceType": "UHost",
            });
            match backend.health {
                Health::Good | Health::Mixed => out["status"] = json!(0),
                Health::Bad => out["status"] = json!(1),
                Health::Unknown => {}
            }
            out
        })
        .collect();
    let rules: Vec<Value> = group
        .rules
        .iter()
        .map(|rule| {
            let held: Vec<Value> = rule.backends.iter().map(|id| json!({"backendId": id})).collect();
            let mut out = json!({
                "policyId": if rule.own { rule.id.as_str() } else { "" }, "policyType": if rule.own { "Custom" } else { "Default" },
                "type": rule.kind, "match": rule.matches, "backendSet": held,
            });
            if !rule.mode.is_empty() {
                out["domainMatchMode"] = json!(rule.mode);
            }
            if rule.priority > 0 {
                out["policyPriority"] = json!(rule.priority);
            }
            out
        })
        .collect();
    json!({
        "vServerId": group.id, "vServerName": "web", "protocol": group.protocol, "frontendPort": group.ports[0],
        "method": group.method, "clientTimeout": 60, "persistenceType": if group.sticky { "ServerInsert" } else { "None" },
        "backendSet": backends, "policySet": rules,
    })
}

pub fn read(cloud: &Cloud, name: &str, op: &Value) -> Option<(Result<Value, Value>, Vec<Seen>)> {
    if name != "DescribeVServer" {
        return None;
    }
    let mut missing = error("not-found", false, json!(true), "4103", 200);
    missing["field"] = json!("ulbId");
    let Some(place) = op["ulbId"].as_str().and_then(|id| cloud.find(id)) else { return Some((Err(missing), vec![])) };
    let shown: &Balancer = cloud.shown(place);
    let wanted = op["vServerId"].as_str();
    let groups: Vec<usize> =
        (0..shown.groups.len()).filter(|group| wanted.is_none_or(|id| shown.groups[*group].id == id)).collect();
    if groups.is_empty() && wanted.is_some() {
        return Some((Err(missing), vec![]));
    }
    let told: Vec<Value> = groups.iter().map(|group| vserver(&shown.groups[*group])).collect();
    let seen = groups.into_iter().map(|group| Seen::Group(place, group)).chain([Seen::Header(place)]).collect();
    Some((Ok(json!({"retCode": 0, "totalCount": told.len(), "dataSet": told})), seen))
}

pub fn change(cloud: &Cloud, name: &str, op: &Value) -> Option<Change> {
    let text = |name: &str| op[name].as_str().unwrap_or_default().to_owned();
    let (balancer, group) = match op["vServerId"].as_str() {
        Some(id) => cloud.find_group(id)?,
        None => {
            let balancer = cloud.find(op["ulbId"].as_str()?)?;
            (balancer, cloud.home(&text("backendId")))
        }
    };
    let rule = |id: String| Rule {
        id,
        kind: if op["type"] == "Path" { "Path" } else { "Domain" },
        matches: text("match"),
        mode: match op["domainMatchMode"].as_str() {
            Some("Regular") => "Regular",
            Some("Wildcard") => "Wildcard",
            _ => "",
        },
        priority: op["policyPriority"].as_i64().unwrap_or(0),
        own: true,
        backends: op["backendIds"]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(|id| id.as_str().map(str::to_owned))
            .collect(),
    };
    let act = match name {
        "ReleaseBackend" => Act::Remove(vec![text("backendId")]),
        "UpdateBackendAttribute" => {
            assert!(op.get("weight").is_none() && op.get("port").is_none() && op.get("isBackup").is_none(), "{op}");
            Act::Enable(text("backendId"), op["enabled"].as_i64()? == 1)
        }
        "AllocateBackend" => {
            let (server, port) = (text("resourceId"), op["port"].as_u64()?);
            let is = |one: &Backend| one.server == server && u64::from(one.port) == port;
            let grave = cloud.grave((balancer, group), is).unwrap_or_else(|| panic!("no {op}"));
            Act::Add(vec![Backend {
                id: String::new(),
                weight: op["weight"].as_i64().unwrap_or(1),
                enabled: op["enabled"].as_i64().unwrap_or(1) == 1,
                health: Health::Unknown,
                deleting: false,
                drained_by_us: false,
                // What the API does not know of.
                ..grave
            }])
        }
        "UpdatePolicy" => Act::RuleSet(rule(text("policyId"))),
        "DeletePolicy" => Act::RuleDelete(text("policyId")),
        "CreatePolicy" => Act::RuleCreate(rule(String::new())),
        _ => return None,
    };
    Some(Change { balancer, group, act })
}

pub fn refusal(cloud: &Cloud, change: &Change) -> Option<Value> {
    let group = &cloud.real[change.balancer].groups[change.group];
    let not_there = || Some(error("not-found", false, json!(true), "4093", 200));
    let failed = |code: &str| Some(error("server", false, json!(true), code, 200));
    match &change.act {
        Act::Remove(ids) => {
            if group.backend(&ids[0]).is_none() {
                return not_there();
            }
            if group.rules.iter().any(|rule| rule.own && group.is_l7() && rule.backends.contains(&ids[0])) {
                return Some(error("invalid-input", false, json!(true), "4110", 200));
            }
        }
        Act::Enable(id, _) if group.backend(id).is_none() => return not_there(),
        Act::RuleSet(rule) | Act::RuleCreate(rule) => {
            if matches!(change.act, Act::RuleSet(_)) && group.rule(&rule.id).is_none() {
                return failed("4096");
            }
            if rule.backends.iter().any(|id| group.backend(id).is_none()) {
                return not_there();
            }
        }
        Act::RuleDelete(id) if group.rule(id).is_none() => return failed("4098"),
        _ => {}
    }
    if let Act::Add(backends) = &change.act
        && backends.iter().any(|one| group.twin(one).is_some())
    {
        return Some(error("invalid-input", false, json!(true), "4109", 200));
    }
    if cloud.locked(change.balancer) {
        // There is no code for it: it just fails, and is to be tried later.
        return failed(match change.act {
            Act::Remove(_) => "4092",
            Act::Add(_) => "4090",
            _ => "4104",
        });
    }
    None
}
