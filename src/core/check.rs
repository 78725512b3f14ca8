//! Checking of input against a table, before anything is signed.
//!
//! Every refusal names the field and its index, and says what would be right.

use alloc::string::String;

use crate::core::batch::FIELDS;
use crate::core::encode::push_decimal;
use crate::core::error::{Error, Result};
use crate::core::nearest::suggestion;
use crate::core::operation::{Empty, Kind, Need, Parameter};
use crate::core::path::Path;
use crate::core::text::{
    characters, has_word, is, is_address, is_id, join, part, push_word, replace, same, set, words,
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
            return Err(unknown(table, name, &here));
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
pub fn entry<'d>(
    table: &[Parameter],
    names: &[&str],
    object: Value<'d>,
    path: &Path<'_>,
    texts: &mut [&'d str],
) -> Result<()> {
    let mut found = [None; FIELDS];
    if let Err(name) = object.pick(names, &mut found) {
        return Err(unknown(table, name, &path.field(name)));
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

/// Plain digits without leading zeros, of an integer that was found not to be negative.
fn plain(text: &str) -> &str {
    let mut digits = text;
    while digits.len() > 1 && digits.starts_with(['-', '0']) {
        digits = part(digits, 1, digits.len());
    }
    digits
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

/// Checks a value; returns its text.
fn kind<'d>(kind: &Kind, value: Value<'d>, path: &Path<'_>) -> Result<&'d str> {
    let own = value.kind();
    let text = value.as_text().unwrap_or_default();
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
