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
    let mut best = None;
    for name in words(names) {
        let far = distance(word, name);
        if far <= 1 + name.len() / 3 && best.is_none_or(|(found, _)| far < found) {
            best = Some((far, name));
        }
    }
    best.map(|(_, name)| name)
}

/// Levenshtein's distance in bytes, letter case apart.
fn distance(a: &str, b: &str) -> usize {
    let mut row = Vec::with_capacity(b.len() + 1);
    for index in 0..=b.len() {
        row.push(index);
    }
    for (i, left) in a.bytes().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, right) in b.bytes().enumerate() {
            let change = diagonal + usize::from(!left.eq_ignore_ascii_case(&right));
            diagonal = row[j + 1];
            row[j + 1] = change.min(diagonal + 1).min(row[j] + 1);
        }
    }
    row[b.len()]
}

/// A hint that names the nearest of `names` (words with blanks between them), or else all of them.
#[must_use]
pub fn suggestion(word: &str, names: &str) -> String {
    match nearest(word, names) {
        Some(name) => join(&["did you mean ", name, "?"]),
        None => join(&["one of: ", &replace(names, " ", ", ")]),
    }
}
