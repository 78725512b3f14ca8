//! What a read of a group shows of its entries and rules: pure, by what was remembered of them before.

use crate::core::text::same;
use crate::removal::entry::{Outcome, State, TrackedRule};
use crate::removal::fact::{Fact, Seen};
use crate::removal::family::Change;
use crate::removal::phase::Phase;
use crate::removal::rules::{Edited, PutBack, edit_of, put_back};
use crate::removal::sight::Sight;
use crate::removal::world::{Condition, Group, Rule};

/// What the last read shows of an entry of the group in hand. Of what was not read nothing is said.
pub(super) fn entry(sight: &Sight<'_>, entry: usize) -> Option<Seen> {
    let group = sight.group()?;
    Some(if sight.goal.is_restore() { of_undo(sight, group, entry) } else { of_run(sight, group, entry) })
}

/// An entry that a run takes out.
fn of_run(sight: &Sight<'_>, group: &Group, entry: usize) -> Seen {
    let tracked = sight.entry(entry);
    let memory = &tracked.memory;
    let state = state(sight, group, tracked.id());
    let confirmed = match memory.unconfirmed {
        None => true,
        Some(Change::Drain) => state != State::Serving,
        // One that was never seen drained is shown serving by a late read, too.
        Some(Change::Restore) => state == State::Gone || (state == State::Serving && memory.drain_seen),
        Some(Change::Remove) => state == State::Gone,
        Some(Change::Add) => state != State::Gone,
    };
    let finished = state == State::Gone && memory.state != State::Gone;
    let outcome = if memory.remove_sent { Outcome::Removed } else { Outcome::Absent };
    let serving = group.backend(tracked.id()).filter(|_| state == State::Serving && !memory.drain_sent);
    Seen {
        outcome: if finished { Some(outcome) } else { memory.outcome },
        state: if confirmed { state } else { State::Unknown },
        health: serving.map_or(memory.health, |backend| backend.health),
        drain_seen: memory.drain_seen || (memory.drain_sent && matches!(state, State::Drained | State::Detached)),
        confirmed,
        finished,
        new_id: None,
    }
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
fn of_undo(sight: &Sight<'_>, group: &Group, entry: usize) -> Seen {
    let tracked = sight.entry(entry);
    let memory = &tracked.memory;
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
    // What is still being changed may become another thing.
    let sure = confirmed && (memory.outcome.is_some() || sight.balancer.condition != Condition::Changing);
    let outcome = match (state, back) {
        _ if !sure || memory.outcome.is_some() => memory.outcome,
        (_, true) if memory.restore_sent => Some(Outcome::Restored),
        (_, true) => Some(Outcome::Present),
        // Nobody here took it out.
        (State::Gone, _) if !memory.remove_sent => Some(Outcome::Absent),
        _ => None,
    };
    Seen {
        outcome,
        state: if sure { state } else { State::Unknown },
        health: memory.health,
        drain_seen: memory.drain_seen,
        confirmed,
        finished: outcome.is_some() && memory.outcome.is_none(),
        new_id: standing.filter(|backend| backend.id != tracked.id()).map(|backend| backend.id.clone()),
    }
}

/// What the last read shows of a rule, if it shows anything; and whether the rules behind it are not looked at yet.
pub(super) fn rule(sight: &Sight<'_>, index: usize) -> (Option<Fact>, bool) {
    let Some(group) = sight.group() else { return (None, true) };
    let known = &sight.memory.rules()[index];
    match sight.phase {
        Phase::Detach => {
            let as_meant = edit_of(sight, group, known) == Some(Edited::AsMeant);
            (as_meant.then_some(Fact::RuleVerified(index)), false)
        }
        Phase::PutBack => {
            let (rule, way) = put_back(sight, group, known);
            let (restored, left_alone) = (way == PutBack::Restored, way == PutBack::LeftAlone);
            let standing = |rule: &Rule| Fact::RuleStanding { rule: index, id: rule.id.clone(), restored, left_alone };
            (rule.map(standing), matches!(way, PutBack::Set(_) | PutBack::Create(_)))
        }
        _ => (None, true),
    }
}
