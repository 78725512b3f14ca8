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
//!   loaded at its first use, since most of who signs has no use for it.

// One function is less glue than several with fewer.
#![allow(clippy::too_many_arguments)]

#[cfg(not(feature = "removal-module"))]
mod client;
mod errors;
#[cfg(feature = "removal-module")]
mod job;
mod memory;
#[cfg(feature = "removal-module")]
mod removal;
#[cfg(not(feature = "removal-module"))]
mod step;

use alloc::vec::Vec;

use core::cell::RefCell;

#[cfg(not(feature = "removal-module"))]
pub use client::Core;
#[cfg(feature = "removal-module")]
pub use removal::Core;

/// Puts `item` into the first free place; which that is.
fn keep<T>(places: &RefCell<Vec<Option<T>>>, item: T) -> i64 {
    let places = &mut *places.borrow_mut();
    let free = places.iter().position(Option::is_none).unwrap_or(places.len());
    if free == places.len() {
        places.push(None);
    }
    places[free] = Some(item);
    free as i64
}

/// A number from 0 to 1 as 32 random bits.
fn bits(random: f64) -> u32 {
    (random * 4_294_967_295.0) as u32
}
