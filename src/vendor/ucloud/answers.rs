//! Reading of answers: HTTP 200 for everything, `RetCode` says which.

use crate::core::check::join;
use crate::core::error::{Error, Kind, Result};
use crate::core::operation::Call;
use crate::core::path::Path;
use crate::core::request::Response;
use crate::core::value::Value;
use crate::core::{answer, json};
use crate::vendor::ucloud::errors;

/// Reads the answer to `call`. Without a `RetCode` it is no success, whatever the HTTP status.
///
/// # Errors
/// What the vendor says; `unexpected-answer` for what is neither an answer nor an error.
pub fn read(call: &Call<'_>, response: &Response) -> Result<Value<'static>> {
    let request_id = response.header("x-ucloud-request-uuid");
    let attempt = || {
        let body = answer::body(response)?;
        let Some(value) = json::parse(body).ok().filter(|value| matches!(value, Value::Object(_))) else {
            return Err(answer::unreadable(response));
        };
        match answer::find(&value, "RetCode").and_then(Value::as_integer) {
            Some(0) if response.status < 400 => {}
            Some(code) => return Err(errors::classify(call, code, &value)),
            None => return Err(errors::without_code(response)),
        }
        answer::read(call.operation.answer, &value, &Path::Root)
            .map_err(|field| Error::new(Kind::UnexpectedAnswer, join(&["the answer is not understood at ", &field])))
    };
    match attempt() {
        Ok(mut value) => {
            if let (Value::Object(fields), Some(id)) = (&mut value, request_id) {
                fields.push(("requestId".into(), Value::text(id.to_owned())));
            }
            Ok(value)
        }
        Err(mut error) => {
            error.0.request_id = request_id.map(str::to_owned);
            Err(error)
        }
    }
}
