//! Sending in Rust: a [`Sending`] driven over whatever has a clock, randomness and a network.

use alloc::string::String;

use core::future::Future;

use crate::core::error::Result;
use crate::core::json::Json;
use crate::core::request::{Request, Response, Stamp};
use crate::transport::sending::{Action, Event, Sending};
use crate::vendor::Client;

/// The world outside.
pub trait Runtime {
    /// The time, and a nonce that was not used before.
    ///
    /// # Errors
    /// `unsupported` where there is no randomness.
    fn stamp(&self) -> Result<Stamp>;

    /// 32 random bits: when to come back after a refusal.
    fn random(&self) -> u32;

    /// Waits.
    fn sleep(&self, millis: u32) -> impl Future<Output = ()>;

    /// Sends `request` and reads its answer to the end, within `timeout_ms`; of the answer's headers
    /// those that `headers` names, with blanks between them.
    ///
    /// The error is a `network`, `timeout` or `aborted` whose `sent` says whether the request left;
    /// or an `unexpected-answer` where an answer came and could not be read.
    fn exchange(
        &self,
        request: &Request,
        headers: &'static str,
        timeout_ms: u32,
    ) -> impl Future<Output = Result<Response>>;
}

/// Sends an operation's JSON text: a token first where one is needed, all pages of a list, and what
/// may be repeated again.
///
/// # Errors
/// Every kind but `refused`; see [`crate::Kind`].
pub async fn send<R: Runtime>(client: &Client, runtime: &R, operation: &str, timeout_ms: Option<u32>) -> Result<Json> {
    drive(client, runtime, Sending::new(client, String::from(operation), timeout_ms)?).await
}

/// Gets a token, and returns what may be shown of it, as JSON.
///
/// # Errors
/// `auth` and what else identity services answer; `unsupported` where no token is needed.
pub async fn authenticate<R: Runtime>(client: &Client, runtime: &R, timeout_ms: Option<u32>) -> Result<Json> {
    drive(client, runtime, Sending::authentication(timeout_ms)).await
}

async fn drive<R: Runtime>(client: &Client, runtime: &R, mut sending: Sending) -> Result<Json> {
    let mut event = Event::Ready;
    loop {
        match sending.next(client, core::mem::take(&mut event), runtime.stamp()?, runtime.random())? {
            Action::Done(answer) => return Ok(answer),
            Action::Wait(millis) => {
                runtime.sleep(millis).await;
            }
            Action::Exchange { timeout_ms, .. } => {
                let Some(request) = sending.request() else { continue };
                event = match runtime.exchange(request, client.response_headers(), timeout_ms).await {
                    Ok(response) => Event::Answer(response),
                    Err(error) => Event::NoAnswer(error),
                };
            }
        }
    }
}
