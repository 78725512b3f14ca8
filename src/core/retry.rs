//! Whether and when to repeat a call: a pure function of what it does and how it ended.

use crate::core::error::{Error, Kind, Sent};
use crate::core::operation::Effect;

/// How long to wait before attempt `attempt + 1`, in milliseconds; `None` where nothing is repeated.
///
/// `random` are 32 random bits: full jitter, so that many callers do not come back together.
#[must_use]
pub fn verdict(effect: Effect, error: &Error, attempt: u32, most: u32, random: u32) -> Option<u32> {
    let details = &*error.0;
    let safe = match details.kind {
        Kind::Busy | Kind::Throttled => true,
        Kind::Network | Kind::Timeout => details.sent == Sent::No || effect == Effect::Read,
        Kind::Server => details.retryable && effect == Effect::Read,
        Kind::OutcomeUnknown => matches!(effect, Effect::Removal | Effect::Write),
        _ => false,
    };
    if !safe || attempt >= most {
        return None;
    }
    let limit = (500_u64 << (attempt - 1).min(4)).min(8_000);
    let wait = (u64::from(random) * limit) >> 32;
    Some((wait as u32).max(details.retry_after_ms.unwrap_or(0)))
}
