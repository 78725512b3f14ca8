//! Reading of answers, JSON and XML.

use crate::core::answer;
use crate::core::error::Result;
use crate::core::json::Json;
use crate::core::operation::Call;
use crate::core::request::Response;
use crate::core::text::trim;
use crate::core::value::{Document, Value};
use crate::core::{json, xml};
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
        return Err(errors::classify(response, value));
    }
    answer::read(call.operation.answer.sample, value)
}

/// The body, read: a JSON object, or the children of an XML document's root; nothing where it is
/// neither.
#[must_use]
pub fn document(body: &str) -> Document<'_> {
    let body = trim(body.strip_prefix("\u{feff}").unwrap_or(body));
    match xml::parse(body) {
        // An HTML page from a gateway can be well-formed too.
        Some((root, json)) if root == "Error" || root.ends_with("Response") => json.read(),
        _ => json::parse(body).unwrap_or_default(),
    }
}
