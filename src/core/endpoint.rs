//! Where requests go.

use alloc::string::String;

use crate::core::encode::push_decimal;
use crate::core::error::{Error, Result};
use crate::core::text::join;
use crate::core::text::{contains, find, part};
use crate::core::value::integer;

/// A checked endpoint: scheme, host with port, path prefix.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Endpoint {
    /// Whether it is https.
    pub secure: bool,
    /// Host and, unless it is the scheme's own, port: exactly what the `Host` header will carry.
    pub host: String,
    /// The path without a trailing slash; empty at the root.
    pub path: String,
}

impl Endpoint {
    /// An https endpoint at the root of `host`.
    #[must_use]
    pub fn https(host: &str) -> Self {
        Endpoint { secure: true, host: host.into(), path: String::new() }
    }

    /// Reads `text` (`https://host[:port][/path]`) given as `field`.
    ///
    /// Stricter than a browser's parser on purpose: what it takes is what goes into the signature.
    /// `http` is taken only with `allow_http`, and then only for loopback addresses and for hosts in
    /// `plain` (a vendor's http-only host inside its network).
    ///
    /// # Errors
    /// `invalid-input` naming `field`.
    pub fn parse(text: &str, field: &str, allow_http: bool, plain: &[&str]) -> Result<Self> {
        let bad = |what: &str| {
            Error::invalid(field, &join(&[field, " ", what]), "give a URL such as https://slb.aliyuncs.com")
        };
        let (secure, rest) = if let Some(rest) = strip(text, "https://") {
            (true, rest)
        } else if let Some(rest) = strip(text, "http://") {
            (false, rest)
        } else {
            return Err(bad("must begin with https://"));
        };
        let cut = find(rest, "/").unwrap_or(rest.len());
        let (authority, path) = (part(rest, 0, cut), part(rest, cut, rest.len()));
        let (name, port) = split_port(authority);
        let v6 = name.starts_with('[') && name.ends_with(']') && name.len() > 2;
        let host_ok = !name.is_empty()
            && name.len() <= 253
            && !name.starts_with('.')
            && match v6 {
                true => part(name, 1, name.len() - 1).bytes().all(|b| b.is_ascii_hexdigit() || b == b':' || b == b'.'),
                false => name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'.'),
            };
        if !host_ok {
            return Err(bad("must hold a plain host name (no user, query or fragment; IDN in its xn-- form)"));
        }
        let port = match port {
            None => None,
            Some(digits) => match integer(digits) {
                Some(number @ 1..=65_535) => Some(number),
                _ => return Err(bad("must hold a port from 1 to 65535")),
            },
        };
        let path = path.trim_end_matches('/');
        let plain_path = path.bytes().all(|b| b.is_ascii_alphanumeric() || b"/-_.~".contains(&b));
        if !plain_path || contains(path, "//") || contains(path, "/.") {
            return Err(bad("must hold a plain path (letters, digits, - _ . ~)"));
        }
        let mut host = name.to_ascii_lowercase();
        if !secure && !(allow_http && (is_loopback(&host) || plain.contains(&host.as_str()))) {
            let what = if allow_http { "may be http only on a loopback address" } else { "must be https" };
            return Err(bad(what).hint("use https; allowHttp: true takes http on loopback addresses, for tests"));
        }
        if let Some(number) = port.filter(|&number| number != if secure { 443 } else { 80 }) {
            host.push_str(":");
            push_decimal(&mut host, number);
        }
        Ok(Endpoint { secure, host, path: path.into() })
    }

    /// The URL of `path` (which begins with `/`) under this endpoint.
    #[must_use]
    pub fn url(&self, path: &str) -> String {
        join(&[if self.secure { "https://" } else { "http://" }, &self.host, &self.path, path])
    }
}

fn strip<'a>(text: &'a str, scheme: &str) -> Option<&'a str> {
    let head = text.get(..scheme.len())?;
    head.eq_ignore_ascii_case(scheme).then(|| part(text, scheme.len(), text.len()))
}

/// Host and port; an IPv6 address stands in brackets.
fn split_port(authority: &str) -> (&str, Option<&str>) {
    let closed = find(authority, "]").unwrap_or(0);
    match find(part(authority, closed, authority.len()), ":") {
        Some(at) => (part(authority, 0, closed + at), Some(part(authority, closed + at + 1, authority.len()))),
        None => (authority, None),
    }
}

fn is_loopback(host: &str) -> bool {
    let four =
        host.bytes().all(|b| b.is_ascii_digit() || b == b'.') && host.bytes().filter(|b| *b == b'.').count() == 3;
    host == "localhost" || host == "[::1]" || (four && host.starts_with("127."))
}
