//! Flat parameters: pairs of a name and a text, as the APIs take them that sign their parameters.

use alloc::vec::Vec;

use crate::core::operation::{Call, Kind};
use crate::core::text::plain;
use crate::core::value::Value;

/// The parameters that a call gives: integers as plain digits, lists left out.
#[must_use]
pub fn given<'a>(call: &'a Call<'_>) -> Vec<(&'a str, &'a str)> {
    let mut out = Vec::with_capacity(20);
    for parameter in call.operation.parameters {
        if !parameter.wire.is_empty() {
            let text = call.get(parameter.name).and_then(Value::as_text).unwrap_or_default();
            let text = match parameter.kind {
                Kind::Batch(_) => &call.batch,
                Kind::Integer(..) => plain(text),
                _ => text,
            };
            add(&mut out, parameter.wire, text);
        }
    }
    out
}

/// Adds a parameter, unless it is empty: an optional one that is not given, or a list, whose items
/// have names of their own.
#[inline(never)]
pub fn add<'a>(parameters: &mut Vec<(&'a str, &'a str)>, name: &'a str, text: &'a str) {
    if !text.is_empty() {
        parameters.push((name, text));
    }
}

/// Adds a parameter that a call may give itself.
pub fn add_default<'a>(parameters: &mut Vec<(&'a str, &'a str)>, name: &'a str, text: &'a str) {
    if !parameters.iter().any(|(given, _)| *given == name) {
        add(parameters, name, text);
    }
}
