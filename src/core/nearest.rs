//! "Did you mean": the nearest of some names.

use alloc::{string::String, vec::Vec};

use crate::core::text::{join, replace, words};

/// The word of `names` nearest to `word`, if one is near enough to be what was meant.
#[must_use]
pub fn nearest<'a>(word: &str, names: &'a str) -> Option<&'a str> {
    // Longer words are no typing mistakes of ours, and the table below grows with their length.
    if word.len() > 64 {
        return None;
    }
    let (mut best, mut nearest) = (usize::MAX, None);
    for name in words(names) {
        let far = distance(word, name);
        if far <= 1 + name.len() / 3 && far < best {
            (best, nearest) = (far, Some(name));
        }
    }
    nearest
}

/// Levenshtein's distance in bytes, letter case apart.
#[inline(never)]
fn distance(a: &str, b: &str) -> usize {
    // A row of the table: how far the beginnings of `b` are from a beginning of `a`.
    let mut row = Vec::with_capacity(b.len());
    for index in 0..b.len() {
        row.push(index + 1);
    }
    let mut last = b.len();
    for (i, left) in a.bytes().enumerate() {
        let mut diagonal = i;
        last = i + 1;
        for (cell, right) in row.iter_mut().zip(b.bytes()) {
            let change = diagonal + usize::from(!left.eq_ignore_ascii_case(&right));
            diagonal = *cell;
            last = change.min(diagonal + 1).min(last + 1);
            *cell = last;
        }
    }
    last
}

/// A hint that names the nearest of `names` (words with blanks between them), or else all of them.
#[must_use]
pub fn suggestion(word: &str, names: &str) -> String {
    match nearest(word, names) {
        Some(name) => join(&["did you mean ", name, "?"]),
        None => join(&["one of: ", &replace(names, " ", ", ")]),
    }
}
