//! Reading of answers.

use crate::core::error::Result;
use crate::core::operation::Call;
use crate::core::paging::NEXT;
use crate::core::request::Response;
use crate::core::value::Value;
use crate::core::{answer, json};
use crate::vendor::openstack::errors;

/// Reads the answer to `call`.
///
/// A change answers 204 or 202 without a body. A 200 with a page in it is a captive portal or a
/// proxy, not the service.
///
/// # Errors
/// What the service says; `unexpected-answer` for what is neither an answer nor an error.
pub fn read(call: &Call<'_>, response: &Response) -> Result<Value<'static>> {
    let id = response.header("x-openstack-request-id").or_else(|| response.header("x-request-id"));
    answer::identified(said(call, response), id)
}

fn said(call: &Call<'_>, response: &Response) -> Result<Value<'static>> {
    let value = json::parse(answer::body(response)?).unwrap_or(Value::Null);
    if response.status >= 400 {
        return Err(errors::classify(response, &value));
    }
    if call.operation.mutates() {
        return match response.status {
            202 | 204 => Ok(Value::Object(Vec::new())),
            _ => Err(answer::unreadable(response)),
        };
    }
    if !matches!(value, Value::Object(_)) {
        return Err(answer::unreadable(response));
    }
    let mut read = answer::read_by(call.operation.answer, &value)?;
    if let (Value::Object(fields), true) = (&mut read, has_next(&value)) {
        fields.push((NEXT.into(), Value::Bool(true)));
    }
    Ok(read)
}

/// Whether the service says that there is a next page. Only that is taken from a link: its address
/// may belong to anybody.
fn has_next(value: &Value<'_>) -> bool {
    let links = value.get("members_links").and_then(Value::as_list).unwrap_or_default();
    links.iter().any(|link| link.get("rel").and_then(Value::as_str) == Some("next"))
}
