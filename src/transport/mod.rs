//! Sending: what follows what, and who does it.
//!
//! [`sending`] is one call from its beginning to its end, as a machine without I/O: tell it what came,
//! and it says what to do next. The npm package's few lines of JavaScript do it there; in Rust,
//! [`drive`] does it over a [`drive::Runtime`], of which `fetch` (WebAssembly, feature `fetch`) is one.

pub mod drive;
pub mod sending;

#[cfg(all(target_arch = "wasm32", feature = "fetch"))]
pub mod fetch;
#[cfg(all(target_arch = "wasm32", feature = "fetch"))]
pub mod gloo;

pub use drive::{Runtime, authenticate, send};
pub use sending::{Action, Event, Sending};
