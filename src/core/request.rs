//! What is sent and what comes back.

use alloc::string::String;

use zeroize::Zeroize;

use crate::core::text::{split, trim};
use crate::core::value::integer;

/// A finished request: the bytes that were signed are the bytes to send.
#[derive(Clone)]
pub struct Request {
    /// The HTTP method.
    pub method: &'static str,
    /// The URL, already encoded. It must not be edited, and it never holds a signature.
    pub url: String,
    /// The headers to set, each as two lines, its lower-case name and its value; `host` is the
    /// runtime's. See [`Request::headers`].
    pub lines: String,
    /// The body.
    pub body: Option<String>,
    /// The signature, so that it can be kept out of messages.
    pub signature: String,
}

/// Shows method and URL only: headers and body hold signatures, tokens and passwords.
impl core::fmt::Debug for Request {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Request").field("method", &self.method).field("url", &self.url).finish_non_exhaustive()
    }
}

impl Request {
    /// A request without headers and body.
    #[must_use]
    pub fn new(method: &'static str, url: String) -> Self {
        Request { method, url, lines: String::with_capacity(128), body: None, signature: String::new() }
    }

    /// Overwrites the body: the one of a token request holds a password.
    pub fn wipe(mut self) {
        if let Some(body) = &mut self.body {
            body.zeroize();
        }
    }

    /// Adds a header.
    pub fn header(&mut self, name: &str, value: &str) {
        push_header(&mut self.lines, name, value);
    }

    /// The headers' names and values.
    pub fn headers(&self) -> impl Iterator<Item = (&str, &str)> {
        headers(&self.lines)
    }
}

/// Appends a header as two lines.
#[inline(never)]
pub fn push_header(lines: &mut String, name: &str, value: &str) {
    for text in &[name, "\n", value, "\n"] {
        lines.push_str(text);
    }
}

/// Pairs of lines.
fn headers(mut rest: &str) -> impl Iterator<Item = (&str, &str)> {
    core::iter::from_fn(move || {
        let (name, tail) = split(rest, "\n")?;
        let (value, tail) = split(tail, "\n")?;
        rest = tail;
        Some((name, value))
    })
}

/// An answer, read to its end.
#[derive(Clone, Default)]
pub struct Response {
    /// The HTTP status; 0 where the runtime hides it (an opaque redirect).
    pub status: u16,
    /// Those of the headers asked for that came, each as two lines, its lower-case name and its value.
    pub lines: String,
    /// The body; `None` if it was longer than [`MAX_BODY`].
    pub body: Option<String>,
}

/// Longer answers are not read: no vendor sends 4 MiB to any of these calls.
pub const MAX_BODY: u32 = 4 << 20;

/// Shows the status only: a Keystone answer holds a token.
impl core::fmt::Debug for Response {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Response").field("status", &self.status).finish_non_exhaustive()
    }
}

impl Response {
    /// Overwrites the headers: one of them may be a token.
    pub fn wipe(mut self) {
        self.lines.zeroize();
    }

    /// A header that holds a number.
    #[must_use]
    pub fn number(&self, name: &str) -> Option<u32> {
        u32::try_from(integer(trim(self.header(name)?))?).ok()
    }

    /// A header by its lower-case name.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        headers(&self.lines).find(|(key, _)| *key == name).map(|(_, value)| value)
    }
}

/// When and under which nonce a request is made. Both come from outside: the core has no clock and
/// no randomness.
#[derive(Clone, Debug)]
pub struct Stamp {
    /// Milliseconds since 1970, UTC.
    pub millis: i64,
    /// A text that no other request of these credentials has used in the last hours.
    pub nonce: String,
}
