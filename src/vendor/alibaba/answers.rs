//! Reading of answers, JSON and XML.

use crate::core::answer;
use crate::core::error::Result;
use crate::core::json::Json;
use crate::core::operation::Call;
use crate::core::request::Response;
use crate::core::value::Value;
use crate::vendor::alibaba::body::document;
use crate::vendor::alibaba::errors;

/// Reads the answer to `call`. Both the HTTP status and a `Code` in the body mean an error: some
/// gateways send one without the other.
///
/// # Errors
/// What the vendor says; `unexpected-answer` for what is neither an answer nor an error.
pub fn read(call: &Call<'_>, response: &Response) -> Result<Json> {
    answer::identified(said(call, response), response.header("x-acs-request-id"))
}

fn said(call: &Call<'_>, response: &Response) -> Result<Json> {
    let document = document(answer::body(response)?);
    let value = document.value();
    if !value.is_object() {
        return Err(answer::unreadable(response));
    }
    if response.status >= 400 || answer::find(value, "Code").and_then(Value::as_str).is_some() {
        return Err(errors::classify(call, response, value));
    }
    answer::read(call.operation.answer.sample, value)
}
