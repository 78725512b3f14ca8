//! Reading of answers: HTTP 200 for everything, `RetCode` says which.

use crate::core::error::{Error, Kind, Result};
use crate::core::json::Json;
use crate::core::operation::Call;
use crate::core::request::Response;
use crate::core::value::Value;
use crate::core::{answer, json};
use crate::vendor::ucloud::errors;

/// Reads the answer to `call`. Without a `RetCode` it is no success, whatever the HTTP status.
///
/// # Errors
/// What the vendor says; `unexpected-answer` for what is neither an answer nor an error.
pub fn read(call: &Call<'_>, response: &Response) -> Result<Json> {
    answer::identified(said(call, response), response.header("x-ucloud-request-uuid"))
}

fn said(call: &Call<'_>, response: &Response) -> Result<Json> {
    let document = json::parse(answer::body(response)?).unwrap_or_default();
    let value = document.value();
    // A success as a whole may hold items that failed.
    for (_, list) in value.fields() {
        for item in list.items() {
            if let Some(code) = answer::find(item, "SubRetCode").and_then(Value::as_integer)
                && code != 0
            {
                return Err(errors::classify(call, code, item));
            }
        }
    }
    match answer::find(value, "RetCode").and_then(Value::as_integer) {
        Some(0) if response.status < 400 => answer::read(call.operation.answer.sample, value),
        Some(code) if code != 0 => Err(errors::classify(call, code, value)),
        None if response.status < 400 && value.is_object() => {
            Err(Error::new(Kind::UnexpectedAnswer, "the answer has no RetCode"))
        }
        _ => Err(answer::unreadable(response)),
    }
}
