//! What is remembered of one load balancer: all that the journal and the report hold of it.
//!
//! [`Memory::apply`] is the only place where it changes. A lane that is under way and one that goes on from a journal
//! go through the same facts: what a journal tells is read as facts, too.

use alloc::{string::String, vec::Vec};
use core::ops::Range;

use crate::removal::call::{Call, Fate, Target};
use crate::removal::entry::{Expected, Outcome, State, Tracked, TrackedRule, key};
use crate::removal::errors::{NO_GROUP, RULE_CHANGED};
use crate::removal::fact::{Fact, Goal, Status, Verdict, Why};
use crate::removal::family::{Change, Edit};
use crate::removal::guard::Refusal;
use crate::removal::phase::Phase;
use crate::removal::world::{Backend, Group, sort};

/// What is remembered of a load balancer.
#[derive(Debug, Default)]
pub(super) struct Memory {
    /// In the order of their keys.
    entries: Vec<Tracked>,
    rules: Vec<TrackedRule>,
    /// The last call, until nothing more is expected of it.
    call: Option<Call>,
    /// The last call of an earlier run, until its phase and group are reached: this run may make others before that.
    inherited: Option<Call>,
    verdict: Verdict,
    why: Option<Why>,
    trouble: Option<String>,
    unrestored: bool,
    /// How many operations were sent.
    calls: u32,
    /// When the last drain was sent or answered.
    last_drain: Option<i64>,
    /// When the last call came back by which weights or switches are put back.
    last_restore: i64,
}

impl Memory {
    /// What a plan is about: entries and rules are added first, and then put into their order.
    pub(super) fn add(&mut self, entry: Tracked) {
        self.entries.push(entry);
    }

    /// A rule that a plan is about.
    pub(super) fn add_rule(&mut self, rule: TrackedRule) {
        self.rules.push(rule);
    }

    /// All was added: entries are found by their group and id.
    pub(super) fn put_in_order(&mut self) {
        sort(&mut self.entries, |entry| &entry.key);
    }

    /// Takes a fact over: the only way in which anything here changes.
    pub(super) fn apply(&mut self, fact: Fact, goal: Goal) {
        match fact {
            Fact::Sent(call) => {
                if call.target.is(Change::Drain) {
                    self.last_drain = Some(call.at);
                }
                self.call = Some(call);
            }
            Fact::Answered(at) => self.came_back(at, Fate::Answered, goal),
            Fact::Unknown(at, error) => self.came_back(at, Fate::Unknown(error), goal),
            Fact::Rejected(at, error) => self.came_back(at, Fate::Rejected(error), goal),
            Fact::NotDone(at) => {
                self.note_restore(at);
                self.call = None;
            }
            Fact::CallClosed => self.call = None,
            Fact::CallInherited => self.inherited = self.call.take(),
            Fact::CallReached => self.call = self.inherited.take(),
            Fact::Calls(calls) => self.calls = calls,
            Fact::Chosen(entry, chosen) => self.entries[entry].chosen = chosen,
            Fact::Seen(entry, seen) => {
                let memory = &mut self.entries[entry].memory;
                (memory.outcome, memory.state, memory.health) = (seen.outcome, seen.state, seen.health);
                (memory.drain_seen, memory.new_id) = (seen.drain_seen, seen.new_id);
                memory.unconfirmed = memory.unconfirmed.filter(|_| !seen.confirmed);
                memory.error = memory.error.take().filter(|_| !seen.finished);
            }
            Fact::RuleVerified(rule) => self.rules[rule].memory.verified = true,
            Fact::RuleStanding { rule, id, restored, left_alone } => {
                let memory = &mut self.rules[rule].memory;
                (memory.id, memory.restored) = (id, restored);
                memory.cannot_restore |= left_alone;
                if left_alone {
                    self.trouble.get_or_insert_with(|| RULE_CHANGED.into());
                }
            }
            Fact::Entry(entry, memory) => self.entries[entry].memory = memory,
            Fact::Rule(rule, memory) => self.rules[rule].memory = memory,
            Fact::Believed(group) => {
                for entry in self.of_group(&group) {
                    self.entries[entry].memory.unconfirmed = None;
                }
            }
            Fact::CannotBeDone(target, phase, error) => self.cannot_be_done(&target, phase == Phase::PutBack, &error),
            Fact::OutOfSight(group) => {
                for entry in self.of_group(&group) {
                    let memory = &mut self.entries[entry].memory;
                    if memory.state != State::Gone {
                        memory.state = State::Unknown;
                    }
                }
            }
            Fact::NoSuchGroup(group) => {
                for entry in self.of_group(&group) {
                    let memory = &mut self.entries[entry].memory;
                    (memory.cannot_restore, memory.error) = (true, Some(NO_GROUP.into()));
                }
            }
            Fact::Unrestored(group, error) => self.cannot_restore(&group, error, goal),
            Fact::NothingSeen => self.unrestored = true,
            Fact::RollingBack(why) => {
                self.verdict = Verdict::RollingBack;
                self.why = why.or(self.why.take());
            }
            Fact::Trouble(error) => {
                self.trouble.get_or_insert(error);
            }
            Fact::TriedAgain => {
                (self.verdict, self.why, self.trouble) = (Verdict::Going, None, None);
                for entry in &mut self.entries {
                    let memory = &mut entry.memory;
                    // It has no outcome before the end, which an undo that was cut off did not reach.
                    let given_up = memory.outcome.is_none() && memory.cannot_restore;
                    if given_up || memory.outcome == Some(Outcome::Failed) {
                        (memory.outcome, memory.error, memory.cannot_restore) = (None, None, false);
                    }
                }
                for rule in &mut self.rules {
                    rule.memory.cannot_restore = false;
                }
            }
            Fact::Ended(status) => {
                for entry in self.cannot_end_otherwise(goal) {
                    self.entries[entry].memory.outcome = Some(Outcome::Failed);
                }
                self.verdict = Verdict::Ended(status);
            }
            Fact::Stopped(status, error) => self.verdict = Verdict::Stopped(status, error),
        }
    }

    /// The last call came back.
    fn came_back(&mut self, at: i64, fate: Fate, goal: Goal) {
        self.note_restore(at);
        let done = !matches!(fate, Fate::Rejected(_));
        let Some(call) = &mut self.call else { return };
        (call.at, call.fate) = (at, fate);
        if !done {
            return;
        }
        // It was, or may have been, carried out.
        match &call.target {
            Target::Backends(change, entries) => {
                if *change == Change::Drain {
                    self.last_drain = Some(at);
                }
                for entry in entries {
                    let memory = &mut self.entries[*entry].memory;
                    memory.drain_sent |= *change == Change::Drain;
                    memory.remove_sent |= *change == Change::Remove;
                    memory.restore_sent |= goal.is_restore() && matches!(change, Change::Add | Change::Restore);
                    memory.unconfirmed = Some(*change);
                    memory.state = State::Unknown;
                }
            }
            Target::Rule(rule, ..) if call.phase == Phase::PutBack => self.rules[*rule].memory.restore_sent = true,
            Target::Rule(rule, edit, backends) => {
                let memory = &mut self.rules[*rule].memory;
                memory.verified = false;
                memory.expected = Some(match edit {
                    Edit::Delete => Expected::Gone,
                    _ => Expected::Backends(backends.clone()),
                });
            }
        }
    }

    /// What a call was about cannot be done.
    fn cannot_be_done(&mut self, target: &Target, putting_back: bool, error: &str) {
        if let (Target::Rule(rule, ..), true) = (target, putting_back) {
            self.rules[*rule].memory.cannot_restore = true;
        }
        // A rule that stays without a backend is no reason to leave the backend drained.
        let of_backends = matches!(target, Target::Backends(..));
        for entry in self.entries_of(target) {
            let entry = &mut self.entries[entry];
            let fails = !putting_back && entry.is_active();
            entry.memory.error = Some(error.into());
            entry.memory.cannot_restore |= putting_back && of_backends;
            if fails {
                entry.memory.outcome = Some(Outcome::Failed);
            }
        }
    }

    /// A group cannot be put back.
    fn cannot_restore(&mut self, group: &str, error: String, goal: Goal) {
        for entry in self.of_group(group) {
            let memory = &mut self.entries[entry].memory;
            let drained = memory.drain_sent && memory.state != State::Gone;
            let missing = goal.is_restore() && memory.outcome.is_none();
            if drained || missing {
                memory.error.get_or_insert_with(|| error.clone());
                memory.cannot_restore |= missing;
            }
        }
        self.trouble.get_or_insert(error);
        self.unrestored = true;
    }

    fn note_restore(&mut self, at: i64) {
        if self.call.as_ref().is_some_and(|call| call.target.is(Change::Restore)) {
            self.last_restore = at;
        }
    }

    /// Leaves of it what an undo puts back: only what the run has changed, or may have.
    pub(super) fn turn_to_undo(&mut self) {
        // What became of a call of unknown fate shows when the vendor's time for it is over.
        let unknown = self.last_call().is_some_and(Call::is_unknown);
        let Memory { mut entries, mut rules, .. } = core::mem::take(self);
        rules.retain(|rule| rule.memory.expected.is_some());
        // What was taken out of a rule, and nothing else was done to, is to be put into it again.
        entries.retain(|entry| {
            let memory = &entry.memory;
            memory.drain_sent || memory.remove_sent || rules.iter().any(|rule| rule.held(&entry.planned))
        });
        // A rule that the run has put back, and that holds nothing that is missing, is somebody else's by now.
        let missing =
            |rule: &TrackedRule| entries.iter().any(|entry| entry.memory.remove_sent && rule.held(&entry.planned));
        rules.retain(|rule| !rule.memory.restored || missing(rule));
        for entry in &mut entries {
            let memory = &mut entry.memory;
            // So are weights and switches that it has put back itself.
            memory.drain_sent &= memory.state != State::Serving || memory.unconfirmed.is_some();
            // What is there since it was seen gone was put in by somebody, with the weight that he wants.
            memory.drain_sent &= !matches!(memory.outcome, Some(Outcome::Removed | Outcome::Absent));
            (memory.outcome, memory.error) = (None, None);
            memory.unconfirmed = memory.unconfirmed.filter(|_| !unknown);
            (memory.restore_sent, memory.cannot_restore) = (false, false);
            entry.chosen = true;
        }
        for rule in &mut rules {
            let memory = &mut rule.memory;
            memory.verified |= memory.restored || unknown;
            (memory.restore_sent, memory.restored, memory.cannot_restore) = (false, false, false);
        }
        (self.entries, self.rules) = (entries, rules);
    }
}

/// What is asked of it.
impl Memory {
    /// The entries, in the order of their keys.
    pub(super) fn entries(&self) -> &[Tracked] {
        &self.entries
    }

    /// The rules.
    pub(super) fn rules(&self) -> &[TrackedRule] {
        &self.rules
    }

    /// The index of the entry with this id in this group.
    pub(super) fn find(&self, group: &str, id: &str) -> Option<usize> {
        let key = key(group, id);
        self.entries.binary_search_by(|entry| entry.key.cmp(&key)).ok()
    }

    /// The entries of a group: their indexes.
    pub(super) fn of_group(&self, group: &str) -> Range<usize> {
        let from = self.entries.partition_point(|entry| entry.planned.group.as_str() < group);
        let to = self.entries.partition_point(|entry| entry.planned.group.as_str() <= group);
        from..to
    }

    /// The ids of a group's entries that the run goes on with, sorted.
    pub(super) fn going_out(&self, group: &str) -> Vec<&str> {
        let own = self.of_group(group).map(|entry| &self.entries[entry]);
        own.filter(|entry| entry.is_active()).map(Tracked::id).collect()
    }

    /// What is in the place of an entry now: by its id, or, where an undo finds it under a new one, by what tells its
    /// place.
    pub(super) fn standing<'g>(&self, group: &'g Group, entry: usize, goal: Goal) -> Option<&'g Backend> {
        let planned = &self.entries[entry].planned.backend;
        let there = group.backend(&planned.id);
        match goal {
            Goal::Restore { identity } => {
                there.or_else(|| group.backends.iter().find(|backend| backend.is_in_place_of(planned, identity)))
            }
            Goal::Remove => there,
        }
    }

    /// The last call, if it is one of the phase and group in hand.
    pub(super) fn call(&self) -> Option<&Call> {
        self.call.as_ref()
    }

    /// The last call of an earlier run, whose phase and group were not reached yet.
    pub(super) fn inherited(&self) -> Option<&Call> {
        self.inherited.as_ref()
    }

    /// The last call, whoever sent it.
    pub(super) fn last_call(&self) -> Option<&Call> {
        self.call.as_ref().or(self.inherited.as_ref())
    }

    /// The call that was sent, and did not come back yet.
    pub(super) fn in_flight(&self) -> Option<&Call> {
        self.call.as_ref().filter(|call| call.fate == Fate::InFlight)
    }

    /// Whether this rule is being edited right now.
    pub(super) fn is_rule_in_flight(&self, rule: usize) -> bool {
        self.in_flight().is_some_and(|call| matches!(call.target, Target::Rule(own, ..) if own == rule))
    }

    /// What of this entry was sent, and did not come back yet.
    pub(super) fn in_flight_of(&self, entry: usize) -> Option<Change> {
        self.in_flight().and_then(|call| call.target.change_of(entry))
    }

    /// The entries that a call is about.
    pub(super) fn entries_of(&self, target: &Target) -> Vec<usize> {
        match target {
            Target::Backends(_, entries) => entries.clone(),
            Target::Rule(rule, ..) => {
                let held = &self.rules[*rule].planned.rule.backends;
                (0..self.entries.len())
                    .filter(|entry| held.contains(&self.entries[*entry].planned.backend.id))
                    .collect()
            }
        }
    }

    /// Whether such a change of something in this group is not seen yet.
    pub(super) fn is_unconfirmed(&self, group: &str, change: Change) -> bool {
        self.of_group(group).any(|entry| self.entries[entry].memory.unconfirmed == Some(change))
    }

    /// What is to be reported of an entry now.
    pub(super) fn result(&self, entry: usize, goal: Goal) -> Outcome {
        let (memory, in_flight) = (&self.entries[entry].memory, self.in_flight_of(entry));
        let unseen = memory.state == State::Unknown;
        if let Some(outcome) = memory.outcome {
            return outcome;
        }
        if goal.is_restore() {
            return match () {
                () if memory.cannot_restore => Outcome::Failed,
                () if in_flight.is_some() || (memory.restore_sent && unseen) => Outcome::Unknown,
                () if memory.restore_sent => Outcome::Failed,
                () => Outcome::NotTried,
            };
        }
        match () {
            () if in_flight == Some(Change::Remove) || (memory.remove_sent && unseen) => Outcome::Unknown,
            () if memory.remove_sent => Outcome::Failed,
            () => Outcome::NotTried,
        }
    }

    /// The entries that an undo has not put back when it ends: until then somebody might have.
    pub(super) fn cannot_end_otherwise(&self, goal: Goal) -> Vec<usize> {
        let failed = |entry: &usize| {
            let open = goal.is_restore() && self.entries[*entry].memory.outcome.is_none();
            open && self.result(*entry, goal) == Outcome::Failed
        };
        (0..self.entries.len()).filter(failed).collect()
    }

    /// Whether something was not reached when it ends, though nothing made it turn back.
    pub(super) fn has_failed(&self, goal: Goal) -> bool {
        // A rule that was left as it is has no entry.
        if goal.is_restore() && self.error().is_some() {
            return true;
        }
        (0..self.entries.len()).any(|entry| match self.result(entry, goal) {
            Outcome::Failed => true,
            outcome => goal.is_restore() && matches!(outcome, Outcome::NotTried | Outcome::Unknown),
        })
    }

    /// How it ended, or will.
    pub(super) fn status(&self) -> Status {
        match (&self.verdict, &self.why) {
            (Verdict::Going, _) => Status::Running,
            (Verdict::Ended(status) | Verdict::Stopped(status, _), _) => *status,
            (Verdict::RollingBack, Some(Why::Guard(_))) => Status::Refused,
            (Verdict::RollingBack, _) => Status::Failed,
        }
    }

    /// Whether it puts back what was begun.
    pub(super) fn is_rolling_back(&self) -> bool {
        matches!(self.verdict, Verdict::RollingBack)
    }

    /// Whether it is over, and stays so.
    pub(super) fn is_ended(&self) -> bool {
        matches!(self.verdict, Verdict::Ended(_))
    }

    /// Whether the caller has stopped it.
    pub(super) fn is_stopped(&self) -> bool {
        matches!(self.verdict, Verdict::Stopped(..))
    }

    /// The guard that ended it.
    pub(super) fn refusal(&self) -> Option<&Refusal> {
        match &self.why {
            Some(Why::Guard(refusal)) => Some(refusal),
            _ => None,
        }
    }

    /// The error that is to be reported of it, as JSON text.
    pub(super) fn error(&self) -> Option<&str> {
        match (&self.verdict, &self.why) {
            (Verdict::Stopped(_, error), _) | (_, Some(Why::Error(error))) => Some(error),
            _ => self.trouble.as_deref(),
        }
    }

    /// Whether another run may put back what this one could not.
    pub(super) fn is_unrestored(&self) -> bool {
        self.unrestored
    }

    /// How many operations were sent.
    pub(super) fn calls(&self) -> u32 {
        self.calls
    }

    /// When the last drain was sent or answered, in milliseconds since 1970.
    pub(super) fn last_drain(&self) -> Option<i64> {
        self.last_drain
    }

    /// When the last call came back that puts weights or switches back, in milliseconds since 1970.
    pub(super) fn last_restore(&self) -> i64 {
        self.last_restore
    }
}
