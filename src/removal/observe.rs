//! What a read of a group shows of its entries and rules: pure, by what was remembered of them before.

use alloc::{string::String, vec::Vec};

use crate::core::text::same;
use crate::removal::entry::{EntryMemory, Outcome, RuleMemory, State, TrackedRule};
use crate::removal::errors::RULE_CHANGED;
use crate::removal::family::Change;
use crate::removal::memory::Fact;
use crate::removal::needed;
use crate::removal::phase::Phase;
use crate::removal::rules::{Edited, edit_of, is_to_create, is_to_put_back, missing, standing_rule};
use crate::removal::sight::Sight;
use crate::removal::world::{Condition, Group, Rule};

/// What is remembered of an entry after a read.
#[derive(Debug)]
pub(super) struct Shown {
    /// The entry's index.
    pub(super) entry: usize,
    /// What is remembered of it from now on.
    pub(super) memory: EntryMemory,
    /// Whether it has just got its outcome.
    pub(super) finished: bool,
}

/// What the last read shows of the entries of the group in hand. Of what was not read nothing is said.
pub(super) fn entries(sight: &Sight<'_>) -> Vec<Shown> {
    let Some(group) = sight.group() else { return Vec::new() };
    let one = |entry| if sight.goal.is_restore() { of_undo(sight, group, entry) } else { of_run(sight, group, entry) };
    sight.own().map(one).collect()
}

/// An entry that a run takes out.
fn of_run(sight: &Sight<'_>, group: &Group, entry: usize) -> Shown {
    let tracked = sight.entry(entry);
    let mut memory = tracked.memory.clone();
    let state = state(sight, group, tracked.id());
    if let (State::Serving, false, Some(backend)) = (state, memory.drain_sent, group.backend(tracked.id())) {
        memory.health = backend.health;
    }
    let confirmed = match memory.unconfirmed {
        None => true,
        Some(Change::Drain) => state != State::Serving,
        // One that was never seen drained is shown serving by a late read, too.
        Some(Change::Restore) => state == State::Gone || (state == State::Serving && memory.drain_seen),
        Some(Change::Remove) => state == State::Gone,
        Some(Change::Add) => state != State::Gone,
    };
    if confirmed {
        memory.unconfirmed = None;
    }
    let before = core::mem::replace(&mut memory.state, if confirmed { state } else { State::Unknown });
    memory.drain_seen |= memory.drain_sent && matches!(state, State::Drained | State::Detached);
    let finished = state == State::Gone && before != State::Gone;
    if finished {
        memory.outcome = Some(if memory.remove_sent { Outcome::Removed } else { Outcome::Absent });
        memory.error = None;
    }
    Shown { entry, memory, finished }
}

/// How a read shows the backend with this id.
fn state(sight: &Sight<'_>, group: &Group, id: &str) -> State {
    match group.backend(id) {
        None => State::Gone,
        Some(backend) if !backend.is_drained(group) => State::Serving,
        Some(backend) => {
            let holds = |rule: &Rule| rule.custom && rule.backends.contains(&backend.id);
            let held = |rule: &TrackedRule| {
                same(&rule.planned.group, &group.id) && rule.planned.rule.backends.contains(&backend.id)
            };
            let let_go = sight.memory.rules().iter().any(held) && !group.rules.iter().any(holds);
            if let_go { State::Detached } else { State::Drained }
        }
    }
}

/// An entry that an undo puts back.
fn of_undo(sight: &Sight<'_>, group: &Group, entry: usize) -> Shown {
    let tracked = sight.entry(entry);
    let mut memory = tracked.memory.clone();
    let standing = sight.standing(group, entry);
    let (state, back) = match standing {
        None => (State::Gone, false),
        Some(backend) => {
            // Drained as it was before, or by somebody else: not for the undo to change.
            let drained = backend.is_drained(group);
            let ours = drained && memory.drain_sent && !tracked.planned.backend.is_drained(group);
            (if drained { State::Drained } else { State::Serving }, !ours)
        }
    };
    let confirmed = match memory.unconfirmed {
        Some(Change::Add) => state != State::Gone,
        Some(Change::Restore) => state != State::Drained,
        // What the run did last.
        Some(Change::Drain) => state != State::Serving,
        Some(Change::Remove) => state == State::Gone,
        None => true,
    };
    if confirmed {
        memory.unconfirmed = None;
    }
    memory.new_id = standing.filter(|backend| backend.id != tracked.id()).map(|backend| backend.id.clone());
    // What is still being changed may become another thing.
    let sure = confirmed && (memory.outcome.is_some() || sight.balancer.condition != Condition::Changing);
    memory.state = if sure { state } else { State::Unknown };
    let mut finished = false;
    if sure && memory.outcome.is_none() {
        memory.outcome = match (state, back) {
            (_, true) if memory.restore_sent => Some(Outcome::Restored),
            (_, true) => Some(Outcome::Present),
            // Nobody here took it out.
            (State::Gone, _) if !memory.remove_sent => Some(Outcome::Absent),
            _ => None,
        };
        finished = memory.outcome.is_some();
        if finished {
            memory.error = None;
        }
    }
    Shown { entry, memory, finished }
}

/// What the last read shows of the rules of the group in hand.
pub(super) fn rules(sight: &Sight<'_>) -> Vec<Fact> {
    let Some(group) = sight.group() else { return Vec::new() };
    match sight.phase {
        Phase::Detach => edited(sight, group),
        // Rules are put back once everything that they are to hold is there.
        Phase::PutBack if needed::add(sight).is_none() => put_back(sight, group),
        _ => Vec::new(),
    }
}

/// Which edits were carried out as they were meant.
fn edited(sight: &Sight<'_>, group: &Group) -> Vec<Fact> {
    let mut facts = Vec::new();
    for (index, known) in sight.memory.rules().iter().enumerate() {
        if edit_of(sight, group, known) == Some(Edited::AsMeant) {
            facts.push(Fact::Rule(index, RuleMemory { verified: true, ..known.memory.clone() }));
        }
    }
    facts
}

/// Which rules are as they were again, up to the first that is not.
fn put_back(sight: &Sight<'_>, group: &Group) -> Vec<Fact> {
    let mut facts = Vec::new();
    for (index, known) in sight.memory.rules().iter().enumerate() {
        if !is_to_put_back(sight, known) {
            continue;
        }
        let Some(rule) = standing_rule(group, known) else {
            if is_to_create(sight, group, known) {
                break;
            }
            continue;
        };
        let planned = &known.planned.rule;
        // Until a read has confirmed our edit, the same list cannot confirm its reversal.
        let unconfirmed = !known.memory.verified && !known.memory.restore_sent;
        let restored = missing(sight, group, known, rule).is_empty() && !unconfirmed;
        let mut memory = RuleMemory { id: rule.id.clone(), restored, ..known.memory.clone() };
        let left_alone = !restored && sight.goal.is_restore() && !rule.is_like(planned);
        memory.cannot_restore |= left_alone;
        facts.push(Fact::Rule(index, memory));
        if left_alone {
            facts.push(Fact::Trouble(String::from(RULE_CHANGED)));
        } else if !restored {
            break;
        }
    }
    facts
}
