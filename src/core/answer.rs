//! Reading of a vendor's answer by its table: leniently, since vendors quote numbers, change the
//! case of names and leave fields out; and strictly about what an operation cannot be without.

use crate::core::error::{Error, Kind, Result as Answer};
use crate::core::operation::{Field, Shape, camel};
use crate::core::path::Path;
use crate::core::request::Response;
use crate::core::text::join;
use crate::core::value::Value;

/// The fields of `answer` that `table` names, in our names and types.
///
/// # Errors
/// The path of a field that is missing although it is required, or is not what it should be.
pub fn read(table: &[Field], answer: &Value<'_>, path: &Path<'_>) -> Result<Value<'static>, String> {
    let mut out = Vec::with_capacity(table.len());
    for field in table {
        let here = path.field(field.wire);
        match find(answer, field.wire) {
            Some(value) if !matches!(value, Value::Null) => {
                out.push((camel(field.wire).into(), convert(&field.shape, value, &here)?));
            }
            _ if field.required => return Err(here.text()),
            _ => {
                // An absent list is an empty one.
                if let Shape::List(_) | Shape::Wrapped(..) | Shape::Texts = field.shape {
                    out.push((camel(field.wire).into(), Value::List(Vec::new())));
                }
            }
        }
    }
    Ok(Value::Object(out))
}

/// The field called `name`, or else one that differs from it only by case.
#[must_use]
pub fn find<'v, 'a>(object: &'v Value<'a>, name: &str) -> Option<&'v Value<'a>> {
    object.get(name).or_else(|| match object {
        Value::Object(fields) => fields.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value),
        _ => None,
    })
}

fn convert(shape: &Shape, value: &Value<'_>, path: &Path<'_>) -> Result<Value<'static>, String> {
    let bad = || path.text();
    match shape {
        Shape::Text => match value {
            Value::String(text) | Value::Number(text) => Ok(Value::String(text.clone().into_owned().into())),
            Value::Bool(flag) => Ok(Value::text(if *flag { "true" } else { "false" })),
            // XML writes an empty text as an element without children.
            Value::Object(fields) if fields.is_empty() => Ok(Value::text("")),
            _ => Err(bad()),
        },
        Shape::Integer => value.as_integer().map(Value::integer).ok_or_else(bad),
        Shape::Flag => match value {
            Value::Bool(flag) => Ok(Value::Bool(*flag)),
            Value::String(text) | Value::Number(text) => match &**text {
                "true" | "1" | "True" => Ok(Value::Bool(true)),
                "false" | "0" | "False" => Ok(Value::Bool(false)),
                _ => Err(bad()),
            },
            _ => Err(bad()),
        },
        Shape::Texts => each(value.as_list().ok_or_else(bad)?, path, |item, here| convert(&Shape::Text, item, here)),
        Shape::Object(table) => match value {
            Value::Object(_) => read(table, value, path),
            _ => Err(bad()),
        },
        Shape::List(table) => each(value.as_list().ok_or_else(bad)?, path, |item, here| object(table, item, here)),
        Shape::Wrapped(item_name, table) => {
            let fields = match value {
                Value::Object(fields) => &fields[..],
                Value::String(text) if text.trim_ascii().is_empty() => &[],
                _ => return Err(bad()),
            };
            let mut out = Vec::new();
            for (key, value) in fields {
                let items = match value {
                    _ if !key.eq_ignore_ascii_case(item_name) => continue,
                    Value::List(items) => &items[..],
                    single => std::slice::from_ref(single),
                };
                for item in items {
                    out.push(object(table, item, &path.item(out.len()))?);
                }
            }
            Ok(Value::List(out))
        }
    }
}

fn object(table: &[Field], item: &Value<'_>, path: &Path<'_>) -> Result<Value<'static>, String> {
    match item {
        Value::Object(_) => read(table, item, path),
        _ => Err(path.text()),
    }
}

fn each(
    items: &[Value<'_>],
    path: &Path<'_>,
    read: impl Fn(&Value<'_>, &Path<'_>) -> Result<Value<'static>, String>,
) -> Result<Value<'static>, String> {
    let mut out = Vec::with_capacity(items.len());
    for (index, item) in items.iter().enumerate() {
        out.push(read(item, &path.item(index))?);
    }
    Ok(Value::List(out))
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

/// The error of an answer that is not one of this API's: a gateway's page, or cut off.
#[must_use]
pub fn unreadable(response: &Response) -> Error {
    let empty = response.body.as_ref().is_some_and(|body| body.trim_ascii().is_empty());
    let (kind, message) = match response.status {
        429 => (Kind::Throttled, "the gateway limits requests"),
        500.. if empty => (Kind::Server, "the vendor's gateway failed and said nothing"),
        _ if empty => (Kind::UnexpectedAnswer, "the answer is empty"),
        _ => (Kind::UnexpectedAnswer, "the answer is not one of this API (a gateway's page, or cut off)"),
    };
    let mut error = Error::new(kind, message);
    error.0.retryable |= response.status >= 500;
    error
}

/// The error that a vendor's code and message make.
#[must_use]
pub fn said(kind: Kind, code: &str, message: &str, hint: Option<&str>) -> Error {
    let words = match (code, message) {
        ("", "") => "the vendor answered with an error and no explanation".to_owned(),
        (one, "") | ("", one) => one.to_owned(),
        (code, message) => join(&[code, ": ", message]),
    };
    let mut error = Error::new(kind, &words);
    if !code.is_empty() {
        error = error.code(code);
    }
    match hint {
        Some(hint) => error.hint(hint),
        None => error,
    }
}

/// Reads an answer by the operation's table.
///
/// # Errors
/// `unexpected-answer` naming the field that is missing or wrong.
pub fn read_by(table: &[Field], answer: &Value<'_>) -> Answer<Value<'static>> {
    read(table, answer, &Path::Root)
        .map_err(|field| Error::new(Kind::UnexpectedAnswer, &join(&["the answer is not understood at ", &field])))
}

/// Adds the request's id, from a header, to what an answer says.
///
/// # Errors
/// The one given, with the id.
pub fn identified(result: Answer<Value<'static>>, id: Option<&str>) -> Answer<Value<'static>> {
    match result {
        Ok(Value::Object(mut fields)) => {
            if let Some(id) = id.filter(|_| !fields.iter().any(|(name, _)| name == "requestId")) {
                fields.push(("requestId".into(), Value::text(id.to_owned())));
            }
            Ok(Value::Object(fields))
        }
        Err(mut error) => {
            error.0.request_id = error.0.request_id.or_else(|| id.map(str::to_owned));
            Err(error)
        }
        other => other,
    }
}
