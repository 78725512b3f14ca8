//! Errors on their way out: JSON text for the facade, which makes an `UnpoolError` of it, with the
//! runtime's own value beside it where there is one.

use wasm_bindgen::JsValue;

use crate::core::encode::decimal;
use crate::core::error::{Cause, Error, Sent};
use crate::core::json;
use crate::core::value::Value;

/// What a method throws: the text, or `[text, cause]`.
#[cold]
pub(super) fn thrown(error: Error) -> JsValue {
    let mut foreign = None;
    let text = JsValue::from_str(&json::write(&value(&error, &mut foreign)));
    match foreign {
        None => text,
        Some(cause) => js_sys::Array::of2(&text, &cause).into(),
    }
}

fn value(error: &Error, foreign: &mut Option<JsValue>) -> Value<'static> {
    let details = &*error.0;
    let mut fields: Vec<(_, Value<'static>)> = vec![
        ("kind".into(), Value::text(details.kind.name())),
        ("message".into(), Value::text(details.message.clone())),
        ("retryable".into(), Value::Bool(details.retryable)),
        (
            "sent".into(),
            match details.sent {
                Sent::No => Value::Bool(false),
                Sent::Yes => Value::Bool(true),
                Sent::Unknown => Value::text("unknown"),
            },
        ),
    ];
    let texts = [
        ("vendor", details.vendor.map(str::to_owned)),
        ("operation", details.operation.map(str::to_owned)),
        ("code", details.code.clone()),
        ("requestId", details.request_id.clone()),
        ("hint", details.hint.clone()),
        ("field", details.field.clone()),
    ];
    for (name, text) in texts {
        if let Some(text) = text {
            fields.push((name.into(), Value::text(text)));
        }
    }
    let numbers =
        [("httpStatus", details.http_status.map(i64::from)), ("retryAfterMs", details.retry_after_ms.map(i64::from))];
    for (name, number) in numbers {
        if let Some(number) = number {
            fields.push((name.into(), Value::Number(decimal(number).into())));
        }
    }
    match &details.cause {
        Some(Cause::Error(inner)) => fields.push(("cause".into(), value(inner, foreign))),
        Some(Cause::Foreign(any)) => *foreign = any.downcast_ref::<JsValue>().cloned(),
        None => {}
    }
    Value::Object(fields)
}
