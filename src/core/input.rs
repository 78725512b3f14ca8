//! JSON text that a caller gave.

use crate::core::error::{Error, Result};
use crate::core::json;
use crate::core::text::join;
use crate::core::value::Document;

/// Reads JSON text that a caller gave; errors name the field.
///
/// # Errors
/// `invalid-input`: the field inside `what`, and what is wrong with it.
pub fn given<'a>(text: &'a str, what: &str) -> Result<Document<'a>> {
    json::parse(text).map_err(|error| {
        let field = if error.path.is_empty() { what } else { &error.path };
        let words = join(&[field, " holds ", error.reason]);
        Error::invalid(field, &words, "give plain JSON data")
    })
}
