//! A small JSON reader and writer for [`Value`] (RFC 8259).
//!
//! It borrows from its input, knows where in the document it stopped, and holds no recursion that an
//! input could drive deeper than [`MAX_DEPTH`].

use crate::core::text::part;
use crate::core::value::{Text, Value};

/// Deeper documents are refused: no vendor nests deeper than about ten, and the stack is finite.
pub const MAX_DEPTH: usize = 64;

/// Why a text is not JSON that we take.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JsonError {
    /// Where, as a field path (`backendServers[0].serverId`); empty at the top.
    pub path: String,
    /// What is wrong there.
    pub reason: &'static str,
}

/// Reads one JSON document; blanks around it are allowed, nothing else.
///
/// # Errors
/// The path and the reason, where `text` is not JSON, holds a lone surrogate, or nests too deep.
pub fn parse(text: &str) -> Result<Value<'_>, JsonError> {
    let mut reader = Reader { text, at: 0 };
    let value = reader.value(0)?;
    reader.blanks();
    if reader.at < text.len() {
        return Err(JsonError::new("text after the end"));
    }
    Ok(value)
}

impl JsonError {
    #[cold]
    fn new(reason: &'static str) -> Self {
        JsonError { path: String::new(), reason }
    }

    #[cold]
    fn inside(mut self, segment: &str) -> Self {
        let dot = !self.path.is_empty() && !self.path.starts_with('[');
        self.path.insert_str(0, if dot { "." } else { "" });
        self.path.insert_str(0, segment);
        self
    }
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Reader<'a> {
    fn peek(&self) -> u8 {
        self.text.as_bytes().get(self.at).copied().unwrap_or(0)
    }

    fn blanks(&mut self) {
        while matches!(self.peek(), b' ' | b'\t' | b'\n' | b'\r') {
            self.at += 1;
        }
    }

    fn take(&mut self, byte: u8) -> bool {
        let found = self.peek() == byte;
        self.at += usize::from(found);
        found
    }

    fn word(&mut self, word: &str, value: Value<'a>) -> Result<Value<'a>, JsonError> {
        if part(self.text, self.at, self.at + word.len()) == word {
            self.at += word.len();
            return Ok(value);
        }
        Err(JsonError::new("not JSON"))
    }

    fn value(&mut self, depth: usize) -> Result<Value<'a>, JsonError> {
        if depth > MAX_DEPTH {
            return Err(JsonError::new("nested too deep"));
        }
        self.blanks();
        match self.peek() {
            b'"' => Ok(Value::String(self.string()?)),
            b'{' => self.object(depth),
            b'[' => self.list(depth),
            b't' => self.word("true", Value::Bool(true)),
            b'f' => self.word("false", Value::Bool(false)),
            b'n' => self.word("null", Value::Null),
            b'-' | b'0'..=b'9' => self.number(),
            _ if self.at >= self.text.len() => Err(JsonError::new("cut off")),
            _ => Err(JsonError::new("not JSON")),
        }
    }

    fn object(&mut self, depth: usize) -> Result<Value<'a>, JsonError> {
        self.at += 1;
        let mut fields = Vec::new();
        self.blanks();
        if self.take(b'}') {
            return Ok(Value::Object(fields));
        }
        loop {
            self.blanks();
            if self.peek() != b'"' {
                return Err(JsonError::new("not JSON"));
            }
            let key = self.string()?;
            self.blanks();
            if !self.take(b':') {
                return Err(JsonError::new("not JSON"));
            }
            match self.value(depth + 1) {
                Ok(value) => fields.push((key, value)),
                Err(error) => return Err(error.inside(&key)),
            }
            self.blanks();
            if self.take(b'}') {
                return Ok(Value::Object(fields));
            }
            if !self.take(b',') {
                return Err(JsonError::new(if self.at >= self.text.len() { "cut off" } else { "not JSON" }));
            }
        }
    }

    fn list(&mut self, depth: usize) -> Result<Value<'a>, JsonError> {
        self.at += 1;
        let mut items = Vec::new();
        self.blanks();
        if self.take(b']') {
            return Ok(Value::List(items));
        }
        loop {
            match self.value(depth + 1) {
                Ok(value) => items.push(value),
                Err(error) => {
                    let mut segment = String::from("[");
                    crate::core::encode::push_decimal(&mut segment, items.len() as i64);
                    segment.push(']');
                    return Err(error.inside(&segment));
                }
            }
            self.blanks();
            if self.take(b']') {
                return Ok(Value::List(items));
            }
            if !self.take(b',') {
                return Err(JsonError::new(if self.at >= self.text.len() { "cut off" } else { "not JSON" }));
            }
        }
    }

    fn digits(&mut self) -> Result<(), JsonError> {
        let start = self.at;
        while self.peek().is_ascii_digit() {
            self.at += 1;
        }
        if start == self.at { Err(JsonError::new("not a number")) } else { Ok(()) }
    }

    fn number(&mut self) -> Result<Value<'a>, JsonError> {
        let start = self.at;
        self.take(b'-');
        if !self.take(b'0') {
            self.digits()?;
        }
        if self.take(b'.') {
            self.digits()?;
        }
        if self.take(b'e') || self.take(b'E') {
            let _sign = self.take(b'+') || self.take(b'-');
            self.digits()?;
        }
        Ok(Value::Number(part(self.text, start, self.at).into()))
    }

    fn string(&mut self) -> Result<Text<'a>, JsonError> {
        self.at += 1;
        let bytes = self.text.as_bytes();
        let start = self.at;
        loop {
            match bytes.get(self.at) {
                Some(b'"') => {
                    let plain = part(self.text, start, self.at);
                    self.at += 1;
                    return Ok(plain.into());
                }
                Some(b'\\') => return self.escaped(start).map(Text::Owned),
                Some(0..=0x1f) => return Err(JsonError::new("a control character in a string")),
                Some(_) => self.at += 1,
                None => return Err(JsonError::new("cut off")),
            }
        }
    }

    /// The slow way, from the first escape on.
    fn escaped(&mut self, start: usize) -> Result<String, JsonError> {
        let bytes = self.text.as_bytes();
        let mut out = String::from(part(self.text, start, self.at));
        loop {
            let plain = self.at;
            while !matches!(bytes.get(self.at), Some(b'"' | b'\\' | 0..=0x1f) | None) {
                self.at += 1;
            }
            out.push_str(part(self.text, plain, self.at));
            match bytes.get(self.at) {
                Some(b'"') => {
                    self.at += 1;
                    return Ok(out);
                }
                Some(b'\\') => {
                    self.at += 2;
                    out.push(match bytes.get(self.at - 1) {
                        Some(b'n') => '\n',
                        Some(b't') => '\t',
                        Some(b'r') => '\r',
                        Some(b'b') => '\u{8}',
                        Some(b'f') => '\u{c}',
                        Some(&byte @ (b'"' | b'\\' | b'/')) => char::from(byte),
                        Some(b'u') => self.unicode()?,
                        _ => return Err(JsonError::new("not JSON")),
                    });
                }
                Some(_) => return Err(JsonError::new("a control character in a string")),
                None => return Err(JsonError::new("cut off")),
            }
        }
    }

    fn hex4(&mut self) -> Result<u32, JsonError> {
        let digits = self.text.as_bytes().get(self.at..self.at + 4).ok_or_else(|| JsonError::new("cut off"))?;
        let mut code = 0;
        for &digit in digits {
            code = code * 16 + char::from(digit).to_digit(16).ok_or_else(|| JsonError::new("not JSON"))?;
        }
        self.at += 4;
        Ok(code)
    }

    fn unicode(&mut self) -> Result<char, JsonError> {
        let lone = || JsonError::new("half of a surrogate pair, which no encoding can carry");
        let high = self.hex4()?;
        if !(0xd800..0xe000).contains(&high) {
            return char::from_u32(high).ok_or_else(lone);
        }
        if high >= 0xdc00 || !self.take(b'\\') || !self.take(b'u') {
            return Err(lone());
        }
        let low = self.hex4()?;
        if !(0xdc00..0xe000).contains(&low) {
            return Err(lone());
        }
        char::from_u32(0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00)).ok_or_else(lone)
    }
}

/// Appends `text` as a JSON string.
pub fn push_string(out: &mut String, text: &str) {
    out.push('"');
    let mut clean = 0;
    for (index, &byte) in text.as_bytes().iter().enumerate() {
        if byte >= 0x20 && byte != b'"' && byte != b'\\' {
            continue;
        }
        out.push_str(part(text, clean, index));
        clean = index + 1;
        match byte {
            b'"' => out.push_str("\\\""),
            b'\\' => out.push_str("\\\\"),
            b'\n' => out.push_str("\\n"),
            b'\t' => out.push_str("\\t"),
            b'\r' => out.push_str("\\r"),
            _ => {
                out.push_str("\\u00");
                out.push_str(&crate::core::encode::hex(&[byte]));
            }
        }
    }
    out.push_str(part(text, clean, text.len()));
    out.push('"');
}

/// Appends `value` as JSON without blanks.
pub fn push(out: &mut String, value: &Value<'_>) {
    match value {
        Value::Null => out.push_str("null"),
        Value::Bool(true) => out.push_str("true"),
        Value::Bool(false) => out.push_str("false"),
        Value::Number(text) => out.push_str(text),
        Value::String(text) => push_string(out, text),
        Value::List(items) => {
            out.push('[');
            for (index, item) in items.iter().enumerate() {
                if index > 0 {
                    out.push(',');
                }
                push(out, item);
            }
            out.push(']');
        }
        Value::Object(fields) => {
            out.push('{');
            for (index, (key, value)) in fields.iter().enumerate() {
                if index > 0 {
                    out.push(',');
                }
                push_string(out, key);
                out.push(':');
                push(out, value);
            }
            out.push('}');
        }
    }
}

/// `value` as JSON without blanks.
#[must_use]
pub fn write(value: &Value<'_>) -> String {
    let mut out = String::new();
    push(&mut out, value);
    out
}
