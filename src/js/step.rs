//! A call under way, one step at a time: what came goes in, and what to do next comes out.

use alloc::string::String;

use crate::core::encode::{decimal, push_decimal};
use crate::core::error::{Error, Kind, Result, Sent};
use crate::core::request::{Response, Stamp};
use crate::js::random::bits;
use crate::js::request::request_text;
use crate::js::slots::Slots;
use crate::numbers::outcome;
use crate::transport::sending::{Action, Event, Sending};
use crate::vendor::Client;

/// What to do next in a call. `numbers` are the call's own number, what came, the time, and random bits as a number
/// from 0 to 1; `nonce` is a new one.
///
/// What came is an HTTP status with the answer's `head` (lines, name and value of each header) and
/// `body` (none where it was too long), or one of [`outcome`] with `head` in words.
///
/// Out: `=` and the answer's JSON; `~` and milliseconds to wait; or `>` (`@` where it gets a token)
/// and lines: milliseconds, names of headers, then as a signed request.
pub(super) fn step(
    calls: &Slots<Sending>,
    client: &Client,
    nonce: String,
    head: &str,
    body: Option<String>,
    numbers: [f64; 4],
) -> Result<String> {
    let [number, came, now, random] = numbers;
    let (number, came) = (number as usize, came as i32);
    let taken = calls.borrow_mut().get_mut(number).and_then(Option::take);
    let Some(mut sending) = taken else { return Ok(String::new()) };
    let stamp = Stamp { millis: now as i64, nonce };
    let event = match u16::try_from(came) {
        Ok(status) => Event::Answer(Response { status, lines: String::from(head), body }),
        Err(_) if came == outcome::READY => Event::Ready,
        Err(_) => Event::NoAnswer(no_answer(came, head)),
    };
    let mut out = String::new();
    match sending.next(client, event, stamp, bits(random))? {
        Action::Done(answer) => {
            out.push_str("=");
            out.push_str(answer.as_str());
            return Ok(out);
        }
        Action::Wait(millis) => {
            out.push_str("~");
            push_decimal(&mut out, i64::from(millis));
        }
        Action::Exchange { timeout_ms, token } => {
            out.push_str(if token { "@" } else { ">" });
            if let Some(request) = sending.request() {
                out.push_str(&request_text(&[&decimal(i64::from(timeout_ms)), client.response_headers()], request));
            }
        }
    }
    if let Some(slot) = calls.borrow_mut().get_mut(number) {
        *slot = Some(sending);
    }
    Ok(out)
}

#[cold]
fn no_answer(came: i32, words: &str) -> Error {
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
