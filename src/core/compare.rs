//! Why a signature was refused: what the service signed, compared with what we did.
//!
//! A service that refuses a signature may tell what it signed itself. If that is the same text, the
//! secret is wrong; if not, something changed the request on its way. The error says only where the
//! first difference is, and never a value, since tokens are among them.

use alloc::{borrow::ToOwned, string::String};

use crate::core::canonical::{self, Input};
use crate::core::request::Request;
use crate::core::text::{before, cut, is, join, replace, set, split};

/// What to do about a refused signature: `secret` is wrong, or the request was changed at `difference`.
#[must_use]
pub fn advice(secret: &str, difference: Option<&str>) -> String {
    match difference {
        None => join(&["check ", secret, ": the service signed the same text as this client, with another secret"]),
        Some(difference) => join(&[
            "the secret may be right: the service got another request than was signed, different at ",
            difference,
            "; look for a proxy or a fetch of your own that changes requests",
        ]),
    }
}

/// Where two of Alibaba's strings to sign (`METHOD&%2F&` and the parameters, encoded once more)
/// first differ.
#[must_use]
pub fn parameters(ours: &str, theirs: &str) -> Option<String> {
    let halves = |text| split(text, "&%2F&").unwrap_or_default();
    let ((our_method, mut ours), (their_method, mut theirs)) = (halves(ours), halves(theirs));
    if our_method != their_method {
        return Some("the method".to_owned());
    }
    while !(ours.is_empty() && theirs.is_empty()) {
        let (our, our_rest) = cut(ours, "%26");
        let (their, their_rest) = cut(theirs, "%26");
        if our != their {
            let (our, their) = (before(our, "%3D"), before(their, "%3D"));
            // They are sorted: of two names the smaller one is missing on the other side.
            let name = if our.is_empty() || (!their.is_empty() && their < our) { their } else { our };
            return Some(named("the parameter ", name));
        }
        (ours, theirs) = (our_rest, their_rest);
    }
    None
}

/// The canonical request of a signed request (see [`crate::core::canonical`]), built again from what
/// is sent. It holds the security token.
#[must_use]
pub fn canonical(request: &Request, closing_slash: bool) -> String {
    let header = request.headers().find(|(name, _)| *name == "authorization").unwrap_or_default().1;
    let (_, names) = split(header, "SignedHeaders=").unwrap_or_default();
    let mut input = Input::of(request);
    input.signed = Some(replace(before(names, ","), ";", " "));
    canonical::canonical(&mut input, closing_slash, |_| true).0
}

/// Where two canonical requests first differ; `mark` stands between the lines of theirs.
#[must_use]
pub fn lines(ours: &str, theirs: &str, mark: &str) -> Option<String> {
    const PARTS: [&str; 6] = ["the method", "the path", "the query", "", "the signed headers", "the body"];
    const HEADERS: usize = 3;
    let (mut ours, mut theirs, mut part) = (ours, theirs, 0);
    loop {
        let (our, our_rest) = cut(ours, "\n");
        let (their, their_rest) = cut(theirs, mark);
        let more = part != HEADERS || our.is_empty();
        if our != their {
            return Some(match more {
                // No more headers of ours, but of theirs.
                true => PARTS[if part == HEADERS { part + 1 } else { part }].to_owned(),
                false => named("the header ", before(our, ":")),
            });
        }
        part += usize::from(more);
        if part == PARTS.len() {
            return None;
        }
        (ours, theirs) = (our_rest, their_rest);
    }
}

/// A part of a request with its name, if that is a plain one: what a service writes may be anything.
fn named(what: &str, name: &str) -> String {
    join(&[what, if is(name, set::NAME, 64) { name } else { "that has an odd name" }])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_are_told_apart_by_name() {
        let text = |pairs: &str| format!("POST&%2F&{}", crate::core::encode::percent(pairs));
        let ours = text("Action=A&Ids=%5B1%5D&Name=a%20b&SecurityToken=secret");
        let at = |theirs: &str| parameters(&ours, theirs);
        assert_eq!(at(&ours), None);
        for (theirs, name) in [
            ("Action=A&Ids=%5B2%5D&Name=a%20b&SecurityToken=secret", "the parameter Ids"),
            ("Action=A&Ids=%5B1%5D&Name=a%2Bb&SecurityToken=secret", "the parameter Name"),
            ("Action=A&Ids=%5B1%5D&Name=a%20b&SecurityToken=other", "the parameter SecurityToken"),
            ("Action=A&Ids=%5B1%5D&Name=a%20b", "the parameter SecurityToken"),
            ("Action=A&Name=a%20b&SecurityToken=secret", "the parameter Ids"),
            ("Action=A&Extra=1&Ids=%5B1%5D&Name=a%20b&SecurityToken=secret", "the parameter Extra"),
            ("Action=A&Ids=%5B1%5D&Name=a%20b&SecurityToken=secret&Z=1", "the parameter Z"),
            ("A%0Ab=1&Action=A", "the parameter that has an odd name"),
            ("", "the parameter Action"),
        ] {
            assert_eq!(at(&text(theirs)).as_deref(), Some(name), "{theirs}");
        }
        assert_eq!(at(&ours.replacen("POST", "GET", 1)).as_deref(), Some("the method"));
        assert_eq!(at("nonsense").as_deref(), Some("the method"));
    }

    #[test]
    fn lines_are_told_apart_by_what_they_are() {
        let ours = "DELETE\n/a/\nlimit=5\nhost:h\nx-security-token:secret\n\nhost;x-security-token\ne3b0";
        let at = |theirs: &str| lines(ours, theirs, "|");
        let same = ours.replace('\n', "|");
        assert_eq!(at(&same), None);
        assert_eq!(lines(ours, ours, "\n"), None);
        for (from, to, difference) in [
            ("DELETE", "GET", "the method"),
            ("/a/", "/a", "the path"),
            ("limit=5", "", "the query"),
            ("host:h", "host:other", "the header host"),
            ("token:secret", "token:other", "the header x-security-token"),
            ("|x-security-token:secret", "", "the header x-security-token"),
            ("secret||", "secret|x-more:1||", "the signed headers"),
            ("host;x", "host;y;x", "the signed headers"),
            ("e3b0", "4413", "the body"),
            ("|e3b0", "", "the body"),
        ] {
            assert!(same.contains(from));
            let found = at(&same.replacen(from, to, 1));
            assert_eq!(found.as_deref(), Some(difference), "{from} -> {to}");
        }
        assert_eq!(at("").as_deref(), Some("the method"));
        // A request without query.
        assert_eq!(
            lines("GET\n/\n\nhost:h\n\nhost\ne3", "GET|/||host:i||host|e3", "|").as_deref(),
            Some("the header host")
        );
    }
}
