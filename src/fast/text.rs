//! Searching, comparing and sorting.

use alloc::string::String;

/// Whether two texts are the same.
#[inline]
#[must_use]
pub fn same(one: &str, other: &str) -> bool {
    same_bytes(one.as_bytes(), other.as_bytes())
}

/// It begins at the end, where ids and names differ first; and in a loop, since the standard library's comparison
/// of memory is compiled for size.
#[inline]
fn same_bytes(one: &[u8], other: &[u8]) -> bool {
    one.len() == other.len() && one.iter().rev().zip(other.iter().rev()).all(|(one, other)| one == other)
}

/// The texts one after the other.
#[inline(never)]
#[must_use]
pub fn join(parts: &[&str]) -> String {
    let mut out = String::with_capacity(length(parts));
    for part in parts {
        out.push_str(part);
    }
    out
}

/// How long texts are together.
#[inline(never)]
#[must_use]
pub fn length(texts: &[&str]) -> usize {
    let mut length = 0;
    for text in texts {
        length += text.len();
    }
    length
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
    let windows = &mut text.as_bytes().windows(needle.len().max(1));
    windows.position(|window| window.iter().zip(needle.as_bytes()).all(|(one, other)| one == other))
}

/// What is in front of the first `mark`, and what is behind it.
#[inline(never)]
#[must_use]
pub fn split<'a>(text: &'a str, mark: &str) -> Option<(&'a str, &'a str)> {
    let at = find(text, mark)?;
    Some((part(text, 0, at), part(text, at + mark.len(), text.len())))
}

/// `text` from `start` to `end`, which must be borders of characters; else nothing. Never panics.
#[inline(never)]
#[must_use]
pub fn part(text: &str, start: usize, end: usize) -> &str {
    text.get(start..end).unwrap_or_default()
}

/// Sorts by names, then values, byte by byte.
///
/// By insertion: requests have about twenty parameters, already half in order.
#[inline(never)]
pub fn sort(pairs: &mut [(&str, &str)]) {
    for end in 1..pairs.len() {
        let mut at = end;
        while at > 0 && less(pairs[at], pairs[at - 1]) {
            pairs.swap(at, at - 1);
            at -= 1;
        }
    }
}

/// Most names differ in their first bytes, so comparing byte by byte is faster than a call that compares memory.
fn less(one: (&str, &str), other: (&str, &str)) -> bool {
    for (one, other) in one.0.bytes().zip(other.0.bytes()) {
        if one != other {
            return one < other;
        }
    }
    one < other
}

/// Appends a character: the one place that encodes UTF-8.
#[inline(never)]
pub fn push_char(out: &mut String, character: char) {
    out.push(character);
}

/// Whether `list`, words with blanks between them, has `word`.
#[inline(never)]
#[must_use]
pub fn has_word(list: &str, word: &str) -> bool {
    !word.is_empty() && list.as_bytes().split(|&byte| byte == b' ').any(|own| same_bytes(own, word.as_bytes()))
}

/// The words of `list`, which has single blanks between them.
pub fn words(list: &str) -> impl Iterator<Item = &str> + Clone {
    let mut rest = list;
    core::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let (word, tail) = split(rest, " ").unwrap_or((rest, ""));
        rest = tail;
        Some(word)
    })
}

/// Sets of characters, all of them ASCII.
pub mod set {
    /// What percent-encoding leaves as it is: `A-Z a-z 0-9 - _ . ~` (RFC 3986, 2.3). Alibaba and
    /// Huawei both use exactly this set.
    pub const UNRESERVED: u8 = 1;
    /// What may become part of a path: `.`, `..` and `%2e` change a URL after it is signed.
    pub const ID: u8 = 2;
    /// Visible characters.
    pub const VISIBLE: u8 = 4;
    /// The characters of an IP address.
    pub const ADDRESS: u8 = 8;
    /// The characters of a region, which becomes part of a host name.
    pub const REGION: u8 = 16;
    /// The characters of the name of a header or parameter.
    pub const NAME: u8 = 32;
    /// The characters of a UUID.
    pub const UUID: u8 = 64;
    /// What cannot stand in a JSON string as it is: quotes, backslashes, controls.
    pub const ESCAPED: u8 = 128;
}

/// The sets that each byte is in.
pub(crate) const SETS: [u8; 256] = {
    let mut sets = [0; 256];
    let mut byte = 0;
    while byte < 128 {
        let own = byte as u8;
        let (letter, digit, hyphen) = (own.is_ascii_alphabetic(), own.is_ascii_digit(), own == b'-');
        let id = letter || digit || hyphen || own == b'_';
        let name = id || own == b'.';
        let hex = own.is_ascii_hexdigit();
        sets[byte] = (name || own == b'~') as u8 * set::UNRESERVED
            + id as u8 * set::ID
            + own.is_ascii_graphic() as u8 * set::VISIBLE
            + (hex || own == b'.' || own == b':') as u8 * set::ADDRESS
            + (own.is_ascii_lowercase() || digit || hyphen) as u8 * set::REGION
            + name as u8 * set::NAME
            + (hex || hyphen) as u8 * set::UUID
            + (own < 0x20 || own == b'"' || own == b'\\') as u8 * set::ESCAPED;
        byte += 1;
    }
    sets
};

/// Whether `text` is 1 to `longest` characters of one of the sets.
#[inline(never)]
#[must_use]
pub fn is(text: &str, set: u8, longest: usize) -> bool {
    (1..=longest).contains(&text.len()) && text.bytes().all(|byte| SETS[usize::from(byte)] & set != 0)
}

/// The first row of `texts` that has the same as an earlier one in all of `columns`: the earlier one's number, and
/// its own. A column behind a row's end is no difference.
#[inline(never)]
#[must_use]
pub fn first_duplicate(texts: &[&str], width: usize, columns: &[usize]) -> Option<(usize, usize)> {
    for (second, row) in texts.chunks(width).enumerate() {
        for (first, other) in texts.chunks(width).take(second).enumerate() {
            if columns.iter().all(|&column| match (row.get(column), other.get(column)) {
                (Some(one), Some(other)) => same(one, other),
                _ => true,
            }) {
                return Some((first, second));
            }
        }
    }
    None
}
