//! JSON (RFC 8259): the reader, and a writer that appends to text.

use alloc::{borrow::Cow, string::String};

pub use unpool_fast::json::{JsonError, MAX_DEPTH};

use crate::core::encode::escaped;
use crate::core::text::part;
use crate::core::value::{Document, Marks, Type, Value};

/// Reads one JSON document.
///
/// # Errors
/// The path and the reason; see [`unpool_fast::json::scan`].
pub fn parse(text: &str) -> Result<Document<'_>, JsonError> {
    Ok(Document::new(Cow::Borrowed(text), scan(text)?))
}

#[inline(never)]
fn scan(text: &str) -> Result<Marks, JsonError> {
    unpool_fast::json::scan(text)
}

/// JSON text of our own making: an answer, a report.
#[derive(Clone, PartialEq, Eq)]
pub struct Json(String);

/// Shows nothing: what it holds may be a secret's neighbour.
impl core::fmt::Debug for Json {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("Json")
    }
}

impl Json {
    /// Takes text that is JSON.
    #[must_use]
    pub fn new(text: String) -> Self {
        Json(text)
    }

    /// An object of texts.
    #[inline(never)]
    #[must_use]
    pub fn object(fields: &[(&str, &str)]) -> Self {
        let mut out = String::from("{");
        for (name, text) in fields {
            push_field(&mut out, name, text);
        }
        out.push_str("}");
        Json(out)
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The text itself.
    #[must_use]
    pub fn into_text(self) -> String {
        self.0
    }

    /// Adds a text to an object.
    #[inline(never)]
    pub fn add(&mut self, name: &str, text: &str) {
        self.0.pop();
        push_field(&mut self.0, name, text);
        self.0.push_str("}");
    }

    /// Adds a field that is JSON already to an object.
    #[inline(never)]
    pub fn add_json(&mut self, name: &str, json: &str) {
        self.0.pop();
        push_name(&mut self.0, name);
        self.0.push_str(json);
        self.0.push_str("}");
    }

    /// The text, read.
    #[must_use]
    pub fn read(self) -> Document<'static> {
        let marks = scan(&self.0).unwrap_or_default();
        Document::new(Cow::Owned(self.0), marks)
    }
}

/// Appends `text` as a JSON string.
#[inline(never)]
pub fn push_string(out: &mut String, text: &str) {
    out.push_str("\"");
    let mut clean = 0;
    for (index, &byte) in text.as_bytes().iter().enumerate() {
        if byte < 0x20 || byte == b'"' || byte == b'\\' {
            out.push_str(part(text, clean, index));
            out.push_str(&escaped(byte));
            clean = index + 1;
        }
    }
    out.push_str(part(text, clean, text.len()));
    out.push_str("\"");
}

/// Appends the comma that the next item or field needs, if any is in front of it.
#[inline(never)]
pub fn push_comma(out: &mut String) {
    if !matches!(out.as_bytes().last(), Some(b'{' | b'[') | None) {
        out.push_str(",");
    }
}

/// Appends a field's name.
#[inline(never)]
pub fn push_name(out: &mut String, name: &str) {
    push_comma(out);
    push_string(out, name);
    out.push_str(":");
}

/// Appends a field that is text.
#[inline(never)]
pub fn push_field(out: &mut String, name: &str, text: &str) {
    push_name(out, name);
    push_string(out, text);
}

/// Appends `value` without blanks and without escapes that are not needed.
pub fn push(out: &mut String, value: Value<'_>) {
    match value.kind() {
        Type::String => push_string(out, value.as_str().unwrap_or_default()),
        Type::Object => {
            out.push_str("{");
            for (name, value) in value.fields() {
                push_name(out, name);
                push(out, value);
            }
            out.push_str("}");
        }
        Type::List => {
            out.push_str("[");
            for item in value.items() {
                push_comma(out);
                push(out, item);
            }
            out.push_str("]");
        }
        _ => out.push_str(value.raw()),
    }
}

/// `value` as JSON without blanks.
#[must_use]
pub fn write(value: Value<'_>) -> String {
    let mut out = String::new();
    push(&mut out, value);
    out
}
