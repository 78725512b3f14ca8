//! Takes backend servers out of cloud load balancers: builds, signs and sends each vendor's removal
//! request, and reads what comes back.
//!
//! The crate is the inside of the npm package `unpool`, and serves programs in Rust as well. It does
//! no I/O by itself: time, nonces, chance and answers come in, requests and waits go out.
//!
//! # Signing
//!
//! Options and operations are JSON text, the same as in JavaScript; `docs/options.md` and
//! `docs/operations.md` have all of them.
//!
//! ```
//! use unpool::{Client, Stamp, json};
//!
//! let options = json::parse(r#"{"vendor": "alibaba", "region": "cn-hangzhou",
//!     "credentials": {"accessKeyId": "testid", "accessKeySecret": "testsecret"}}"#).expect("JSON");
//! let client = Client::new(options.value())?;
//! let operation = json::parse(r#"{"operation": "RemoveBackendServers", "loadBalancerId": "lb-1",
//!     "backendServers": [{"serverId": "i-1"}]}"#).expect("JSON");
//! let call = client.check(operation.value())?;
//! let request = client.sign(&call, &Stamp { millis: 1_710_428_966_000, nonce: "n-1".into() })?;
//! assert_eq!(request.method, "POST");
//! assert_eq!(request.url, "https://slb.aliyuncs.com/");
//! # Ok::<(), unpool::Error>(())
//! ```
//!
//! Whoever sends it by himself gives the answer to [`Client::read`], which says what it means, or
//! the failure to [`Client::no_answer`].
//!
//! # Sending
//!
//! [`transport::Sending`] is a whole call: a token first where one is needed, every page of a list,
//! and again what may be repeated. It says what to do, and takes what came of it. What remains is one
//! exchange over any HTTP client, here `exchange`. It must neither follow redirects nor repeat
//! anything by itself, take every status for an answer, and say of a failure whether the request
//! certainly did not leave.
//!
//! ```
//! use unpool::transport::{Action, Event, Sending};
//! use unpool::{Client, Error, Kind, Request, Response, Result, Sent, Stamp};
//! # let exchanges = std::cell::Cell::new(0);
//! # let exchange = |request: &Request, _headers: &str, _timeout_ms: u32| -> Result<Response> {
//! #     exchanges.set(exchanges.get() + 1);
//! #     assert_eq!(request.url, "https://slb.aliyuncs.com/");
//! #     if exchanges.get() == 1 {
//! #         return Err(Error::new(Kind::Network, "the connection broke").sent(Sent::Unknown));
//! #     }
//! #     let body = r#"{"RequestId": "r-1", "LoadBalancerId": "lb-1"}"#;
//! #     Ok(Response { status: 200, body: Some(body.into()), ..Response::default() })
//! # };
//! # let (now, random, wait) = (|| 1_710_428_966_000, || 0, |_millis: u32| {});
//! # let nonce = || format!("n-{}", exchanges.get());
//! # let options = unpool::json::parse(r#"{"vendor": "alibaba", "region": "cn-hangzhou",
//! #     "credentials": {"accessKeyId": "testid", "accessKeySecret": "testsecret"}}"#).expect("JSON");
//! # let client = Client::new(options.value())?;
//! # let operation = r#"{"operation": "RemoveBackendServers", "loadBalancerId": "lb-1",
//! #     "backendServers": [{"serverId": "i-1"}]}"#;
//!
//! let mut sending = Sending::new(&client, operation.into(), None)?;
//! let mut event = Event::Ready;
//! let answer = loop {
//!     let stamp = Stamp { millis: now(), nonce: nonce() };
//!     event = match sending.next(&client, event, stamp, random())? {
//!         Action::Done(answer) => break answer,
//!         Action::Wait(millis) => {
//!             wait(millis);
//!             Event::Ready
//!         }
//!         Action::Exchange { timeout_ms, .. } => {
//!             let exchange = |request| exchange(request, client.response_headers(), timeout_ms);
//!             match sending.request().map(exchange) {
//!                 Some(Ok(response)) => Event::Answer(response),
//!                 Some(Err(error)) => Event::NoAnswer(error),
//!                 None => Event::Ready,
//!             }
//!         }
//!     };
//! };
//! # assert_eq!(exchanges.get(), 2);
//! # assert!(answer.as_str().contains(r#""requestId":"r-1""#));
//! # Ok::<(), unpool::Error>(())
//! ```
//!
//! `examples/remove.rs` is that as a program, with a blocking HTTP client. Asynchronous programs
//! implement [`transport::Runtime`] and call [`transport::send`].
//!
//! # Errors
//!
//! Everything that goes wrong is one [`Error`]; its [`Kind`] says what to do, its [`Sent`] whether the
//! request left. No text of it holds a secret.
//!
//! # Features
//!
//! Natively there is nothing to choose. In WebAssembly `fetch` gives programs in Rust a
//! `transport::fetch::Fetch` to send with, and signed requests as gloo-net's own; `module` makes the
//! module of the npm package, with its boundary and allocator and without the standard library.
//!
//! # Map
//! Each layer may use those below it and no other: `tests/layers` reads the code and fails otherwise.
//! - `js` (feature `module`): the boundary to JavaScript.
//! - [`transport`]: what follows what in a call, and who does it.
//! - [`vendor`]: one folder per API family: operations table, signatures, answers, errors, endpoints, and what a safe
//!   removal needs of it; [`signers`]: the four signatures alone, for any other call of the same clouds.
//! - [`removal`]: the safe removal: look, plan, drain, detach, remove, check; lanes without I/O. It knows vendors by what
//!   they implement, [`removal::Family`].
//! - [`core`]: pure machinery; knows no vendor, no clock, no I/O.
//! - `unpool_fast`, shown as part of [`core`]: what every call passes through, compiled for speed.

// `String::push` is a piece of code at each call, `push_str` one function: see docs/design/size.md.
#![allow(clippy::single_char_add_str)]
#![cfg_attr(all(target_arch = "wasm32", feature = "module"), no_std)]
#![cfg_attr(not(target_arch = "wasm32"), forbid(unsafe_code))]

extern crate alloc;

pub mod core;
pub mod numbers;
pub mod removal;
pub mod transport;
pub mod vendor;

#[cfg(all(target_arch = "wasm32", feature = "module"))]
pub mod js;

pub use crate::core::error::{Error, Kind, Result, Sent};
pub use crate::core::json;
pub use crate::core::request::{Request, Response, Stamp};
pub use crate::core::value::{Document, Value};
pub use crate::vendor::{Client, signers};

/// The documents' examples in Rust are run as tests.
#[cfg(doctest)]
#[doc = include_str!("../docs/rust.md")]
struct Documents;
