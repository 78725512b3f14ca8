//! Reading of answers, JSON and XML.

use crate::core::answer;
use crate::core::error::Result;
use crate::core::json::Json;
use crate::core::operation::Call;
use crate::core::request::Response;
use crate::core::value::Document;
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
    let Some(document) = document(answer::body(response)?) else {
        return Err(answer::unreadable(response));
    };
    let value = document.value();
    if response.status >= 400 || answer::find(value, "Code").is_some_and(|code| code.as_str().is_some()) {
        return Err(errors::classify(response, value));
    }
    answer::read(call.operation.answer.sample, value)
}

/// The body as a value: a JSON object, or the children of an XML document's root.
fn document(body: &str) -> Option<Document<'_>> {
    let body = body.strip_prefix('\u{feff}').unwrap_or(body).trim_ascii_start();
    let document = if body.starts_with('<') {
        let (root, json) = xml::parse(body)?;
        // An HTML page from a gateway can be well-formed too.
        (root == "Error" || root.ends_with("Response")).then(|| json.read())?
    } else {
        json::parse(body).ok()?
    };
    document.value().is_object().then_some(document)
}
