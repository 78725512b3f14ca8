//! Reading of a vendor's answer by its table: leniently, since vendors quote numbers, change the
//! case of names and leave fields out; and strictly about what an operation cannot be without.

use alloc::{borrow::ToOwned, string::String};

use crate::core::encode::{decimal, push_decimal};
use crate::core::error::{Error, Kind, Result as Answer};
use crate::core::json::{Json, push_comma, push_name, push_string};
use crate::core::operation::{Field, Shape, camel};
use crate::core::path::Path;
use crate::core::request::Response;
use crate::core::text::{join, trim};
use crate::core::value::{Type, Value};

/// Appends the fields of `answer` that `table` names, in our names and types.
///
/// # Errors
/// The path of a field that is missing although it is required, or is not what it should be.
pub fn read(table: &[Field], answer: Value<'_>, path: &Path<'_>, out: &mut String) -> Result<(), String> {
    if !answer.is_object() {
        return Err(path.text());
    }
    members(table, answer, path, out)
}

/// As [`read`], of what is known to be an object, or to be one that is empty.
fn members(table: &[Field], answer: Value<'_>, path: &Path<'_>, out: &mut String) -> Result<(), String> {
    out.push_str("{");
    for field in table {
        let here = path.field(field.wire);
        let value = find(answer, field.wire).filter(|value| !value.is_null());
        let list = matches!(field.shape, Shape::List(_) | Shape::Wrapped(..) | Shape::Texts);
        if value.is_some() || list {
            push_name(out, &camel(field.wire));
        }
        match value {
            Some(value) => convert(&field.shape, value, &here, out)?,
            None if field.required => return Err(here.text()),
            // An absent list is an empty one.
            None if list => out.push_str("[]"),
            None => {}
        }
    }
    out.push_str("}");
    Ok(())
}

/// The field called `name`, or else one that differs from it only by case and underscores.
#[must_use]
pub fn find<'d>(object: Value<'d>, name: &str) -> Option<Value<'d>> {
    let found = object.get(name);
    if found.is_some() {
        return found;
    }
    for (key, value) in object.fields() {
        if letters(key).eq(letters(name)) {
            return Some(value);
        }
    }
    None
}

/// What counts in a name.
fn letters(name: &str) -> impl Iterator<Item = u8> {
    name.bytes().filter(|byte| *byte != b'_').map(|byte| byte.to_ascii_lowercase())
}

/// The string called `name`, in whatever case; empty where there is none.
#[must_use]
pub fn find_text<'d>(object: Value<'d>, name: &str) -> &'d str {
    find(object, name).and_then(Value::as_str).unwrap_or_default()
}

/// The last integer up to which a JavaScript number holds all.
const MAX_SAFE: u64 = (1 << 53) - 1;

fn convert(shape: &Shape, value: Value<'_>, path: &Path<'_>, out: &mut String) -> Result<(), String> {
    let text = value.as_text();
    match (shape, text) {
        (Shape::Text, Some(text)) => push_string(out, text),
        // XML writes an empty text as an element without children.
        (Shape::Text, None) if value.raw() == "{}" => push_string(out, ""),
        (Shape::Integer, _) => match value.as_integer() {
            // What a JavaScript number does not hold leaves as text and loses no digit.
            Some(number) if number.unsigned_abs() > MAX_SAFE => push_string(out, &decimal(number)),
            Some(number) => push_decimal(out, number),
            None => return Err(path.text()),
        },
        (Shape::Flag, Some("true" | "1" | "True")) => out.push_str("true"),
        (Shape::Flag, Some("false" | "0" | "False")) => out.push_str("false"),
        (Shape::Object(table), _) if value.is_object() || blank(text) => members(table, value, path, out)?,
        (Shape::Texts | Shape::List(_), _) if value.kind() == Type::List => {
            out.push_str("[");
            each(shape, value, path, &mut 0, out)?;
            out.push_str("]");
        }
        (Shape::Wrapped(item_name, _), _) if value.is_object() || blank(text) => {
            out.push_str("[");
            let mut count = 0;
            for (key, value) in value.fields() {
                if key.eq_ignore_ascii_case(item_name) {
                    each(shape, value, path, &mut count, out)?;
                }
            }
            out.push_str("]");
        }
        _ => return Err(path.text()),
    }
    Ok(())
}

/// What XML makes of an object that is empty.
fn blank(text: Option<&str>) -> bool {
    text.is_some_and(|text| trim(text).is_empty())
}

/// Appends the items of a list, or the one item that stands without a list around it.
fn each(shape: &Shape, value: Value<'_>, path: &Path<'_>, count: &mut usize, out: &mut String) -> Result<(), String> {
    if value.kind() != Type::List {
        return item(shape, value, path, count, out);
    }
    for value in value.items() {
        item(shape, value, path, count, out)?;
    }
    Ok(())
}

fn item(shape: &Shape, value: Value<'_>, path: &Path<'_>, count: &mut usize, out: &mut String) -> Result<(), String> {
    let here = path.item(*count);
    *count += 1;
    push_comma(out);
    match shape {
        Shape::List(table) | Shape::Wrapped(_, table) => read(table, value, &here, out),
        _ => convert(&Shape::Text, value, &here, out),
    }
}

/// The body of an answer that is complete and meant for us.
///
/// # Errors
/// `unexpected-answer` for a redirect (signed headers and bodies follow nobody) and for a body that
/// was too long to read.
pub fn body(response: &Response) -> Answer<&str> {
    if (300..400).contains(&response.status) || response.status == 0 {
        return Err(Error::new(Kind::UnexpectedAnswer, "the answer is a redirect, which is not followed")
            .hint("check the endpoint: the vendor's API does not redirect"));
    }
    match &response.body {
        Some(body) => Ok(body),
        None => Err(Error::new(Kind::UnexpectedAnswer, "the answer is longer than 4 MiB")),
    }
}

/// What to do about an answer that somebody else seems to have given.
const ELSEWHERE: &str = "check the endpoint, and what stands between here and the vendor; then try again";

/// The error of an answer that is not one of this API's: a gateway's page, or cut off.
#[cold]
#[inline(never)]
#[must_use]
pub fn unreadable(response: &Response) -> Error {
    let empty = response.body.as_ref().is_some_and(|body| trim(body).is_empty());
    let (kind, message, hint) = match response.status {
        429 => (Kind::Throttled, "the gateway limits requests", "try again after a pause"),
        500.. if empty => (Kind::Server, "the vendor's gateway failed and said nothing", "try again later"),
        _ if empty => (Kind::UnexpectedAnswer, "the answer is empty", ELSEWHERE),
        _ => (Kind::UnexpectedAnswer, "the answer is not one of this API (a gateway's page, or cut off)", ELSEWHERE),
    };
    let mut error = Error::new(kind, message).hint(hint);
    error.0.retryable |= response.status >= 500;
    error
}

/// The error that a vendor's code and message make. An empty hint is none.
#[cold]
#[inline(never)]
#[must_use]
pub fn said(kind: Kind, code: &str, message: &str, hint: &str) -> Error {
    let between = if code.is_empty() || message.is_empty() { "" } else { ": " };
    let mut words = join(&[code, between, message]);
    if words.is_empty() {
        words.push_str("the vendor answered with an error and no explanation");
    }
    let mut error = Error::new(kind, &words);
    if !code.is_empty() {
        error = error.code(code);
    }
    if !hint.is_empty() {
        error = error.hint(hint);
    }
    error
}

/// Reads an answer by the operation's table.
///
/// # Errors
/// `unexpected-answer` naming the field that is missing or wrong.
pub fn read_by(table: &[Field], answer: Value<'_>) -> Answer<Json> {
    let mut out = String::with_capacity(answer.raw().len());
    match read(table, answer, &Path::Root, &mut out) {
        Ok(()) => Ok(Json::new(out)),
        Err(field) => Err(Error::new(Kind::UnexpectedAnswer, &join(&["the answer is not understood at ", &field]))),
    }
}

/// Adds the request's id, from a header, to what an answer says.
///
/// # Errors
/// The one given, with the id.
pub fn identified(mut result: Answer<Json>, id: Option<&str>) -> Answer<Json> {
    let Some(id) = id else { return result };
    match &mut result {
        Ok(json) => {
            if json.clone().read().value().get("requestId").is_none() {
                json.add("requestId", id);
            }
        }
        Err(error) => {
            if error.0.request_id.is_none() {
                error.0.request_id = Some(id.to_owned());
            }
        }
    }
    result
}
