//! Reading of answers, JSON and XML.

use crate::core::check::join;
use crate::core::error::{Error, Kind, Result};
use crate::core::operation::Call;
use crate::core::path::Path;
use crate::core::request::Response;
use crate::core::value::Value;
use crate::core::{answer, json, xml};
use crate::vendor::alibaba::errors;

/// Reads the answer to `call`. Both the HTTP status and a `Code` in the body mean an error: some
/// gateways send one without the other.
///
/// # Errors
/// What the vendor says; `unexpected-answer` for what is neither an answer nor an error.
pub fn read(call: &Call<'_>, response: &Response) -> Result<Value<'static>> {
    let request_id = response.header("x-acs-request-id");
    let attempt = || {
        let body = answer::body(response)?;
        let Some(value) = document(body) else {
            return Err(answer::unreadable(response));
        };
        let code = answer::find(&value, "Code").and_then(Value::as_str);
        if response.status >= 400 || code.is_some() {
            return Err(errors::classify(response, &value));
        }
        answer::read(call.operation.answer, &value, &Path::Root)
            .map_err(|field| Error::new(Kind::UnexpectedAnswer, join(&["the answer is not understood at ", &field])))
    };
    attempt().map_err(|mut error| {
        error.0.request_id = error.0.request_id.or_else(|| request_id.map(str::to_owned));
        error
    })
}

/// The body as a value: a JSON object, or the children of an XML document's root.
fn document(body: &str) -> Option<Value<'_>> {
    let value = if body.trim_start_matches('\u{feff}').trim_start().starts_with('<') {
        let (root, value) = xml::parse(body)?;
        // An HTML page from a gateway can be well-formed too.
        (root == "Error" || root.ends_with("Response")).then_some(value)?
    } else {
        json::parse(body).ok()?
    };
    matches!(value, Value::Object(_)).then_some(value)
}
