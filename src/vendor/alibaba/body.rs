//! The body of an answer or an error, which may be JSON or XML.

use crate::core::text::trim;
use crate::core::value::Document;
use crate::core::{json, xml};

/// The body, read: a JSON object, or the children of an XML document's root; nothing where it is
/// neither.
#[must_use]
pub fn document(body: &str) -> Document<'_> {
    let body = trim(body.strip_prefix("\u{feff}").unwrap_or(body));
    match xml::parse(body) {
        // An HTML page from a gateway can be well-formed too.
        Some((root, json)) if root == "Error" || root.ends_with("Response") => json.read(),
        _ => json::parse(body).unwrap_or_default(),
    }
}
