//! The signature that ACS3-HMAC-SHA256 and SDK-HMAC-SHA256 share: a canonical request of six parts
//! joined by newlines, its hash in a string to sign, and the header `authorization`.
//!
//! 1. The method. 2. The path, each segment percent-encoded. 3. The query, sorted by raw name, then
//!    value; both percent-encoded; an empty value keeps its `=`. 4. The signed headers, one line
//!    `name:value` each, so an empty line follows. 5. Their names, `;` between them. 6. The hex
//!    SHA-256 of the body.

use alloc::{borrow::ToOwned, string::String, vec::Vec};

use crate::core::encode::{hex, push_percent};
use crate::core::explain::Trace;
use crate::core::hash::{HmacSha256, sha256_hex};
use crate::core::request::Request;
use crate::core::text::{before, cut, has_word, join, part, push, sort, split, trim};

/// The hash of an empty body.
pub const EMPTY_SHA256: &str = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

/// What is to be signed.
#[derive(Debug, Default)]
pub struct Input<'a> {
    /// The HTTP method, upper case.
    pub method: &'a str,
    /// The path.
    pub path: &'a str,
    /// Query parameters.
    pub query: Vec<(&'a str, &'a str)>,
    /// Whether path and query are percent-encoded already.
    pub encoded: bool,
    /// Headers: everything that may be signed, `host` and the date included.
    pub headers: Vec<(&'a str, &'a str)>,
    /// The names of the headers to sign, as words in lower case; or none for the scheme's own.
    pub signed: Option<String>,
    /// The hex SHA-256 of the body, or what a header says in its stead.
    pub payload_hash: String,
}

impl<'a> Input<'a> {
    /// A finished request. Its parameters must have names that percent-encoding leaves as they are.
    #[must_use]
    pub fn of(request: &'a Request) -> Self {
        let (_, rest) = split(&request.url, "://").unwrap_or_default();
        let host = before(rest, "/");
        let target = part(rest, host.len(), rest.len());
        let (path, mut rest) = cut(target, "?");
        let mut query = Vec::new();
        while !rest.is_empty() {
            let (pair, tail) = cut(rest, "&");
            query.push(cut(pair, "="));
            rest = tail;
        }
        let mut headers = Vec::with_capacity(8);
        headers.push(("host", host));
        for header in request.headers() {
            headers.push(header);
        }
        let payload_hash = match &request.body {
            Some(body) => sha256_hex(body),
            None => EMPTY_SHA256.to_owned(),
        };
        Input { method: request.method, path, query, encoded: true, headers, signed: None, payload_hash }
    }
}

/// How the two schemes differ.
#[derive(Debug)]
pub struct Scheme {
    /// The algorithm's name.
    pub algorithm: &'static str,
    /// What stands between the parts of the header `authorization`.
    pub comma: &'static str,
    /// Whether the canonical path ends with a slash even where the path does not.
    pub closing_slash: bool,
    /// Which headers are signed when the caller lists none.
    pub signs: fn(&str) -> bool,
}

/// Every stage of a signature.
#[derive(Debug)]
pub struct Signed {
    /// The canonical request.
    pub canonical_request: String,
    /// The string to sign.
    pub string_to_sign: String,
    /// The signature.
    pub signature: String,
    /// The header `authorization`.
    pub authorization: String,
}

impl Signed {
    /// Adds the signature to its request.
    pub fn add_to(self, request: &mut Request) {
        request.header("authorization", &self.authorization);
        request.signature = self.signature;
    }
}

impl Scheme {
    /// Signs `input`. `lines` stand in the string to sign between the algorithm and the hash;
    /// `credential` says whose signature it is.
    #[inline(never)]
    #[must_use]
    pub fn sign(
        &self,
        key: &HmacSha256,
        lines: &str,
        credential: &str,
        input: &mut Input<'_>,
        trace: &mut Trace,
    ) -> Signed {
        let (canonical_request, names) = canonical(input, self.closing_slash, self.signs);
        let string_to_sign = join(&[self.algorithm, "\n", lines, &sha256_hex(&canonical_request)]);
        let signature = trace.shown(hex(&key.mac(&string_to_sign)));
        trace.note("canonical request", &canonical_request);
        trace.note("string to sign", &string_to_sign);
        trace.note("signature", &signature);
        let (algorithm, comma) = (self.algorithm, self.comma);
        let authorization =
            join(&[algorithm, " ", credential, comma, "SignedHeaders=", &names, comma, "Signature=", &signature]);
        Signed { canonical_request, string_to_sign, signature, authorization }
    }
}

/// Builds the canonical request, and the list of the names that it signs.
#[inline(never)]
#[must_use]
pub fn canonical(input: &mut Input<'_>, closing_slash: bool, signs: fn(&str) -> bool) -> (String, String) {
    sort(&mut input.query);
    let mut lower = String::new();
    for (name, _) in &input.headers {
        lower.push_str(name);
    }
    lower.make_ascii_lowercase();
    let mut at = 0;
    let mut chosen: Vec<(&str, &str)> = Vec::with_capacity(input.headers.len());
    for (name, value) in &input.headers {
        let name = part(&lower, at, at + name.len());
        at += name.len();
        let wanted = match &input.signed {
            Some(list) => has_word(list, name),
            None => signs(name),
        };
        if wanted {
            chosen.push((name, trim(value)));
        }
    }
    sort(&mut chosen);

    let encode = if input.encoded { push } else { push_percent };
    let mut out = String::with_capacity(512);
    out.push_str(input.method);
    out.push_str("\n");
    let mut rest = input.path;
    while let Some((segment, tail)) = split(rest, "/") {
        encode(&mut out, segment);
        out.push_str("/");
        rest = tail;
    }
    encode(&mut out, rest);
    if closing_slash && !out.ends_with('/') {
        out.push_str("/");
    }
    out.push_str("\n");
    push_pairs(&mut out, &input.query, encode);
    out.push_str("\n");
    let mut names = String::new();
    let mut last = "";
    for (name, value) in chosen {
        // The same name twice: its values in one line.
        if name == last && !names.is_empty() {
            out.pop();
            out.push_str(",");
        } else {
            out.push_str(name);
            out.push_str(":");
            if !names.is_empty() {
                names.push_str(";");
            }
            names.push_str(name);
        }
        last = name;
        out.push_str(value);
        out.push_str("\n");
    }
    out.push_str("\n");
    out.push_str(&names);
    out.push_str("\n");
    out.push_str(&input.payload_hash);
    (out, names)
}

/// Appends `name=value&…`, percent-encoded, in the given order.
pub fn push_query(out: &mut String, query: &[(&str, &str)]) {
    push_pairs(out, query, push_percent);
}

fn push_pairs(out: &mut String, query: &[(&str, &str)], encode: fn(&mut String, &str)) {
    let mut between = "";
    for (name, value) in query {
        out.push_str(between);
        encode(out, name);
        out.push_str("=");
        encode(out, value);
        between = "&";
    }
}
