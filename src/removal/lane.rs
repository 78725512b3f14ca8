//! One load balancer of a run, from the first look to the last: the loop that reads, decides, and makes one call after
//! the other. What follows from a read is decided in `decide.rs`; what is remembered changes in
//! `memory.rs` alone.
//!
//! Every change is decided by a read of its group made directly before it, so a lost answer needs no memory: the next
//! read shows what became of it, and what is still to be done.

use alloc::{string::String, vec::Vec};

use crate::core::error::Kind;
use crate::core::json::Json;
use crate::core::value::Value;
use crate::removal::call::{After, Call, Fate, Patience, Target, after_failure};
use crate::removal::check::{self, Compared};
use crate::removal::course::{Course, Move};
use crate::removal::decide::{self, Counts, Decision};
use crate::removal::entry::{Outcome, Tracked};
use crate::removal::errors::{NO_GROUP, NOT_TOLD};
use crate::removal::fact::{Fact, Goal, Status, Why};
use crate::removal::family::Change;
use crate::removal::guard::{Refusal, asked};
use crate::removal::ledger::{Ledger, Taken};
use crate::removal::memory::Memory;
use crate::removal::needed;
use crate::removal::observe;
use crate::removal::outbox::Outbox;
use crate::removal::phase::Phase;
use crate::removal::reader::{Action, Event, Failure, Reader, Step};
use crate::removal::recheck;
use crate::removal::record;
use crate::removal::request::Wanted;
use crate::removal::select::Selectors;
use crate::removal::setting::Setting;
use crate::removal::sight::Sight;
use crate::removal::world::Balancer;

/// What a lane is at.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Activity {
    /// It has not taken a step yet.
    #[default]
    NotBegun,
    /// It reads.
    Reading,
    /// A change was sent.
    Calling,
    /// A pause before the next read, or the wait for a drain.
    Waiting,
    /// Nothing any more.
    Over,
}

/// One load balancer of a run.
#[derive(Debug, Default)]
pub struct Lane {
    id: String,
    /// The items of `from` that lead to it: their indexes.
    sources: Vec<usize>,
    goal: Goal,
    memory: Memory,
    world: Balancer,
    reader: Reader,
    course: Course,
    activity: Activity,
    /// Until when it waits, in milliseconds since 1970.
    until: i64,
    /// Whether it goes on where another run ended.
    resumed: bool,
    /// Whether it has sent a drain itself.
    has_drained: bool,
    patience: Patience,
    /// How many backends the next call may name.
    batch_limit: usize,
    outbox: Outbox,
    /// How many entries had their outcome when this was last asked.
    finished: usize,
    /// Its journal, where one is written.
    ledger: Option<Ledger>,
}

/// What a lane is about, apart from itself.
#[derive(Clone, Copy, Debug)]
pub(super) struct Context<'a> {
    /// Whose load balancers these are.
    pub(super) setting: &'a Setting,
    /// What is wanted.
    pub(super) wanted: &'a Wanted,
    /// The time, in milliseconds since 1970.
    pub(super) now: i64,
    /// 32 random bits.
    pub(super) random: u32,
}

/// The lane, as its run sees it.
impl Lane {
    /// A load balancer, and the items of the request's `from` that lead to it.
    pub(super) fn new(id: &str, sources: Vec<usize>) -> Self {
        Lane { id: id.into(), sources, ..Lane::default() }
    }

    /// Adds what the plan is about; see [`Memory::add`].
    pub(super) fn plan(&mut self) -> &mut Memory {
        &mut self.memory
    }

    /// The load balancer.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The items of `from` that lead to it: their indexes.
    pub(super) fn sources(&self) -> &[usize] {
        &self.sources
    }

    /// What it remembers.
    pub(super) fn memory(&self) -> &Memory {
        &self.memory
    }

    /// What is to be reported of an entry now.
    pub(super) fn result(&self, entry: usize) -> Outcome {
        self.memory.result(entry, self.goal)
    }

    /// Whether there is nothing more to be done in it, by whoever it may be.
    #[must_use]
    pub fn is_over(&self) -> bool {
        self.activity == Activity::Over
    }

    /// Until when it waits, in milliseconds since 1970.
    pub(super) fn until(&self) -> i64 {
        self.until
    }

    /// It waits until then before it looks: what was sent last may still be on its way.
    pub(super) fn wait_until(&mut self, until: i64) {
        self.until = until;
    }

    /// How many operations were sent; one that is under way counts.
    #[must_use]
    pub fn calls(&self) -> u32 {
        self.memory.calls() + u32::from(self.awaits_answer())
    }

    /// How many entries have an outcome that had none when this was last asked.
    pub(super) fn take_newly_finished(&mut self) -> usize {
        let finished = self.memory.entries().iter().filter(|entry| entry.memory.outcome.is_some()).count();
        finished - core::mem::replace(&mut self.finished, finished)
    }

    /// The events that nobody was told of yet.
    pub(super) fn take_events(&mut self) -> Vec<Json> {
        self.outbox.take()
    }

    /// What is to be written into its journal now, and directly before the next call.
    pub(super) fn take_entries(&mut self) -> (Vec<String>, Option<String>) {
        self.ledger.as_mut().map_or_else(Default::default, |ledger| ledger.chain.take())
    }

    /// A journal is written from now on, for what has this digest.
    pub(super) fn attach_journal(&mut self, plan: &str) {
        self.ledger = Some(Ledger::new(plan, &self.memory));
    }

    /// When the first entry of its journal was written, if it has any.
    pub(super) fn journal_began(&self) -> Option<i64> {
        self.ledger.as_ref().map(|ledger| &ledger.chain).filter(|chain| chain.seq > 0).map(|chain| chain.began)
    }

    /// The digest of its journal's last entry.
    pub(super) fn journal_seal(&self) -> &str {
        self.ledger.as_ref().map_or("", |ledger| ledger.chain.seal())
    }

    /// Takes over what an entry of its journal tells.
    pub(super) fn recall(&mut self, json: Value<'_>) -> Result<(), &'static str> {
        if let Some(ledger) = &mut self.ledger {
            ledger.chain.read(json)?;
        }
        record::recall(&mut self.memory, json, self.goal)?;
        if let Some(ledger) = &mut self.ledger {
            ledger.has(json, &self.memory);
        }
        self.resumed = true;
        Ok(())
    }

    /// All that its journal tells was taken over: what is not known of its last call is to be found out, when that can
    /// show.
    pub(super) fn recalled(&mut self, visible_after_ms: u32) {
        record::cut_off(&mut self.memory, self.goal);
        self.memory.apply(Fact::CallInherited, self.goal);
        if self.memory.is_ended() {
            self.activity = Activity::Over;
            return;
        }
        if self.goal.is_restore() {
            self.memory.apply(Fact::TriedAgain, self.goal);
            if let Some(ledger) = &mut self.ledger {
                ledger.try_again();
            }
        }
        if let Some(call) = self.memory.last_call().filter(|call| call.is_unknown()) {
            self.until = call.at + i64::from(visible_after_ms);
        }
    }

    /// What was done is to be put back, by the fields that tell a place in a group.
    pub(super) fn turn_to_undo(&mut self, identity: &'static str, visible_after_ms: u32) {
        if let Some(call) = self.memory.last_call() {
            self.until = call.at + i64::from(visible_after_ms);
        }
        self.memory.turn_to_undo();
        self.goal = Goal::Restore { identity };
        (self.activity, self.resumed, self.ledger) = (Activity::NotBegun, false, None);
    }

    /// What to do after `event`.
    pub(super) fn next(&mut self, context: &Context<'_>, event: Event) -> Action {
        if self.ledger.is_none() {
            return self.step(context, event);
        }
        let (group, all) = (self.course.group_index(), self.course.phase() == Phase::Check);
        let failure = match &event {
            Event::Failed(text) | Event::Stopped(text) => Some(text.clone()),
            _ => None,
        };
        let result = self.activity == Activity::Calling && !matches!(event, Event::Held);
        // Who stops a lane has written its intent by then.
        if let (Event::Held, Some(ledger)) = (&event, &mut self.ledger) {
            ledger.chain.take_back();
        }
        let action = self.step(context, event);
        // At its first look and at its end a lane is about all of its groups.
        let groups = if all || self.is_over() { self.course.groups() } else { &[] };
        let here = self.course.groups().get(group).map(String::as_str).into_iter().chain([self.course.group()]);
        let taken = Taken {
            result: result.then_some(failure),
            operation: match &action {
                Action::Change(operation) => Some(operation),
                _ => None,
            },
            is_over: self.is_over(),
        };
        if let Some(ledger) = &mut self.ledger {
            let ranges = groups.iter().map(String::as_str).chain(here).map(|group| self.memory.of_group(group));
            ledger.record(context.setting, &self.id, context.now, &self.memory, self.goal, taken, ranges);
        }
        action
    }
}

/// The loop.
impl Lane {
    fn step(&mut self, context: &Context<'_>, mut event: Event) -> Action {
        if self.activity == Activity::NotBegun {
            self.begin(context);
        }
        match &event {
            Event::Held => {
                self.hold(context);
                return Action::Done;
            }
            Event::Stopped(why) => {
                self.stop(why);
                return Action::Done;
            }
            Event::Failed(text) => {
                let failure = Failure::new(text.clone());
                self.count_call(!(failure.is_aborted() && failure.never_left()));
                if failure.is_aborted() {
                    self.abort(context, &failure);
                }
            }
            Event::Answer(_) => self.count_call(true),
            Event::Ready => {}
        }
        loop {
            match self.activity {
                Activity::Over => return Action::Done,
                Activity::Waiting if self.until > context.now => {
                    return Action::Sleep((self.until - context.now) as u32);
                }
                Activity::Waiting => self.wake(context),
                Activity::Calling => self.on_result(context, core::mem::take(&mut event)),
                Activity::Reading | Activity::NotBegun => {
                    let event = core::mem::take(&mut event);
                    match self.reader.next(context.setting.family, &mut self.world, event, context.random) {
                        Step::Do(action) => return action,
                        Step::Failed(failure) => self.unreadable(context, &failure),
                        Step::Done if self.course.phase() == Phase::Check => self.check(context),
                        Step::Done => {
                            if let Some(action) = self.on_read(context) {
                                return action;
                            }
                        }
                    }
                }
            }
        }
    }

    fn begin(&mut self, context: &Context<'_>) {
        self.batch_limit = context.setting.batch_limit();
        self.look_at_all(context);
        self.outbox.phase(self.course.phase(), &self.id, true, context.now);
        // Not longer than if it had been sent now: the clock of whoever wrote the journal may be ahead. A second more,
        // since reports and journals have whole ones.
        let latest = context.now + 999 + i64::from(context.setting.family.visible_after_ms);
        self.until = self.until.min(latest);
        if self.until > context.now {
            // What another run has sent last may still be on its way.
            self.activity = Activity::Waiting;
            self.outbox.wait(&self.id, "settle", self.until, context.now);
        }
    }

    /// Whether something that was to be sent did not come back yet.
    fn awaits_answer(&self) -> bool {
        match self.activity {
            Activity::Calling => true,
            Activity::Reading => self.reader.is_asking(),
            _ => false,
        }
    }

    fn count_call(&mut self, was_sent: bool) {
        if was_sent && self.awaits_answer() {
            self.memory.apply(Fact::Calls(self.memory.calls() + 1), self.goal);
        }
    }

    /// A pause is over.
    fn wake(&mut self, context: &Context<'_>) {
        match self.course.phase() {
            Phase::Check => self.activity = Activity::Reading,
            Phase::Wait => self.go(context, self.course.after_group(&self.memory, None)),
            _ => self.look(context),
        }
    }

    /// Reads everything.
    fn look_at_all(&mut self, context: &Context<'_>) {
        let from = context.wanted.from();
        let begin = |source: &usize| from.get(*source).map(|from| (context.setting.family.begin)(*from));
        self.world = Balancer::default();
        self.activity = Activity::Reading;
        self.reader = Reader::new(self.sources.iter().filter_map(begin).flatten().collect());
    }

    /// Reads the group in hand anew.
    fn look(&mut self, context: &Context<'_>) {
        let Some(id) = self.course.groups().get(self.course.group_index()) else { return self.finish(context) };
        self.activity = Activity::Reading;
        let reads = self.world.find(id).map(|group| (context.setting.family.again)(&self.world, group));
        // Of the others nothing is needed before they are in hand.
        for group in &mut self.world.groups {
            group.backends.clear();
            group.rules.clear();
            group.unread = true;
        }
        self.reader = Reader::new(reads.unwrap_or_default());
    }

    /// Goes on after a pause with a new look.
    fn pause(&mut self, context: &Context<'_>, millis: u32, why: &'static str) {
        self.activity = Activity::Waiting;
        self.until = context.now + i64::from(millis);
        self.outbox.wait(&self.id, why, self.until, context.now);
    }

    fn apply(&mut self, fact: Fact) {
        self.memory.apply(fact, self.goal);
    }

    /// What a decision may look at.
    #[inline(never)]
    fn sight<'a>(&'a self, context: &'a Context<'_>) -> Sight<'a> {
        Sight {
            memory: &self.memory,
            balancer: &self.world,
            group_id: self.course.group(),
            wanted: context.wanted,
            family: context.setting.family,
            goal: self.goal,
            phase: self.course.phase(),
            patience: &self.patience,
            batch_limit: self.batch_limit,
            now: context.now,
        }
    }

    /// All of the group in hand was read.
    fn on_read(&mut self, context: &Context<'_>) -> Option<Action> {
        if let Some(decision) = decide::unread(&self.sight(context)) {
            return self.carry_out(context, decision);
        }
        self.observe(context);
        loop {
            let decision = match decide::usable(&self.sight(context)) {
                Some(decision) => decision,
                None => {
                    self.observe_rules(context);
                    decide::next(&self.sight(context))
                }
            };
            match decision {
                Decision::Believe => self.believe(context),
                Decision::Overdue => {
                    self.believe(context);
                    self.patience.tries += 1;
                    self.patience.overdue = true;
                }
                decision => return self.carry_out(context, decision),
            }
        }
    }

    fn carry_out(&mut self, context: &Context<'_>, decision: Decision) -> Option<Action> {
        match decision {
            Decision::Look { after, why, counts } => {
                match counts {
                    Counts::Effect => self.patience.effect_looks += 1,
                    Counts::Lock => self.patience.lock_looks += 1,
                    Counts::Nothing => {}
                }
                self.pause(context, after, why);
            }
            Decision::Call(target) => return Some(self.call(context, target)),
            Decision::GroupDone => self.go(context, self.course.after_group(&self.memory, context.wanted.drain_ms)),
            Decision::Refuse(refusal) => self.refuse(context, refusal),
            Decision::Fail(error) => self.fail(context, error.into()),
            Decision::NoGroup => self.unreadable(context, &Failure::new(NO_GROUP.into())),
            Decision::GiveUp(error) => {
                if let Some(target) = self.memory.call().map(|call| call.target.clone()) {
                    self.apply(Fact::CallClosed);
                    self.give_up_call(context, &target, &error);
                }
            }
            Decision::Believe | Decision::Overdue => {}
        }
        None
    }

    /// Takes over what the last read shows of the entries of the group in hand.
    fn observe(&mut self, context: &Context<'_>) {
        for entry in self.memory.of_group(self.course.group()) {
            let Some(seen) = observe::entry(&self.sight(context), entry) else { return };
            let finished = seen.finished;
            self.apply(Fact::Seen(entry, seen));
            if finished {
                self.tell_entry(context, entry);
            }
        }
    }

    /// Takes over what the last read shows of the rules of the group in hand, once everything that they are to hold is
    /// there.
    fn observe_rules(&mut self, context: &Context<'_>) {
        if needed::add(&self.sight(context)).is_some() {
            return;
        }
        for rule in 0..self.memory.rules().len() {
            let (fact, last) = observe::rule(&self.sight(context), rule);
            if let Some(fact) = fact {
                self.apply(fact);
            }
            if last {
                return;
            }
        }
    }

    fn tell_entry(&mut self, context: &Context<'_>, entry: usize) {
        let json = record::entry(&self.memory, entry, self.goal);
        self.outbox.entry(&self.memory.entries()[entry].planned.balancer, &json, context.now);
    }

    /// It was looked for long enough: what the last read showed of the group in hand is how it is.
    fn believe(&mut self, context: &Context<'_>) {
        self.apply(Fact::Believed(self.course.group().into()));
        self.observe(context);
        self.patience.effect_looks = 0;
    }
}

/// Calls.
impl Lane {
    /// Sends a change.
    fn call(&mut self, context: &Context<'_>, target: Target) -> Action {
        let waits_for_other = |call: &Call| !matches!(call.fate, Fate::Rejected(_)) && !call.target.overlaps(&target);
        if self.memory.call().is_some_and(waits_for_other) {
            self.patience.tries = 0;
        }
        self.activity = Activity::Calling;
        (self.patience.effect_looks, self.patience.lock_looks, self.patience.overdue) = (0, 0, false);
        self.has_drained |= target.is(Change::Drain);
        let operation = needed::operation(&self.sight(context), &target);
        let (phase, group) = (self.course.phase(), String::from(self.course.group()));
        self.apply(Fact::Sent(Call { phase, group, target, at: context.now, fate: Fate::InFlight }));
        Action::Change(operation.into_text())
    }

    /// Takes what became of the last call.
    fn on_result(&mut self, context: &Context<'_>, event: Event) {
        let failure = match event {
            Event::Failed(text) => Failure::new(text),
            Event::Ready | Event::Held | Event::Stopped(_) => Failure::new(NOT_TOLD.into()),
            Event::Answer(_) => {
                self.apply(Fact::Answered(context.now));
                return self.look(context);
            }
        };
        let Some(target) = self.memory.call().map(|call| call.target.clone()) else { return self.look(context) };
        let after = after_failure(&failure, &target, self.patience.tries, context.setting.family, context.random);
        if !matches!(after, After::Halve(_)) {
            self.patience.tries += 1;
        }
        match after {
            After::Halve(limit) => {
                self.batch_limit = limit;
                self.apply(Fact::NotDone(context.now));
                self.look(context);
            }
            After::Settle(pause) => {
                self.apply(Fact::Unknown(context.now, failure.text().into()));
                self.patience.after_unknown(&target);
                self.outbox.retry(&self.id, &failure, self.patience.tries, context.now);
                self.pause(context, pause, "settle");
            }
            After::Again(pause) => {
                self.apply(Fact::NotDone(context.now));
                self.outbox.retry(&self.id, &failure, self.patience.tries, context.now);
                self.pause(context, pause, "retry");
            }
            After::Skip => {
                self.apply(Fact::NotDone(context.now));
                self.blame(context, &target, failure.text());
                self.batch_limit = context.setting.batch_limit();
                self.patience.tries = 0;
                self.look(context);
            }
            After::Reject => {
                self.apply(Fact::Rejected(context.now, failure.text().into()));
                self.look(context);
            }
            After::GiveUp => {
                self.apply(Fact::NotDone(context.now));
                self.give_up_call(context, &target, failure.text());
            }
        }
    }

    /// This cannot be done: nor can what follows, but what was begun is put back.
    fn give_up_call(&mut self, context: &Context<'_>, target: &Target, error: &str) {
        self.blame(context, target, error);
        if self.course.phase() != Phase::PutBack {
            return self.fail(context, error.into());
        }
        self.apply(Fact::Trouble(error.into()));
        self.patience = Patience { lock_looks: self.patience.lock_looks, ..Patience::default() };
        self.look(context);
    }

    /// This cannot be done: the run goes on without it.
    fn blame(&mut self, context: &Context<'_>, target: &Target, error: &str) {
        let active = |entry: &usize| self.memory.entries()[*entry].is_active();
        let failing: Vec<usize> = self.memory.entries_of(target).into_iter().filter(active).collect();
        self.apply(Fact::CannotBeDone(target.clone(), self.course.phase(), error.into()));
        for entry in failing {
            if !self.memory.entries()[entry].is_active() {
                self.tell_entry(context, entry);
            }
        }
    }
}

/// From phase to phase, and from group to group.
impl Lane {
    fn enter(&mut self, phase: Phase, context: &Context<'_>) {
        let before = self.course.phase();
        if self.course.enter(phase) {
            self.outbox.phase(before, &self.id, false, context.now);
            self.outbox.phase(phase, &self.id, true, context.now);
        }
        self.patience = Patience::default();
        self.apply(Fact::CallClosed);
        // A call that an earlier run has sent last: its effect is waited for as it would have been.
        let Some(call) = self.memory.inherited().filter(|call| call.belongs_to(phase, self.course.group())) else {
            return;
        };
        if let Fate::Unknown(_) = call.fate {
            self.patience.after_unknown(&call.target);
        }
        self.apply(Fact::CallReached);
    }

    fn go(&mut self, context: &Context<'_>, next: Move) {
        match next {
            Move::Group(phase, index) => {
                self.course.take(index);
                self.enter(phase, context);
                self.look(context);
            }
            Move::Wait(millis) => {
                self.enter(Phase::Wait, context);
                // Another run may have waited for a part of it, or all.
                let before = self.memory.last_drain().filter(|_| !self.has_drained);
                let remaining = before.map_or(millis.into(), |at| at + i64::from(millis) - context.now);
                self.pause(context, remaining.clamp(0, millis.into()) as u32, "drain");
            }
            Move::Remove => {
                self.enter(Phase::Remove, context);
                self.activity = Activity::Reading;
                self.reader = Reader::default();
            }
            Move::PutBack => self.put_back(context),
            Move::Finish => self.finish(context),
        }
    }

    /// The first look is over.
    fn check(&mut self, context: &Context<'_>) {
        // An answer without a group may have been a moment's.
        let missing = |entry: &Tracked| self.world.find(&entry.planned.group).is_none();
        if self.memory.entries().iter().any(missing)
            && let Some(after) = self.patience.for_group()
        {
            self.patience.lock_looks += 1;
            self.look_at_all(context);
            return self.pause(context, after, "retry");
        }
        self.patience.lock_looks = 0;
        let elsewhere = check::led_elsewhere(&self.world, &self.id);
        self.course.set_groups(elsewhere.is_none().then_some(&self.memory));
        if let Some(refusal) = elsewhere {
            return self.refuse(context, refusal);
        }
        if self.goal.is_restore() { self.begin_undo(context) } else { self.begin_run(context) }
    }

    fn begin_run(&mut self, context: &Context<'_>) {
        let mut selectors = Selectors::new(context.setting.family, &context.wanted.index);
        let Compared { mut refusals, chosen } =
            check::compare(&self.memory, &self.world, &mut selectors, context.wanted);
        for (entry, chosen) in chosen {
            self.apply(Fact::Chosen(entry, chosen));
        }
        for index in 0..self.course.groups().len() {
            self.course.take(index);
            self.observe(context);
            refusals.extend(recheck::changed_by_someone(&self.sight(context)));
        }
        self.course.take(0);
        if self.memory.is_rolling_back() {
            // The run that ended was putting back what it had begun.
            return self.put_back(context);
        }
        let when = if self.resumed { asked::RESUME } else { asked::BEGIN };
        refusals.retain(|refusal| !context.wanted.allows(refusal.guard) && refusal.guard.is_asked(when));
        if let Some(refusal) = refusals.into_iter().next() {
            return self.refuse(context, refusal);
        }
        if !self.memory.entries().iter().any(|entry| entry.is_active()) {
            // Of what could not be taken out, some may still be drained.
            return self.put_back(context);
        }
        for index in 0..self.course.groups().len() {
            self.course.take(index);
            let sight = self.sight(context);
            let drains = sight.group().is_some_and(|group| group.undrainable.is_empty()) && sight.serves();
            if context.wanted.drain_ms.is_some() && drains {
                self.course.drains_here();
            }
        }
        self.go(context, self.course.first(&self.memory, context.wanted.drain_ms));
    }

    fn begin_undo(&mut self, context: &Context<'_>) {
        for group in self.course.groups() {
            if self.world.find(group).is_none() {
                self.memory.apply(Fact::NoSuchGroup(group.clone()), self.goal);
            }
        }
        self.begin_putting_back(context);
    }
}

/// How it ends, and what is put back before it does.
impl Lane {
    /// Puts back what was changed and stays.
    fn put_back(&mut self, context: &Context<'_>) {
        if needed::is_anything_to_put_back(&self.sight(context)) {
            self.begin_putting_back(context);
        } else {
            self.finish(context);
        }
    }

    fn begin_putting_back(&mut self, context: &Context<'_>) {
        self.batch_limit = context.setting.batch_limit();
        // The first look failed, or was led to another load balancer: what an earlier run has begun stays as it is.
        if self.course.groups().is_empty() {
            self.apply(Fact::NothingSeen);
        }
        self.go(context, Move::Group(Phase::PutBack, 0));
    }

    /// A guard said no: what was begun is put back.
    fn refuse(&mut self, context: &Context<'_>, refusal: Refusal) {
        if self.course.phase() == Phase::PutBack {
            return self.give_up_group(context, refusal.error().json().as_str());
        }
        self.outbox.refused(&refusal, context.now);
        self.apply(Fact::RollingBack(Some(Why::Guard(refusal))));
        self.put_back(context);
    }

    /// It cannot go on: what was begun is put back.
    fn fail(&mut self, context: &Context<'_>, error: String) {
        if self.course.phase() == Phase::PutBack {
            return self.give_up_group(context, &error);
        }
        self.apply(Fact::RollingBack(Some(Why::Error(error))));
        self.put_back(context);
    }

    /// This group cannot be put back: the next one may.
    fn give_up_group(&mut self, context: &Context<'_>, error: &str) {
        self.apply(Fact::Unrestored(self.course.group().into(), error.into()));
        self.go(context, Move::Group(Phase::PutBack, self.course.group_index() + 1));
    }

    /// A read failed for good. Without reading nothing can be put back, either.
    fn unreadable(&mut self, context: &Context<'_>, failure: &Failure) {
        // How it was last seen stays true; not so, where it may be gone with all that was around it.
        if self.course.phase() != Phase::Check && failure.is(Kind::NotFound) {
            self.apply(Fact::OutOfSight(self.course.group().into()));
        }
        self.fail(context, failure.text().into());
    }

    /// The last action was not carried out, and none will be for now.
    fn hold(&mut self, context: &Context<'_>) {
        match self.activity {
            Activity::Over | Activity::Waiting => return,
            Activity::Calling => self.apply(Fact::CallClosed),
            Activity::Reading | Activity::NotBegun => {}
        }
        self.activity = Activity::Waiting;
        self.until = context.now;
    }

    /// The caller has aborted.
    fn abort(&mut self, context: &Context<'_>, failure: &Failure) {
        if self.is_over() {
            return;
        }
        if self.activity == Activity::Calling {
            let text = || failure.text().into();
            let unknown = failure.is(Kind::OutcomeUnknown);
            self.apply(if unknown { Fact::Unknown(context.now, text()) } else { Fact::NotDone(context.now) });
        }
        self.apply(Fact::Stopped(Status::Aborted, failure.text().into()));
        self.activity = Activity::Over;
    }

    /// It may not go on. What was to be sent was not.
    fn stop(&mut self, why: &str) {
        if self.is_over() {
            return;
        }
        if self.activity == Activity::Calling {
            self.apply(Fact::CallClosed);
        }
        let refused = Failure::new(why.into()).is(Kind::Refused);
        self.apply(Fact::Stopped(if refused { Status::Refused } else { Status::Aborted }, why.into()));
        self.activity = Activity::Over;
    }

    fn finish(&mut self, context: &Context<'_>) {
        let status = match self.memory.status() {
            Status::Running if self.memory.has_failed(self.goal) => Status::Failed,
            Status::Running => Status::Done,
            status => status,
        };
        let failed = self.memory.cannot_end_otherwise(self.goal);
        self.apply(Fact::Ended(status));
        for entry in failed {
            self.tell_entry(context, entry);
        }
        self.activity = Activity::Over;
        self.outbox.phase(self.course.phase(), &self.id, false, context.now);
    }
}
