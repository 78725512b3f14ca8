//! The boundary to JavaScript: translate in, call, translate out.
//!
//! Text and numbers only, in both directions. Operations and options come in as JSON text: a single
//! snapshot of the caller's object, read by the crate's own reader, which knows the path of what it
//! refuses. A signed request goes out as lines, everything else as JSON text, and an error as its JSON
//! text behind a `!`.
//!
//! Nothing is imported: time, nonces and random bits come in as arguments, and what is to be done
//! goes out as text. So nothing here can be entered twice, wait or throw, and no input may trap.
//!
//! There are two modules, each with a memory of its own and one class, `Core`, of the same form:
//! - `client`: signs and sends. The secrets are here and nowhere else.
//! - `removal` (feature `removal-module`): the safe removal, which says what is to be sent. It is
//!   loaded at its first use, since most programs only sign and send.

// One function with many arguments needs less glue than several with fewer.
#![allow(clippy::too_many_arguments)]

#[cfg(not(feature = "removal-module"))]
mod client;
mod errors;
#[cfg(feature = "removal-module")]
mod job;
mod memory;
mod random;
#[cfg(feature = "removal-module")]
mod removal;
#[cfg(not(feature = "removal-module"))]
mod request;
mod slots;
#[cfg(not(feature = "removal-module"))]
mod step;

#[cfg(not(feature = "removal-module"))]
pub use client::Core;
#[cfg(feature = "removal-module")]
pub use removal::Core;
