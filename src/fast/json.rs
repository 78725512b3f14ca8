//! A small JSON reader and writer (RFC 8259).
//!
//! The reader builds no values, knows where in the document it stopped, and holds no recursion that
//! an input could drive deeper than [`MAX_DEPTH`]. The writer appends to text.

use alloc::{borrow::Cow, string::String, vec::Vec};

use crate::encode::{push_ascii, push_decimal, push_hex};
use crate::text::{part, push_char};
use crate::value::{Document, Token, Type, Value};

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
#[inline(never)]
pub fn parse(text: &str) -> Result<Document<'_>, JsonError> {
    let mut reader = Reader { text, at: 0, tokens: Vec::new(), decoded: String::new(), path: String::new() };
    // An object of the calls here has about two tokens for twenty bytes.
    reader.tokens.reserve(text.len() / 10 + 4);
    let mut read = reader.value(0);
    reader.blanks();
    if read.is_ok() && reader.at < text.len() {
        read = Err("text after the end");
    }
    let Reader { tokens, decoded, path, .. } = reader;
    match read {
        Ok(()) => Ok(Document { text: Cow::Borrowed(text), tokens, decoded }),
        Err(reason) => Err(JsonError { path, reason }),
    }
}

const NOT_JSON: &str = "not JSON";
const CUT_OFF: &str = "cut off";
const CONTROL: &str = "a control character in a string";
const HALF: &str = "half of a surrogate pair, which no encoding can carry";

struct Reader<'a> {
    text: &'a str,
    at: usize,
    tokens: Vec<Token>,
    decoded: String,
    /// Where reading failed, from the inside out.
    path: String,
}

type Read = Result<(), &'static str>;

impl Reader<'_> {
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

    /// Notes a value that began at `start` and ends here, as the token `index`.
    fn end(&mut self, index: usize, start: usize, decoded: (usize, usize)) {
        let next = self.tokens.len().max(index + 1);
        let token = Token { start, end: self.at, next, decoded };
        match self.tokens.get_mut(index) {
            Some(place) => *place = token,
            None => self.tokens.push(token),
        }
    }

    fn value(&mut self, depth: usize) -> Read {
        if depth > MAX_DEPTH {
            return Err("nested too deep");
        }
        self.blanks();
        match self.peek() {
            b'"' => self.string(),
            open @ (b'{' | b'[') => self.container(open, depth),
            first => self.scalar(first),
        }
    }

    #[inline(never)]
    fn scalar(&mut self, first: u8) -> Read {
        let start = self.at;
        let word = match first {
            b't' => "true",
            b'f' => "false",
            b'n' => "null",
            b'-' | b'0'..=b'9' => "",
            _ => return Err(self.unexpected()),
        };
        self.at += word.len();
        if word.is_empty() {
            self.number()?;
        } else if part(self.text, start, self.at) != word {
            return Err(NOT_JSON);
        }
        self.end(self.tokens.len(), start, (0, 0));
        Ok(())
    }

    #[cold]
    fn unexpected(&self) -> &'static str {
        if self.at >= self.text.len() { CUT_OFF } else { NOT_JSON }
    }

    /// An object or a list: they differ by the keys in front of the values.
    fn container(&mut self, open: u8, depth: usize) -> Read {
        let (index, start) = (self.tokens.len(), self.at);
        self.tokens.push(Token::default());
        // In ASCII both closing brackets are two behind the opening ones.
        let close = open + 2;
        self.at += 1;
        self.blanks();
        let mut more = !self.take(close);
        let mut count = 0;
        while more {
            let key = self.tokens.len();
            if open == b'{' {
                self.blanks();
                if self.peek() != b'"' {
                    return Err(NOT_JSON);
                }
                self.string()?;
                self.blanks();
                if !self.take(b':') {
                    return Err(NOT_JSON);
                }
            }
            if let Err(reason) = self.value(depth + 1) {
                self.inside(open, key, count);
                return Err(reason);
            }
            self.blanks();
            more = self.take(b',');
            if !more && !self.take(close) {
                return Err(self.unexpected());
            }
            count += 1;
        }
        self.end(index, start, (0, 0));
        Ok(())
    }

    /// Puts where a failure is in front of the path inside it.
    #[cold]
    fn inside(&mut self, open: u8, key: usize, count: usize) {
        let mut path = String::new();
        match self.tokens.get(key) {
            Some(token) if open == b'{' => path.push_str(token.content(self.text, &self.decoded)),
            _ => {
                path.push_str("[");
                push_decimal(&mut path, count as i64);
                path.push_str("]");
            }
        }
        if !matches!(self.path.as_bytes().first(), None | Some(b'[')) {
            path.push_str(".");
        }
        path.push_str(&self.path);
        self.path = path;
    }

    #[inline(never)]
    fn digits(&mut self) -> Read {
        let start = self.at;
        while self.peek().is_ascii_digit() {
            self.at += 1;
        }
        if start == self.at { Err("not a number") } else { Ok(()) }
    }

    fn number(&mut self) -> Read {
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
        Ok(())
    }

    #[inline(never)]
    fn string(&mut self) -> Read {
        let start = self.at;
        let from = self.decoded.len();
        let bytes = self.text.as_bytes();
        self.at += 1;
        let mut plain = self.at;
        loop {
            // A local position stays in a register.
            let mut at = self.at;
            while !matches!(bytes.get(at), Some(b'"' | b'\\' | 0..=0x1f) | None) {
                at += 1;
            }
            self.at = at;
            match bytes.get(at) {
                Some(b'"') => break,
                Some(b'\\') => {
                    self.decoded.push_str(part(self.text, plain, at));
                    self.escape()?;
                    plain = self.at;
                }
                Some(_) => return Err(CONTROL),
                None => return Err(CUT_OFF),
            }
        }
        if plain > start + 1 {
            self.decoded.push_str(part(self.text, plain, self.at));
        }
        self.at += 1;
        self.end(self.tokens.len(), start, (from, self.decoded.len()));
        Ok(())
    }

    #[cold]
    #[inline(never)]
    fn escape(&mut self) -> Read {
        self.at += 2;
        let byte = match self.text.as_bytes().get(self.at - 1) {
            Some(b'n') => b'\n',
            Some(b't') => b'\t',
            Some(b'r') => b'\r',
            Some(b'b') => 8,
            Some(b'f') => 12,
            Some(&byte @ (b'"' | b'\\' | b'/')) => byte,
            Some(b'u') => return self.unicode(),
            _ => return Err(NOT_JSON),
        };
        push_ascii(&mut self.decoded, byte);
        Ok(())
    }

    #[inline(never)]
    fn hex4(&mut self) -> Result<u32, &'static str> {
        let mut code = 0;
        for _ in 0..4 {
            let digit = match self.peek() {
                byte @ b'0'..=b'9' => byte - b'0',
                byte @ (b'a'..=b'f' | b'A'..=b'F') => (byte | 0x20) - b'a' + 10,
                _ => return Err(self.unexpected()),
            };
            self.at += 1;
            code = code * 16 + u32::from(digit);
        }
        Ok(code)
    }

    fn unicode(&mut self) -> Read {
        let mut code = self.hex4()?;
        if (0xd800..0xe000).contains(&code) {
            if code >= 0xdc00 || !self.take(b'\\') || !self.take(b'u') {
                return Err(HALF);
            }
            let low = self.hex4()?;
            if !(0xdc00..0xe000).contains(&low) {
                return Err(HALF);
            }
            code = 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00);
        }
        push_char(&mut self.decoded, char::from_u32(code).ok_or(HALF)?);
        Ok(())
    }
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
        let Document { tokens, decoded, .. } = parse(&self.0).unwrap_or_default();
        Document { text: Cow::Owned(self.0), tokens, decoded }
    }
}

/// Appends `text` as a JSON string.
#[inline(never)]
pub fn push_string(out: &mut String, text: &str) {
    out.push_str("\"");
    let mut clean = 0;
    for (index, &byte) in text.as_bytes().iter().enumerate() {
        if byte >= 0x20 && byte != b'"' && byte != b'\\' {
            continue;
        }
        out.push_str(part(text, clean, index));
        clean = index + 1;
        out.push_str("\\");
        let letter = match byte {
            b'\n' => b'n',
            b'\t' => b't',
            b'\r' => b'r',
            0..0x20 => {
                out.push_str("u00");
                push_hex(out, &[byte]);
                continue;
            }
            other => other,
        };
        push_ascii(out, letter);
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
