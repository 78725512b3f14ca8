//! A request on its way out, as lines of text.

use alloc::string::String;

use crate::core::request::Request;
use crate::core::text::join;

/// The two lines given, method, URL, headers, an empty line, the body.
///
/// It is as long as its memory, since a longer block would be copied once more on its way out.
pub(super) fn request_text(two: &[&str; 2], request: &Request) -> String {
    let body = request.body.as_deref().unwrap_or_default();
    join(&[two[0], "\n", two[1], "\n", request.method, "\n", &request.url, "\n", &request.lines, "\n", body])
}
