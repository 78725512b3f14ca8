//! Checking of input against a table, before anything is signed.
//!
//! Every refusal names the field and its index, and says what would be right.

use alloc::string::String;

use crate::core::encode::push_decimal;
use crate::core::error::{Error, Result};
use crate::core::nearest::suggestion;
use crate::core::operation::{Kind, Parameter};
use crate::core::path::Path;
use crate::core::text::{characters, has_word, join, push_word, replace};
use crate::core::value::{Type, Value};

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
            other => kind(other, value, &here)?,
        }
    }
    for parameter in table {
        if parameter.required && object.get(parameter.name).is_none() {
            return Err(missing(parameter, path));
        }
    }
    Ok(())
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
        if parameter.required && text.is_empty() {
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
    table.iter().position(|parameter| parameter.name == name).ok_or_else(|| unknown(table, name, path))
}

#[cold]
fn missing(parameter: &Parameter, path: &Path<'_>) -> Error {
    let field = path.field(parameter.name).text();
    let message = join(&[&field, " is missing"]);
    Error::invalid(&field, &message, &join(&["give ", &wanted(&parameter.kind)]))
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
        Kind::Integer(low, high) => value.as_integer().is_some_and(|number| (*low..=*high).contains(&number)),
        Kind::Flag => value.kind() == Type::Bool,
        Kind::OneOf(words) => has_word(words, text),
        Kind::Strings => value.is_object() && value.fields().all(|(_, value)| value.kind() == Type::String),
        Kind::Object => value.is_object(),
        // A batch is read where it may stand, which is not inside another.
        Kind::Any | Kind::Batch(_) => true,
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

/// Whether `text` may become part of a path: `.`, `..` and `%2e` change a URL after it is signed.
#[must_use]
pub fn is_id(text: &str) -> bool {
    (1..=64).contains(&text.len())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_')
}

/// Whether `text` can be a region: `[a-z0-9-]{1,64}`, since it becomes part of a host name.
#[must_use]
pub fn is_region(text: &str) -> bool {
    (1..=64).contains(&text.len())
        && text.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
}

fn is_key(text: &str, longest: usize) -> bool {
    (1..=longest).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic())
}

fn is_address(text: &str) -> bool {
    (2..=45).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b'.' || byte == b':')
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
            push_decimal(&mut out, *low);
            out.push_str(" to ");
            push_decimal(&mut out, *high);
        }
        Kind::Flag => out.push_str("true or false"),
        Kind::OneOf(words) => out.push_str(&replace(words, " ", " or ")),
        Kind::Batch(..) => out.push_str("a list of backend servers"),
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
