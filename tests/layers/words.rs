//! A source text as words: comments and quoted text left out, since neither is code.

/// The words of a Rust file: names, `::`, and single signs.
///
/// Comments, strings and characters are left out; so is the mark of a lifetime, which leaves its name behind, and no
/// path begins with one.
pub fn rust(text: &str) -> Vec<&str> {
    let mut words = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let length = if rest.starts_with("//") {
            rest.find('\n').unwrap_or(rest.len())
        } else if rest.starts_with("/*") {
            comment(rest)
        } else if let Some(length) = raw_string(rest) {
            length
        } else if first == '"' {
            string(rest)
        } else if first == '\'' {
            character(rest)
        } else if is_name(first) {
            let length = rest.find(|sign| !is_name(sign)).unwrap_or(rest.len());
            words.push(&rest[..length]);
            length
        } else if rest.starts_with("::") {
            words.push("::");
            2
        } else {
            if !first.is_whitespace() {
                words.push(&rest[..first.len_utf8()]);
            }
            first.len_utf8()
        };
        rest = &rest[length..];
    }
    words
}

pub fn is_name(sign: char) -> bool {
    sign.is_alphanumeric() || sign == '_'
}

/// How long a comment is that may hold others.
fn comment(text: &str) -> usize {
    let (mut depth, mut at) = (0, 0);
    while at < text.len() {
        if text[at..].starts_with("/*") {
            (depth, at) = (depth + 1, at + 2);
        } else if text[at..].starts_with("*/") {
            (depth, at) = (depth - 1, at + 2);
            if depth == 0 {
                break;
            }
        } else {
            at += text[at..].chars().next().map_or(1, char::len_utf8);
        }
    }
    at
}

/// How long a string like `r#"…"#` is, where one begins here.
fn raw_string(text: &str) -> Option<usize> {
    let bare = text.strip_prefix("br").or_else(|| text.strip_prefix('r'))?;
    let hashes = bare.len() - bare.trim_start_matches('#').len();
    let inside = bare[hashes..].strip_prefix('"')?;
    let end = format!("\"{}", "#".repeat(hashes));
    Some(text.len() - inside.len() + inside.find(&end)? + end.len())
}

/// How long a string is, both quotes included.
fn string(text: &str) -> usize {
    let mut escaped = false;
    for (at, sign) in text.char_indices().skip(1) {
        match sign {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => return at + 1,
            _ => {}
        }
    }
    text.len()
}

/// How long a character is, both quotes included; one sign where it is a lifetime's mark.
fn character(text: &str) -> usize {
    let mut signs = text.char_indices().skip(1);
    match (signs.next(), signs.next()) {
        // The sign behind the backslash may be a quote itself.
        (Some((_, '\\')), Some((at, sign))) => {
            let behind = at + sign.len_utf8();
            text[behind..].find('\'').map_or(1, |end| behind + end + 1)
        }
        (_, Some((at, '\''))) => at + 1,
        _ => 1,
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn only_code_is_left() {
        let text = r##"use a::b; // use c::d;
            /* use e::f; /* g::h */ */ const X: &'static str = "i::j \" k::l"; const Y: char = '"';
            let z = r#"m::n "o::p" "#; let (a, b) = ('\'', '\u{1F600}'); q::r(br"s::t");"##;
        let words = super::rust(text).join(" ");
        for code in ["use a :: b ;", "& static str", "q :: r ( )"] {
            assert!(words.contains(code), "{code} in {words}");
        }
        for other in ["c", "e", "g", "i", "k", "m", "o", "s"] {
            assert!(!words.contains(&format!(" {other} ::")), "{other} in {words}");
        }
    }
}
