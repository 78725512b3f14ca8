//! Putting back what a run has taken out, drained or detached.
//!
//! A lane again, with one phase: what is there is read, what is missing of what the run had done away with is put in
//! again, then rules, weights and switches. Every call is decided by a read made directly before, here as well, so
//! what somebody has put back already is not added twice, and an undo that was cut off is gone on with by the next.

use alloc::vec::Vec;

use crate::core::json::Json;
use crate::core::text::{same, words};
use crate::removal::family::Change;
use crate::removal::guard;
use crate::removal::lane::{Context, Lane, Phase};
use crate::removal::track::{Outcome, State};
use crate::removal::work::Unit;
use crate::removal::world::{Backend, Balancer, Condition, Group, said};

/// The error of a group that no answer has had, however often it was asked for.
pub(super) const NO_GROUP: &str = r#"{"kind":"not-found","message":"the group was not among what was answered","retryable":false,"sent":false,"hint":"look whether it is still there: if it is, call this again; if not, make it anew and add the backend by hand, the report has what it was"}"#;

impl Lane {
    /// What is in the place of an entry now: by its id, or, where an undo finds it under a new one, by its place.
    pub(super) fn standing<'g>(&self, group: &'g Group, place: usize) -> Option<&'g Backend> {
        let planned = &self.entries[place].entry.backend;
        let twin = || group.backends.iter().find(|backend| is_twin(self.twin, planned, backend));
        group.backend(&planned.id).or_else(|| if self.undo { twin() } else { None })
    }

    /// The first look is over.
    pub(super) fn begin_undo(&mut self, context: &Context<'_>) {
        if !same(&self.world.id, &self.id) {
            let says = ["the request leads to ", &self.world.id, ", not to ", &self.id];
            let refusal = guard::changed(&Balancer { id: self.id.clone(), ..Balancer::default() }, "", &says);
            return self.refuse(context, refusal);
        }
        self.groups.clear();
        for entry in &mut self.entries {
            let group = &entry.entry.group;
            if self.groups.last() != Some(group) {
                self.groups.push(group.clone());
            }
            if self.world.find(group).is_none() {
                entry.left = true;
                entry.error = Some(NO_GROUP.into());
            }
        }
        self.at = 0;
        self.limit = context.setting.at_once();
        self.enter(Phase::PutBack, context);
        self.look(context);
    }

    /// Takes over what the last read shows of the entries of the group in hand.
    pub(super) fn observe_undo(&mut self, context: &Context<'_>) {
        for place in self.own() {
            let Some(group) = self.group() else { return };
            let standing = self.standing(group, place);
            let planned = &self.entries[place];
            let (state, back) = match standing {
                None => (State::Gone, false),
                Some(backend) => {
                    // Drained as it was before, or by somebody else: not for the undo to change.
                    let drained = backend.is_drained(group);
                    let ours = drained && planned.drained && !planned.entry.backend.is_drained(group);
                    (if drained { State::Drained } else { State::Serving }, !ours)
                }
            };
            let new_id = standing.filter(|backend| backend.id != planned.entry.backend.id).map(|own| own.id.clone());
            let entry = &mut self.entries[place];
            let shown = match entry.unseen {
                Some(Change::Add) => state != State::Gone,
                Some(Change::Restore) => state != State::Drained,
                // What the run did last.
                Some(Change::Drain) => state != State::Serving,
                Some(Change::Remove) => state == State::Gone,
                None => true,
            };
            if shown {
                entry.unseen = None;
            }
            entry.new_id = new_id;
            // What is still being changed may become another thing.
            let sure = shown && (entry.outcome.is_some() || self.world.condition != Condition::Changing);
            entry.state = if sure { state } else { State::Unknown };
            if !sure || entry.outcome.is_some() {
                continue;
            }
            entry.outcome = match (state, back) {
                (_, true) if entry.returned => Some(Outcome::Restored),
                (_, true) => Some(Outcome::Present),
                // Nobody here took it out.
                (State::Gone, _) if !entry.removing => Some(Outcome::Absent),
                _ => None,
            };
            if entry.outcome.is_some() {
                entry.error = None;
                self.notes.entry(&self.entries[place], context.now);
            }
        }
    }

    /// What is to be put in again in the group in hand.
    pub(super) fn put_in(&self) -> Option<Unit> {
        let group = self.group().filter(|_| self.undo)?;
        let missing = |place: &usize| {
            let entry = &self.entries[*place];
            entry.removing && entry.outcome.is_none() && !entry.left && self.standing(group, *place).is_none()
        };
        let places: Vec<usize> = self.own().filter(missing).take(self.limit.max(1)).collect();
        (!places.is_empty()).then_some(Unit::Backends(Change::Add, places))
    }
}

/// Whether both are in the same place of their group, by the fields that say so.
fn is_twin(fields: &str, one: &Backend, other: &Backend) -> bool {
    if fields.is_empty() {
        return false;
    }
    let (one, other) = (Json::new(one.saved.clone()).read(), Json::new(other.saved.clone()).read());
    let agrees = |name: &str| same(said(one.value(), name), said(other.value(), name));
    words(fields).all(agrees)
}
