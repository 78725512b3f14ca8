//! How a lane ends, and what is put back before it does.

use alloc::string::String;

use crate::core::error::Kind;
use crate::core::text::same;
use crate::removal::lane::{Context, Doing, Lane, Phase, Status};
use crate::removal::reader::Failure;
use crate::removal::request::Refusal;
use crate::removal::track::{Outcome, State, Tracked};

impl Lane {
    /// Puts back what was changed and stays.
    pub(super) fn put_back(&mut self, context: &Context<'_>) {
        let drained = |entry: &Tracked| (entry.drained || entry.unseen.is_some()) && entry.state != State::Gone;
        let edited = self.rules.iter().any(|rule| rule.expected.is_some());
        let left = self.entries.iter().any(|entry| entry.state != State::Gone);
        let needed = self.entries.iter().any(drained) || (edited && left);
        if !needed {
            return self.finish(context);
        }
        self.at = 0;
        self.limit = context.setting.at_once();
        self.enter(Phase::PutBack, context);
        self.look(context);
    }

    /// A guard said no: what was begun is put back.
    pub(super) fn refuse(&mut self, context: &Context<'_>, refusal: Refusal) {
        if self.phase == Phase::PutBack {
            return self.give_up(context, refusal.error().json().as_str());
        }
        self.notes.refused(&refusal, context.now);
        self.status = Status::Refused;
        self.refusal = Some(refusal);
        self.put_back(context);
    }

    /// It cannot go on: what was begun is put back.
    pub(super) fn fail(&mut self, context: &Context<'_>, error: String) {
        if self.phase == Phase::PutBack {
            return self.give_up(context, &error);
        }
        self.status = Status::Failed;
        self.failure = Some(error);
        self.put_back(context);
    }

    /// This group cannot be put back: the next one may.
    fn give_up(&mut self, context: &Context<'_>, error: &str) {
        let group = self.groups.get(self.at).cloned().unwrap_or_default();
        for entry in &mut self.entries {
            let drained = entry.drained && entry.state != State::Gone;
            let missing = self.undo && entry.outcome.is_none();
            if same(&entry.entry.group, &group) && (drained || missing) {
                entry.error.get_or_insert_with(|| error.into());
                entry.left |= missing;
            }
        }
        self.failure.get_or_insert_with(|| error.into());
        self.owing = true;
        self.at += 1;
        self.enter(Phase::PutBack, context);
        self.look(context);
    }

    /// A read failed for good. Without reading nothing can be put back, either.
    pub(super) fn unreadable(&mut self, context: &Context<'_>, failure: Failure) {
        let text: String = failure.text().into();
        let group = self.groups.get(self.at).cloned().unwrap_or_default();
        // How it was last seen stays true; not so, where it may be gone with all that was around it.
        if self.phase != Phase::Check && failure.is(Kind::NotFound) {
            for entry in self.entries.iter_mut().filter(|entry| same(&entry.entry.group, &group)) {
                if entry.state != State::Gone {
                    entry.state = State::Unknown;
                }
            }
        }
        self.fail(context, text);
    }

    pub(super) fn aborted(&mut self, failure: Failure) {
        if self.doing == Doing::Over {
            return;
        }
        if self.doing == Doing::Calling {
            self.under_way(false);
            if failure.is(Kind::OutcomeUnknown) {
                self.may_have_been_done();
            }
        }
        self.status = Status::Aborted;
        self.failure = Some(failure.text().into());
        self.doing = Doing::Over;
    }

    /// It may not go on. What was to be sent was not.
    pub(super) fn stop(&mut self, why: &str) {
        if self.doing == Doing::Over {
            return;
        }
        if self.doing == Doing::Calling {
            self.under_way(false);
            self.last = None;
        }
        let refused = Failure::new(why.into()).is(Kind::Refused);
        self.status = if refused { Status::Refused } else { Status::Aborted };
        self.failure = Some(why.into());
        (self.doing, self.stopped) = (Doing::Over, true);
    }

    pub(super) fn finish(&mut self, context: &Context<'_>) {
        for entry in &mut self.entries {
            // Until the end somebody might have put it back.
            if self.undo && entry.outcome.is_none() && entry.result() == Outcome::Failed {
                entry.outcome = Some(Outcome::Failed);
                self.notes.entry(entry, context.now);
            }
        }
        if self.status == Status::Running {
            let failed = |entry: &Tracked| match entry.result() {
                Outcome::Failed => true,
                outcome => self.undo && matches!(outcome, Outcome::NotTried | Outcome::Unknown),
            };
            // A rule that was left as it is has no entry.
            let failed = self.entries.iter().any(failed) || (self.undo && self.failure.is_some());
            self.status = if failed { Status::Failed } else { Status::Done };
        }
        self.doing = Doing::Over;
        self.note_phase(false, context.now);
    }
}
