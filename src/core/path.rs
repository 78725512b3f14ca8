//! Field paths for error messages: `backendServers[3].port`.

use alloc::string::String;

use crate::core::encode;
use crate::core::error::Error;
use crate::core::text::{first, join};

/// Where in the caller's input a check is, linked to its parents on the stack: nothing is built
/// until an error needs the text.
#[derive(Clone, Copy, Debug)]
pub enum Path<'a> {
    /// The input itself.
    Root,
    /// A field of an object.
    Field(&'a Path<'a>, &'a str),
    /// An item of a list.
    Item(&'a Path<'a>, usize),
}

impl core::fmt::Display for Path<'_> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(&self.text())
    }
}

impl<'a> Path<'a> {
    /// The path one field deeper.
    #[must_use]
    pub fn field(&'a self, name: &'a str) -> Path<'a> {
        Path::Field(self, name)
    }

    /// The path one item deeper.
    #[must_use]
    pub fn item(&'a self, index: usize) -> Path<'a> {
        Path::Item(self, index)
    }

    /// The path as text; a field of the root has no leading dot.
    #[must_use]
    pub fn text(&self) -> String {
        let mut out = String::new();
        self.write(&mut out);
        out
    }

    /// The error of a bad input here: its message is the path and `says`, and `hint` says what would be right.
    #[cold]
    #[inline(never)]
    #[must_use]
    pub fn refuse(&self, says: &[&str], hint: &[&str]) -> Error {
        let field = self.text();
        let name = if field.is_empty() { "the input" } else { &field };
        Error::invalid(&field, &join(&[name, &join(says)]), &join(hint))
    }

    fn write(&self, out: &mut String) {
        match self {
            Path::Root => {}
            Path::Field(parent, name) => {
                parent.write(out);
                if !out.is_empty() {
                    out.push_str(".");
                }
                // A caller's unknown field name may be anything, and of any length.
                out.push_str(first(name, 64));
            }
            Path::Item(parent, index) => {
                parent.write(out);
                out.push_str("[");
                encode::push_decimal(out, *index as i64);
                out.push_str("]");
            }
        }
    }
}
