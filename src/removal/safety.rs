//! What the guards count, in a load balancer as it was last read: pure.

use alloc::{string::String, vec::Vec};

use crate::core::encode::decimal;
use crate::core::text::join;
use crate::removal::guard::{Guard, Refusal};
use crate::removal::request::Wanted;
use crate::removal::world::{Balancer, Condition, Group, Rule, is_among, order};

/// How many servers of `group` (of `rule`, if there is one) are in service, without those that are
/// `out`. What is relied on has to serve all listeners; what would be missed, any.
fn in_service(group: &Group, rule: Option<&Rule>, out: &[&str], relied_on: bool) -> usize {
    let mut names: Vec<&str> = Vec::new();
    for backend in &group.backends {
        let listed = rule.is_none_or(|rule| rule.backends.contains(&backend.id));
        if listed && backend.serves(group, relied_on) && !is_among(out, &backend.id) {
            names.push(&backend.server);
        }
    }
    distinct(names)
}

/// How many different ones there are.
#[must_use]
pub fn distinct(names: Vec<&str>) -> usize {
    let sorted = order(&names);
    let twice = sorted.windows(2).filter(|pair| names[pair[0]] == names[pair[1]]).count();
    names.len() - twice
}

/// Whether too few servers would stay in service: of the group, and of each rule that it sends to.
///
/// `out` are the backends that go, sorted; `gone` is how many servers this run has taken out already. What serves
/// nobody is not missed: taking it out never lowers the count.
#[must_use]
pub fn keep_at_least(
    wanted: &Wanted,
    balancer: &Balancer,
    group: &Group,
    out: &[&str],
    gone: usize,
) -> Option<Refusal> {
    let rules = group.rules.iter().filter(|rule| rule.custom).map(Some);
    for rule in core::iter::once(None).chain(rules) {
        let listed = |id: &String| rule.is_none_or(|rule| rule.backends.contains(id));
        let all =
            distinct(group.backends.iter().filter(|own| listed(&own.id)).map(|own| own.server.as_str()).collect());
        let need = wanted.keep.of(all + if rule.is_none() { gone } else { 0 });
        let after = in_service(group, rule, out, true);
        let missed = in_service(group, rule, &[], false) > in_service(group, rule, out, false);
        // What becomes of an empty rule is asked for by its own guard.
        let emptied = rule.is_some_and(|rule| rule.backends.iter().all(|id| is_among(out, id)));
        if after < need && missed && !emptied {
            let of = match rule {
                Some(rule) => join(&["rule ", &rule.matches, " (", &rule.id, ")"]),
                None => join(&[group.kind, " ", &group.id]),
            };
            let message = join(&[
                &of,
                " would have ",
                &servers(after),
                " in service, and at least ",
                &decimal(need as i64),
                " must stay",
            ]);
            return Some(refusal(Guard::KeepAtLeast, message, balancer, group));
        }
    }
    None
}

/// Whether nothing can be changed on the load balancer for now and all times.
#[must_use]
pub fn locked_or_error(balancer: &Balancer) -> Option<Refusal> {
    let message = join(&["the load balancer is in state ", &balancer.status]);
    (balancer.condition == Condition::Stuck).then(|| Refusal {
        guard: Guard::LockedOrError,
        message,
        balancer: balancer.id.clone(),
        group: String::new(),
    })
}

/// Everything that is asked of a group before anything in it is changed.
pub fn group(wanted: &Wanted, balancer: &Balancer, group: &Group, out: &[&str], found: &mut Vec<Refusal>) {
    if group.immutable {
        let message = join(&[group.kind, " ", &group.id, " is one that nothing can be taken out of"]);
        found.push(refusal(Guard::MasterSlave, message, balancer, group));
        return;
    }
    found.extend(keep_at_least(wanted, balancer, group, out, 0));
    if out.len() * 2 > group.backends.len() {
        let (some, all) = (decimal(out.len() as i64), decimal(group.backends.len() as i64));
        let message =
            join(&[&some, " of the ", &all, " backends of ", group.kind, " ", &group.id, " would go at once"]);
        found.push(refusal(Guard::MostOfPool, message, balancer, group));
    }
    for rule in group.rules.iter().filter(|rule| rule.custom) {
        if emptied(rule, out) && !matches!(wanted.on_empty(), "delete-rule" | "leave-empty") {
            let message = join(&["rule ", &rule.matches, " (", &rule.id, ") would have no backend left"]);
            found.push(refusal(Guard::EmptyRule, message, balancer, group));
        }
    }
    let serving = |id: &&str| group.backend(id).is_some_and(|backend| !backend.is_drained(group));
    if wanted.drain_ms.is_some() && out.iter().any(serving) {
        found.extend(cannot_drain(balancer, group));
    }
}

/// Whether weights and switches do nothing in this group.
#[must_use]
pub fn cannot_drain(balancer: &Balancer, group: &Group) -> Option<Refusal> {
    let message = join(&["no drain is possible in ", group.kind, " ", &group.id, ": ", group.undrainable]);
    (!group.undrainable.is_empty()).then(|| refusal(Guard::CannotDrain, message, balancer, group))
}

/// Whether a rule has backends, and all of them go.
#[must_use]
pub fn emptied(rule: &Rule, out: &[&str]) -> bool {
    !rule.backends.is_empty() && rule.backends.iter().all(|id| is_among(out, id))
}

/// Somebody else changed what the plan is about.
#[must_use]
pub fn changed(balancer: &Balancer, group: &str, says: &[&str]) -> Refusal {
    Refusal { guard: Guard::ChangedBySomeone, message: join(says), balancer: balancer.id.clone(), group: group.into() }
}

/// Somebody else has put a backend of the plan at another port or address.
#[must_use]
pub fn moved(balancer: &Balancer, group: &str, id: &str) -> Refusal {
    changed(balancer, group, &["port or address of ", id, " in ", group, " is another one than planned"])
}

fn refusal(guard: Guard, message: String, balancer: &Balancer, group: &Group) -> Refusal {
    Refusal { guard, message, balancer: balancer.id.clone(), group: group.id.clone() }
}

/// How many backends a group has, and how many of its servers are in service, each before and after.
#[must_use]
pub fn remains(group: &Group, out: &[&str]) -> [[usize; 2]; 2] {
    let all = group.backends.len();
    [[all, all - out.len().min(all)], [in_service(group, None, &[], true), in_service(group, None, out, true)]]
}

/// How many servers, in words.
fn servers(count: usize) -> String {
    let mut out = decimal(count as i64);
    out.push_str(if count == 1 { " server" } else { " servers" });
    out
}
