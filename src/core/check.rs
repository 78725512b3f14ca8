//! Checking of input against a table, before anything is signed.
//!
//! Every refusal names the field and its index, and says what would be right.

use alloc::string::String;

use crate::core::encode::push_decimal;
use crate::core::error::{Error, Result};
use crate::core::nearest::suggestion;
use crate::core::operation::{Empty, Kind, Need, Parameter};
use crate::core::path::Path;
use crate::core::text::{characters, has_word, is_address, is_id, is_key, join, push_word, replace, same, words};
use crate::core::value::{Type, Value};

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
    for (name, value) in object.fields() {
        if name == skip {
            continue;
        }
        let here = path.field(name);
        let parameter = &table[place(table, name, &here)?];
        match &parameter.kind {
            Kind::Batch(list) => *batch = crate::core::batch::read(list, value, &here, most)?,
            Kind::List(item, empty) => list(item, *empty, value, object, &here)?,
            other => kind(other, value, &here)?,
        }
    }
    for parameter in table {
        let has = |name| object.get(name).is_some();
        let name = parameter.name;
        let good = match parameter.need {
            Need::Never => true,
            Need::Always => has(name),
            Need::Or(others) => has(name) || words(others).any(has),
            Need::Either(other) => has(name) != has(other),
            Need::With(other) => has(name) || !has(other),
        };
        if !good {
            return Err(if has(name) { both(parameter, path) } else { missing(parameter, path) });
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
            let message = join(&[&here.text(), " is the same as ", &path.item(first).text()]);
            return Err(Error::invalid(&here.text(), &message, "name each once"));
        }
    }
    Ok(())
}

#[cold]
fn bare(empty: Empty, path: &Path<'_>) -> Error {
    let field = path.text();
    let hint = match empty {
        Empty::Only(flag) => join(&["name at least one, or give ", flag, ": true if nothing is to be left in it"]),
        _ => "name at least one".into(),
    };
    Error::invalid(&field, &join(&[&field, " is empty"]), &hint)
}

/// Checks the fields of an entry of a batch against `table`, and sets each one's text.
///
/// # Errors
/// `invalid-input` with the field's path.
pub fn entry<'d>(table: &[Parameter], object: Value<'d>, path: &Path<'_>, texts: &mut [&'d str]) -> Result<()> {
    for (name, value) in object.fields() {
        let here = path.field(name);
        let place = place(table, name, &here)?;
        kind(&table[place].kind, value, &here)?;
        if let Some(text) = texts.get_mut(place) {
            *text = value.as_text().unwrap_or_default();
            if let Kind::Integer(..) = table[place].kind {
                *text = plain(text);
            }
        }
    }
    for (parameter, text) in table.iter().zip(texts) {
        if matches!(parameter.need, Need::Always) && text.is_empty() {
            return Err(missing(parameter, path));
        }
    }
    Ok(())
}

/// Plain digits without leading zeros, of an integer that was found not to be negative.
fn plain(text: &str) -> &str {
    let digits = text.trim_start_matches(['-', '0']);
    if digits.is_empty() { "0" } else { digits }
}

/// Where the table has `name`.
fn place(table: &[Parameter], name: &str, path: &Path<'_>) -> Result<usize> {
    table.iter().position(|parameter| same(parameter.name, name)).ok_or_else(|| unknown(table, name, path))
}

#[cold]
fn missing(parameter: &Parameter, path: &Path<'_>) -> Error {
    let field = path.field(parameter.name).text();
    let message = join(&[&field, " is missing"]);
    let mut hint = join(&["give ", &wanted(&parameter.kind)]);
    if let Need::Or(others) | Need::Either(others) = parameter.need {
        hint.push_str(&join(&["; or, in its place, ", &replace(others, " ", " or ")]));
    }
    Error::invalid(&field, &message, &hint)
}

/// One of two that exclude each other is too many.
#[cold]
fn both(parameter: &Parameter, path: &Path<'_>) -> Error {
    let field = path.field(parameter.name).text();
    let other = if let Need::Either(other) = parameter.need { other } else { "" };
    Error::invalid(&field, &join(&[&field, " and ", other, " exclude each other"]), "give one of them")
}

#[cold]
fn unknown(table: &[Parameter], name: &str, path: &Path<'_>) -> Error {
    let mut names = String::new();
    for parameter in table {
        push_word(&mut names, parameter.name);
    }
    let field = path.text();
    Error::invalid(&field, &join(&[&field, " is not known here"]), &suggestion(name, &names))
}

fn kind(kind: &Kind, value: Value<'_>, path: &Path<'_>) -> Result<()> {
    // Every kind of text refuses the empty one, so that it can stand for what is no text.
    let text = value.as_str().unwrap_or_default();
    let good = match kind {
        Kind::Text(longest) => !text.is_empty() && characters(text) <= *longest,
        Kind::Id => is_id(text),
        Kind::Key(longest) => is_key(text, *longest),
        Kind::Address => is_address(text),
        Kind::Integer(low, high) => {
            value.as_integer().is_some_and(|number| (i64::from(*low)..=i64::from(*high)).contains(&number))
        }
        Kind::Flag => value.kind() == Type::Bool,
        Kind::OneOf(words) => has_word(words, text),
        Kind::Strings => value.is_object() && value.fields().all(|(_, value)| value.kind() == Type::String),
        Kind::Object => value.is_object(),
        // Lists are read where they may stand, which is not inside one another.
        Kind::Any | Kind::Batch(_) | Kind::List(..) => true,
    };
    if good {
        return Ok(());
    }
    let mut error = wrong(path, &wanted(kind), value);
    if let (Kind::OneOf(words), Some(text)) = (kind, value.as_str()) {
        error = error.hint(&suggestion(text, words));
    }
    Err(error)
}

/// Whether `text` can be a region: `[a-z0-9-]{1,64}`, since it becomes part of a host name.
#[must_use]
pub fn is_region(text: &str) -> bool {
    (1..=64).contains(&text.len())
        && text.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
}

fn wanted(kind: &Kind) -> String {
    let mut out = String::new();
    match kind {
        Kind::Text(longest) => {
            out.push_str("text of 1 to ");
            push_decimal(&mut out, *longest as i64);
            out.push_str(" characters");
        }
        Kind::Key(_) => out.push_str("text without blanks"),
        Kind::Id => out.push_str("an id of 1 to 64 letters, digits, - or _"),
        Kind::Address => out.push_str("an IP address"),
        Kind::Integer(low, high) => {
            out.push_str("an integer from ");
            push_decimal(&mut out, i64::from(*low));
            out.push_str(" to ");
            push_decimal(&mut out, i64::from(*high));
        }
        Kind::Flag => out.push_str("true or false"),
        Kind::OneOf(words) => out.push_str(&replace(words, " ", " or ")),
        Kind::Batch(..) => out.push_str("a list of backend servers"),
        Kind::List(..) => out.push_str("a list"),
        Kind::Strings => out.push_str("an object of strings"),
        Kind::Object => out.push_str("an object"),
        Kind::Any => out.push_str("a value"),
    }
    out
}

/// `path` holds the wrong thing. The value itself is not shown: it may be a misplaced secret.
#[must_use]
#[cold]
#[inline(never)]
pub fn wrong(path: &Path<'_>, wanted: &str, value: Value<'_>) -> Error {
    let field = path.text();
    let name = if field.is_empty() { "the input" } else { &field };
    let (not, found) = match (value.kind(), value.as_str()) {
        (_, Some("")) => (", not ", "empty text"),
        (Type::String | Type::Number, _) => ("", ""),
        (Type::Null, _) => (", not ", "null (NaN and Infinity arrive as null, too)"),
        _ => (", not ", value.type_name()),
    };
    let message = join(&[name, " must be ", wanted, not, found]);
    Error::invalid(&field, &message, &join(&["give ", wanted]))
}
