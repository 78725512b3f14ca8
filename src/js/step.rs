//! A call under way, step by step: what came in, what to do next out.

use alloc::string::String;

use wasm_bindgen::prelude::*;

use crate::core::encode::decimal;
use crate::core::error::{Error, Kind, Result, Sent};
use crate::core::request::{Request, Response, Stamp};
use crate::core::text::join;
use crate::js::{Core, errors, push_lines, push_request};
use crate::transport::sending::{Action, Event, Sending};
use crate::vendor::Client;

/// What came, where it is no HTTP status. The facade has the same numbers.
mod outcome {
    pub(super) const READY: i32 = -1;
    pub(super) const NEVER_LEFT: i32 = -2;
    pub(super) const NETWORK: i32 = -3;
    pub(super) const TIMEOUT: i32 = -4;
    pub(super) const ABORTED_BEFORE: i32 = -5;
    pub(super) const ABORTED: i32 = -6;
    pub(super) const NO_RESPONSE: i32 = -7;
    pub(super) const BROKEN: i32 = -9;
}

#[wasm_bindgen]
impl Core {
    /// What to do next in the call `number`, after `came`: an HTTP status with the answer's `head`
    /// (lines, name and value of each header) and `body` (none where it was too long), or one of
    /// [`outcome`] with `head` in words. `random` is from 0 to 1.
    ///
    /// Out: `=` and the answer's JSON; `!` and the error's; `~` and milliseconds to wait; or `>` (`@`
    /// where it gets a token) and lines: milliseconds, names of headers, then as [`Core::sign`].
    pub fn step(&self, number: u32, came: i32, head: &str, body: Option<String>, now: f64, random: f64) -> String {
        let taken = self.calls.borrow_mut().get_mut(number as usize).and_then(Option::take);
        let client = self.client.borrow();
        let (Some(mut sending), Some(client)) = (taken, &*client) else {
            return String::new();
        };
        let stamp = Stamp { millis: now as i64, nonce: self.nonce() };
        match next(client, &mut sending, came, head, body, stamp, (random * 4_294_967_295.0) as u32) {
            Err(error) => errors::written(&error),
            Ok(Action::Done(answer)) => join(&["=", answer.as_str()]),
            Ok(action) => {
                let text = sending.request().map(request_text).unwrap_or_default();
                if let Some(place) = self.calls.borrow_mut().get_mut(number as usize) {
                    *place = Some(sending);
                }
                told(client, &action, &text)
            }
        }
    }
}

fn next(
    client: &Client,
    sending: &mut Sending,
    came: i32,
    head: &str,
    body: Option<String>,
    stamp: Stamp,
    random: u32,
) -> Result<Action> {
    let event = match u16::try_from(came) {
        Ok(status) => Event::Answer(Response { status, lines: String::from(head), body }),
        Err(_) if came == outcome::READY => Event::Ready,
        Err(_) => Event::Lost(lost(came, head)),
    };
    sending.next(client, event, stamp, random)
}

#[cold]
fn lost(came: i32, words: &str) -> Error {
    let (kind, sent) = match came {
        outcome::NEVER_LEFT => (Kind::Network, Sent::No),
        outcome::NETWORK => (Kind::Network, Sent::Unknown),
        outcome::TIMEOUT => (Kind::Timeout, Sent::Unknown),
        outcome::ABORTED_BEFORE => (Kind::Aborted, Sent::No),
        outcome::ABORTED => (Kind::Aborted, Sent::Unknown),
        outcome::NO_RESPONSE => (Kind::UnexpectedAnswer, Sent::Unknown),
        _ => (Kind::UnexpectedAnswer, Sent::Yes),
    };
    let hint = match (kind, sent) {
        (Kind::Network, Sent::No) => "the connection could not be made: check the endpoint and the network",
        (Kind::Network, _) => {
            "check the endpoint and the network; a page sees the same when the cloud answers without CORS headers"
        }
        _ => "",
    };
    let mut error = Error::new(kind, words).sent(sent);
    // The connection broke within the answer: the next one may come whole.
    error.0.retryable |= came == outcome::BROKEN;
    if hint.is_empty() { error } else { error.hint(hint) }
}

fn request_text(request: &Request) -> String {
    let mut out = String::new();
    push_request(&mut out, request);
    out
}

fn told(client: &Client, action: &Action, request: &str) -> String {
    let mut out = String::new();
    match action {
        Action::Exchange { timeout_ms, token } => {
            out.push_str(if *token { "@" } else { ">" });
            push_lines(&mut out, &[&decimal(i64::from(*timeout_ms)), client.response_headers()]);
            out.push_str(request);
        }
        Action::Wait(millis) => {
            out.push_str("~");
            out.push_str(&decimal(i64::from(*millis)));
        }
        Action::Done(_) => {}
    }
    out
}
