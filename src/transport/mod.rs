//! Sending: the only asynchronous part.
//!
//! The driver here decides what follows what: a token first, then the call, then the next page. It
//! runs over a [`Runtime`], which has the clock, the randomness and the network, so that it can be
//! run natively against a made-up one. `fetch` (WebAssembly only) is the real one.

#[cfg(target_arch = "wasm32")]
pub mod fetch;
#[cfg(all(target_arch = "wasm32", feature = "gloo-net"))]
pub mod gloo;

use core::future::Future;

use crate::core::error::{Error, Kind, Result, Sent};
use crate::core::json::Json;
use crate::core::operation::Call;
use crate::core::paging::{Pages, Step};
use crate::core::request::{Request, Response, Stamp};
use crate::core::text::join;
use crate::vendor::{Client, Prepared};

/// The world outside.
pub trait Runtime {
    /// The time, and a nonce that was not used before.
    ///
    /// # Errors
    /// `unsupported` where there is no randomness.
    fn stamp(&self) -> Result<Stamp>;

    /// Sends `request` and reads its answer to the end, within `timeout_ms`.
    ///
    /// The error is a `network`, `timeout` or `aborted` whose `sent` says whether the request left;
    /// or an `unexpected-answer` where an answer came and could not be read.
    fn exchange(
        &self,
        request: &Request,
        headers: &'static [&'static str],
        timeout_ms: u32,
    ) -> impl Future<Output = Result<Response>>;
}

/// Sends a call, getting a token first where one is needed, and all pages of a list.
///
/// # Errors
/// Every kind but `refused`; see [`Kind`].
pub async fn send<R: Runtime>(
    client: &Client,
    runtime: &R,
    mut call: Call<'_>,
    timeout_ms: Option<u32>,
) -> Result<Json> {
    let limit = timeout_ms.unwrap_or_else(|| client.timeout_ms(Some(&call)));
    let mut pages = Pages::default();
    loop {
        let request = ready(client, runtime, &call, timeout_ms).await?;
        let page = match runtime.exchange(&request, client.response_headers(), limit).await {
            Ok(response) => client.read(&call, &request, &response)?,
            Err(error) => return Err(client.lost(&call, &request, error)),
        };
        match pages.take(&call, page) {
            Ok(Step::Done(answer)) => return Ok(answer),
            Ok(Step::Next(name, value)) => call.page = Some((name, value.read())),
            Err(message) => {
                return Err(client.lost(&call, &request, Error::new(Kind::UnexpectedAnswer, message).sent(Sent::Yes)));
            }
        }
    }
}

/// Gets a token, and returns what may be told of it.
///
/// # Errors
/// `auth` and what else identity services answer; `unsupported` where no token is needed.
pub async fn authenticate<R: Runtime>(client: &Client, runtime: &R, timeout_ms: Option<u32>) -> Result<Json> {
    let request = client.authentication()?;
    exchange_token(client, runtime, request, timeout_ms).await
}

/// The signed request of a call, after getting a token if there is no live one.
async fn ready<R: Runtime>(client: &Client, runtime: &R, call: &Call<'_>, timeout_ms: Option<u32>) -> Result<Request> {
    match client.prepare(call, &runtime.stamp()?)? {
        Prepared::Send(request) => Ok(request),
        Prepared::Authenticate(request) => {
            exchange_token(client, runtime, request, timeout_ms).await.map_err(|error| during(call, error))?;
            client.sign(call, &runtime.stamp()?)
        }
    }
}

async fn exchange_token<R: Runtime>(
    client: &Client,
    runtime: &R,
    request: Request,
    timeout_ms: Option<u32>,
) -> Result<Json> {
    let limit = timeout_ms.unwrap_or_else(|| client.timeout_ms(None));
    let result = runtime.exchange(&request, client.response_headers(), limit).await;
    request.wipe();
    let response = result.map_err(|error| client.mark(error))?;
    let told = client.accept(&response, runtime.stamp()?.millis);
    response.wipe();
    told
}

/// A failure to get a token for a call: the call itself certainly did not leave.
fn during(call: &Call<'_>, mut error: Error) -> Error {
    error.0.operation = Some(call.operation.name);
    error.0.sent = Sent::No;
    error.0.message = join(&["no token for ", call.operation.name, ": ", &error.0.message]);
    error
}
