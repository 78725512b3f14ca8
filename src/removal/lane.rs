//! One load balancer of a run, from the first look to the last.
//!
//! Every change is decided by a read of its group made directly before it, so a lost answer needs no
//! memory: the next read shows what became of it, and what is still to be done. See [`super::work`]
//! for what that is.

use alloc::{string::String, vec::Vec};

use crate::core::error::Kind;
use crate::core::retry;
use crate::core::text::has_word;
use crate::removal::family::{Change, Edit};
use crate::removal::journal::Chain;
use crate::removal::note::Notes;
use crate::removal::reader::{Action, Event, Failure, Reader, Step};
use crate::removal::request::{Refusal, Wanted};
use crate::removal::resume::{Pending, looked};
use crate::removal::track::{Expected, Outcome, State, Tracked, TrackedRule};
use crate::removal::undo::NO_GROUP;
use crate::removal::work::Unit;
use crate::removal::world::{Balancer, Condition};
use crate::removal::{Setting, guard};

/// How a lane ended, or that it did not.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Status {
    /// It is still under way, or was left so.
    #[default]
    Running,
    /// All that was to be done was done.
    Done,
    /// A guard said no.
    Refused,
    /// A call or a read could not be made.
    Failed,
    /// The caller aborted.
    Aborted,
}

impl Status {
    /// The word used in JSON.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Status::Running => "paused",
            Status::Done => "done",
            Status::Refused => "refused",
            Status::Failed => "failed",
            Status::Aborted => "aborted",
        }
    }
}

/// Where a lane is in its course.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Phase {
    /// The world is compared with the plan.
    #[default]
    Check,
    /// Group by group, entries are drained.
    Drain,
    /// Connections are given time to end.
    Wait,
    /// The rules of a group let go of its entries.
    Detach,
    /// The entries of a group are taken out.
    Remove,
    /// What was drained or detached and not taken out is put back.
    PutBack,
}

impl Phase {
    /// The word used in JSON.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Phase::Check => "check",
            Phase::Drain => "drain",
            Phase::Wait => "wait",
            Phase::Detach => "detach",
            Phase::Remove => "remove",
            Phase::PutBack => "put-back",
        }
    }

    /// The phase of this name.
    #[must_use]
    pub fn of(name: &str) -> Option<Self> {
        let all = [Phase::Check, Phase::Drain, Phase::Wait, Phase::Detach, Phase::Remove, Phase::PutBack];
        all.into_iter().find(|phase| phase.name() == name)
    }
}

/// What a lane does.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Doing {
    #[default]
    Reading,
    Calling,
    /// A pause before the next read, or the wait for a drain.
    Waiting,
    Over,
}

const NO_EFFECT: &str = r#"{"kind":"unexpected-answer","message":"the service said yes, and nothing is to be seen of it","retryable":false,"sent":true,"hint":"look at the load balancer in the vendor's console"}"#;
const STAYS_LOCKED: &str = r#"{"kind":"busy","message":"the load balancer stays locked","retryable":true,"sent":false,"hint":"find out what changes it, then plan again"}"#;
const NOT_TOLD: &str =
    r#"{"kind":"outcome-unknown","message":"nothing was told of the call","retryable":false,"sent":"unknown"}"#;

/// How often an effect is looked for after a call that was answered well.
pub(super) const POLLS: u32 = 12;
/// How often a lock is waited for.
const LOCKED: u32 = 75;
/// How long a lock is waited for between looks: what locks here takes a second or two.
const LOCK_MS: u32 = 4_000;
/// How often one thing is tried.
const TRIES: u32 = 12;
/// How often that is, where the vendor blames one of the backends, or nothing is seen of a success.
const FEW_TRIES: u32 = 3;
/// How long an effect is waited for at first, and between looks.
const FIRST_MS: u32 = 500;
const LOOK_MS: u32 = 8_000;

/// One load balancer of a run.
#[derive(Debug, Default)]
pub struct Lane {
    /// The load balancer.
    pub id: String,
    /// The places of the request that lead to it.
    pub(super) places: Vec<usize>,
    /// What is to be taken out of it, by group and id.
    pub entries: Vec<Tracked>,
    /// The rules that hold some of that.
    pub rules: Vec<TrackedRule>,
    /// The ids of the groups that it is in.
    pub(super) groups: Vec<String>,
    /// How it ended.
    pub status: Status,
    /// The guard that ended it.
    pub refusal: Option<Refusal>,
    /// The error that ended it, as JSON text.
    pub failure: Option<String>,
    /// How many operations were sent and told of.
    calls: u32,
    /// What happened since it was last asked.
    pub notes: Notes,
    /// Until when it waits, in milliseconds since 1970.
    pub until: i64,
    pub(super) world: Balancer,
    pub(super) phase: Phase,
    /// The place of the group in hand.
    pub(super) at: usize,
    /// The places of the groups in which something serves that is to go.
    pub(super) to_drain: Vec<usize>,
    pub(super) doing: Doing,
    pub(super) begun: bool,
    /// Whether it puts back what a run has done.
    pub(super) undo: bool,
    /// The fields that tell a place in a group, for an undo.
    pub(super) twin: &'static str,
    /// Its journal, where one is written.
    pub(super) chain: Option<Chain>,
    /// Whether it goes on where another run ended.
    pub(super) resumed: bool,
    /// The last call of that run, until its effect is looked for.
    pub(super) pending: Option<Pending>,
    /// When the last drain was sent or answered, by the journal; none where this run has sent one since.
    pub(super) drained_at: Option<i64>,
    /// What the journal knows of the lane itself: that it turned round, why, that it is over.
    pub(super) turned: bool,
    pub(super) told_failure: Option<String>,
    pub(super) ended: bool,
    /// Whether it may not go on, though it is not at its end.
    pub(super) stopped: bool,
    /// Whether there was something that could not be put back: another run may try that again.
    pub(super) owing: bool,
    settled: usize,
    reader: Reader,
    /// The last call, until its effect is seen.
    pub(super) last: Option<Unit>,
    polls: u32,
    locked: u32,
    tries: u32,
    /// The error of the last call, where it leaves open what became of it.
    lost: Option<String>,
    /// When the last call was told of by which weights or switches are put back, also by the journal.
    pub(super) restored_at: i64,
    /// The last call, which the service took for wrong, and its error: until a read shows whether somebody has made it so.
    wrong: Option<(Unit, String)>,
    /// How many backends the next call may name.
    pub(super) limit: usize,
}

/// What a lane is about, apart from itself.
#[derive(Clone, Copy, Debug)]
pub struct Context<'a> {
    /// Whose load balancers these are.
    pub setting: &'a Setting,
    /// What is wanted.
    pub wanted: &'a Wanted,
    /// The time, in milliseconds since 1970.
    pub now: i64,
    /// 32 random bits.
    pub random: u32,
}

impl Lane {
    /// What to do after `event`.
    pub fn next(&mut self, context: &Context<'_>, event: Event) -> Action {
        if self.chain.is_none() {
            return self.step(context, event);
        }
        let before = self.before(&event);
        // Who stops a lane has written its intent by then.
        if let (Event::Held, Some(chain)) = (&event, &mut self.chain) {
            chain.take_back();
        }
        let action = self.step(context, event);
        self.record(context, &before, self.changes(&action));
        action
    }

    /// Whether an action is a call that changes something.
    #[must_use]
    pub fn changes(&self, action: &Action) -> bool {
        self.doing == Doing::Calling && matches!(action, Action::Send(_))
    }

    fn step(&mut self, context: &Context<'_>, mut event: Event) -> Action {
        if !self.begun {
            self.begun = true;
            self.limit = context.setting.at_once();
            self.first_look(context);
            self.note_phase(true, context.now);
            // Not longer than if it had been sent now: the clock of whoever wrote the journal may be ahead. A second more,
            // since reports and journals have whole ones.
            self.until = self.until.min(context.now + 999 + i64::from(context.setting.family.settle_ms));
            if self.until > context.now {
                // What another run has sent last may still be on its way.
                self.doing = Doing::Waiting;
                self.notes.wait(&self.id, "settle", self.until, context.now);
            }
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
                self.calls += u32::from(self.sent() && !(failure.is_aborted() && failure.never_left()));
                if failure.is_aborted() {
                    self.aborted(failure);
                }
            }
            Event::Answer(_) => self.calls += u32::from(self.sent()),
            Event::Ready => {}
        }
        loop {
            match self.doing {
                Doing::Over => return Action::Done,
                Doing::Waiting => {
                    if self.until > context.now {
                        return Action::Sleep((self.until - context.now) as u32);
                    }
                    if self.phase == Phase::Wait {
                        self.enter(self.after_drain(), context);
                    }
                    if self.phase == Phase::Check {
                        self.doing = Doing::Reading;
                    } else {
                        self.look(context);
                    }
                }
                Doing::Calling => {
                    self.told(context, core::mem::take(&mut event));
                }
                Doing::Reading => {
                    let event = core::mem::take(&mut event);
                    match self.reader.next(context.setting.family, &mut self.world, event, context.random) {
                        Step::Do(action) => return action,
                        Step::Failed(failure) => self.unreadable(context, failure),
                        Step::Done => {
                            if let Some(action) = self.decide(context) {
                                return action;
                            }
                        }
                    }
                }
            }
        }
    }

    /// Whether something that was to be sent was not told of yet.
    pub(super) fn sent(&self) -> bool {
        self.doing == Doing::Calling || (self.doing == Doing::Reading && self.reader.is_asking())
    }

    /// The last action was not carried out, and none will be for now.
    fn hold(&mut self, context: &Context<'_>) {
        if self.doing == Doing::Calling {
            self.under_way(false);
            self.last = None;
        }
        if self.doing != Doing::Over && self.doing != Doing::Waiting {
            self.doing = Doing::Waiting;
            self.until = context.now;
        }
    }

    /// Reads everything.
    fn first_look(&mut self, context: &Context<'_>) {
        let from = context.wanted.from();
        let begin = |place: &usize| from.get(*place).map(|from| (context.setting.family.begin)(*from));
        self.world = Balancer::default();
        self.reader = Reader::new(self.places.iter().filter_map(begin).flatten().collect());
    }

    /// Reads the group in hand anew.
    pub(super) fn look(&mut self, context: &Context<'_>) {
        let Some(id) = self.groups.get(self.at).cloned() else { return self.finish(context) };
        self.doing = Doing::Reading;
        let reads = self.world.find(&id).map(|group| (context.setting.family.again)(&self.world, group));
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
        self.doing = Doing::Waiting;
        self.until = context.now + i64::from(millis);
        self.notes.wait(&self.id, why, self.until, context.now);
    }

    /// Whether there is nothing more to be done in it, by whoever it may be.
    #[must_use]
    pub fn is_over(&self) -> bool {
        self.doing == Doing::Over
    }

    pub(super) fn enter(&mut self, phase: Phase, context: &Context<'_>) {
        if phase != self.phase {
            self.note_phase(false, context.now);
            self.phase = phase;
            self.note_phase(true, context.now);
        }
        (self.polls, self.tries, self.locked, self.last, self.wrong) = (0, 0, 0, None, None);
        self.catch_up();
    }

    /// The answer to the last call was lost before this run began, and what is not seen now was not done.
    pub(super) fn lost_before(&mut self, error: String, once: bool) {
        (self.polls, self.lost) = (looked(once), Some(error));
    }

    /// So many operations were sent before this run.
    pub(super) fn called(&mut self, calls: u32) {
        self.calls = calls;
    }

    /// What to do, now that all was read.
    fn decide(&mut self, context: &Context<'_>) -> Option<Action> {
        if self.phase == Phase::Check {
            // An answer without a group may have been a moment's.
            let missing = self.entries.iter().any(|entry| self.world.find(&entry.entry.group).is_none());
            if missing && self.locked < FEW_TRIES {
                self.locked += 1;
                self.pause(context, look_after(self.locked), "retry");
                self.first_look(context);
                return None;
            }
            self.locked = 0;
            if self.undo {
                self.begin_undo(context);
            } else {
                self.check(context);
            }
            return None;
        }
        // An answer without it says nothing of what is in it, and may have been a moment's.
        if self.group().is_none_or(|group| group.unread) {
            if self.locked < FEW_TRIES {
                self.locked += 1;
                self.pause(context, look_after(self.locked), "retry");
            } else {
                self.unreadable(context, Failure::new(NO_GROUP.into()));
            }
            return None;
        }
        match self.world.condition {
            Condition::Stuck if !context.wanted.allows("locked-or-error") => {
                if let Some(refusal) = guard::locked_or_error(&self.world) {
                    self.observe(context);
                    self.refuse(context, refusal);
                }
                return None;
            }
            Condition::Changing if self.locked < LOCKED => {
                self.observe(context);
                self.locked += 1;
                self.pause(context, look_after(self.locked).min(LOCK_MS), "locked");
                return None;
            }
            Condition::Changing => {
                self.observe(context);
                self.fail(context, STAYS_LOCKED.into());
                return None;
            }
            Condition::Ready | Condition::Stuck => {}
        }
        self.observe(context);
        let changed = if self.undo { None } else { self.changed() };
        let counts = |refusal: &Refusal| self.phase != Phase::PutBack && !context.wanted.allows(refusal.guard);
        if let Some(refusal) = changed.filter(counts) {
            self.refuse(context, refusal);
            return None;
        }
        if self.phase == Phase::PutBack && (self.unseen(Change::Remove) || (self.undo && self.unseen(Change::Drain))) {
            // What may be gone is not put back; nor, when all is over, what may never have been drained.
            if self.polls < POLLS {
                self.polls += 1;
                self.pause(context, look_after(self.polls), "effect");
                return None;
            }
            self.believe(context);
        }
        let unit = match self.work(context) {
            Ok(Some(unit)) => unit,
            Ok(None) => {
                // Others may have gone since this was drained; all the wait is too long to find that out.
                if self.phase == Phase::Drain
                    && let Some(refusal) = self.too_few(context)
                {
                    self.refuse(context, refusal);
                    return None;
                }
                if self.phase == Phase::PutBack && self.unseen(Change::Restore) {
                    // It may still be shown as it was before all that.
                    let left =
                        self.restored_at.min(context.now) + i64::from(context.setting.family.settle_ms) - context.now;
                    if left > 0 {
                        self.pause(context, left as u32, "settle");
                        return None;
                    }
                    self.believe(context);
                }
                self.advance(context);
                return None;
            }
            Err(refusal) => {
                self.refuse(context, refusal);
                return None;
            }
        };
        if let Some((asked, error)) = self.wrong.take()
            && (asked == unit || self.tries >= TRIES)
        {
            self.last = Some(asked);
            self.cannot(context, &error);
            return None;
        }
        if let Some(last) = &self.last
            && last.overlaps(&unit)
        {
            if self.polls < POLLS {
                self.polls += 1;
                self.pause(context, look_after(self.polls), "effect");
                return None;
            }
            self.believe(context);
            self.tries += 1;
            if self.tries >= if self.lost.is_some() { TRIES / 2 } else { FEW_TRIES } {
                let failure = self.lost.take().unwrap_or_else(|| NO_EFFECT.into());
                self.cannot(context, &failure);
                return None;
            }
        } else if self.last.is_some() {
            self.tries = 0;
        }
        if let Some(refusal) = self.too_few(context) {
            self.refuse(context, refusal);
            return None;
        }
        self.polls = 0;
        Some(self.send(context, unit))
    }

    /// Whether such a change of something in the group in hand is not seen yet.
    fn unseen(&self, change: Change) -> bool {
        self.own().any(|place| self.entries[place].unseen == Some(change))
    }

    /// It was looked for long enough: what the last read showed of the group in hand is how it is.
    fn believe(&mut self, context: &Context<'_>) {
        for place in self.own() {
            self.entries[place].unseen = None;
        }
        self.observe(context);
        self.polls = 0;
    }

    /// Sends a change.
    fn send(&mut self, context: &Context<'_>, unit: Unit) -> Action {
        self.doing = Doing::Calling;
        self.locked = 0;
        if matches!(unit, Unit::Backends(Change::Drain, _)) {
            self.drained_at = None;
        }
        let operation = self.operation(context.setting.family, &unit);
        self.last = Some(unit);
        self.under_way(true);
        Action::Send(operation.into_text())
    }

    /// Notes that nobody knows what becomes of the last call, or that it was told.
    pub(super) fn under_way(&mut self, asked: bool) {
        match &self.last {
            Some(Unit::Backends(change, places)) => {
                for place in places {
                    self.entries[*place].asked = asked.then_some(*change);
                }
            }
            Some(Unit::Rule(place, ..)) => self.rules[*place].asked = asked,
            None => {}
        }
    }

    /// Takes what became of the last call.
    fn told(&mut self, context: &Context<'_>, event: Event) {
        self.under_way(false);
        self.lost = None;
        if matches!(self.last, Some(Unit::Backends(Change::Restore, _))) {
            self.restored_at = context.now;
        }
        let failure = match event {
            Event::Failed(text) => Failure::new(text),
            Event::Ready | Event::Held | Event::Stopped(_) => Failure::new(NOT_TOLD.into()),
            Event::Answer(_) => {
                self.may_have_been_done();
                return self.look(context);
            }
        };
        let blamed = has_word(context.setting.family.culprits, failure.says("code"));
        if blamed
            && let Some(Unit::Backends(_, places)) = &self.last
            && places.len() > 1
        {
            // One of them is to blame, and none was changed: it is found by halves.
            self.limit = places.len().div_ceil(2);
            self.last = None;
            return self.look(context);
        }
        self.tries += 1;
        if failure.is(Kind::OutcomeUnknown) {
            // The reads that follow tell.
            self.may_have_been_done();
            self.lost = Some(failure.text().into());
            self.polls = looked(self.last.as_ref().is_some_and(Unit::is_once));
            let pause = failure.again(self.tries, context.random).unwrap_or(0);
            self.notes.retry(&self.id, &failure, self.tries, context.now);
            return self.pause(context, pause.max(context.setting.family.settle_ms), "settle");
        }
        let gone = failure.is_gone() && !blamed;
        let pause = match blamed || gone {
            true => Some(retry::pause(self.tries + 2, context.random)),
            // The service failed at it, and did not say for good.
            false if failure.is(Kind::Server) => Some(retry::pause(self.tries, context.random)),
            false => failure.again(self.tries, context.random),
        };
        match pause {
            Some(pause) if self.tries < if blamed || gone { FEW_TRIES } else { TRIES } => {
                self.last = None;
                self.notes.retry(&self.id, &failure, self.tries, context.now);
                self.pause(context, pause, "retry");
            }
            _ if blamed => {
                // This one cannot be changed; the others can.
                self.blame(context, failure.text());
                self.limit = context.setting.at_once();
                (self.tries, self.last) = (0, None);
                self.look(context);
            }
            // Somebody may have changed what it was about after the read that it was decided by.
            _ if failure.is(Kind::InvalidInput) && !failure.never_left() => {
                self.wrong = self.last.take().map(|unit| (unit, failure.text().into()));
                self.look(context);
            }
            _ => self.cannot(context, failure.text()),
        }
    }

    /// The last call cannot be done: nor can what follows, but what was begun is put back.
    fn cannot(&mut self, context: &Context<'_>, error: &str) {
        self.blame(context, error);
        if self.phase == Phase::PutBack {
            self.failure.get_or_insert_with(|| error.into());
            (self.tries, self.polls, self.last) = (0, 0, None);
            return self.look(context);
        }
        self.fail(context, error.into());
    }

    /// Notes that the last call was, or may have been, carried out.
    pub(super) fn may_have_been_done(&mut self) {
        match &self.last {
            Some(Unit::Backends(change, places)) => {
                for place in places {
                    let entry = &mut self.entries[*place];
                    entry.drained |= *change == Change::Drain;
                    entry.removing |= *change == Change::Remove;
                    entry.returned |= self.undo && matches!(change, Change::Add | Change::Restore);
                    entry.unseen = Some(*change);
                    entry.state = State::Unknown;
                }
            }
            Some(Unit::Rule(place, ..)) if self.phase == Phase::PutBack => self.rules[*place].returned = true,
            Some(Unit::Rule(place, edit, backends)) if self.phase == Phase::Detach => {
                let rule = &mut self.rules[*place];
                rule.verified = false;
                rule.expected = Some(match edit {
                    Edit::Delete => Expected::Gone,
                    _ => Expected::Backends(backends.clone()),
                });
            }
            _ => {}
        }
    }

    /// What the last call was about cannot be done: the run goes on without it.
    fn blame(&mut self, context: &Context<'_>, error: &str) {
        let back = self.phase == Phase::PutBack;
        let Some(last) = self.last.take() else { return };
        if let (Unit::Rule(rule, ..), true) = (&last, back) {
            self.rules[*rule].left = true;
        }
        // A rule that stays without a backend is no reason to leave the backend drained.
        let of_backends = matches!(last, Unit::Backends(..));
        for place in last.places(self) {
            let entry = &mut self.entries[place];
            entry.error = Some(error.into());
            entry.left |= back && of_backends;
            if entry.active && !back {
                entry.active = false;
                entry.outcome = Some(Outcome::Failed);
                self.notes.entry(&self.entries[place], context.now);
            }
        }
    }

    /// Goes on to the next group from this one on in which something is to be drained, or to what follows.
    pub(super) fn drain_from(&mut self, context: &Context<'_>, from: usize) {
        if let Some(at) = self.to_drain.iter().find(|at| **at >= from) {
            self.at = *at;
            self.enter(Phase::Drain, context);
            return self.look(context);
        }
        self.at = self.unfinished(0).unwrap_or(0);
        let any = self.entries.iter().any(|entry| entry.active && entry.drained);
        if let (Some(millis), true) = (context.wanted.drain_ms, any) {
            self.enter(Phase::Wait, context);
            // Another run may have waited for a part of it, or all.
            let left = self.drained_at.map_or(millis.into(), |at| at + i64::from(millis) - context.now);
            return self.pause(context, left.clamp(0, millis.into()) as u32, "drain");
        }
        self.enter(self.after_drain(), context);
        self.look(context);
    }

    fn advance(&mut self, context: &Context<'_>) {
        match self.phase {
            Phase::Drain => self.drain_from(context, self.at + 1),
            Phase::Detach => {
                // The read that showed nothing more to detach is the one to remove by.
                self.enter(Phase::Remove, context);
                self.doing = Doing::Reading;
                self.reader = Reader::default();
            }
            Phase::Remove => match self.unfinished(self.at + 1) {
                None => self.put_back(context),
                Some(at) => {
                    self.at = at;
                    self.enter(self.after_drain(), context);
                    self.look(context);
                }
            },
            Phase::PutBack if self.at + 1 >= self.groups.len() => self.finish(context),
            phase => {
                self.at += 1;
                self.enter(phase, context);
                self.look(context);
            }
        }
    }

    /// The next group from this one on in which something is still to be done. The others are not looked at: what was
    /// done by another run would be read again by each.
    fn unfinished(&self, from: usize) -> Option<usize> {
        let unseen = |rule: &TrackedRule| rule.expected.is_some() && !rule.verified;
        let has = |at: &usize| {
            let id = &self.groups[*at];
            self.of(*at).any(|place| self.entries[place].active)
                || self.rules.iter().any(|rule| rule.touched.group == *id && unseen(rule))
        };
        (from..self.groups.len()).find(has)
    }

    fn after_drain(&self) -> Phase {
        if self.rules.is_empty() { Phase::Remove } else { Phase::Detach }
    }

    /// How many operations were sent.
    #[must_use]
    pub fn calls(&self) -> u32 {
        self.calls + u32::from(self.sent())
    }

    /// How many entries have an outcome that had none when this was last asked.
    pub fn settle(&mut self) -> usize {
        let settled = self.entries.iter().filter(|entry| entry.outcome.is_some()).count();
        settled - core::mem::replace(&mut self.settled, settled)
    }
}

fn look_after(times: u32) -> u32 {
    LOOK_MS.min(FIRST_MS << times.saturating_sub(1).min(5))
}

impl Lane {
    /// A load balancer, and the places of the request that lead to it.
    pub(super) fn new(id: &str, places: Vec<usize>) -> Self {
        Lane { id: id.into(), places, ..Lane::default() }
    }

    /// The place of the entry with this key.
    pub(super) fn place(&self, key: &String) -> Option<usize> {
        self.entries.binary_search_by(|entry| entry.key.cmp(key)).ok()
    }
}
