//! What a vendor's error codes mean, by table.
//!
//! A table is text with one rule to a line, since errors are rare and bytes count. The first rule
//! that fits an answer says what it means:
//!
//! ```text
//! kind|codes|status|says|field|hint|right
//! ```
//!
//! - `kind` is a name of [`Kind`]; `+` or `-` behind it overrules whether it is retryable, and `?`
//!   says that a change may have been carried out all the same.
//! - `codes` are words, or empty for every code. A word fits itself, itself with a dot and more
//!   behind it, and after a `*` every code that holds it.
//! - `status` is how the HTTP status begins: `409`, or `5` for every failure of a server.
//! - `says` is part of the vendor's message.
//! - `field` is what is wrong with the call, in our names.
//! - `hint` is what to do.
//! - `right` is how the name of the right begins that the hint is about; the operation's name follows, and both are
//!   added to the hint. It may be left out with its `|`.

use alloc::borrow::ToOwned;

use crate::core::answer::said;
use crate::core::encode::decimal;
use crate::core::error::{Error, Kind, Sent};
use crate::core::text::{contains, cut, split, words};

/// The kinds that an answer can mean.
const KINDS: [Kind; 10] = [
    Kind::InvalidInput,
    Kind::Auth,
    Kind::Forbidden,
    Kind::NotFound,
    Kind::Busy,
    Kind::Throttled,
    Kind::Server,
    Kind::OutcomeUnknown,
    Kind::UnexpectedAnswer,
    Kind::Unsupported,
];

/// The error that `table` makes of an answer; `None` where no rule fits.
///
/// `message` is what the vendor says and may be shown; whatever it repeats of the request must be
/// cut off before. `operation` is what was refused; empty where the table has no rights.
#[cold]
#[inline(never)]
#[must_use]
pub fn meaning(table: &'static str, status: u16, code: &str, message: &str, operation: &str) -> Option<Error> {
    let status = decimal(status.into());
    let mut rest = table;
    while let Some((rule, tail)) = split(rest, "\n") {
        rest = tail;
        let ([kind, codes, begins, says, field, hint], right) = columns(rule);
        let fits = (codes.is_empty() || words(codes).any(|word| is(code, word)))
            && status.starts_with(begins)
            && (says.is_empty() || contains(message, says));
        let unsure = kind.strip_suffix('?');
        if let Some((kind, retryable)) = parse(unsure.unwrap_or(kind)).filter(|_| fits) {
            let mut error = said(kind, code, message, hint);
            error.0.retryable = retryable;
            if let Some(hint) = error.0.hint.as_mut().filter(|_| !right.is_empty()) {
                hint.push_str(" ");
                hint.push_str(right);
                hint.push_str(operation);
            }
            if unsure.is_some() {
                error.0.sent = Sent::Unknown;
            }
            error.0.field = (!field.is_empty()).then(|| field.to_owned());
            return Some(error);
        }
    }
    None
}

/// The six columns that every rule has, and the one behind them; empty where it is left out.
fn columns(rule: &'static str) -> ([&'static str; 6], &'static str) {
    let mut rest = rule;
    let columns = [(); 6].map(|()| {
        let (column, tail) = cut(rest, "|");
        rest = tail;
        column
    });
    (columns, rest)
}

fn is(code: &str, word: &str) -> bool {
    match word.strip_prefix('*') {
        Some(part) => !code.is_empty() && (part.is_empty() || contains(code, part)),
        None => code.strip_prefix(word).is_some_and(|rest| rest.is_empty() || rest.starts_with('.')),
    }
}

/// A kind, and whether an error of it is retryable.
fn parse(name: &str) -> Option<(Kind, bool)> {
    let bare = name.strip_suffix("+").or(name.strip_suffix("-")).unwrap_or(name);
    let kind = KINDS.into_iter().find(|kind| kind.name() == bare)?;
    Some((kind, name.ends_with('+') || (kind.retryable() && !name.ends_with('-'))))
}

#[cfg(test)]
mod tests {
    use super::*;

    const TABLE: &str = "\
throttled|*Slow||||
busy|A B.c|409||x|wait
server-|Lost||||ask them
unexpected-answer+|Twice||says it||
forbidden|NoRight||||grant the right|lb:
forbidden||403|||
";

    #[test]
    fn the_first_rule_that_fits_counts() {
        let kind = |status, code, message| meaning(TABLE, status, code, message, "").map(|error| error.kind());
        assert_eq!(kind(409, "A.SlowDown", ""), Some(Kind::Throttled));
        assert_eq!(kind(409, "A", ""), Some(Kind::Busy));
        assert_eq!(kind(409, "A.anything", ""), Some(Kind::Busy));
        assert_eq!(kind(409, "B.c", ""), Some(Kind::Busy));
        for (status, code, message) in [(400, "A", ""), (409, "Another", ""), (409, "B", ""), (200, "Twice", "no")] {
            assert_eq!(kind(status, code, message), None, "{status} {code}");
        }
        assert_eq!(kind(403, "Lost", ""), Some(Kind::Server));
        assert_eq!(kind(403, "", ""), Some(Kind::Forbidden));
    }

    #[test]
    fn a_rule_says_field_hint_and_whether_to_repeat() {
        let busy = meaning(TABLE, 409, "A", "m", "").expect("a rule");
        assert_eq!((busy.0.field.as_deref(), busy.0.hint.as_deref()), (Some("x"), Some("wait")));
        assert_eq!((busy.0.message.as_str(), busy.0.retryable), ("A: m", true));
        let server = meaning(TABLE, 200, "Lost", "", "").expect("a rule");
        assert_eq!((server.0.retryable, server.0.field), (false, None));
        assert!(meaning(TABLE, 200, "Twice", "it says it", "").expect("a rule").0.retryable);
    }

    #[test]
    fn a_right_is_named_with_the_operation() {
        let hint = |code| meaning(TABLE, 403, code, "", "RemoveIt").and_then(|error| error.0.hint);
        assert_eq!(hint("NoRight").as_deref(), Some("grant the right lb:RemoveIt"));
        assert_eq!(hint("Other"), None);
    }
}
