//! A line of documentation in a table.

/// A line of documentation. It exists in native builds only, where types and reference are
/// generated: in WebAssembly it would be bytes that nobody reads.
#[derive(Clone, Copy, Debug)]
pub struct Doc(#[cfg(not(target_arch = "wasm32"))] pub &'static str);

/// A line of documentation.
#[must_use]
pub const fn doc(text: &'static str) -> Doc {
    let _ = text;
    Doc(
        #[cfg(not(target_arch = "wasm32"))]
        text,
    )
}
