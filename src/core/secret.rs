//! Text that must not be seen.

use alloc::string::String;

use zeroize::Zeroizing;

/// A secret: shown as `***` by `Debug`, overwritten when dropped.
#[derive(Clone)]
pub struct Secret(Zeroizing<String>);

impl Secret {
    /// Takes a copy of `text`; the caller wipes its own.
    #[inline(never)]
    #[must_use]
    pub fn new(text: &str) -> Self {
        // Exactly sized: growing would leave a copy behind.
        let mut own = String::with_capacity(text.len());
        own.push_str(text);
        Secret(Zeroizing::new(own))
    }

    /// The secret itself, for signing and for finding it in a vendor's message.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl core::fmt::Debug for Secret {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("***")
    }
}

/// Overwrites the part of the stack that deeper calls used: hash functions copy key blocks there.
#[inline(never)]
pub fn scrub_stack() {
    let mut stack = [0u8; 8192];
    core::hint::black_box(&mut stack);
}
