//! Errors on their way out: `!` and JSON text for the facade, which makes an `UnpoolError` of it.

use alloc::string::String;

use crate::core::error::Error;
use crate::core::text::join;

/// The text of an error.
#[cold]
#[inline(never)]
pub(super) fn written(error: &Error) -> String {
    join(&["!", error.json().as_str()])
}
