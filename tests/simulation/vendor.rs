//! A call at the vendor: what it answers, and what was seen or asked for.

use serde_json::Value;

use crate::cloud::{Act, Change, Cloud, Family};
use crate::{alibaba, openstack, ucloud};

/// What an answered read showed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Seen {
    /// A load balancer's own state.
    Header(usize),
    /// The backends and rules of a group.
    Group(usize, usize),
    /// The health of everything on a load balancer.
    Health(usize),
}

/// What an operation is.
#[derive(Debug)]
pub enum Asked {
    Read(Result<Value, Value>, Vec<Seen>),
    Change(Change),
}

pub fn ask(cloud: &Cloud, op: &Value) -> Asked {
    let name = op["operation"].as_str().unwrap_or_default();
    let (read, change) = match cloud.family {
        Family::Alibaba => (alibaba::read(cloud, name, op), alibaba::change(cloud, name, op)),
        Family::Ucloud => (ucloud::read(cloud, name, op), ucloud::change(cloud, name, op)),
        Family::Openstack => (openstack::read(cloud, name, op), openstack::change(cloud, name, op)),
    };
    match (read, change) {
        (Some((answer, seen)), None) => Asked::Read(answer, seen),
        (None, Some(change)) => Asked::Change(change),
        _ => panic!("no operation of this vendor: {op}"),
    }
}

/// Why a change is refused now, if it is.
pub fn refusal(cloud: &Cloud, change: &Change) -> Option<Value> {
    match cloud.family {
        Family::Alibaba => alibaba::refusal(cloud, change),
        Family::Ucloud => ucloud::refusal(cloud, change),
        Family::Openstack => openstack::refusal(cloud, change),
    }
}

/// What is made gets its id.
pub fn name(cloud: &mut Cloud, change: &mut Change) {
    match &mut change.act {
        Act::RuleCreate(rule) => rule.id = cloud.fresh("policy-again-"),
        Act::Add(backends) => {
            for backend in backends.iter_mut().filter(|backend| backend.id.is_empty()) {
                let prefix = if cloud.family == Family::Ucloud { "backend-again-" } else { "member-again-" };
                backend.id = cloud.fresh(prefix);
            }
        }
        _ => {}
    }
}

/// The id of a plan's entry in this model's words.
pub fn entry_id(family: Family, default: bool, entry: &Value) -> String {
    let saved = &entry["saved"];
    match family {
        Family::Ucloud => saved["backendId"].as_str().unwrap_or_default().to_owned(),
        Family::Openstack => saved["id"].as_str().unwrap_or_default().to_owned(),
        Family::Alibaba => {
            let mut out = saved["serverId"].as_str().unwrap_or_default().to_owned();
            if saved["type"] != "ecs" {
                out = format!("{out}@{}", saved["serverIp"].as_str().unwrap_or_default());
            }
            if !default {
                out = format!("{out}:{}", saved["port"]);
            }
            out
        }
    }
}
