//! An answer's table as a sample of such an answer: one JSON text, written at compile time.
//!
//! Tables of structs would be mostly pointers and lengths, which compress badly, and the code that reads JSON is in the
//! module anyway.

use crate::core::field::{Field, Shape};

/// What an operation answers; made by `answer!`.
#[derive(Clone, Copy, Debug)]
pub struct Answer {
    /// The table, with its documentation. It exists in native builds only.
    #[cfg(not(target_arch = "wasm32"))]
    pub fields: &'static [Field],
    /// The table as a sample: `{"!Name":"","Port":0,"Up":true,"Tags":[""],"Pool":{..},"Members":[{..}]}`,
    /// and `["Member",{..}]` for what XML would write. `!` marks what is required.
    pub sample: &'static str,
}

/// No table is longer.
pub const LONGEST: usize = 4_096;

/// A sample in the making.
#[derive(Debug)]
pub struct Sample<const N: usize> {
    /// Its text, and zeros behind it.
    pub bytes: [u8; N],
    /// How much of it is text.
    pub length: usize,
}

impl<const N: usize> Sample<N> {
    /// The sample of a table.
    #[must_use]
    pub const fn of(table: &[Field]) -> Self {
        let mut sample = Sample { bytes: [0; N], length: 0 };
        sample.object(table);
        sample
    }

    /// The sample's text, which must fill it.
    #[must_use]
    pub const fn text(&self) -> &str {
        match core::str::from_utf8(&self.bytes) {
            Ok(text) => text,
            Err(_) => "",
        }
    }

    const fn push(&mut self, text: &str) {
        let mut at = 0;
        while at < text.len() {
            self.bytes[self.length] = text.as_bytes()[at];
            self.length += 1;
            at += 1;
        }
    }

    const fn object(&mut self, table: &[Field]) {
        let mut at = 0;
        while at < table.len() {
            self.push(if at == 0 { "{\"" } else { ",\"" });
            if table[at].required {
                self.push("!");
            }
            self.push(table[at].wire);
            self.push("\":");
            self.shape(&table[at].shape);
            at += 1;
        }
        self.push("}");
    }

    const fn shape(&mut self, shape: &Shape) {
        match shape {
            Shape::Text => self.push("\"\""),
            Shape::Integer => self.push("0"),
            Shape::Flag => self.push("true"),
            Shape::Texts => self.push("[\"\"]"),
            Shape::Object(table) => self.object(table),
            Shape::List(table) => {
                self.push("[");
                self.object(table);
                self.push("]");
            }
            Shape::Wrapped(item, table) => {
                self.push("[\"");
                self.push(item);
                self.push("\",");
                self.object(table);
                self.push("]");
            }
        }
    }
}

/// An [`Answer`] of a table.
macro_rules! answer {
    ($table:expr) => {{
        const TABLE: &[$crate::core::field::Field] = $table;
        const LENGTH: usize = $crate::core::sample::Sample::<{ $crate::core::sample::LONGEST }>::of(TABLE).length;
        const SAMPLE: $crate::core::sample::Sample<LENGTH> = $crate::core::sample::Sample::of(TABLE);
        $crate::core::sample::Answer {
            #[cfg(not(target_arch = "wasm32"))]
            fields: TABLE,
            sample: SAMPLE.text(),
        }
    }};
}
pub(crate) use answer;
