//! A safe removal under way: each of its lanes takes what came of its last action, and says the next one.

use alloc::string::String;

use crate::core::encode::decimal;
use crate::core::error::{Error, Result};
use crate::core::text::join;
use crate::removal::{Action, Event, Run, Setting, Survey};

/// What is under way.
#[derive(Debug)]
pub(super) enum Job {
    /// Looking.
    Survey(Survey),
    /// Doing.
    Run(Run),
}

impl Job {
    /// Begins one: `inspect` of what `from` names, `plan` of a request, `run` of a plan, `journaled` of a plan with the
    /// entries of its journal (`{"plan", "entries"}`), `undo` of a report or of such a journal.
    pub(super) fn new(setting: Setting, what: &str, text: &str, now: i64) -> Result<Self> {
        let vendor = setting.vendor;
        let made = match what {
            "run" => Run::new(setting, text, now).map(Job::Run),
            "journaled" => Run::journaled(setting, text, now).map(Job::Run),
            "undo" => Run::undo(setting, text, now).map(Job::Run),
            "plan" => Survey::plan(setting, text).map(Job::Survey),
            _ => Survey::inspect(setting, text).map(Job::Survey),
        };
        made.map_err(|mut error: Error| {
            error.0.vendor = Some(vendor);
            error
        })
    }

    /// How many lanes it has.
    pub(super) fn lanes(&self) -> usize {
        match self {
            Job::Survey(survey) => survey.lanes(),
            Job::Run(run) => run.lanes().len(),
        }
    }

    /// What its lanes work on, each behind a line break: a text that no other load balancer in the world has. A survey
    /// has none.
    pub(super) fn keys(&self) -> String {
        match self {
            Job::Survey(_) => String::new(),
            Job::Run(run) => run.keys(),
        }
    }

    /// What is next in a lane. In: nothing, `=` and an answer, `!` and an error, `-` where the last action was not
    /// carried out, `x` and an error where nothing more may be. Out, each on a line: events; `#` and entries of the
    /// journal, to be written at once; `+` and one to be written directly before the action is carried out. Then `>`
    /// and an operation, `*` and one that changes something, `~` and milliseconds to wait, or `.`.
    pub(super) fn next(&mut self, lane: usize, came: &str, now: i64, random: u32) -> String {
        let event = match came.split_at_checked(1) {
            Some(("=", answer)) => Event::Answer(answer.into()),
            Some(("!", error)) => Event::Failed(error.into()),
            Some(("-", _)) => Event::Held,
            Some(("x", error)) => Event::Stopped(error.into()),
            _ => Event::Ready,
        };
        let mut out = String::new();
        let action = match self {
            Job::Survey(survey) => survey.next(lane, event, random),
            Job::Run(run) => {
                let next = run.next(lane, event, now, random);
                let notes = next.notes.iter().map(|note| ("", note));
                let entries = next.entries.iter().map(|entry| ("#", entry));
                for (sign, line) in notes.chain(entries).chain(next.intent.iter().map(|intent| ("+", intent))) {
                    out.push_str(&join(&[sign, line, "\n"]));
                }
                next.action
            }
        };
        match action {
            Action::Read(operation) => {
                out.push_str(">");
                out.push_str(&operation);
            }
            Action::Change(operation) => {
                out.push_str("*");
                out.push_str(&operation);
            }
            Action::Sleep(millis) => {
                out.push_str("~");
                out.push_str(&decimal(millis.into()));
            }
            Action::Done => out.push_str("."),
        }
        out
    }

    /// What came of all of it: a picture, a plan, a report; or `!` and the error of a read.
    pub(super) fn finish(self, now: i64) -> String {
        match self {
            Job::Run(run) => run.report(now).into_text(),
            Job::Survey(survey) => match survey.finish(now) {
                Ok(json) => json.into_text(),
                Err(error) => join(&["!", &error]),
            },
        }
    }
}
