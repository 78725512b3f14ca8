//! What was computed on the way to a signature, for the person who looks.

/// What stands where a secret, a token or a signature would.
pub const REDACTED: &str = "REDACTED";

/// The stages of a signature, noted only when somebody asked for them.
#[derive(Debug, Default)]
pub struct Trace(Option<Vec<(&'static str, String)>>);

impl Trace {
    /// A trace that notes nothing: for sending.
    #[must_use]
    pub fn off() -> Self {
        Trace(None)
    }

    /// A trace that notes every stage and in which signatures are replaced by [`REDACTED`].
    #[must_use]
    pub fn on() -> Self {
        Trace(Some(Vec::new()))
    }

    /// Notes a stage, if anybody wants it.
    pub fn note(&mut self, name: &'static str, text: impl FnOnce() -> String) {
        if let Some(stages) = &mut self.0 {
            stages.push((name, text()));
        }
    }

    /// The signature, or its replacement when the result will be shown.
    #[must_use]
    pub fn shown(&self, signature: String) -> String {
        if self.0.is_some() { REDACTED.into() } else { signature }
    }

    /// The stages in order.
    #[must_use]
    pub fn stages(self) -> Vec<(&'static str, String)> {
        self.0.unwrap_or_default()
    }
}
