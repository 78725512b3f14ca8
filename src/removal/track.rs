//! What a run knows of each entry and rule that it is about.

use alloc::string::String;

use crate::core::json::Json;
use crate::core::text::join;
use crate::removal::family::Change;
use crate::removal::plan::{Entry, Touched};

/// What became of an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It was there at our last read before the removal, and gone after it.
    Removed,
    /// It was gone before the removal: nobody here took it out.
    Absent,
    /// It is still there, though it was tried.
    Failed,
    /// The removal may have been carried out, and no read tells.
    Unknown,
    /// Its removal was not tried.
    NotTried,
}

impl Outcome {
    /// The word used in JSON.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Outcome::Removed => "removed",
            Outcome::Absent => "absent",
            Outcome::Failed => "failed",
            Outcome::Unknown => "unknown",
            Outcome::NotTried => "not-tried",
        }
    }
}

/// How an entry was when it was last seen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum State {
    /// A call about it was sent, and no read has shown it since; or it was never seen.
    #[default]
    Unknown,
    /// It takes traffic, or would if it were healthy.
    Serving,
    /// It takes nothing new.
    Drained,
    /// It takes nothing new, and no rule that held it does any more.
    Detached,
    /// It is not there.
    Gone,
}

impl State {
    /// The word used in JSON.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            State::Unknown => "unknown",
            State::Serving => "serving",
            State::Drained => "drained",
            State::Detached => "detached",
            State::Gone => "gone",
        }
    }
}

/// An entry of the plan in a run.
#[derive(Debug, Default)]
pub struct Tracked {
    /// Its group and id in one.
    pub key: String,
    /// The entry, as the plan has it.
    pub entry: Entry,
    /// What became of it; none yet, or nothing was tried.
    pub outcome: Option<Outcome>,
    /// How it was last seen.
    pub state: State,
    /// Whether the run goes on with it.
    pub active: bool,
    /// Whether a drain of it was, or may have been, carried out.
    pub drained: bool,
    /// Whether that was seen.
    pub seen_drained: bool,
    /// Whether a removal of it was, or may have been, carried out.
    pub removing: bool,
    /// What of it is under way: sent, and not told of yet.
    pub asked: Option<Change>,
    /// What was, or may have been, carried out, while no read shows it yet.
    pub unseen: Option<Change>,
    /// Whether it cannot be put back.
    pub left: bool,
    /// The error that ended it, as JSON text.
    pub error: Option<String>,
}

impl Tracked {
    /// An entry at the beginning of a run.
    #[must_use]
    pub fn new(entry: Entry) -> Self {
        Tracked { key: key(&entry.group, &entry.backend.id), entry, active: true, ..Tracked::default() }
    }

    /// What is to be reported of it now.
    #[must_use]
    pub fn result(&self) -> Outcome {
        match self.outcome {
            Some(outcome) => outcome,
            None if self.asked == Some(Change::Remove) || (self.removing && self.state == State::Unknown) => {
                Outcome::Unknown
            }
            None if self.removing => Outcome::Failed,
            None => Outcome::NotTried,
        }
    }

    /// It as JSON.
    #[must_use]
    pub fn write(&self) -> Json {
        let mut out = self.entry.write();
        out.add("outcome", self.result().name());
        let state = if self.asked.is_some() { State::Unknown } else { self.state };
        out.add("state", state.name());
        if let Some(error) = &self.error {
            out.add_json("error", error);
        }
        out
    }
}

/// What entries are in the order of: by group, then id.
#[must_use]
pub fn key(group: &str, id: &str) -> String {
    join(&[group, "\n", id])
}

/// A rule of the plan in a run.
#[derive(Debug)]
pub struct TrackedRule {
    /// The rule, as the plan has it.
    pub touched: Touched,
    /// What an edit was to make of it; none where none was, or may have been, carried out.
    pub expected: Option<Expected>,
    /// Whether an edit is under way.
    pub asked: bool,
    /// Whether that was read back.
    pub verified: bool,
    /// Whether a call was, or may have been, carried out that puts it back.
    pub returned: bool,
    /// Whether it was put back.
    pub restored: bool,
    /// Whether it cannot be put back.
    pub left: bool,
}

/// What an edit makes of a rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Expected {
    /// It has these backends.
    Backends(alloc::vec::Vec<String>),
    /// It is gone.
    Gone,
}

impl TrackedRule {
    /// A rule at the beginning of a run.
    #[must_use]
    pub fn new(touched: Touched) -> Self {
        TrackedRule {
            touched,
            expected: None,
            asked: false,
            verified: false,
            returned: false,
            restored: false,
            left: false,
        }
    }

    /// It as JSON.
    #[must_use]
    pub fn write(&self) -> Json {
        let mut out = self.touched.write();
        out.add(
            "state",
            match (&self.expected, self.restored, self.verified) {
                _ if self.asked => "unknown",
                (None, ..) => "untouched",
                (_, true, _) => "restored",
                (_, _, false) => "unknown",
                (Some(Expected::Gone), ..) => "deleted",
                _ => "edited",
            },
        );
        out
    }
}
