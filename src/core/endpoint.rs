//! Where requests go.

use alloc::string::String;

use crate::core::encode::push_decimal;
use crate::core::error::Result;
use crate::core::path::Path;
use crate::core::text::{before, contains, find, has_word, is_address, join, part, replace, split};
use crate::core::value::integer;

/// A checked endpoint as text: scheme, host, port unless it is the scheme's own, path prefix; no slash
/// at its end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Endpoint(String);

impl Endpoint {
    /// An https endpoint at the root of `host`.
    #[must_use]
    pub fn https(host: &str) -> Self {
        Endpoint(join(&["https://", host]))
    }

    /// Reads `text` (`https://host[:port][/path]`) given as `field`; see [`Endpoint::read`].
    ///
    /// # Errors
    /// `invalid-input` naming `field`.
    pub fn parse(text: &str, field: &str, allow_http: bool, plain: &str) -> Result<Self> {
        Endpoint::read(text, allow_http, plain).map_err(|what| {
            Path::Root.field(field).refuse(
                &[" ", what],
                &["give a URL such as https://slb.aliyuncs.com; allowHttp: true takes http on loopback addresses, for tests"],
            )
        })
    }

    /// Reads `https://host[:port][/path]`.
    ///
    /// Stricter than a browser's parser on purpose: what it takes is what goes into the signature.
    /// `http` is taken only with `allow_http`, and then only for loopback addresses and for hosts in
    /// `plain`, words (a vendor's http-only host inside its network).
    ///
    /// # Errors
    /// What it should be and is not: the rest of a sentence.
    pub fn read(text: &str, allow_http: bool, plain: &str) -> core::result::Result<Self, &'static str> {
        let (scheme, rest) = split(text, "://").unwrap_or_default();
        let secure = scheme.eq_ignore_ascii_case("https");
        if !secure && !scheme.eq_ignore_ascii_case("http") {
            return Err("must begin with https://");
        }
        let authority = before(rest, "/");
        let mut path = part(rest, authority.len(), rest.len());
        while let Some(shorter) = path.strip_suffix("/") {
            path = shorter;
        }
        // The colons of an IPv6 address stand in brackets.
        let mark = if authority.starts_with('[') { "]:" } else { ":" };
        let colon = find(authority, mark).map(|at| at + mark.len() - 1);
        let name = part(authority, 0, colon.unwrap_or(authority.len()));
        let good = match name.strip_prefix('[') {
            Some(rest) => rest.strip_suffix(']').is_some_and(is_address),
            None => !name.is_empty() && name.len() <= 253 && !name.starts_with('.') && only(name, b"-."),
        };
        if !good {
            return Err("must hold a plain host name (no user, query or fragment; IDN in its xn-- form)");
        }
        let usual = if secure { 443 } else { 80 };
        let port = colon.map_or(usual, |at| integer(part(authority, at + 1, authority.len())).unwrap_or(0));
        if !matches!(port, 1..=65_535) {
            return Err("must hold a port from 1 to 65535");
        }
        if !only(path, b"/-_.~") || contains(path, "//") || contains(path, "/.") {
            return Err("must hold a plain path (letters, digits, - _ . ~)");
        }
        let host = name.to_ascii_lowercase();
        if !secure && !allow_http {
            return Err("must be https");
        }
        if !secure && !is_loopback(&host) && !has_word(plain, &host) {
            return Err("may be http only on a loopback address");
        }
        let mut own = join(&[if secure { "https://" } else { "http://" }, &host]);
        if port != usual {
            own.push_str(":");
            push_decimal(&mut own, port);
        }
        own.push_str(path);
        Ok(Endpoint(own))
    }

    /// The endpoint without a path that ends with one of `versions`, which catalogues and people write
    /// or do not.
    #[must_use]
    pub fn without(mut self, versions: &str) -> Self {
        let version = self.0.as_bytes().iter().rposition(|byte| *byte == b'/').unwrap_or(0);
        if !self.path().is_empty() && has_word(versions, part(&self.0, version + 1, self.0.len())) {
            self.0.truncate(version);
        }
        self
    }

    /// Whether it is https.
    #[must_use]
    pub fn is_secure(&self) -> bool {
        self.0.starts_with("https")
    }

    /// Host and port: exactly what the `Host` header will carry.
    #[must_use]
    pub fn host(&self) -> &str {
        before(self.behind_scheme(), "/")
    }

    /// The path; empty at the root.
    #[must_use]
    pub fn path(&self) -> &str {
        let rest = self.behind_scheme();
        part(rest, before(rest, "/").len(), rest.len())
    }

    fn behind_scheme(&self) -> &str {
        split(&self.0, "://").unwrap_or_default().1
    }

    /// The URL of `path` (which begins with `/`) under this endpoint.
    #[must_use]
    pub fn url(&self, path: &str) -> String {
        join(&[&self.0, path])
    }
}

/// Whether `text` holds ASCII letters, digits and these only.
#[inline(never)]
fn only(text: &str, these: &[u8]) -> bool {
    text.bytes().all(|byte| byte.is_ascii_alphanumeric() || these.contains(&byte))
}

fn is_loopback(host: &str) -> bool {
    let digits = replace(host, ".", "");
    let four = integer(&digits).is_some() && host.len() == digits.len() + 3;
    has_word("localhost [::1]", host) || (four && host.starts_with("127."))
}
