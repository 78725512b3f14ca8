//! The errors that the safe removal itself puts into reports, as JSON text.

/// A change was answered well, and no read shows it.
pub(super) const NO_EFFECT: &str = r#"{"kind":"unexpected-answer","message":"the service said yes, and nothing is to be seen of it","retryable":false,"sent":true,"hint":"look at the load balancer in the vendor's console"}"#;

/// The load balancer is still being changed by somebody, however often it was looked at.
pub(super) const STAYS_LOCKED: &str = r#"{"kind":"busy","message":"the load balancer stays locked","retryable":true,"sent":false,"hint":"find out what changes it, then plan again"}"#;

/// Whoever drives the lane did not say what became of a call.
pub(super) const NOT_TOLD: &str =
    r#"{"kind":"outcome-unknown","message":"nothing was told of the call","retryable":false,"sent":"unknown"}"#;

/// A journal ends between a call and its answer.
pub(super) const CUT_OFF: &str = r#"{"kind":"outcome-unknown","message":"the run ended before the call was answered","retryable":true,"sent":"unknown"}"#;

/// No answer has had the group, however often it was asked for.
pub(super) const NO_GROUP: &str = r#"{"kind":"not-found","message":"the group was not among what was answered","retryable":false,"sent":false,"hint":"look whether it is still there: if it is, call this again; if not, make it anew and add the backend by hand, the report has what it was"}"#;

/// An undo finds a rule that somebody has changed since the run.
pub(super) const RULE_CHANGED: &str = r#"{"kind":"refused","message":"a rule was changed by somebody after the run, and is left as it is","code":"changed-by-someone","retryable":false,"sent":false,"hint":"look at the rules of the report, and put the backend into the rule that is meant"}"#;
