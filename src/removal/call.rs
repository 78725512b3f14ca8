//! A call that changes something: what it is about, what became of it, what follows when it fails, and how long its
//! effect is looked for.

use alloc::{string::String, vec::Vec};

use crate::core::error::Kind;
use crate::core::retry;
use crate::core::text::{has_word, same};
use crate::removal::family::{Change, Edit, Family};
use crate::removal::phase::Phase;
use crate::removal::reader::Failure;

/// What a call is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Target {
    /// These entries, by their index.
    Backends(Change, Vec<usize>),
    /// This rule, by its index, which is to have these backends.
    Rule(usize, Edit, Vec<String>),
}

impl Target {
    /// Whether both are about the same, so that needing one shows that the other has had no effect.
    pub(super) fn overlaps(&self, other: &Target) -> bool {
        match (self, other) {
            (Target::Backends(change, entries), Target::Backends(now, others)) => {
                change == now && entries.iter().any(|entry| others.contains(entry))
            }
            (Target::Rule(rule, ..), Target::Rule(now, ..)) => rule == now,
            _ => false,
        }
    }

    /// Whether it would do it twice, if it were sent twice.
    pub(super) fn creates(&self) -> bool {
        matches!(self, Target::Rule(_, Edit::Create, _) | Target::Backends(Change::Add, _))
    }

    /// Whether it is this change of backends.
    pub(super) fn is(&self, wanted: Change) -> bool {
        matches!(self, Target::Backends(change, _) if *change == wanted)
    }

    /// The change of this entry that it asks for, if it is about it.
    pub(super) fn change_of(&self, entry: usize) -> Option<Change> {
        match self {
            Target::Backends(change, entries) => entries.contains(&entry).then_some(*change),
            Target::Rule(..) => None,
        }
    }

    /// How many backends it names.
    fn backends(&self) -> usize {
        match self {
            Target::Backends(_, entries) => entries.len(),
            Target::Rule(..) => 1,
        }
    }
}

/// What became of a call, as far as answers tell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Fate {
    /// It was sent, and nothing came back yet.
    InFlight,
    /// It was answered well.
    Answered,
    /// Nobody knows: the error.
    Unknown(String),
    /// The service took it for wrong, by this error. The next read shows whether somebody has made it so.
    Rejected(String),
}

/// A call, until its effect is seen.
#[derive(Clone, Debug)]
pub(super) struct Call {
    /// The phase that it belongs to.
    pub(super) phase: Phase,
    /// The id of its group.
    pub(super) group: String,
    /// What it is about.
    pub(super) target: Target,
    /// When it was sent or answered, in milliseconds since 1970; of a journal, at the latest.
    pub(super) at: i64,
    /// What became of it.
    pub(super) fate: Fate,
}

impl Call {
    /// Whether nobody knows what became of it.
    pub(super) fn is_unknown(&self) -> bool {
        self.fate != Fate::Answered
    }

    /// Whether it belongs to this phase and group.
    pub(super) fn belongs_to(&self, phase: Phase, group: &str) -> bool {
        self.phase == phase && same(&self.group, group)
    }
}

/// How often an effect is looked for after a call that was answered well.
const EFFECT_LOOKS: u32 = 12;
/// How often a lock is waited for.
const LOCK_LOOKS: u32 = 75;
/// How long a lock is waited for between looks: what locks here takes a second or two.
const LOCK_MS: u32 = 4_000;
/// How often one thing is tried.
pub(super) const TRIES: u32 = 12;
/// How often that is, where the vendor names one of the backends as the cause, or nothing is seen of a success.
pub(super) const FEW_TRIES: u32 = 3;
/// How long an effect is waited for at first, and at most between looks.
const FIRST_MS: u32 = 500;
const LOOK_MS: u32 = 8_000;

/// How often something was looked for or tried: what may not go on for ever.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Patience {
    /// Looks for the effect of the last call.
    pub(super) effect_looks: u32,
    /// Looks at a load balancer that is locked, or at a group that no answer has.
    pub(super) lock_looks: u32,
    /// Attempts at the same thing.
    pub(super) tries: u32,
    /// Whether the effect of the last call was looked for as often as it is.
    pub(super) overdue: bool,
}

impl Patience {
    /// How long to wait before the effect is looked for again; `None` where that was often enough.
    pub(super) fn for_effect(&self) -> Option<u32> {
        (self.effect_looks < EFFECT_LOOKS).then(|| look_after(self.effect_looks + 1))
    }

    /// How long to wait before a locked load balancer is looked at again; `None` where that was often enough.
    pub(super) fn for_lock(&self) -> Option<u32> {
        (self.lock_looks < LOCK_LOOKS).then(|| look_after(self.lock_looks + 1).min(LOCK_MS))
    }

    /// How long to wait before a group that no answer had is asked for again; `None` where that was often enough.
    pub(super) fn for_group(&self) -> Option<u32> {
        (self.lock_looks < FEW_TRIES).then(|| look_after(self.lock_looks + 1))
    }

    /// The effect of a call of unknown fate is looked for: the vendor's time for it is over by then, so once; what is
    /// never sent twice, longer.
    pub(super) fn after_unknown(&mut self, target: &Target) {
        self.effect_looks = if target.creates() { EFFECT_LOOKS - 3 } else { EFFECT_LOOKS };
    }
}

fn look_after(times: u32) -> u32 {
    LOOK_MS.min(FIRST_MS << times.saturating_sub(1).min(5))
}

/// What follows the failure of a call.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum After {
    /// Nobody knows what became of it: after this pause the next read tells.
    Settle(u32),
    /// It was not carried out, and may be the next time, after this pause.
    Again(u32),
    /// One of its backends is the cause, and none was changed: which, is found by halves.
    Halve(usize),
    /// This backend cannot be changed; the others can.
    Skip,
    /// It was refused as wrong. Somebody may have changed what it is about after the read that it was decided by.
    Reject,
    /// It cannot be done.
    GiveUp,
}

/// What follows `failure` of a call about `target`, tried `tries` times before; `random` are 32 random bits.
pub(super) fn after_failure(failure: &Failure, target: &Target, tries: u32, family: &Family, random: u32) -> After {
    let names_backend = has_word(family.backend_error_codes, failure.says("code"));
    if names_backend && target.backends() > 1 {
        return After::Halve(target.backends().div_ceil(2));
    }
    let tries = tries + 1;
    if failure.is(Kind::OutcomeUnknown) {
        return After::Settle(failure.again(tries, random).unwrap_or(0).max(family.visible_after_ms));
    }
    let gone = failure.is_gone() && !names_backend;
    let pause = match names_backend || gone {
        true => Some(retry::pause(tries + 2, random)),
        // The service failed at it, and did not say for good.
        false if failure.is(Kind::Server) => Some(retry::pause(tries, random)),
        false => failure.again(tries, random),
    };
    match pause {
        Some(pause) if tries < if names_backend || gone { FEW_TRIES } else { TRIES } => After::Again(pause),
        _ if names_backend => After::Skip,
        _ if failure.is(Kind::InvalidInput) && !failure.never_left() => After::Reject,
        _ => After::GiveUp,
    }
}
