//! Errors on their way out: JSON text for the facade, which makes an `UnpoolError` of it, with the
//! runtime's own value beside it where there is one.

use wasm_bindgen::JsValue;

use crate::core::encode::decimal;
use crate::core::error::{Cause, Error, Sent};
use crate::core::json::Json;

/// What a method throws: the text, or `[text, cause]`.
#[cold]
#[inline(never)]
pub(super) fn thrown(error: Error) -> JsValue {
    let mut foreign = None;
    let text = JsValue::from_str(write(&error, &mut foreign).as_str());
    match foreign {
        None => text,
        Some(cause) => js_sys::Array::of2(&text, &cause).into(),
    }
}

fn write(error: &Error, foreign: &mut Option<JsValue>) -> Json {
    let details = &*error.0;
    let mut out = Json::object(&[("kind", details.kind.name()), ("message", &details.message)]);
    let sent = match details.sent {
        Sent::No => "false",
        Sent::Yes => "true",
        Sent::Unknown => "\"unknown\"",
    };
    out.add_json("retryable", if details.retryable { "true" } else { "false" });
    out.add_json("sent", sent);
    for (name, text) in [
        ("vendor", details.vendor),
        ("operation", details.operation),
        ("code", details.code.as_deref()),
        ("requestId", details.request_id.as_deref()),
        ("hint", details.hint.as_deref()),
        ("field", details.field.as_deref()),
    ] {
        if let Some(text) = text {
            out.add(name, text);
        }
    }
    for (name, number) in [("httpStatus", details.http_status.map(u32::from)), ("retryAfterMs", details.retry_after_ms)]
    {
        if let Some(number) = number {
            out.add_json(name, &decimal(number.into()));
        }
    }
    match &details.cause {
        Some(Cause::Error(inner)) => out.add_json("cause", write(inner, foreign).as_str()),
        Some(Cause::Foreign(any)) => *foreign = any.downcast_ref::<JsValue>().cloned(),
        None => {}
    }
    out
}
