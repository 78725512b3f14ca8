//! What a request means, found out once more and in the plainest way.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::cloud::{Backend, Cloud, Family, Group, Health};
use crate::watch::Place;

fn one_or_many(value: &Value) -> Vec<&Value> {
    match value {
        Value::Array(list) => list.iter().collect(),
        one => vec![one],
    }
}

fn leads(family: Family, from: &Value, balancer: &str, group: &Group) -> bool {
    match family {
        Family::Alibaba if from["vServerGroupId"].is_string() => {
            !group.default && from["vServerGroupId"] == group.id.as_str()
        }
        Family::Alibaba => from["loadBalancerId"] == balancer && (group.default || from["defaultGroupOnly"] != true),
        Family::Ucloud => {
            from["ulbId"] == balancer && (from["vServerId"].is_null() || from["vServerId"] == group.id.as_str())
        }
        Family::Openstack if from["poolId"].is_string() => from["poolId"] == group.id.as_str(),
        Family::Openstack => from["loadBalancerId"] == balancer,
    }
}

fn means(cloud: &Cloud, selector: &Value, group: &Group, backend: &Backend) -> bool {
    let family = cloud.family;
    // Of weight 0 the clouds that carry a change out at once tell no check.
    let told = family != Family::Openstack || cloud.temper.accepts || backend.weight != 0;
    selector.as_object().into_iter().flatten().all(|(name, wanted)| match name.as_str() {
        "health" => backend.health == Health::Bad && told,
        "port" => !group.default && wanted == backend.port,
        "address" | "serverIp" => wanted == backend.ip.as_str(),
        "backendId" | "memberId" => wanted == backend.id.as_str(),
        "serverId" | "resourceId" => family != Family::Openstack && wanted == backend.server.as_str(),
        other => panic!("a selector by {other}"),
    })
}

/// What is meant, and which selectors mean nothing.
pub fn select(cloud: &Cloud, request: &Value) -> (BTreeSet<Place>, Vec<Value>) {
    let mut found = BTreeSet::new();
    let mut absent = Vec::new();
    for selector in one_or_many(&request["remove"]) {
        let mut met = false;
        for (place, balancer) in cloud.real.iter().enumerate() {
            for (number, group) in balancer.groups.iter().enumerate() {
                if !one_or_many(&request["from"]).iter().any(|from| leads(cloud.family, from, &balancer.id, group)) {
                    continue;
                }
                for backend in group.backends.iter().filter(|one| means(cloud, selector, group, one)) {
                    met = true;
                    found.insert((place, number, backend.id.clone()));
                }
            }
        }
        if !met {
            absent.push(selector.clone());
        }
    }
    (found, absent)
}
