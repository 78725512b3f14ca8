//! Texts with gaps that are filled in: paths, and the bodies that Keystone takes.

use alloc::string::String;

use crate::core::text::{cut, split};

/// Writes `template` with what `value` writes for the names between two marks.
#[must_use]
#[inline(never)]
pub fn fill(template: &str, open: &str, close: &str, value: &dyn Fn(&mut String, &str)) -> String {
    let mut out = String::with_capacity(128);
    let mut rest = template;
    while let Some((front, back)) = split(rest, open) {
        out.push_str(front);
        let (name, tail) = cut(back, close);
        value(&mut out, name);
        rest = tail;
    }
    out.push_str(rest);
    out
}
