//! A small XML reader for Alibaba's answers: elements, text, character references.
//!
//! No attributes are kept, no document type is read (so no entity can grow), and no recursion goes
//! deeper than [`crate::core::json::MAX_DEPTH`].

use crate::core::json::MAX_DEPTH;
use crate::core::text::{before, find, part, split};
use crate::core::value::Value;

/// The document element: its name, and its children as an object (repeated elements as repeated
/// keys), or its text where it has no children.
#[must_use]
pub fn parse(text: &str) -> Option<(&str, Value<'_>)> {
    let mut reader = Reader { text: text.strip_prefix('\u{feff}').unwrap_or(text) };
    reader.skip_between()?;
    let element = reader.element(0)?;
    reader.skip_between()?;
    reader.text.is_empty().then_some(element)
}

struct Reader<'a> {
    text: &'a str,
}

impl<'a> Reader<'a> {
    fn after(&mut self, mark: &str) -> Option<&'a str> {
        let (before, rest) = split(self.text, mark)?;
        self.text = rest;
        Some(before)
    }

    /// Skips blanks, the XML declaration and comments. A document type is refused.
    fn skip_between(&mut self) -> Option<()> {
        loop {
            self.text = self.text.trim_ascii_start();
            if self.text.starts_with("<?") {
                self.after("?>")?;
            } else if self.text.starts_with("<!--") {
                self.after("-->")?;
            } else {
                return Some(());
            }
        }
    }

    fn element(&mut self, depth: usize) -> Option<(&'a str, Value<'a>)> {
        if depth > MAX_DEPTH {
            return None;
        }
        self.text = self.text.strip_prefix('<')?;
        let tag = self.after(">")?;
        let (tag, empty) = match tag.strip_suffix('/') {
            Some(tag) => (tag, true),
            None => (tag, false),
        };
        let name = before(tag, " ");
        if !name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-.:".contains(&byte)) {
            return None;
        }
        if empty {
            return Some((name, Value::text("")));
        }
        let mut children = Vec::new();
        let mut own = String::new();
        loop {
            let at = find(self.text, "<")?;
            let (text, rest) = (part(self.text, 0, at), part(self.text, at, self.text.len()));
            unescape(text, &mut own)?;
            self.text = rest;
            if let Some(rest) = rest.strip_prefix("</") {
                self.text = rest;
                let close = self.after(">")?;
                if close.trim_ascii_end() != name {
                    return None;
                }
                let value = if children.is_empty() { Value::text(own) } else { Value::Object(children) };
                return Some((name, value));
            } else if rest.starts_with("<!--") {
                self.after("-->")?;
            } else if let Some(rest) = rest.strip_prefix("<![CDATA[") {
                self.text = rest;
                own.push_str(self.after("]]>")?);
            } else {
                let (child, value) = self.element(depth + 1)?;
                children.push((child.into(), value));
            }
        }
    }
}

fn unescape(text: &str, out: &mut String) -> Option<()> {
    let mut rest = text;
    while let Some((before, after)) = split(rest, "&") {
        out.push_str(before);
        let (name, tail) = split(after, ";")?;
        out.push(match name {
            "lt" => '<',
            "gt" => '>',
            "amp" => '&',
            "quot" => '"',
            "apos" => '\'',
            _ => {
                let number = name.strip_prefix('#')?;
                let (digits, base) = match number.strip_prefix('x') {
                    Some(digits) => (digits, 16),
                    None => (number, 10),
                };
                let mut code = 0u32;
                for digit in digits.chars() {
                    code = code.checked_mul(base)?.checked_add(digit.to_digit(base)?)?;
                }
                char::from_u32(code)?
            }
        });
        rest = tail;
    }
    out.push_str(rest);
    Some(())
}
