//! Checking of input against a table, before anything is signed.
//!
//! Every refusal names the field and its index, and says what would be right.

use alloc::string::String;

use crate::core::batch::FIELDS;
use crate::core::encode::decimal;
use crate::core::error::{Error, Result};
use crate::core::nearest::suggestion;
use crate::core::operation::{Empty, Kind, Need, Parameter};
use crate::core::path::Path;
use crate::core::text::{
    characters, has_word, is, is_address, is_id, join, plain, push_word, replace, same, set, words,
};
use crate::core::value::{Type, Value, integer};

/// Checks the fields of an object that is no operation against `table`.
///
/// # Errors
/// `invalid-input` with the field's path.
#[inline(never)]
pub fn object(table: &[Parameter], object: Value<'_>, path: &Path<'_>) -> Result<()> {
    fields(table, object, path, "", 0, &mut String::new())
}

/// Checks the fields of `object` against `table`.
///
/// `skip` names a field that is not in the table (`operation`, which chose it). A [`Kind::Batch`] may
/// have `most` items, and is appended to `batch` as the vendor's JSON.
///
/// # Errors
/// `invalid-input` with the field's path.
pub fn fields(
    table: &[Parameter],
    object: Value<'_>,
    path: &Path<'_>,
    skip: &str,
    most: usize,
    batch: &mut String,
) -> Result<()> {
    if !object.is_object() {
        return Err(wrong(path, "an object", object));
    }
    // A bit for each parameter that is given.
    let mut given = 0u64;
    for (name, value) in object.fields() {
        if same(name, skip) {
            continue;
        }
        let here = path.field(name);
        let Some(place) = table.iter().position(|parameter| same(parameter.name, name)) else {
            return Err(unknown(table, name, path));
        };
        given |= 1 << place;
        match &table[place].kind {
            Kind::Batch(list) => *batch = crate::core::batch::read(list, value, &here, most)?,
            Kind::List(item, empty) => list(item, *empty, value, object, &here)?,
            other => {
                kind(other, value, &here)?;
            }
        }
    }
    for (place, parameter) in table.iter().enumerate() {
        let has = |name| object.get(name).is_some();
        let here = given >> place & 1 == 1;
        let good = match parameter.need {
            Need::Never => true,
            Need::Always => here,
            Need::Or(others) => here || words(others).any(has),
            Need::Either(other) => here != has(other),
            Need::With(other) => here || !has(other),
            Need::Without(other) => !here || !has(other),
        };
        if !good {
            return Err(if here { both(parameter, path) } else { missing(parameter, path) });
        }
    }
    Ok(())
}

/// No vendor takes longer lists, and comparing every item with every other takes its time.
const LONGEST: usize = 1_000;

/// Checks a list's items, each against `item`.
fn list(item: &Kind, empty: Empty, value: Value<'_>, object: Value<'_>, path: &Path<'_>) -> Result<()> {
    if value.kind() != Type::List || value.items().nth(LONGEST).is_some() {
        return Err(wrong(path, "a list of at most 1000 items", value));
    }
    let allowed = match empty {
        Empty::Fine => true,
        Empty::Never => false,
        Empty::Only(flag) => object.get(flag).is_some_and(Value::is_true),
    };
    if value.items().next().is_none() && !allowed {
        return Err(bare(empty, path));
    }
    for (index, one) in value.items().enumerate() {
        let here = path.item(index);
        kind(item, one, &here)?;
        if let Some(first) = value.items().take(index).position(|other| other.as_str() == one.as_str()) {
            return Err(here.refuse(&[" is the same as ", &path.item(first).text()], &["name each once"]));
        }
    }
    Ok(())
}

#[cold]
#[inline(never)]
fn bare(empty: Empty, path: &Path<'_>) -> Error {
    let hint = match empty {
        Empty::Only(flag) => [", or give ", flag, ": true if nothing is to be left in it"],
        _ => [""; 3],
    };
    path.refuse(&[" is empty"], &["name at least one", hint[0], hint[1], hint[2]])
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
    for (place, parameter) in table.iter().enumerate() {
        match found[place] {
            Some(value) => {
                let text = kind(&parameter.kind, value, &path.field(parameter.name))?;
                texts[place] = if let Kind::Integer(..) = parameter.kind { plain(text) } else { text };
            }
            None if matches!(parameter.need, Need::Always) => return Err(missing(parameter, path)),
            None => {}
        }
    }
    Ok(())
}

#[cold]
#[inline(never)]
fn missing(parameter: &Parameter, path: &Path<'_>) -> Error {
    let others = match parameter.need {
        Need::Or(others) | Need::Either(others) => others,
        _ => "",
    };
    let instead = if others.is_empty() { "" } else { "; or, in its place, " };
    let hint = ["give ", &wanted(&parameter.kind), instead, &replace(others, " ", " or ")];
    path.field(parameter.name).refuse(&[" is missing"], &hint)
}

/// One of two that exclude each other is too many.
#[cold]
#[inline(never)]
fn both(parameter: &Parameter, path: &Path<'_>) -> Error {
    let other = if let Need::Either(other) | Need::Without(other) = parameter.need { other } else { "" };
    path.field(parameter.name).refuse(&[" and ", other, " exclude each other"], &["give one of them"])
}

#[cold]
#[inline(never)]
fn unknown(table: &[Parameter], name: &str, path: &Path<'_>) -> Error {
    let mut names = String::new();
    for parameter in table {
        push_word(&mut names, parameter.name);
    }
    path.field(name).refuse(&[" is not known here"], &[&suggestion(name, &names)])
}

/// Checks a value; returns its text.
fn kind<'d>(kind: &Kind, value: Value<'d>, path: &Path<'_>) -> Result<&'d str> {
    let (own, text) = value.read();
    // Every kind of text refuses the empty one, so that it can stand for what is no text.
    let string = if own == Type::String { text } else { "" };
    let good = match kind {
        Kind::Text(longest) => !string.is_empty() && characters(string) <= *longest,
        Kind::Id => is_id(string),
        Kind::Key(longest) => is(string, set::VISIBLE, *longest),
        Kind::Address => is_address(string),
        Kind::Integer(low, high) => {
            integer(text).is_some_and(|number| (i64::from(*low)..=i64::from(*high)).contains(&number))
        }
        Kind::Flag => own == Type::Bool,
        Kind::OneOf(words) => has_word(words, string),
        Kind::Strings => own == Type::Object && value.fields().all(|(_, value)| value.kind() == Type::String),
        Kind::Object => own == Type::Object,
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

/// Whether `text` can be a region: `[a-z0-9-]{1,64}`, since it becomes part of a host name.
#[must_use]
pub fn is_region(text: &str) -> bool {
    is(text, set::REGION, 64)
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

/// `path` holds the wrong thing. The value itself is not shown: it may be a misplaced secret.
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

#[cfg(test)]
mod tests {
    #[test]
    fn every_table_has_a_bit_for_each_of_its_parameters() {
        for vendor in crate::vendor::VENDORS {
            assert!(vendor.options.len() <= 64);
            for operation in vendor.operations {
                assert!(operation.parameters.len() <= 64, "{}", operation.name);
            }
        }
    }
}
