//! A small JSON reader (RFC 8259).
//!
//! It builds no values, knows where in the document it stopped, and holds no recursion that an input
//! could drive deeper than [`MAX_DEPTH`].

use alloc::{string::String, vec::Vec};

use crate::encode::{push_ascii, push_padded};
use crate::text::{SETS, part, push, push_char, set};
use crate::value::{Marks, Token};

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

/// Finds out where the values of one JSON document are; blanks around it are allowed, nothing else.
///
/// # Errors
/// The path and the reason, where `text` is not JSON, holds a lone surrogate, or nests too deep.
#[inline]
pub fn scan(text: &str) -> Result<Marks, JsonError> {
    // An object of the calls here has at most a token for eight bytes.
    let tokens = Vec::with_capacity(text.len() / 8 + 4);
    let mut reader = Reader { text, at: 0, tokens, decoded: String::new(), path: String::new() };
    let read = reader.document();
    let Reader { tokens, decoded, path, .. } = reader;
    match read {
        Ok(()) => Ok(Marks { tokens, decoded }),
        Err(reason) => Err(JsonError { path, reason }),
    }
}

const NOT_JSON: Reason = &"not JSON";
const CUT_OFF: Reason = &"cut off";
const CONTROL: Reason = &"a control character in a string";
const HALF: Reason = &"half of a surrogate pair, which no encoding can carry";

struct Reader<'a> {
    text: &'a str,
    at: usize,
    tokens: Vec<Token>,
    decoded: String,
    /// Where reading failed, from the inside out.
    path: String,
}

/// Why reading failed. It is one word long, so that results are returned in a register.
type Reason = &'static &'static str;
type Read = Result<(), Reason>;

impl Reader<'_> {
    fn peek(&self) -> u8 {
        self.text.as_bytes().get(self.at).copied().unwrap_or(0)
    }

    fn blanks(&mut self) {
        // What programs write has none.
        if self.peek() <= b' ' {
            self.skip();
        }
    }

    #[cold]
    #[inline(never)]
    fn skip(&mut self) {
        while matches!(self.peek(), b' ' | b'\t' | b'\n' | b'\r') {
            self.at += 1;
        }
    }

    fn take(&mut self, byte: u8) -> bool {
        let found = self.peek() == byte;
        self.at += usize::from(found);
        found
    }

    /// Notes a value that began at `start` and ends here.
    #[inline]
    fn note(&mut self, start: usize, decoded: (usize, usize)) {
        self.tokens.push(Token { start, end: self.at, next: self.tokens.len() + 1, decoded });
    }

    #[inline(never)]
    fn document(&mut self) -> Read {
        self.value(0)?;
        self.blanks();
        if self.at < self.text.len() { Err(&"text after the end") } else { Ok(()) }
    }

    fn value(&mut self, depth: usize) -> Read {
        if depth > MAX_DEPTH {
            return Err(&"nested too deep");
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
        self.note(start, (0, 0));
        Ok(())
    }

    #[cold]
    fn unexpected(&self) -> Reason {
        if self.at >= self.text.len() { CUT_OFF } else { NOT_JSON }
    }

    /// An object or a list: they differ by the keys in front of the values.
    fn container(&mut self, open: u8, depth: usize) -> Read {
        let (index, start) = (self.tokens.len(), self.at);
        self.tokens.push(Token::default());
        // In ASCII the code of each closing bracket is that of its opening one plus two.
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
        let next = self.tokens.len();
        if let Some(token) = self.tokens.get_mut(index) {
            *token = Token { start, end: self.at, next, decoded: (0, 0) };
        }
        Ok(())
    }

    /// Adds the enclosing field or item in front of the path of a failure.
    #[cold]
    fn inside(&mut self, open: u8, key: usize, count: u64) {
        let rest = core::mem::take(&mut self.path);
        match self.tokens.get(key) {
            Some(token) if open == b'{' => push(&mut self.path, token.content(self.text, &self.decoded)),
            _ => {
                push(&mut self.path, "[");
                push_padded(&mut self.path, count, 1);
                push(&mut self.path, "]");
            }
        }
        if !matches!(rest.as_bytes().first(), None | Some(b'[')) {
            push(&mut self.path, ".");
        }
        push(&mut self.path, &rest);
    }

    #[inline(never)]
    fn digits(&mut self) -> Read {
        let start = self.at;
        while self.peek().is_ascii_digit() {
            self.at += 1;
        }
        if start == self.at { Err(&"not a number") } else { Ok(()) }
    }

    fn number(&mut self) -> Read {
        self.one_of(b"-");
        if !self.one_of(b"0") {
            self.digits()?;
        }
        if self.one_of(b".") {
            self.digits()?;
        }
        if self.one_of(b"eE") {
            self.one_of(b"+-");
            self.digits()?;
        }
        Ok(())
    }

    #[cold]
    #[inline(never)]
    fn one_of(&mut self, these: &[u8]) -> bool {
        let found = these.contains(&self.peek());
        self.at += usize::from(found);
        found
    }

    #[inline(never)]
    fn string(&mut self) -> Read {
        let start = self.at;
        let end = self.plain(start + 1);
        let mut decoded = (0, 0);
        self.at = end;
        if self.peek() != b'"' {
            let from = self.decoded.len();
            self.escapes(start + 1)?;
            decoded = (from, self.decoded.len());
        }
        self.at += 1;
        self.note(start, decoded);
        Ok(())
    }

    /// Where the characters that a string holds as they are end.
    #[inline(always)]
    fn plain(&self, from: usize) -> usize {
        let bytes = self.text.as_bytes();
        // The compiler keeps a local position in a register.
        let mut at = from;
        while bytes.get(at).is_some_and(|&byte| SETS[usize::from(byte)] & set::ESCAPED == 0) {
            at += 1;
        }
        at
    }

    /// The rest of a string that holds escapes; what is in front of the first begins at `plain`.
    #[cold]
    #[inline(never)]
    fn escapes(&mut self, mut plain: usize) -> Read {
        loop {
            push(&mut self.decoded, part(self.text, plain, self.at));
            match self.text.as_bytes().get(self.at) {
                Some(b'"') => return Ok(()),
                Some(b'\\') => self.escape()?,
                Some(_) => return Err(CONTROL),
                None => return Err(CUT_OFF),
            }
            plain = self.at;
            self.at = self.plain(plain);
        }
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
    fn hex4(&mut self) -> Result<u32, Reason> {
        // The 1 in front comes to the fifth place after four digits.
        let mut code = 1;
        while code < 0x1_0000 {
            let digit = match self.peek() {
                byte @ b'0'..=b'9' => byte - b'0',
                byte @ (b'a'..=b'f' | b'A'..=b'F') => (byte | 0x20) - b'a' + 10,
                _ => return Err(self.unexpected()),
            };
            self.at += 1;
            code = code * 16 + u32::from(digit);
        }
        Ok(code - 0x1_0000)
    }

    fn unicode(&mut self) -> Read {
        let mut code = self.hex4()?;
        if (0xd800..0xe000).contains(&code) {
            if code >= 0xdc00 || !self.one_of(b"\\") || !self.one_of(b"u") {
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
