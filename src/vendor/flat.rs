//! Flat parameters: pairs of a name and a text, as the APIs take them that sign their parameters.

use alloc::{borrow::Cow, vec::Vec};

use crate::core::operation::Parameter;

/// The parameters that a call gives.
#[must_use]
pub fn given<'a>(written: &'a [(&'static Parameter, Cow<'_, str>)]) -> Vec<(&'a str, &'a str)> {
    let mut out = Vec::with_capacity(20);
    for (parameter, text) in written {
        add(&mut out, parameter.wire, text);
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
