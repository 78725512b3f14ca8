//! Where requests go.

use crate::core::check::join;
use crate::core::encode::push_decimal;
use crate::core::error::{Error, Result};

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
            Error::invalid(field, join(&[field, " ", what]), "give a URL such as https://slb.aliyuncs.com")
        };
        let (secure, rest) = if let Some(rest) = strip(text, "https://") {
            (true, rest)
        } else if let Some(rest) = strip(text, "http://") {
            (false, rest)
        } else {
            return Err(bad("must begin with https://"));
        };
        let cut = rest.find('/').unwrap_or(rest.len());
        let (authority, path) = rest.split_at(cut);
        let (name, port) = split_port(authority);
        let host_ok = !name.is_empty()
            && name.len() <= 253
            && match name.strip_prefix('[').and_then(|name| name.strip_suffix(']')) {
                Some(v6) => v6.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b':' || byte == b'.'),
                None => {
                    name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'.')
                        && !name.starts_with('.')
                }
            };
        if !host_ok {
            return Err(bad("must hold a plain host name (no user, query or fragment; IDN in its xn-- form)"));
        }
        let port = match port {
            None => None,
            Some(digits) => match digits.parse::<u16>() {
                Ok(number) if number > 0 && !digits.starts_with('+') => Some(number),
                _ => return Err(bad("must hold a port from 1 to 65535")),
            },
        };
        let path = path.trim_end_matches('/');
        let path_ok = path.split('/').all(|segment| {
            segment != "."
                && segment != ".."
                && segment.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte))
        });
        if !path_ok || path.contains("//") {
            return Err(bad("must hold a plain path (letters, digits, - _ . ~)"));
        }
        let mut host = name.to_ascii_lowercase();
        if !secure && !(allow_http && (is_loopback(&host) || plain.contains(&host.as_str()))) {
            let what = if allow_http { "may be http only on a loopback address" } else { "must be https" };
            return Err(bad(what).hint("use https; allowHttp: true takes http on loopback addresses, for tests"));
        }
        if let Some(number) = port.filter(|&number| number != if secure { 443 } else { 80 }) {
            host.push(':');
            push_decimal(&mut host, i64::from(number));
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
    head.eq_ignore_ascii_case(scheme).then(|| &text[scheme.len()..])
}

fn split_port(authority: &str) -> (&str, Option<&str>) {
    match authority.rfind(':') {
        Some(at) if !authority[at..].contains(']') => (&authority[..at], Some(&authority[at + 1..])),
        _ => (authority, None),
    }
}

fn is_loopback(host: &str) -> bool {
    if host == "localhost" || host == "[::1]" {
        return true;
    }
    let mut parts = host.split('.');
    let four = host.split('.').count() == 4 && host.split('.').all(|part| part.parse::<u8>().is_ok());
    four && parts.next() == Some("127")
}
