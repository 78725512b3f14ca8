//! Takes backend servers out of cloud load balancers: builds, signs and sends each vendor's removal
//! request, and reads what comes back.
//!
//! The crate is the inside of the npm package `unpool`. Natively it builds, signs and classifies;
//! sending is the caller's.
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
//! # Map
//! - [`core`]: pure machinery; knows no vendor, no clock, no I/O.
//! - [`vendor`]: one folder per API family: operations table, signatures, answers, errors, endpoints.
//! - [`transport`]: sends a call over a [`transport::Runtime`] and settles what its answer means.
//! - `js` (WebAssembly only): the boundary to JavaScript.

// `String::push` is a piece of code at each call, `push_str` one function: see DESIGN.md, size and speed.
#![allow(clippy::single_char_add_str)]
#![cfg_attr(all(target_arch = "wasm32", feature = "module"), no_std)]
#![cfg_attr(not(target_arch = "wasm32"), forbid(unsafe_code))]

extern crate alloc;

pub mod core;
pub mod signers;
pub mod transport;
pub mod vendor;

#[cfg(all(target_arch = "wasm32", feature = "module"))]
pub mod js;

pub use crate::core::error::{Error, Kind, Result, Sent};
pub use crate::core::json;
pub use crate::core::request::{Request, Response, Stamp};
pub use crate::core::value::{Document, Value};
pub use crate::vendor::Client;
