//! A lane that writes a journal, and one that goes on where another one ended.

use alloc::{string::String, vec::Vec};

use crate::core::encode::decimal;
use crate::core::json::{Json, push_comma};
use crate::core::text::same;
use crate::core::time;
use crate::core::value::Value;
use crate::removal::family::{Change, Edit};
use crate::removal::journal::Is;
use crate::removal::lane::{Context, Doing, Lane, POLLS, Phase, Status};
use crate::removal::reader::{Event, Failure};
use crate::removal::request::Refusal;
use crate::removal::track::{Outcome, key};
use crate::removal::work::Unit;
use crate::removal::world::{items, quoted, texts};

/// A call that a journal tells of last, whose effect no read has shown yet.
#[derive(Debug)]
pub(super) struct Pending {
    phase: Phase,
    group: String,
    unit: Unit,
    /// When it was sent, in milliseconds since 1970, at the latest.
    at: i64,
    /// What is known of it.
    fate: Fate,
}

impl Pending {
    /// Whether nobody knows what became of it.
    pub(super) fn is_lost(&self) -> bool {
        self.fate != Fate::Done
    }
}

#[derive(Debug, PartialEq, Eq)]
enum Fate {
    /// Nothing: all ended between it and its answer.
    Open,
    /// It was answered well.
    Done,
    /// The error that leaves it open.
    Lost(String),
}

const CUT_OFF: &str = r#"{"kind":"outcome-unknown","message":"the run ended before the call was answered","retryable":true,"sent":"unknown"}"#;

/// What a lane knows before it takes a step, to tell afterwards what the step was.
#[derive(Debug)]
pub(super) struct Before {
    group: usize,
    all: bool,
    calling: bool,
    failure: Option<String>,
}

impl Lane {
    /// What is to be known of a step before it is taken.
    pub(super) fn before(&self, event: &Event) -> Before {
        Before {
            group: self.at,
            // Only the first look is at all groups at once.
            all: self.phase == Phase::Check,
            calling: self.doing == Doing::Calling && !matches!(event, Event::Held),
            failure: match event {
                Event::Failed(text) | Event::Stopped(text) => Some(text.clone()),
                _ => None,
            },
        }
    }

    /// Writes what a step has brought.
    pub(super) fn record(&mut self, context: &Context<'_>, before: &Before, calls: bool) {
        let Some(mut chain) = self.chain.take() else { return };
        let is = if calls {
            Is::Intent
        } else if before.calling {
            Is::Result
        } else {
            Is::Seen
        };
        // A lane that has changed nothing leaves nothing behind: all of it is found again.
        if chain.seq == 0 && is != Is::Intent {
            self.chain = Some(chain);
            return;
        }
        let mut told: Vec<(&str, String)> = Vec::new();
        match is {
            Is::Intent => self.announce(context, &mut told),
            Is::Result => told.extend(before.failure.iter().map(|error| ("error", error.clone()))),
            _ => {}
        }
        let news = self.news(before, &mut told);
        let setting = context.setting;
        if is != Is::Seen || news {
            // What is announced may be sent; a read that is next may be not.
            let calls = self.calls() - u32::from(is != Is::Intent && self.sent());
            told.push(("calls", decimal(calls.into())));
            chain.write(setting, &self.id, is, context.now, &told);
        }
        let over = self.doing == Doing::Over && !self.stopped && !self.ended;
        if over && !self.owing && matches!(self.status, Status::Done | Status::Refused | Status::Failed) {
            self.ended = true;
            chain.write(setting, &self.id, Is::End, context.now, &[("status", quoted(self.status.name()))]);
        }
        self.chain = Some(chain);
    }

    /// What a call is about that is going to be sent.
    fn announce(&self, context: &Context<'_>, told: &mut Vec<(&str, String)>) {
        let Some(unit) = &self.last else { return };
        told.push(("step", quoted(self.phase.name())));
        told.push(("groupId", quoted(self.groups.get(self.at).map_or("", String::as_str))));
        match unit {
            Unit::Backends(change, places) => {
                let ids = places.iter().map(|place| self.entries[*place].entry.backend.id.clone());
                told.push(("change", quoted(change.name())));
                told.push(("ids", texts(&ids.collect::<Vec<_>>())));
            }
            Unit::Rule(place, edit, backends) => {
                told.push(("edit", quoted(edit.name())));
                told.push(("rule", decimal(*place as i64)));
                told.push(("ids", texts(backends)));
            }
        }
        told.push(("operation", self.operation(context.setting.family, unit).into_text()));
    }

    /// What the lane remembers, as far as it is another than was written last. Whether there is any.
    fn news(&mut self, before: &Before, told: &mut Vec<(&str, String)>) -> bool {
        let (mut backends, mut rules) = (String::from("["), String::from("["));
        // At its first look and at its end a lane is about all of its groups.
        let all = before.all || self.doing == Doing::Over;
        let groups = if all { 0..self.groups.len() } else { before.group..before.group + 1 };
        for group in groups.chain([self.at]) {
            for place in self.of(group) {
                let entry = &mut self.entries[place];
                let mark = entry.mark();
                if mark != entry.journaled {
                    entry.journaled = mark;
                    push_comma(&mut backends);
                    backends.push_str(entry.remember().as_str());
                }
            }
        }
        for (place, rule) in self.rules.iter_mut().enumerate() {
            let Some(now) = rule.remember(place).map(Json::into_text) else { continue };
            if now != rule.journaled {
                push_comma(&mut rules);
                rules.push_str(&now);
                rule.journaled = now;
            }
        }
        let mut any = false;
        for (name, mut list) in [("backends", backends), ("rules", rules)] {
            if list.len() > 1 {
                list.push_str("]");
                told.push((name, list));
                any = true;
            }
        }
        // That it turned round, and why.
        let turned = matches!(self.status, Status::Refused | Status::Failed) && !self.stopped;
        if turned && !core::mem::replace(&mut self.turned, true) {
            told.push(("status", quoted(self.status.name())));
            if let Some(refusal) = &self.refusal {
                told.push(("refusal", refusal.write().into_text()));
            }
            any = true;
        }
        // That somebody stopped this run is no error of the next.
        let stopped = self.stopped || self.status == Status::Aborted;
        if let (Some(failure), false) = (&self.failure, stopped || self.failure == self.told_failure) {
            self.told_failure.clone_from(&self.failure);
            told.push(("failure", failure.clone()));
            any = true;
        }
        any
    }

    /// Takes over what an entry of a journal tells.
    pub(super) fn recall(&mut self, told: Value<'_>) -> Result<(), &'static str> {
        const DAMAGED: &str = "cannot be read";
        let is = Is::of(told).ok_or(DAMAGED)?;
        if is != Is::Result {
            // A run that went on has taken it for sent before it wrote this.
            self.take_for_sent();
        }
        for own in items(told, "backends") {
            let place = self.place(&key(own.text("groupId"), own.text("id"))).ok_or(DAMAGED)?;
            self.entries[place].recall(own);
        }
        for own in items(told, "rules") {
            let place = own.get("rule").and_then(Value::as_integer).and_then(|place| usize::try_from(place).ok());
            let place = place.ok_or(DAMAGED)?;
            let rule = self.rules.get_mut(place).ok_or(DAMAGED)?;
            rule.recall(own);
            rule.journaled = rule.remember(place).map(Json::into_text).unwrap_or_default();
        }
        if let Some(calls) = told.get("calls").and_then(Value::as_integer) {
            self.called(u32::try_from(calls).map_err(|_| DAMAGED)?);
        }
        if let Some(status) = [Status::Refused, Status::Failed].into_iter().find(|own| told.says("status", own.name()))
        {
            (self.status, self.turned) = (status, true);
            self.refusal = told.get("refusal").and_then(Refusal::read).or(self.refusal.take());
        }
        if let Some(failure) = told.get("failure") {
            self.failure = Some(failure.raw().into());
            self.told_failure.clone_from(&self.failure);
        }
        let at = time::parse(told.text("at")).ok_or(DAMAGED)? + 999;
        match is {
            Is::Intent => self.pending = Some(self.sent_before(told, at).ok_or(DAMAGED)?),
            Is::Result => {
                let error = told.get("error").map(|error| String::from(error.raw()));
                let keeps = match (&mut self.pending, error) {
                    (None, _) => return Err("tells of a call that was not announced"),
                    (Some(pending), None) => {
                        (pending.fate, pending.at) = (Fate::Done, at);
                        true
                    }
                    (Some(pending), Some(error)) => {
                        let failure = Failure::new(error);
                        let open = failure.is(crate::core::error::Kind::OutcomeUnknown);
                        (pending.fate, pending.at) = (Fate::Lost(failure.text().into()), at);
                        open
                    }
                };
                if !keeps {
                    self.pending = None;
                }
            }
            Is::Seen => {
                // What reads have shown is not waited for any more.
                let shown = match self.pending.as_ref().map(|pending| (&pending.unit, pending.phase)) {
                    Some((Unit::Backends(_, places), _)) => {
                        places.iter().all(|place| self.entries[*place].unseen.is_none())
                    }
                    Some((Unit::Rule(place, ..), Phase::PutBack)) => self.rules[*place].restored,
                    Some((Unit::Rule(place, ..), _)) => self.rules[*place].verified,
                    None => true,
                };
                if shown {
                    self.pending = None;
                }
            }
            Is::End => {
                (self.ended, self.begun, self.doing) = (true, true, Doing::Over);
                if told.says("status", Status::Done.name()) {
                    self.status = Status::Done;
                }
            }
        }
        let drains = |pending: &&Pending| matches!(pending.unit, Unit::Backends(Change::Drain, _));
        if is != Is::Seen && self.pending.as_ref().is_some_and(|pending| drains(&pending)) {
            self.drained_at = Some(at);
        }
        self.resumed = true;
        Ok(())
    }

    /// The call that an intent announces.
    fn sent_before(&self, told: Value<'_>, at: i64) -> Option<Pending> {
        let phase = Phase::of(told.text("step"))?;
        let ids = || items(told, "ids").filter_map(|id| Some(String::from(id.as_str()?)));
        let unit = match (Change::of(told.text("change")), Edit::of(told.text("edit"))) {
            (Some(change), _) => {
                let places = ids().map(|id| self.place(&key(told.text("groupId"), &id)));
                Unit::Backends(change, places.collect::<Option<Vec<_>>>()?)
            }
            (None, Some(edit)) => {
                let place = usize::try_from(told.get("rule")?.as_integer()?).ok()?;
                self.rules.get(place)?;
                Unit::Rule(place, edit, ids().collect())
            }
            _ => return None,
        };
        Some(Pending { phase, group: told.text("groupId").into(), unit, at, fate: Fate::Open })
    }

    /// All that a journal tells was taken over: what is not known of its last call is to be found out, when that can
    /// show.
    pub(super) fn recalled(&mut self, settle_ms: u32) {
        if self.doing == Doing::Over {
            return;
        }
        self.take_for_sent();
        if self.undo {
            // The undo before did not end: what it could not put back is tried again.
            (self.status, self.turned, self.failure, self.told_failure) = (Status::Running, false, None, None);
            for entry in self.entries.iter_mut().filter(|entry| entry.outcome == Some(Outcome::Failed)) {
                (entry.outcome, entry.error) = (None, None);
                (entry.left, entry.active) = (false, true);
            }
        }
        if self.pending.as_ref().is_some_and(Pending::is_lost) {
            self.until = self.settled_at(settle_ms);
        }
    }

    /// A call that was announced, and that nothing was told of since: as if it had been sent, and its answer lost.
    fn take_for_sent(&mut self) {
        let Some(mut pending) = self.pending.take() else { return };
        if pending.fate == Fate::Open {
            self.last = Some(pending.unit.clone());
            self.phase = pending.phase;
            self.may_have_been_done();
            (self.phase, self.last) = (Phase::Check, None);
            pending.fate = Fate::Lost(CUT_OFF.into());
        }
        self.pending = Some(pending);
    }

    /// When the last call that the journal tells of shows, if no read has shown it yet.
    pub(super) fn settled_at(&self, settle_ms: u32) -> i64 {
        self.pending.as_ref().map_or(self.until, |pending| pending.at + i64::from(settle_ms))
    }

    /// A phase begins in the group in hand: if the call that the journal tells of last is one of its own, its effect is
    /// waited for as it would have been.
    pub(super) fn catch_up(&mut self) {
        let own = |pending: &&mut Pending| {
            pending.phase == self.phase && self.groups.get(self.at).is_some_and(|group| same(group, &pending.group))
        };
        if self.pending.as_mut().filter(own).is_none() {
            return;
        }
        let Some(pending) = self.pending.take() else { return };
        if matches!(pending.unit, Unit::Backends(Change::Restore, _)) {
            self.restored_at = pending.at;
        }
        if let Fate::Lost(error) = pending.fate {
            self.lost_before(error, pending.unit.is_once());
        }
        self.last = Some(pending.unit);
    }
}

impl Unit {
    /// Whether it is one that would do it twice.
    pub(super) fn is_once(&self) -> bool {
        matches!(self, Unit::Rule(_, Edit::Create, _) | Unit::Backends(Change::Add, _))
    }
}

/// How often an effect is still looked for, where the answer was lost and the time that it takes has passed.
pub(super) fn looked(once: bool) -> u32 {
    // What is never done twice is looked for longer.
    if once { POLLS - 3 } else { POLLS }
}
