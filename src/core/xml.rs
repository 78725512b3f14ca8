//! A small XML reader for Alibaba's answers: elements, text, character references.
//!
//! It writes the same data as JSON text, so that answers are read in one way only. No attributes are
//! kept, no document type is read (so no entity can grow), and no recursion goes deeper than
//! [`crate::core::json::MAX_DEPTH`].

use alloc::string::String;

use crate::core::json::{Json, MAX_DEPTH, push_name, push_string};
use crate::core::text::{all, before, part, push_char, split, trim};

/// The document element: its name, and its children as an object (repeated elements as repeated
/// keys), or its text where it has no children.
#[must_use]
pub fn parse(text: &str) -> Option<(&str, Json)> {
    let mut reader = Reader { text, out: String::new() };
    reader.skip_between()?;
    let name = reader.element(0)?;
    reader.skip_between()?;
    reader.text.is_empty().then(|| (name, Json::new(reader.out)))
}

struct Reader<'a> {
    text: &'a str,
    out: String,
}

impl<'a> Reader<'a> {
    #[inline(never)]
    fn after(&mut self, mark: &str) -> Option<&'a str> {
        let (before, rest) = split(self.text, mark)?;
        self.text = rest;
        Some(before)
    }

    /// Whether `mark` stands here; if so, goes behind it.
    #[inline(never)]
    fn take(&mut self, mark: &str) -> bool {
        let found = part(self.text, 0, mark.len()) == mark;
        if found {
            self.text = part(self.text, mark.len(), self.text.len());
        }
        found
    }

    /// Skips blanks, the XML declaration and comments. A document type is refused.
    fn skip_between(&mut self) -> Option<()> {
        loop {
            self.text = trim(self.text);
            if self.take("<?") {
                self.after("?>")?;
            } else if self.take("<!--") {
                self.after("-->")?;
            } else {
                return Some(());
            }
        }
    }

    /// The name of the element that begins here; its value is written. No attribute is read.
    fn element(&mut self, depth: usize) -> Option<&'a str> {
        if depth > MAX_DEPTH || !self.take("<") {
            return None;
        }
        let tag = self.after(">")?;
        // An empty element has no name left to close.
        let empty = tag.as_bytes().last() == Some(&b'/');
        let name = before(part(tag, 0, tag.len() - usize::from(empty)), " ");
        if !all(name, |byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.' | b':')) {
            return None;
        }
        if depth > 0 {
            push_name(&mut self.out, name);
        }
        if empty {
            self.out.push_str("\"\"");
        } else {
            self.content(name, depth)?;
        }
        Some(name)
    }

    /// Children, or text, up to the closing tag.
    fn content(&mut self, name: &str, depth: usize) -> Option<()> {
        let start = self.out.len();
        let mut own = String::new();
        loop {
            let text = before(self.text, "<");
            self.text = part(self.text, text.len(), self.text.len());
            unescape(text, &mut own)?;
            if self.take("</") {
                if trim(self.after(">")?) != name {
                    return None;
                }
                if self.out.len() > start {
                    self.out.push_str("}");
                } else {
                    push_string(&mut self.out, &own);
                }
                return Some(());
            } else if self.take("<!--") {
                self.after("-->")?;
            } else if self.take("<![CDATA[") {
                own.push_str(self.after("]]>")?);
            } else {
                if self.out.len() == start {
                    self.out.push_str("{");
                }
                self.element(depth + 1)?;
            }
        }
    }
}

/// References, each with the character that it stands for. The ampersand's comes last, so that `&&` stands nowhere and
/// what is found is always one whole reference.
const ENTITIES: &str = "&lt;<&gt;>&quot;\"&apos;'&amp;&";

fn unescape(text: &str, out: &mut String) -> Option<()> {
    let mut rest = text;
    while let Some((before, after)) = split(rest, "&") {
        out.push_str(before);
        let (name, tail) = split(after, ";")?;
        let reference = part(rest, before.len(), rest.len() - tail.len());
        rest = tail;
        if let Some((_, character)) = split(ENTITIES, reference) {
            out.push_str(part(character, 0, 1));
            continue;
        }
        let number = name.strip_prefix("#")?;
        let (digits, base) = match number.strip_prefix("x") {
            Some(digits) => (digits, 16),
            None => (number, 10),
        };
        let mut code = 0u32;
        for digit in digits.bytes() {
            // Beyond every character; more digits would overflow.
            if code > 0x10_ffff {
                return None;
            }
            code = code * base + char::from(digit).to_digit(base)?;
        }
        push_char(out, char::from_u32(code)?);
    }
    out.push_str(rest);
    Some(())
}
