//! Text helpers where the standard library's would bring their generality along: its substring
//! search, Unicode tables and formatting weigh more than a vendor does here.

use alloc::string::String;

/// The texts one after the other.
#[inline(never)]
#[must_use]
pub fn join(parts: &[&str]) -> String {
    let mut out = String::with_capacity(parts.iter().map(|part| part.len()).sum());
    for part in parts {
        out.push_str(part);
    }
    out
}

/// Whether two texts are the same. From behind, where ids and names differ first; and in a loop, since
/// the standard library's comparison of memory is compiled for size.
#[inline]
#[must_use]
pub fn same(one: &str, other: &str) -> bool {
    let (one, other) = (one.as_bytes(), other.as_bytes());
    one.len() == other.len() && one.iter().rev().zip(other.iter().rev()).all(|(one, other)| one == other)
}

/// Appends `text`.
#[inline(never)]
pub fn push(out: &mut String, text: &str) {
    out.push_str(text);
}

/// Where `needle` begins in `text`.
#[inline(never)]
#[must_use]
pub fn find(text: &str, needle: &str) -> Option<usize> {
    text.as_bytes().windows(needle.len().max(1)).position(|window| window == needle.as_bytes())
}

/// Whether `needle` is in `text`.
#[must_use]
pub fn contains(text: &str, needle: &str) -> bool {
    find(text, needle).is_some()
}

/// What is in front of the first `mark`, and what is behind it.
#[inline(never)]
#[must_use]
pub fn split<'a>(text: &'a str, mark: &str) -> Option<(&'a str, &'a str)> {
    let at = find(text, mark)?;
    Some((part(text, 0, at), part(text, at + mark.len(), text.len())))
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

/// `text` from `start` to `end`, which must be borders of characters; else nothing. Never panics.
#[inline(never)]
#[must_use]
pub fn part(text: &str, start: usize, end: usize) -> &str {
    text.get(start..end).unwrap_or_default()
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

/// Sorts by names, then values, byte by byte.
///
/// By insertion: requests have about twenty parameters, already half in order.
#[inline(never)]
pub fn sort(pairs: &mut [(&str, &str)]) {
    for end in 1..pairs.len() {
        let mut at = end;
        while at > 0 && pairs[at] < pairs[at - 1] {
            pairs.swap(at, at - 1);
            at -= 1;
        }
    }
}

/// Appends a character: the one place that encodes UTF-8.
#[inline(never)]
pub fn push_char(out: &mut String, character: char) {
    out.push(character);
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

/// Appends a word to a list of words.
pub fn push_word(list: &mut String, word: &str) {
    if !list.is_empty() {
        list.push_str(" ");
    }
    list.push_str(word);
}

/// Whether `list`, words with blanks between them, has `word`.
#[inline(never)]
#[must_use]
pub fn has_word(list: &str, word: &str) -> bool {
    let mut rest = list;
    while let Some((front, back)) = split(rest, " ") {
        if front == word {
            return true;
        }
        rest = back;
    }
    rest == word && !word.is_empty()
}

/// The words of `list`, which has single blanks between them.
pub fn words(list: &str) -> impl Iterator<Item = &str> + Clone {
    let mut rest = list;
    core::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let (word, tail) = cut(rest, " ");
        rest = tail;
        Some(word)
    })
}

/// Whether `text` may become part of a path: `.`, `..` and `%2e` change a URL after it is signed.
#[must_use]
pub fn is_id(text: &str) -> bool {
    (1..=64).contains(&text.len())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_')
}

/// Whether `text` is at most `longest` visible ASCII characters.
#[must_use]
pub fn is_key(text: &str, longest: usize) -> bool {
    (1..=longest).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic())
}

/// Whether `text` has the characters of an IP address.
#[must_use]
pub fn is_address(text: &str) -> bool {
    (2..=45).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b'.' || byte == b':')
}
