//! The guards that a run asks again at each read: whether somebody else was at it, and whether enough would stay.

use alloc::vec::Vec;

use crate::core::text::same;
use crate::removal::entry::State;
use crate::removal::guard::{Guard, Refusal};
use crate::removal::phase::Phase;
use crate::removal::safety;
use crate::removal::sight::Sight;
use crate::removal::world::{Health, is_among};

/// What somebody else has changed of what the plan is about.
pub(super) fn changed_by_someone(sight: &Sight<'_>) -> Option<Refusal> {
    let group = sight.group()?;
    let refuse = |says: &[&str]| Some(safety::changed(sight.balancer, &group.id, says));
    for tracked in sight.own().map(|entry| sight.entry(entry)) {
        let Some(backend) = group.backend(tracked.id()).filter(|_| tracked.is_active()) else { continue };
        let (planned, memory) = (&tracked.planned.backend, &tracked.memory);
        // One that is on its way out may be shown as switched off.
        let ours = (memory.drain_sent || memory.remove_sent) && backend.is_drained(group);
        if !ours && (backend.weight != planned.weight || backend.enabled != planned.enabled) {
            return refuse(&["weight or state of ", &backend.id, " in ", &group.id, " is another one than planned"]);
        }
        if memory.drain_seen && !backend.is_drained(group) {
            return refuse(&[&backend.id, " in ", &group.id, " was drained, and takes traffic again"]);
        }
        if backend.is_elsewhere(planned) {
            return Some(safety::moved(sight.balancer, &group.id, &backend.id));
        }
    }
    let out = sight.out();
    for rule in group.rules.iter().filter(|rule| rule.custom) {
        let holds = rule.backends.iter().any(|id| is_among(&out, id));
        let known = sight.memory.rules().iter().find(|known| same(&known.memory.id, &rule.id));
        let same_rule = known.is_some_and(|known| known.planned.rule.is_like(rule));
        if (holds && known.is_none()) || (known.is_some() && !same_rule) {
            return refuse(&["rule ", &rule.matches, " (", &rule.id, ") was made or changed after the plan"]);
        }
        if holds && (known.is_some_and(|known| known.memory.verified) || sight.phase == Phase::Remove) {
            return refuse(&["rule ", &rule.matches, " (", &rule.id, ") holds again what was taken out of it"]);
        }
    }
    None
}

/// Whether too few would stay, counted as if what this run has drained were still serving: it would be, were it put
/// back.
pub(super) fn too_few(sight: &Sight<'_>) -> Option<Refusal> {
    let group = sight.group()?;
    if sight.phase == Phase::PutBack || sight.wanted.allows(Guard::KeepAtLeast) {
        return None;
    }
    let mut before = group.clone();
    let mut gone = Vec::new();
    for tracked in sight.own().map(|entry| sight.entry(entry)) {
        let planned = &tracked.planned.backend;
        if tracked.memory.state == State::Gone {
            gone.push(planned.server.as_str());
        } else if tracked.memory.drain_sent
            && let Some(backend) = before.backends.iter_mut().find(|backend| same(&backend.id, &planned.id))
        {
            (backend.weight, backend.enabled) = (planned.weight, planned.enabled);
            // What does not speak for it at weight 0 may be nothing but the weight.
            if backend.health >= Health::Unchecked {
                backend.health = tracked.memory.health;
            }
        }
    }
    gone.retain(|server| !group.backends.iter().any(|backend| same(&backend.server, server)));
    safety::keep_at_least(sight.wanted, sight.balancer, &before, &sight.out(), safety::distinct(gone))
}
