//! What a lane writes into its journal: its chain of entries, and how much of what it remembers stands there already.

use alloc::{string::String, vec::Vec};
use core::ops::Range;

use crate::core::encode::decimal;
use crate::core::json::{Json, push_comma};
use crate::core::value::Value;
use crate::removal::entry::{EntryMemory, Outcome, State, Tracked};
use crate::removal::fact::{Goal, Status};
use crate::removal::family::Change;
use crate::removal::journal::{Chain, RecordKind};
use crate::removal::memory::Memory;
use crate::removal::record;
use crate::removal::setting::Setting;
use crate::removal::world::{Health, items, quoted};

/// What the journal has of an entry.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Mark {
    outcome: Option<Outcome>,
    state: State,
    health: Health,
    unconfirmed: Option<Change>,
    flags: [bool; 5],
    error: bool,
    new_id: bool,
}

impl Mark {
    fn of(memory: &EntryMemory) -> Self {
        Mark {
            outcome: memory.outcome,
            state: memory.state,
            health: memory.health,
            unconfirmed: memory.unconfirmed,
            flags: [
                memory.drain_sent,
                memory.drain_seen,
                memory.remove_sent,
                memory.restore_sent,
                memory.cannot_restore,
            ],
            error: memory.error.is_some(),
            new_id: memory.new_id.is_some(),
        }
    }
}

/// What a step was, for the journal.
#[derive(Debug)]
pub(super) struct Taken<'a> {
    /// The error of the call that it took the result of, if it took one and it failed.
    pub(super) result: Option<Option<String>>,
    /// The operation of the call that is to be made next, if one is.
    pub(super) operation: Option<&'a str>,
    /// Whether the lane is over.
    pub(super) is_over: bool,
}

/// A lane's journal.
#[derive(Debug, Default)]
pub(super) struct Ledger {
    pub(super) chain: Chain,
    entries: Vec<Mark>,
    rules: Vec<String>,
    rolling_back: bool,
    error: Option<String>,
    /// Whether its last entry was written.
    ended: bool,
}

impl Ledger {
    /// That of a lane whose memory is, for its journal, as at the beginning.
    pub(super) fn new(plan: &str, memory: &Memory) -> Self {
        let mut ledger = Ledger { chain: Chain::new(plan), ..Ledger::default() };
        ledger.entries = memory.entries().iter().map(|entry| Mark::of(&entry.memory)).collect();
        ledger.rules = memory.rules().iter().map(|_| String::new()).collect();
        ledger
    }

    /// The journal has this entry, whose facts were taken over.
    pub(super) fn has(&mut self, json: Value<'_>, memory: &Memory) {
        for own in items(json, "backends") {
            if let Some(entry) = memory.find(own.text("groupId"), own.text("id")) {
                self.entries[entry] = Mark::of(&memory.entries()[entry].memory);
            }
        }
        for own in items(json, "rules") {
            let rule = own.get("rule").and_then(Value::as_integer).and_then(|rule| usize::try_from(rule).ok());
            if let Some(written) = rule.and_then(|rule| self.rules.get_mut(rule)) {
                *written = rule_text(memory, rule.unwrap_or_default());
            }
        }
        self.rolling_back |= json.get("status").is_some() && !memory.is_ended();
        if json.get("failure").is_some() {
            self.error = memory.error().map(String::from);
        }
        self.ended = memory.is_ended();
    }

    /// What could not be put back is tried again.
    pub(super) fn try_again(&mut self) {
        (self.rolling_back, self.error) = (false, None);
    }

    /// Writes what of these groups' entries, of the rules and of the lane itself the journal does not have yet. Whether
    /// there is any.
    fn news(
        &mut self,
        memory: &Memory,
        goal: Goal,
        ranges: impl Iterator<Item = Range<usize>>,
        out: &mut Vec<(&str, String)>,
    ) -> bool {
        let (mut backends, mut rules) = (String::from("["), String::from("["));
        for entry in ranges.flatten() {
            let mark = Mark::of(&memory.entries()[entry].memory);
            if core::mem::replace(&mut self.entries[entry], mark) != mark {
                push_comma(&mut backends);
                backends.push_str(record::remembered(memory, entry, goal).as_str());
            }
        }
        for (rule, written) in self.rules.iter_mut().enumerate() {
            let now = rule_text(memory, rule);
            if !now.is_empty() && now != *written {
                push_comma(&mut rules);
                rules.push_str(&now);
                *written = now;
            }
        }
        let mut any = false;
        for (name, mut list) in [("backends", backends), ("rules", rules)] {
            if list.len() > 1 {
                list.push_str("]");
                out.push((name, list));
                any = true;
            }
        }
        // That somebody stopped this run is no error of the next.
        if memory.is_stopped() {
            return any;
        }
        let status = memory.status();
        if matches!(status, Status::Refused | Status::Failed) && !core::mem::replace(&mut self.rolling_back, true) {
            out.push(("status", quoted(status.name())));
            if let Some(refusal) = memory.refusal() {
                out.push(("refusal", refusal.write().into_text()));
            }
            any = true;
        }
        if let Some(error) = memory.error().filter(|error| self.error.as_deref() != Some(*error)) {
            out.push(("failure", error.into()));
            self.error = Some(error.into());
            any = true;
        }
        any
    }

    /// Writes what a step has brought; `ranges` are the entries that it may have been about.
    #[expect(clippy::too_many_arguments, reason = "who writes, when, of what, and what happened")]
    pub(super) fn record(
        &mut self,
        setting: &Setting,
        lane: &str,
        now: i64,
        memory: &Memory,
        goal: Goal,
        taken: Taken<'_>,
        ranges: impl Iterator<Item = Range<usize>>,
    ) {
        // A lane that has changed nothing leaves nothing behind: all of it is found again. But for how a backend was before
        // its first drain, where that is not as planned: at weight 0 no read may show it any more.
        let other_health = |entry: &Tracked| entry.memory.health != entry.planned.backend.health;
        let begins = taken.operation.is_some() && memory.entries().iter().any(other_health);
        if self.chain.seq > 0 || begins {
            let kind = if taken.result.is_some() { RecordKind::Result } else { RecordKind::Seen };
            let error = taken.result.into_iter().flatten().map(|error| ("error", error));
            let mut fields: Vec<(&str, String)> = error.collect();
            if self.news(memory, goal, ranges, &mut fields) || kind == RecordKind::Result {
                // A read that is next may not be sent.
                fields.push(("calls", decimal(memory.calls().into())));
                self.chain.write(setting, lane, kind, now, &fields);
            }
        }
        // Whether it is written is decided where the call is made. So it holds the call alone: what reads have shown
        // before it stands in an entry of its own, and stays where the call is not made after all.
        if let (Some(operation), Some(call)) = (taken.operation, memory.in_flight()) {
            let mut fields: Vec<(&str, String)> = Vec::new();
            record::announced(memory, call, operation.into(), &mut fields);
            fields.push(("calls", decimal((memory.calls() + 1).into())));
            self.chain.write(setting, lane, RecordKind::Intent, now, &fields);
        }
        if taken.is_over && self.chain.seq > 0 {
            self.end(setting, lane, memory, now);
        }
    }

    /// Writes that the lane is over, once, where it stays so.
    fn end(&mut self, setting: &Setting, lane: &str, memory: &Memory, now: i64) {
        if memory.is_ended() && !memory.is_unrestored() && !core::mem::replace(&mut self.ended, true) {
            let fields = [("status", quoted(memory.status().name()))];
            self.chain.write(setting, lane, RecordKind::End, now, &fields);
        }
    }
}

/// What the journal is to have of a rule; empty where that is nothing.
fn rule_text(memory: &Memory, rule: usize) -> String {
    record::remembered_rule(memory, rule).map(Json::into_text).unwrap_or_default()
}
