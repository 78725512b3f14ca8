//! What a run knows of each entry and each rule that it is about.

use alloc::{string::String, vec::Vec};

use crate::core::text::{join, same};
use crate::removal::family::Change;
use crate::removal::plan::{Entry, Touched};
use crate::removal::world::Health;

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
    /// Its removal, or its return, was not tried.
    NotTried,
    /// An undo has put it back.
    Restored,
    /// An undo found it there as it was before.
    Present,
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
            Outcome::Restored => "restored",
            Outcome::Present => "present",
        }
    }

    /// The outcome of this name.
    #[must_use]
    pub fn of(name: &str) -> Option<Self> {
        use Outcome::{Absent, Failed, NotTried, Present, Removed, Restored, Unknown};
        let all = [Removed, Absent, Failed, Unknown, NotTried, Restored, Present];
        all.into_iter().find(|outcome| outcome.name() == name)
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

    /// The state of this name.
    #[must_use]
    pub fn of(name: &str) -> Self {
        let all = [State::Serving, State::Drained, State::Detached, State::Gone];
        all.into_iter().find(|state| state.name() == name).unwrap_or_default()
    }
}

/// What is remembered of an entry: all that a journal and a report hold of it beside the plan.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EntryMemory {
    /// What became of it; none yet, or nothing was tried.
    pub outcome: Option<Outcome>,
    /// How it was last seen.
    pub state: State,
    /// Its health before this run drained it: at weight 0 some clouds show every backend as one that fails its check.
    pub health: Health,
    /// Whether a drain of it was, or may have been, carried out.
    pub drain_sent: bool,
    /// Whether that was seen.
    pub drain_seen: bool,
    /// Whether a removal of it was, or may have been, carried out.
    pub remove_sent: bool,
    /// Whether a call was, or may have been, carried out by which an undo puts it back.
    pub restore_sent: bool,
    /// What was, or may have been, carried out, while no read shows it yet.
    pub unconfirmed: Option<Change>,
    /// Whether it cannot be put back.
    pub cannot_restore: bool,
    /// The id that it has in its place now, where that is another one.
    pub new_id: Option<String>,
    /// The error that ended it, as JSON text.
    pub error: Option<String>,
}

/// An entry of the plan in a run.
#[derive(Debug, Default)]
pub struct Tracked {
    /// Its group and id in one.
    pub(super) key: String,
    /// The entry, as the plan has it.
    pub(super) planned: Entry,
    /// Whether the first look of the run has chosen it, too.
    pub(super) chosen: bool,
    /// What is remembered of it.
    pub(super) memory: EntryMemory,
}

impl Tracked {
    /// An entry at the beginning of a run.
    #[must_use]
    pub fn new(planned: Entry) -> Self {
        let key = key(&planned.group, &planned.backend.id);
        let memory = EntryMemory { health: planned.backend.health, ..EntryMemory::default() };
        Tracked { key, planned, chosen: true, memory }
    }

    /// Its id in its group, as the plan has it.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.planned.backend.id
    }

    /// Whether a run goes on with it.
    #[must_use]
    pub fn is_active(&self) -> bool {
        self.chosen && self.memory.outcome.is_none()
    }
}

/// What entries are in the order of: by group, then id.
#[must_use]
pub fn key(group: &str, id: &str) -> String {
    join(&[group, "\n", id])
}

/// What an edit makes of a rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Expected {
    /// It has these backends.
    Backends(Vec<String>),
    /// It is gone.
    Gone,
}

/// What is remembered of a rule: all that a journal and a report hold of it beside the plan.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RuleMemory {
    /// Its id: another one than planned, once it was deleted and made again.
    pub id: String,
    /// What an edit was to make of it; none where none was, or may have been, carried out.
    pub expected: Option<Expected>,
    /// Whether that was read back.
    pub verified: bool,
    /// Whether a call was, or may have been, carried out that puts it back.
    pub restore_sent: bool,
    /// Whether it was put back.
    pub restored: bool,
    /// Whether it cannot be put back.
    pub cannot_restore: bool,
}

/// A rule of the plan in a run.
#[derive(Debug)]
pub struct TrackedRule {
    /// The rule, as the plan has it.
    pub(super) planned: Touched,
    /// What is remembered of it.
    pub(super) memory: RuleMemory,
}

impl TrackedRule {
    /// A rule at the beginning of a run.
    #[must_use]
    pub fn new(planned: Touched) -> Self {
        let memory = RuleMemory { id: planned.rule.id.clone(), ..RuleMemory::default() };
        TrackedRule { planned, memory }
    }

    /// Whether it held this when the plan was made.
    #[must_use]
    pub fn held(&self, entry: &Entry) -> bool {
        same(&self.planned.group, &entry.group) && self.planned.rule.backends.contains(&entry.backend.id)
    }

    /// Whether an edit of it was, or may have been, carried out, and no read has shown it yet.
    #[must_use]
    pub fn is_unverified(&self) -> bool {
        self.memory.expected.is_some() && !self.memory.verified
    }
}
