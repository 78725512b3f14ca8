//! Checking of one value, or of a flat object of values, against a table.

use alloc::string::String;

use crate::core::encode::decimal;
use crate::core::error::{Error, Result};
use crate::core::nearest::suggestion;
use crate::core::parameter::{FIELDS, Kind, Need, Parameter};
use crate::core::path::Path;
use crate::core::text::{characters, has_word, is, is_address, is_id, join, plain, push_word, replace, set};
use crate::core::value::{Type, Value, integer};

/// Checks a value; returns its text.
///
/// # Errors
/// `invalid-input` with `path`.
pub fn checked_text<'d>(kind: &Kind, value: Value<'d>, path: &Path<'_>) -> Result<&'d str> {
    let (own_type, text) = value.read();
    // Every kind of text refuses the empty one, so that it can stand for what is no text.
    let string = if own_type == Type::String { text } else { "" };
    let good = match kind {
        Kind::Text(longest) => !string.is_empty() && characters(string) <= *longest,
        Kind::Id => is_id(string),
        Kind::Key(longest) => is(string, set::VISIBLE, *longest),
        Kind::Address => is_address(string),
        Kind::Integer(low, high) => {
            integer(text).is_some_and(|number| (i64::from(*low)..=i64::from(*high)).contains(&number))
        }
        Kind::Flag => own_type == Type::Bool,
        Kind::OneOf(words) => has_word(words, string),
        Kind::Strings => own_type == Type::Object && value.fields().all(|(_, value)| value.kind() == Type::String),
        Kind::Object => own_type == Type::Object,
        // Lists are read where they may stand, which is not inside one another.
        Kind::Any | Kind::Batch(_) | Kind::List(..) => true,
    };
    if good { Ok(text) } else { Err(unfit(kind, value, path)) }
}

#[cold]
fn unfit(kind: &Kind, value: Value<'_>, path: &Path<'_>) -> Error {
    let error = wrong(path, &wanted(kind), value);
    match (kind, value.as_str()) {
        (Kind::OneOf(words), Some(text)) => error.hint(&suggestion(text, words)),
        _ => error,
    }
}

/// Checks the fields of an entry of a batch against `table`, and sets each one's text.
///
/// # Errors
/// `invalid-input` with the field's path.
pub fn entry<'d>(
    table: &[Parameter],
    names: &[&str],
    object: Value<'d>,
    path: &Path<'_>,
    texts: &mut [&'d str],
) -> Result<()> {
    let mut found = [None; FIELDS];
    if let Err(name) = object.pick(names, &mut found) {
        return Err(unknown(table, name, path));
    }
    for (index, parameter) in table.iter().enumerate() {
        match found[index] {
            Some(value) => {
                let text = checked_text(&parameter.kind, value, &path.field(parameter.name))?;
                texts[index] = if let Kind::Integer(..) = parameter.kind { plain(text) } else { text };
            }
            None if matches!(parameter.need, Need::Always) => return Err(missing(parameter, path)),
            None => {}
        }
    }
    Ok(())
}

/// The refusal of an object without a parameter that it must have.
#[must_use]
#[cold]
#[inline(never)]
pub fn missing(parameter: &Parameter, path: &Path<'_>) -> Error {
    let others = match parameter.need {
        Need::Or(others) | Need::Either(others) => others,
        _ => "",
    };
    let instead = if others.is_empty() { "" } else { "; or, in its place, " };
    let hint = ["give ", &wanted(&parameter.kind), instead, &replace(others, " ", " or ")];
    path.field(parameter.name).refuse(&[" is missing"], &hint)
}

/// The refusal of a field that `table` does not have.
#[must_use]
#[cold]
#[inline(never)]
pub fn unknown(table: &[Parameter], name: &str, path: &Path<'_>) -> Error {
    let mut names = String::new();
    for parameter in table {
        push_word(&mut names, parameter.name);
    }
    path.field(name).refuse(&[" is not known here"], &[&suggestion(name, &names)])
}

fn wanted(kind: &Kind) -> String {
    let what = match kind {
        Kind::Text(longest) => return join(&["text of 1 to ", &decimal(*longest as i64), " characters"]),
        Kind::Integer(low, high) => {
            return join(&["an integer from ", &decimal((*low).into()), " to ", &decimal((*high).into())]);
        }
        Kind::OneOf(words) => return replace(words, " ", " or "),
        Kind::Key(_) => "text without blanks",
        Kind::Id => ID,
        Kind::Address => "an IP address",
        Kind::Flag => "true or false",
        Kind::Batch(..) => "a list of backend servers",
        Kind::List(..) => "a list",
        Kind::Strings => "an object of strings",
        Kind::Object => "an object",
        Kind::Any => "a value",
    };
    what.into()
}

/// What an id has to be.
pub const ID: &str = "an id of 1 to 64 letters, digits, - or _";

/// The refusal of a value that is not what `path` must hold. The value itself is not shown: it may be a misplaced secret.
#[must_use]
#[cold]
#[inline(never)]
pub fn wrong(path: &Path<'_>, wanted: &str, value: Value<'_>) -> Error {
    let (not, found) = match (value.kind(), value.as_str()) {
        (_, Some("")) => (", not ", "empty text"),
        (Type::String | Type::Number, _) => ("", ""),
        (Type::Null, _) => (", not ", "null (NaN and Infinity arrive as null, too)"),
        _ => (", not ", value.type_name()),
    };
    path.refuse(&[" must be ", wanted, not, found], &["give ", wanted])
}
