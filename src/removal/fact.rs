//! What can happen to a load balancer of a run, and how it stands: the words in which live calls, reads and journals tell
//! it to [`Memory`](crate::removal::memory::Memory).

use alloc::string::String;

use crate::removal::call::{Call, Target};
use crate::removal::entry::{EntryMemory, Outcome, RuleMemory, State};
use crate::removal::guard::Refusal;
use crate::removal::phase::Phase;
use crate::removal::world::Health;

/// What a lane is to reach.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Goal {
    /// The plan's entries are taken out.
    #[default]
    Remove,
    /// What a run has done is put back.
    Restore {
        /// The fields of a backend that tell its place in a group.
        identity: &'static str,
    },
}

impl Goal {
    /// Whether what a run has done is put back.
    pub(super) fn is_restore(self) -> bool {
        self != Goal::Remove
    }
}

/// How a lane ended, or that it did not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// It is still under way, or was left so.
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

/// Why a lane does not go on towards its goal.
#[derive(Clone, Debug)]
pub(super) enum Why {
    /// A guard said no.
    Guard(Refusal),
    /// A call or a read could not be made: the error as JSON text.
    Error(String),
}

/// How far a lane is, as a whole.
#[derive(Clone, Debug, Default)]
pub(super) enum Verdict {
    /// Towards its goal.
    #[default]
    Going,
    /// It puts back what was begun.
    RollingBack,
    /// It is over, and stays so.
    Ended(Status),
    /// The caller has stopped it, by this error; another run may go on.
    Stopped(Status, String),
}

/// Something that happened, whether just now or as a journal tells it.
#[derive(Debug)]
pub(super) enum Fact {
    /// A call goes out.
    Sent(Call),
    /// It was answered well, at this time.
    Answered(i64),
    /// At this time it was known that nobody knows what became of it: the error.
    Unknown(i64, String),
    /// It was refused as wrong, at this time: the error.
    Rejected(i64, String),
    /// It was certainly not carried out, which was known at this time.
    NotDone(i64),
    /// Nothing more is expected of the last call.
    CallClosed,
    /// All that a journal tells was taken over: its last call is waited for when its phase and group are reached.
    CallInherited,
    /// The phase and group of a call that an earlier run has sent were reached.
    CallReached,
    /// So many operations were sent, all in all.
    Calls(u32),
    /// Whether the first look chooses this entry.
    Chosen(usize, bool),
    /// A read shows this of an entry.
    Seen(usize, Seen),
    /// A read shows that a rule is as its edit was to make it.
    RuleVerified(usize),
    /// A read shows a rule that is being put back.
    RuleStanding {
        /// Its index.
        rule: usize,
        /// The id that it has now.
        id: String,
        /// Whether it is as it was.
        restored: bool,
        /// Whether somebody else has changed it, so that it is left as it is.
        left_alone: bool,
    },
    /// A journal remembers this of an entry.
    Entry(usize, EntryMemory),
    /// A journal remembers this of a rule.
    Rule(usize, RuleMemory),
    /// Effects in this group were looked for long enough: what the next look at the same read shows is how it is.
    Believed(String),
    /// This cannot be done, by this error: the run goes on without it.
    CannotBeDone(Target, Phase, String),
    /// This group is gone, or cannot be seen: how its entries are is not known any more.
    OutOfSight(String),
    /// An undo does not find this group.
    NoSuchGroup(String),
    /// This group cannot be put back, by this error: another run may try that again.
    Unrestored(String, String),
    /// No group was seen, so nothing can be put back: another run may try that again.
    NothingSeen,
    /// It puts back what was begun.
    RollingBack(Option<Why>),
    /// Something could not be put back: the error. The first is kept.
    Trouble(String),
    /// What an undo that did not end could not put back is tried again.
    TriedAgain,
    /// It is over.
    Ended(Status),
    /// The caller stops it.
    Stopped(Status, String),
}

/// What a read shows of an entry.
#[derive(Debug)]
pub(super) struct Seen {
    /// What became of it; none yet.
    pub(super) outcome: Option<Outcome>,
    /// How it is.
    pub(super) state: State,
    /// Its health before it was drained.
    pub(super) health: Health,
    /// Whether it was seen drained by us.
    pub(super) drain_seen: bool,
    /// Whether what was sent last shows.
    pub(super) confirmed: bool,
    /// Whether it has just got its outcome.
    pub(super) finished: bool,
    /// The id that it has in its place now, where that is another one.
    pub(super) new_id: Option<String>,
}
