//! Text helpers where the standard library's would bring their generality along: its substring
//! search, Unicode tables and formatting weigh more than a vendor does here.

use alloc::string::String;

pub use unpool_fast::text::*;

/// Whether `needle` is in `text`.
#[must_use]
pub fn contains(text: &str, needle: &str) -> bool {
    find(text, needle).is_some()
}

/// What is in front of the first `mark`, and what is behind it; all of it and nothing without one.
#[inline(never)]
#[must_use]
pub fn cut<'a>(text: &'a str, mark: &str) -> (&'a str, &'a str) {
    split(text, mark).unwrap_or((text, ""))
}

/// What is in front of the first `mark`, or all of it.
#[inline(never)]
#[must_use]
pub fn before<'a>(text: &'a str, mark: &str) -> &'a str {
    cut(text, mark).0
}

/// `text` without blanks around it.
#[inline(never)]
#[must_use]
pub fn trim(text: &str) -> &str {
    text.trim_ascii()
}

/// `text` with every `old` replaced.
#[inline(never)]
#[must_use]
pub fn replace(text: &str, old: &str, new: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((front, back)) = split(rest, old) {
        out.push_str(front);
        out.push_str(new);
        rest = back;
    }
    out.push_str(rest);
    out
}

/// At most the first `most` characters of `text`.
#[must_use]
pub fn first(text: &str, most: usize) -> &str {
    let mut end = text.len().min(most * 4);
    while characters(part(text, 0, end)) > most || !text.is_char_boundary(end) {
        end -= 1;
    }
    part(text, 0, end)
}

/// How many characters `text` has.
#[must_use]
pub fn characters(text: &str) -> usize {
    text.bytes().filter(|byte| byte & 0xc0 != 0x80).count()
}

/// Whether every byte of `text` fulfils `test`.
#[must_use]
pub fn all(text: &str, test: fn(u8) -> bool) -> bool {
    text.bytes().all(test)
}

/// Plain digits without leading zeros, of an integer that was found not to be negative.
#[inline(never)]
#[must_use]
pub fn plain(text: &str) -> &str {
    let mut digits = text;
    while let [b'-' | b'0', _, ..] = digits.as_bytes() {
        digits = part(digits, 1, digits.len());
    }
    digits
}

/// Appends a word to a list of words.
pub fn push_word(list: &mut String, word: &str) {
    if !list.is_empty() {
        list.push_str(" ");
    }
    list.push_str(word);
}

/// Whether `text` may become part of a path.
#[must_use]
pub fn is_id(text: &str) -> bool {
    is(text, set::ID, 64)
}

/// Whether `text` has the characters of an IP address.
#[must_use]
pub fn is_address(text: &str) -> bool {
    text.len() > 1 && is(text, set::ADDRESS, 45)
}
