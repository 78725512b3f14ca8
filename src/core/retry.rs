//! Whether a call that failed is sent again, and after how long. Pure: chance comes from outside.

use crate::core::error::{Error, Kind, Sent};
use crate::core::operation::Effect;

/// Where a server asks for a longer pause, the call ends, and its caller decides whether to wait.
const LONGEST_DELAY_MS: u32 = 60_000;
const FIRST_MS: u32 = 500;
const LONGEST_MS: u32 = 8_000;

/// How long to wait before the next attempt, in milliseconds; `None` where there must be none.
///
/// `attempt` is the number of the one that failed, from 1 on; `random` is 32 random bits.
///
/// A call is sent again where it may succeed later and can do no harm: it certainly was not carried out (it did not
/// leave, the load balancer was locked, there were too many requests), or it changes nothing more when it comes twice.
/// An [`Effect::Create`] whose outcome is unknown is never sent again here: its caller reads first. After an abort
/// there is no next attempt.
///
/// The pause is exponential with full jitter: evenly from nothing to 0.5, 1, 2, 4, then 8 seconds,
/// and at least what the server asks for. Where it asks for more than a minute there is no next
/// attempt.
#[must_use]
pub fn verdict(effect: Effect, error: &Error, attempt: u32, max_attempts: u32, random: u32) -> Option<u32> {
    let transient = error.kind() == Kind::OutcomeUnknown || error.0.retryable;
    let undone = error.0.sent == Sent::No || matches!(error.kind(), Kind::Busy | Kind::Throttled);
    if attempt >= max_attempts || !transient || (effect == Effect::Create && !undone) {
        return None;
    }
    let mut delay = 0;
    let mut next = Some(error);
    while let Some(error) = next {
        if error.kind() == Kind::Aborted {
            return None;
        }
        delay = delay.max(error.0.retry_after_ms.unwrap_or(0));
        next = error.0.cause.as_ref();
    }
    (delay <= LONGEST_DELAY_MS).then(|| delay.max(pause(attempt, random)))
}

/// The pause after the attempt of this number, in milliseconds.
#[must_use]
pub fn pause(attempt: u32, random: u32) -> u32 {
    let ceiling = LONGEST_MS.min(FIRST_MS << attempt.saturating_sub(1).min(4));
    // A remainder of a division would make short pauses more likely; scaling makes all equally likely.
    ((u64::from(random) * (u64::from(ceiling) + 1)) >> 32) as u32
}

/// Whether the caller aborted, by itself or behind an unknown outcome.
#[must_use]
pub fn is_aborted(error: &Error) -> bool {
    error.kind() == Kind::Aborted || error.0.cause.as_ref().is_some_and(is_aborted)
}

/// Whether an answer says that what was to be removed is not there, which after an attempt with an unknown outcome
/// means that the removal succeeded.
///
/// It is false where something else was not found, which the error's `field` then names: that the project or the load
/// balancer is missing says nothing about the backend.
#[must_use]
pub fn is_gone(error: &Error) -> bool {
    error.kind() == Kind::NotFound && error.0.field.is_none()
}

#[cfg(test)]
mod tests {
    use super::*;

    const EFFECTS: [Effect; 4] = [Effect::Read, Effect::Removal, Effect::Write, Effect::Create];
    const KINDS: [Kind; 14] = [
        Kind::InvalidInput,
        Kind::Auth,
        Kind::Forbidden,
        Kind::NotFound,
        Kind::Busy,
        Kind::Throttled,
        Kind::Server,
        Kind::Network,
        Kind::Timeout,
        Kind::Aborted,
        Kind::OutcomeUnknown,
        Kind::Refused,
        Kind::UnexpectedAnswer,
        Kind::Unsupported,
    ];
    const RANDOM: [u32; 5] = [0, 1, u32::MAX / 2, u32::MAX - 1, u32::MAX];

    fn error(kind: Kind, sent: Sent) -> Error {
        Error::new(kind, "m").sent(sent)
    }

    fn again(effect: Effect, error: &Error) -> bool {
        verdict(effect, error, 1, 3, 0).is_some()
    }

    #[test]
    fn what_is_to_blame_on_the_caller_or_was_aborted_is_never_sent_again() {
        use Kind::{Aborted, Auth, Forbidden, InvalidInput, NotFound, Refused, Unsupported};
        for kind in [Aborted, Auth, Forbidden, NotFound, InvalidInput, Unsupported, Refused] {
            for effect in EFFECTS {
                for sent in [Sent::No, Sent::Yes, Sent::Unknown] {
                    assert!(!again(effect, &error(kind, sent)), "{kind:?} {effect:?} {sent:?}");
                }
            }
        }
        let mut retryable = error(Kind::Aborted, Sent::No);
        retryable.0.retryable = true;
        assert!(!again(Effect::Read, &retryable));
    }

    #[test]
    fn an_abort_behind_an_unknown_outcome_ends_it() {
        let failed = |kind| {
            let inner = error(Kind::Network, Sent::Unknown).caused_by(error(kind, Sent::Unknown));
            error(Kind::OutcomeUnknown, Sent::Unknown).caused_by(inner)
        };
        assert!(again(Effect::Removal, &failed(Kind::Timeout)));
        assert!(!again(Effect::Removal, &failed(Kind::Aborted)));
    }

    #[test]
    fn what_was_certainly_not_carried_out_is_sent_again_whatever_it_does() {
        for effect in EFFECTS {
            for kind in [Kind::Busy, Kind::Throttled] {
                assert!(again(effect, &error(kind, Sent::Yes)));
            }
            for kind in [Kind::Network, Kind::Timeout] {
                assert!(again(effect, &error(kind, Sent::No)));
            }
        }
    }

    #[test]
    fn a_create_that_may_have_been_carried_out_is_never_sent_again() {
        for kind in KINDS.into_iter().filter(|kind| !matches!(kind, Kind::Busy | Kind::Throttled)) {
            for sent in [Sent::Yes, Sent::Unknown] {
                let mut error = error(kind, sent);
                error.0.retryable = true;
                assert!(!again(Effect::Create, &error), "{kind:?} {sent:?}");
            }
        }
    }

    #[test]
    fn what_changes_nothing_more_is_sent_again_after_a_failure_that_may_pass() {
        for effect in [Effect::Removal, Effect::Write] {
            assert!(again(effect, &error(Kind::OutcomeUnknown, Sent::Unknown)));
            assert!(again(effect, &error(Kind::OutcomeUnknown, Sent::Yes)));
            assert!(again(effect, &error(Kind::Server, Sent::Yes)));
        }
        for kind in [Kind::Network, Kind::Timeout, Kind::Server] {
            assert!(again(Effect::Read, &error(kind, Sent::Unknown)));
        }
    }

    #[test]
    fn the_tables_decide_whether_a_failure_may_pass() {
        for (kind, by_itself) in [(Kind::Server, true), (Kind::Busy, true), (Kind::UnexpectedAnswer, false)] {
            let mut error = error(kind, Sent::Yes);
            assert_eq!(again(Effect::Read, &error), by_itself);
            error.0.retryable = !by_itself;
            assert_eq!(again(Effect::Read, &error), !by_itself);
        }
    }

    #[test]
    fn attempts_end() {
        for kind in [Kind::Busy, Kind::Network] {
            for most in 0..5 {
                for attempt in 1..8 {
                    let waits = verdict(Effect::Read, &error(kind, Sent::No), attempt, most, 0).is_some();
                    assert_eq!(waits, attempt < most, "{attempt} of {most}");
                }
            }
        }
    }

    #[test]
    fn pauses_spread_evenly_up_to_a_ceiling_that_doubles_to_eight_seconds() {
        let busy = error(Kind::Busy, Sent::Yes);
        let pause = |attempt, random| verdict(Effect::Read, &busy, attempt, u32::MAX, random).expect("again");
        let mut last = 250;
        for attempt in 1..40 {
            let pauses = RANDOM.map(|random| pause(attempt, random));
            assert_eq!(pauses[0], 0);
            let ceiling = pauses[4];
            assert_eq!(ceiling, (last * 2).min(8_000), "attempt {attempt}");
            assert!(pauses.windows(2).all(|pair| pair[0] <= pair[1]));
            // The middle of the random numbers gives the middle of the pauses.
            assert!(pauses[2].abs_diff(ceiling / 2) <= 1, "{pauses:?}");
            last = ceiling;
        }
        assert_eq!(pause(0, u32::MAX), 500, "there is no attempt 0, and it does no harm");
    }

    #[test]
    fn the_servers_own_delay_is_kept_or_left_to_somebody_who_can_wait() {
        for kind in [Kind::Busy, Kind::Throttled, Kind::Server] {
            let with = |delay| {
                let mut error = error(kind, Sent::Yes);
                error.0.retry_after_ms = Some(delay);
                RANDOM.map(|random| verdict(Effect::Read, &error, 1, 3, random))
            };
            assert_eq!(with(0), RANDOM.map(|random| verdict(Effect::Read, &error(kind, Sent::Yes), 1, 3, random)));
            assert!(with(100).into_iter().all(|pause| pause.is_some_and(|pause| (100..=500).contains(&pause))));
            assert_eq!(with(30_000), [Some(30_000); 5]);
            assert_eq!(with(60_000), [Some(60_000); 5]);
            assert_eq!(with(60_001), [None; 5]);
            assert_eq!(with(u32::MAX), [None; 5]);
        }
        // The answer is behind the unknown outcome.
        let mut inner = error(Kind::Server, Sent::Yes);
        inner.0.retry_after_ms = Some(9_000);
        let outer = error(Kind::OutcomeUnknown, Sent::Yes).caused_by(inner);
        assert_eq!(verdict(Effect::Removal, &outer, 1, 3, 0), Some(9_000));
    }

    #[test]
    fn gone_is_only_what_was_to_be_removed() {
        assert!(is_gone(&error(Kind::NotFound, Sent::Yes)));
        let mut other = error(Kind::NotFound, Sent::Yes);
        other.0.field = Some("projectId".to_owned());
        assert!(!is_gone(&other));
        for kind in KINDS.into_iter().filter(|kind| *kind != Kind::NotFound) {
            assert!(!is_gone(&error(kind, Sent::Yes)));
        }
    }
}
