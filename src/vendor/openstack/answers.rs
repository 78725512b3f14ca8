//! Reading of answers.

use crate::core::answer;
use crate::core::check::join;
use crate::core::error::{Error, Kind, Result};
use crate::core::json;
use crate::core::operation::Call;
use crate::core::path::Path;
use crate::core::request::Response;
use crate::core::value::Value;
use crate::vendor::openstack::errors;

/// Reads the answer to `call`.
///
/// A change answers 204 or 202 without a body. A 200 with a page in it is a captive portal or a
/// proxy, not the service.
///
/// # Errors
/// What the service says; `unexpected-answer` for what is neither an answer nor an error.
pub fn read(call: &Call<'_>, response: &Response) -> Result<Value<'static>> {
    let request_id = ["x-openstack-request-id", "x-request-id"].into_iter().find_map(|name| response.header(name));
    let attempt = || {
        let body = answer::body(response)?;
        if response.status >= 400 {
            return Err(errors::classify(response, &json::parse(body).unwrap_or(Value::Null)));
        }
        if call.operation.mutates() {
            return match response.status {
                202 | 204 => Ok(Value::Object(Vec::new())),
                _ => Err(answer::unreadable(response)),
            };
        }
        let value = json::parse(body).map_err(|_| answer::unreadable(response))?;
        answer::read(call.operation.answer, &value, &Path::Root)
            .map_err(|field| Error::new(Kind::UnexpectedAnswer, join(&["the answer is not understood at ", &field])))
            .map(|mut read| {
                if let (Value::Object(fields), true) = (&mut read, has_next(&value)) {
                    fields.push((NEXT.into(), Value::Bool(true)));
                }
                read
            })
    };
    match attempt() {
        Ok(mut value) => {
            if let (Value::Object(fields), Some(id)) = (&mut value, request_id) {
                fields.push(("requestId".into(), Value::text(id.to_owned())));
            }
            Ok(value)
        }
        Err(mut error) => {
            error.0.request_id = error.0.request_id.or_else(|| request_id.map(str::to_owned));
            Err(error)
        }
    }
}

/// Set in an answer when the service says that there is a next page. Only that is taken from a
/// link: its address may belong to anybody.
const NEXT: &str = crate::core::paging::NEXT;

fn has_next(value: &Value<'_>) -> bool {
    let links = value.get("members_links").and_then(Value::as_list).unwrap_or_default();
    links.iter().any(|link| link.get("rel").and_then(Value::as_str) == Some("next"))
}
