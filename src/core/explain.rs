//! The stages of a signature, noted for a caller who wants to see them.

use alloc::string::String;

use crate::core::json::{Json, push_comma};

/// What stands where a secret, a token or a signature would.
pub const REDACTED: &str = "REDACTED";

/// The stages of a signature, noted only when somebody asked for them.
#[derive(Debug, Default)]
pub struct Trace(Option<String>);

impl Trace {
    /// A trace that notes nothing: for sending.
    #[must_use]
    pub fn off() -> Self {
        Trace(None)
    }

    /// A trace that notes every stage and in which signatures are replaced by [`REDACTED`].
    #[must_use]
    pub fn on() -> Self {
        Trace(Some(String::from("[")))
    }

    /// Notes a stage, if anybody wants it.
    #[inline(never)]
    pub fn note(&mut self, name: &str, text: &str) {
        if let Some(stages) = &mut self.0 {
            push_comma(stages);
            stages.push_str(Json::object(&[("name", name), ("text", text)]).as_str());
        }
    }

    /// Notes a stage that is still bytes of text.
    pub fn note_bytes(&mut self, name: &str, text: &[u8]) {
        if self.is_on() {
            self.note(name, core::str::from_utf8(text).unwrap_or_default());
        }
    }

    /// Whether stages are noted.
    #[must_use]
    pub fn is_on(&self) -> bool {
        self.0.is_some()
    }

    /// The signature, or its replacement when the result will be shown.
    #[must_use]
    pub fn shown(&self, signature: String) -> String {
        if self.0.is_some() { REDACTED.into() } else { signature }
    }

    /// The stages in order, as a JSON list of `{ name, text }`.
    #[must_use]
    pub fn stages(self) -> String {
        let mut stages = self.0.unwrap_or_default();
        stages.push_str("]");
        stages
    }
}
