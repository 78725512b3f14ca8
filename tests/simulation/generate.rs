//! What a case begins with: load balancers, and a request.

use serde_json::{Value, json};

use crate::chance::Chance;
use crate::cloud::{Backend, Balancer, Family, Group, Health, Rule};

const SERVERS: usize = 9;

/// A server by its number: its id, its addresses and its kind.
fn server(family: Family, number: usize, second: bool) -> (String, String, &'static str) {
    let ip = format!("10.0.{}.{}", u8::from(second), number + 10);
    match family {
        Family::Alibaba if number >= 7 => (format!("eni-{number}"), ip, "eni"),
        Family::Alibaba => (format!("i-{number}"), format!("10.0.0.{}", number + 10), "ecs"),
        Family::Ucloud => (format!("uhost-{number}"), ip, ""),
        Family::Openstack => (ip.clone(), ip, ""),
    }
}

fn health(chance: &mut Chance, family: Family, ports: usize) -> Health {
    match chance.below(20) {
        0..=11 => Health::Good,
        12..=13 => Health::Unknown,
        14 if family == Family::Openstack || (family == Family::Alibaba && ports > 1) => Health::Mixed,
        14..=16 => Health::Good,
        _ => Health::Bad,
    }
}

/// A backend of a group that does not have it yet.
pub fn backend(chance: &mut Chance, family: Family, group: &Group, next: &mut u32) -> Option<Backend> {
    let (server, ip, kind) = server(family, chance.below(SERVERS), chance.permille(150));
    let port = *chance.pick(&[80, 80, 80, 8080, 443]);
    let id = match (family, kind, group.default) {
        (Family::Alibaba, "ecs", true) => server.clone(),
        (Family::Alibaba, "ecs", false) => format!("{server}:{port}"),
        (Family::Alibaba, _, true) => format!("{server}@{ip}"),
        (Family::Alibaba, _, false) => format!("{server}@{ip}:{port}"),
        (Family::Ucloud, ..) => format!("backend-{:04}", *next),
        (Family::Openstack, ..) => format!("member-{:04}", *next),
    };
    // A node of ULB is asked for by its server and port: which of its addresses is the service's matter.
    let ip_tells = family != Family::Ucloud;
    let same = |own: &Backend| own.server == server && (own.ip == ip || !ip_tells) && own.port == port;
    let twin = |own: &Backend| own.id == id || same(own);
    if group.backends.iter().any(twin) {
        return None;
    }
    *next += 1;
    let enabled = match family {
        Family::Alibaba => true,
        Family::Ucloud => !chance.permille(100),
        Family::Openstack => !chance.permille(50),
    };
    Some(Backend {
        id,
        server,
        ip,
        port,
        kind,
        weight: if chance.permille(100) { 0 } else { chance.range(1, 100) },
        enabled,
        health: health(chance, family, group.ports.len()),
        description: if chance.permille(500) { "a b/ü".into() } else { String::new() },
        dead: family == Family::Alibaba && chance.permille(80),
        deleting: false,
        drained_by_us: false,
    })
}

pub fn rule(chance: &mut Chance, group: &Group, id: String, number: usize) -> Rule {
    let path = chance.permille(500);
    let held = group.backends.iter().filter(|_| chance.permille(500)).map(|one| one.id.clone()).collect();
    Rule {
        id,
        kind: if path { "Path" } else { "Domain" },
        matches: format!("{}{number}.example", if path { "/" } else { "" }),
        mode: if path { "" } else { chance.word(&["Regular", "Wildcard", ""]) },
        priority: if path { chance.range(1, 99) } else { 0 },
        own: true,
        backends: held,
    }
}

pub fn balancers(chance: &mut Chance, family: Family) -> Vec<Balancer> {
    let mut next = 1;
    let mut out = Vec::new();
    for number in 0..=chance.below(3) {
        let prefix = ["lb-", "ulb-", "elb-"][family as usize];
        let mut balancer = Balancer { id: format!("{prefix}{number}"), broken: chance.permille(8), groups: vec![] };
        for place in 0..=chance.below(3) {
            let default = family == Family::Alibaba && place == 0;
            let l7 = family == Family::Ucloud && chance.permille(600);
            let methods: &[&str] = match family {
                Family::Alibaba => &["wrr"],
                Family::Ucloud => &["Roundrobin", "WeightRoundrobin", "WeightRoundrobin", "Source", "Backup"],
                Family::Openstack => &["ROUND_ROBIN", "ROUND_ROBIN", "LEAST_CONNECTIONS", "SOURCE_IP"],
            };
            let group_prefix = ["rsp-", "vserver-", "pool-"][family as usize];
            let first = 1_000 + place as u16 * 10;
            let mut group = Group {
                id: if default { balancer.id.clone() } else { format!("{group_prefix}{number}-{place}") },
                default,
                protocol: match family {
                    Family::Alibaba => chance.word(&["http", "tcp"]),
                    Family::Ucloud if l7 => chance.word(&["HTTP", "HTTPS"]),
                    Family::Ucloud => "TCP",
                    Family::Openstack => "HTTP",
                },
                ports: if chance.permille(300) && family == Family::Alibaba {
                    vec![first, first + 1]
                } else {
                    vec![first]
                },
                method: chance.word(methods),
                sticky: chance.permille(200),
                ..Group::default()
            };
            for _ in 0..chance.below(9) {
                if let Some(backend) = backend(chance, family, &group, &mut next) {
                    group.backends.push(backend);
                }
            }
            if family == Family::Ucloud {
                let all = group.backends.iter().map(|one| one.id.clone()).collect();
                for number in 0..chance.below(4) {
                    let id = format!("policy-{number}-{}", group.id);
                    group.rules.push(rule(chance, &group, id, number));
                }
                let default = Rule { id: format!("default-{}", group.id), own: false, backends: all, ..nothing() };
                group.rules.push(default);
            }
            balancer.groups.push(group);
        }
        out.push(balancer);
    }
    out
}

fn nothing() -> Rule {
    Rule { id: String::new(), kind: "", matches: String::new(), mode: "", priority: 0, own: false, backends: vec![] }
}

/// Where it is to be taken out.
fn place(chance: &mut Chance, family: Family, balancer: &Balancer) -> Value {
    let group = chance.pick(&balancer.groups);
    match (family, chance.below(4)) {
        (Family::Alibaba, 0) if !group.default => json!({"vServerGroupId": group.id}),
        (Family::Alibaba, 1) => json!({"loadBalancerId": balancer.id, "defaultGroupOnly": true}),
        (Family::Ucloud, 0) => json!({"ulbId": balancer.id, "vServerId": group.id}),
        (Family::Openstack, 0) => json!({"poolId": group.id}),
        (Family::Ucloud, _) => json!({"ulbId": balancer.id}),
        _ => json!({"loadBalancerId": balancer.id}),
    }
}

fn selector(chance: &mut Chance, family: Family, balancers: &[Balancer]) -> Value {
    let all: Vec<&Backend> = balancers.iter().flat_map(|one| &one.groups).flat_map(|one| &one.backends).collect();
    if chance.permille(60) || all.is_empty() {
        return json!({"health": "unhealthy"});
    }
    if chance.permille(60) {
        return match family {
            Family::Alibaba => json!({"serverId": "i-404"}),
            Family::Ucloud => json!({"resourceId": "uhost-404"}),
            Family::Openstack => json!({"address": "10.9.9.9"}),
        };
    }
    let of = *chance.pick(&all);
    let mut out = match (family, chance.below(4)) {
        (Family::Alibaba, 0) => json!({"serverIp": of.ip}),
        (Family::Alibaba, 1) => json!({"address": of.ip}),
        (Family::Alibaba, _) => json!({"serverId": of.server}),
        (Family::Ucloud, 0) => json!({"address": of.ip}),
        (Family::Ucloud, 1) => json!({"resourceId": of.server}),
        (Family::Ucloud, 2) => json!({"serverId": of.server}),
        (Family::Ucloud, _) => json!({"backendId": of.id}),
        (Family::Openstack, 0) => json!({"memberId": of.id}),
        (Family::Openstack, 1) => json!({"serverIp": of.ip}),
        (Family::Openstack, _) => json!({"address": of.ip}),
    };
    if out.get("backendId").is_none() && out.get("memberId").is_none() && chance.permille(300) {
        out["port"] = json!(of.port);
    }
    if chance.permille(30) {
        out["health"] = json!("unhealthy");
    }
    out
}

/// A plan request.
pub fn request(chance: &mut Chance, family: Family, balancers: &[Balancer]) -> Value {
    let mut from: Vec<Value> = balancers
        .iter()
        .filter(|_| chance.permille(850))
        .collect::<Vec<_>>()
        .into_iter()
        .map(|balancer| place(chance, family, balancer))
        .collect();
    if from.is_empty() || chance.permille(150) {
        let balancer = chance.below(balancers.len());
        from.push(place(chance, family, &balancers[balancer]));
    }
    let remove: Vec<Value> = (0..=chance.below(3)).map(|_| selector(chance, family, balancers)).collect();
    let mut out = json!({"from": from, "remove": remove});
    if from.len() == 1 && chance.permille(500) {
        out["from"] = from[0].clone();
    }
    match chance.below(10) {
        0..=2 => out["drain"] = json!(false),
        3 => {}
        _ => out["drain"] = json!({"waitMs": *chance.pick(&[0, 1_000, 30_000])}),
    }
    match chance.below(10) {
        0..=3 => {}
        4 => out["keepAtLeast"] = json!("50%"),
        5 => out["keepAtLeast"] = json!("34%"),
        _ => out["keepAtLeast"] = json!(chance.below(4)),
    }
    if chance.permille(800) {
        out["onEmptyRule"] = json!(*chance.pick(&["stop", "delete-rule", "leave-empty"]));
    }
    let guards = ["keep-at-least", "most-of-pool", "empty-rule", "cannot-drain", "changed-by-someone"];
    let allow: Vec<&str> = guards
        .into_iter()
        .filter(|guard| {
            let share = match *guard {
                "most-of-pool" => 600,
                "cannot-drain" => 500,
                "changed-by-someone" => 40,
                _ => 60,
            };
            chance.permille(share)
        })
        .collect();
    if !allow.is_empty() {
        out["allow"] = json!(allow);
    }
    out
}
