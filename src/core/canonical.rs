//! The canonical request that ACS3-HMAC-SHA256 and SDK-HMAC-SHA256 share: six parts joined by
//! newlines.
//!
//! 1. The method. 2. The path, each segment percent-encoded. 3. The query, sorted by raw name, then
//!    value; both percent-encoded; an empty value keeps its `=`. 4. The signed headers, one line
//!    `name:value` each, so an empty line follows. 5. Their names, `;` between them. 6. The hex
//!    SHA-256 of the body.

use alloc::{string::String, vec::Vec};

use crate::core::encode::push_percent;
use crate::core::text::{sort, split};

/// What is to be signed. Nothing in it is encoded.
#[derive(Debug, Default)]
pub struct Input<'a> {
    /// The HTTP method, upper case.
    pub method: &'a str,
    /// The path.
    pub path: &'a str,
    /// Query parameters.
    pub query: Vec<(&'a str, &'a str)>,
    /// Headers: everything that may be signed, `host` and the date included.
    pub headers: Vec<(&'a str, &'a str)>,
    /// The hex SHA-256 of the body, or what a header says in its stead.
    pub payload_hash: &'a str,
}

/// A canonical request and the names it signs.
#[derive(Debug)]
pub struct Canonical {
    /// The canonical request.
    pub request: String,
    /// The signed header names, lower case, sorted, `;` between them.
    pub signed_headers: String,
}

/// How the two schemes differ here.
#[derive(Clone, Copy, Debug)]
pub struct Rules {
    /// Whether the canonical path ends with a slash even where the path does not.
    pub closing_slash: bool,
    /// Which headers are signed when the caller lists none.
    pub signs: fn(&str) -> bool,
}

/// Builds the canonical request. `signed` lists the headers to sign, or none for the scheme's own.
#[must_use]
pub fn canonical(rules: Rules, input: Input<'_>, signed: Option<&[&str]>) -> Canonical {
    let Input { method, path, mut query, headers, payload_hash } = input;
    sort(&mut query);
    let mut lower: Vec<String> = Vec::with_capacity(headers.len());
    for (name, _) in &headers {
        lower.push(name.to_ascii_lowercase());
    }
    let mut chosen: Vec<(&str, &str)> = Vec::with_capacity(headers.len());
    for (name, (_, value)) in lower.iter().zip(headers) {
        let wanted = match signed {
            Some(list) => list.iter().any(|wanted| wanted.eq_ignore_ascii_case(name)),
            None => (rules.signs)(name),
        };
        if wanted {
            chosen.push((name, value.trim_ascii()));
        }
    }
    sort(&mut chosen);

    let mut out = String::with_capacity(512);
    out.push_str(method);
    out.push_str("\n");
    let mut rest = path;
    while let Some((segment, tail)) = split(rest, "/") {
        push_percent(&mut out, segment);
        out.push_str("/");
        rest = tail;
    }
    push_percent(&mut out, rest);
    if rules.closing_slash && !out.ends_with('/') {
        out.push_str("/");
    }
    out.push_str("\n");
    push_query(&mut out, &query);
    out.push_str("\n");
    let mut names = String::new();
    let mut last = None;
    for (name, value) in chosen {
        // The same name twice: its values in one line.
        if last == Some(name) {
            out.pop();
            out.push_str(",");
        } else {
            out.push_str(name);
            out.push_str(":");
            names.push_str(if last.is_some() { ";" } else { "" });
            names.push_str(name);
        }
        last = Some(name);
        out.push_str(value);
        out.push_str("\n");
    }
    out.push_str("\n");
    out.push_str(&names);
    out.push_str("\n");
    out.push_str(payload_hash);
    Canonical { request: out, signed_headers: names }
}

/// Appends `name=value&…`, percent-encoded, in the given order.
pub fn push_query(out: &mut String, query: &[(&str, &str)]) {
    for (index, (name, value)) in query.iter().enumerate() {
        if index > 0 {
            out.push_str("&");
        }
        push_percent(out, name);
        out.push_str("=");
        push_percent(out, value);
    }
}
