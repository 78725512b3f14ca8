//! Errors on their way out: `!` and JSON text for the facade, which makes an `UnpoolError` of it.

use alloc::string::String;

use crate::core::encode::decimal;
use crate::core::error::{Error, Sent};
use crate::core::json::{Json, push_comma};

/// The text of an error.
#[cold]
#[inline(never)]
pub(super) fn written(error: &Error) -> String {
    let mut out = String::from("!");
    out.push_str(write(error).as_str());
    out
}

fn write(error: &Error) -> Json {
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
    if !details.attempts.is_empty() {
        let mut list = String::from("[");
        for attempt in &details.attempts {
            push_comma(&mut list);
            list.push_str(write(attempt).as_str());
        }
        list.push_str("]");
        out.add_json("attempts", &list);
    }
    if let Some(cause) = &details.cause {
        out.add_json("cause", write(cause).as_str());
    }
    out
}
