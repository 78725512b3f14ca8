//! Which call is needed next in the group in hand, by the read that was made directly before: pure.

use alloc::vec::Vec;

use crate::core::json::Json;
use crate::core::text::same;
use crate::removal::call::Target;
use crate::removal::entry::{EntryMemory, State};
use crate::removal::family::{Change, Edit};
use crate::removal::guard::{Guard, Refusal};
use crate::removal::phase::Phase;
use crate::removal::plan::remaining;
use crate::removal::rules::{Edited, PutBack, edit_of, put_back};
use crate::removal::safety;
use crate::removal::sight::Sight;
use crate::removal::world::{Backend, Group, Rule, is_among};

/// The next call that the phase in hand needs, if it needs any.
///
/// # Errors
/// The guard that speaks against it.
pub(super) fn next(sight: &Sight<'_>) -> Result<Option<Target>, Refusal> {
    match sight.phase {
        Phase::Drain => drain(sight),
        Phase::Detach => detach(sight),
        Phase::Remove => Ok(remove(sight)),
        Phase::PutBack => Ok(add(sight).or_else(|| put_back_rule(sight)).or_else(|| restore(sight))),
        Phase::Check | Phase::Wait => Ok(None),
    }
}

/// As many of these entries as one call may name.
fn batch(sight: &Sight<'_>, change: Change, needs: impl Fn(usize) -> bool) -> Option<Target> {
    let entries: Vec<usize> = sight.own().filter(|entry| needs(*entry)).take(sight.batch_limit.max(1)).collect();
    (!entries.is_empty()).then_some(Target::Backends(change, entries))
}

/// What still takes something new is drained.
fn drain(sight: &Sight<'_>) -> Result<Option<Target>, Refusal> {
    let Some(group) = sight.group() else { return Ok(None) };
    if !group.undrainable.is_empty() {
        // Since the plan was made; else it would not be here.
        let refusal = safety::cannot_drain(sight.balancer, group).filter(|_| sight.serves());
        return refusal.filter(|refusal| !sight.wanted.allows(refusal.guard)).map_or(Ok(None), Err);
    }
    Ok(batch(sight, Change::Drain, |entry| {
        let entry = sight.entry(entry);
        entry.is_active() && group.backend(entry.id()).is_some_and(|backend| !backend.is_drained(group))
    }))
}

/// What is still there is taken out.
fn remove(sight: &Sight<'_>) -> Option<Target> {
    let group = sight.group()?;
    batch(sight, Change::Remove, |entry| {
        let entry = sight.entry(entry);
        entry.is_active() && group.backend(entry.id()).is_some()
    })
}

/// The first rule that still holds something of what goes lets go of it.
fn detach(sight: &Sight<'_>) -> Result<Option<Target>, Refusal> {
    let Some(group) = sight.group() else { return Ok(None) };
    for known in sight.memory.rules() {
        if edit_of(sight, group, known) == Some(Edited::Otherwise) {
            let says = ["rule ", &known.planned.rule.matches, " (", &known.memory.id, ") changed while it was edited"];
            return Err(safety::changed(sight.balancer, &group.id, &says));
        }
    }
    let out = sight.out();
    for rule in group.rules.iter().filter(|rule| rule.custom) {
        if !rule.backends.iter().any(|id| is_among(&out, id)) {
            continue;
        }
        let Some(index) = sight.memory.rules().iter().position(|known| same(&known.memory.id, &rule.id)) else {
            continue;
        };
        let remaining = remaining(rule, &out);
        let edit = match (remaining.is_empty(), sight.wanted.on_empty()) {
            (false, _) | (true, "leave-empty") => Edit::Set,
            (true, "delete-rule") => Edit::Delete,
            _ => {
                let mut found = Vec::new();
                safety::group(sight.wanted, sight.balancer, group, &out, &mut found);
                match found.into_iter().find(|refusal| refusal.guard == Guard::EmptyRule) {
                    Some(refusal) if !sight.wanted.allows(Guard::EmptyRule) => return Err(refusal),
                    _ => Edit::Set,
                }
            }
        };
        return Ok(Some(Target::Rule(index, edit, remaining)));
    }
    Ok(None)
}

/// What an undo finds missing is put in again.
pub(super) fn add(sight: &Sight<'_>) -> Option<Target> {
    let group = sight.group().filter(|_| sight.goal.is_restore())?;
    batch(sight, Change::Add, |entry| {
        let memory = &sight.entry(entry).memory;
        memory.remove_sent
            && memory.outcome.is_none()
            && !memory.cannot_restore
            && sight.standing(group, entry).is_none()
    })
}

/// The first rule that is not as it was is put back.
fn put_back_rule(sight: &Sight<'_>) -> Option<Target> {
    let group = sight.group()?;
    let mut rules = sight.memory.rules().iter().enumerate();
    rules.find_map(|(index, known)| match put_back(sight, group, known).1 {
        PutBack::Set(list) => Some(Target::Rule(index, Edit::Set, list)),
        PutBack::Create(list) => Some(Target::Rule(index, Edit::Create, list)),
        _ => None,
    })
}

/// What was drained takes again what it took.
fn restore(sight: &Sight<'_>) -> Option<Target> {
    let group = sight.group()?;
    batch(sight, Change::Restore, |entry| {
        let tracked = sight.entry(entry);
        let memory = &tracked.memory;
        let now = sight.standing(group, entry);
        memory.drain_sent
            && !memory.cannot_restore
            && !tracked.planned.backend.is_drained(group)
            && now.is_some_and(|backend| backend.is_drained(group) || memory.unconfirmed == Some(Change::Drain))
    })
}

/// Whether something was begun that stays, and is to be put back.
pub(super) fn is_anything_to_put_back(sight: &Sight<'_>) -> bool {
    let begun = |memory: &EntryMemory| memory.drain_sent || memory.unconfirmed.is_some();
    let there = || sight.memory.entries().iter().map(|entry| &entry.memory).filter(|own| own.state != State::Gone);
    let edited = sight.memory.rules().iter().any(|rule| rule.memory.expected.is_some());
    there().any(begun) || (edited && there().next().is_some())
}

/// The operation's JSON text.
pub(super) fn operation(sight: &Sight<'_>, target: &Target) -> Json {
    let empty = Group::default();
    let group = sight.group().unwrap_or(&empty);
    match target {
        Target::Backends(change, entries) => {
            // As it was just read: what somebody else has written beside the weight stays.
            let backend = |entry: &usize| {
                let planned = &sight.entry(*entry).planned.backend;
                let now = sight.memory.standing(group, *entry, sight.goal).unwrap_or(planned);
                Backend { weight: planned.weight, enabled: planned.enabled, ..now.clone() }
            };
            let backends: Vec<Backend> = entries.iter().map(backend).collect();
            (sight.family.change)(*change, sight.balancer, group, &backends.iter().collect::<Vec<_>>())
        }
        Target::Rule(index, edit, backends) => {
            // Repeated as it was just read, whoever made it so.
            let known = &sight.memory.rules()[*index];
            match group.rule(&known.memory.id) {
                Some(rule) => (sight.family.edit)(*edit, sight.balancer, group, rule, backends),
                None => {
                    let rule = Rule { id: known.memory.id.clone(), ..known.planned.rule.clone() };
                    (sight.family.edit)(*edit, sight.balancer, group, &rule, backends)
                }
            }
        }
    }
}
