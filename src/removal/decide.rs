//! What follows from a read of the group in hand: one rule after the other, each a pure function of what can be seen.
//! The first that has something to say decides.

use alloc::string::String;

use crate::removal::call::{Call, FEW_TRIES, Fate, TRIES, Target};
use crate::removal::errors::{NO_EFFECT, STAYS_LOCKED};
use crate::removal::family::Change;
use crate::removal::guard::{Guard, Refusal};
use crate::removal::needed;
use crate::removal::phase::Phase;
use crate::removal::recheck;
use crate::removal::safety;
use crate::removal::sight::Sight;
use crate::removal::world::Condition;

/// What is to be done.
#[derive(Debug)]
pub(super) enum Decision {
    /// The group is looked at again after so many milliseconds.
    Look {
        /// The milliseconds.
        after: u32,
        /// The word that events have for it.
        why: &'static str,
        /// What it counts as.
        counts: Counts,
    },
    /// This call is made.
    Call(Target),
    /// Nothing more is needed in this group: the next one follows, or the next phase.
    GroupDone,
    /// A guard says no.
    Refuse(Refusal),
    /// It cannot go on, by this error.
    Fail(&'static str),
    /// No answer has the group.
    NoGroup,
    /// What the last call was about cannot be done, by this error.
    GiveUp(String),
    /// Effects were looked for long enough: what the last read shows is how it is.
    Believe,
    /// The same, of the last call: it had no effect.
    Overdue,
}

/// What a look counts as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Counts {
    /// A look for the effect of the last call.
    Effect,
    /// A look at what is locked, or missing.
    Lock,
    /// Neither: it is waited for once.
    Nothing,
}

/// A rule.
type Rule = fn(&Sight<'_>) -> Option<Decision>;

/// The rules that say whether a read can be gone by at all.
const USABLE: &[Rule] = &[stuck, changing, changed, unconfirmed];
/// Where nothing is needed in the group any more.
const IDLE: &[Rule] = &[too_few_after_drain, unsettled];
/// Where this call is needed.
const NEEDED: &[fn(&Sight<'_>, &Target) -> Option<Decision>] = &[rejected, repeated, too_few];

/// Whether the group can be seen at all. An answer without it says nothing of what is in it, and may have been a
/// moment's.
pub(super) fn unread(sight: &Sight<'_>) -> Option<Decision> {
    if sight.group().is_some_and(|group| !group.unread) {
        return None;
    }
    Some(match sight.patience.for_group() {
        Some(after) => Decision::Look { after, why: "retry", counts: Counts::Lock },
        None => Decision::NoGroup,
    })
}

/// Whether something speaks against going by this read.
pub(super) fn usable(sight: &Sight<'_>) -> Option<Decision> {
    USABLE.iter().find_map(|rule| rule(sight))
}

/// What is to be done by a read that can be gone by.
pub(super) fn next(sight: &Sight<'_>) -> Decision {
    match needed::next(sight) {
        Err(refusal) => Decision::Refuse(refusal),
        Ok(None) => IDLE.iter().find_map(|rule| rule(sight)).unwrap_or(Decision::GroupDone),
        Ok(Some(target)) => NEEDED.iter().find_map(|rule| rule(sight, &target)).unwrap_or(Decision::Call(target)),
    }
}

/// A load balancer that is in an error, or locked for good, is left alone.
fn stuck(sight: &Sight<'_>) -> Option<Decision> {
    if sight.wanted.allows(Guard::LockedOrError) {
        return None;
    }
    safety::locked_or_error(sight.balancer).map(Decision::Refuse)
}

/// One that somebody is changing is waited for, for some minutes.
fn changing(sight: &Sight<'_>) -> Option<Decision> {
    if sight.balancer.condition != Condition::Changing {
        return None;
    }
    Some(match sight.patience.for_lock() {
        Some(after) => Decision::Look { after, why: "locked", counts: Counts::Lock },
        None => Decision::Fail(STAYS_LOCKED),
    })
}

/// Somebody else has changed what the plan is about. What is being put back is put back all the same.
fn changed(sight: &Sight<'_>) -> Option<Decision> {
    if sight.goal.is_restore() || sight.phase == Phase::PutBack {
        return None;
    }
    recheck::changed_by_someone(sight).filter(|refusal| !sight.wanted.allows(refusal.guard)).map(Decision::Refuse)
}

/// What may be gone is not put back; nor, when all is over, what may never have been drained.
fn unconfirmed(sight: &Sight<'_>) -> Option<Decision> {
    let drain = sight.goal.is_restore() && sight.is_unconfirmed(Change::Drain);
    if sight.phase != Phase::PutBack || !(drain || sight.is_unconfirmed(Change::Remove)) {
        return None;
    }
    Some(match sight.patience.for_effect() {
        Some(after) => Decision::Look { after, why: "effect", counts: Counts::Effect },
        None => Decision::Believe,
    })
}

/// Others may have gone since this was drained; all the wait is too long to find that out.
fn too_few_after_drain(sight: &Sight<'_>) -> Option<Decision> {
    if sight.phase != Phase::Drain {
        return None;
    }
    recheck::too_few(sight).map(Decision::Refuse)
}

/// What was put back may still be shown as it was before all that.
fn unsettled(sight: &Sight<'_>) -> Option<Decision> {
    if sight.phase != Phase::PutBack || !sight.is_unconfirmed(Change::Restore) {
        return None;
    }
    let visible = sight.memory.last_restore().min(sight.now) + i64::from(sight.family.visible_after_ms);
    Some(match visible - sight.now {
        after if after > 0 => Decision::Look { after: after as u32, why: "settle", counts: Counts::Nothing },
        _ => Decision::Believe,
    })
}

/// A call that was refused as wrong, and that the next read still asks for, cannot be done.
fn rejected(sight: &Sight<'_>, target: &Target) -> Option<Decision> {
    match sight.memory.call() {
        Some(Call { fate: Fate::Rejected(error), target: refused, .. })
            if refused == target || sight.patience.tries >= TRIES =>
        {
            Some(Decision::GiveUp(error.clone()))
        }
        _ => None,
    }
}

/// A call that is needed once more had no effect yet: that is looked for, then it is sent again, some times.
fn repeated(sight: &Sight<'_>, target: &Target) -> Option<Decision> {
    let call = sight.memory.call().filter(|call| !matches!(call.fate, Fate::Rejected(_)))?;
    if !call.target.overlaps(target) {
        return None;
    }
    if !sight.patience.overdue {
        return Some(match sight.patience.for_effect() {
            Some(after) => Decision::Look { after, why: "effect", counts: Counts::Effect },
            None => Decision::Overdue,
        });
    }
    match &call.fate {
        Fate::Unknown(error) => (sight.patience.tries >= TRIES / 2).then(|| Decision::GiveUp(error.clone())),
        _ => (sight.patience.tries >= FEW_TRIES).then(|| Decision::GiveUp(NO_EFFECT.into())),
    }
}

/// Too few servers would stay in service.
fn too_few(sight: &Sight<'_>, _: &Target) -> Option<Decision> {
    recheck::too_few(sight).map(Decision::Refuse)
}

#[cfg(test)]
mod tests;
