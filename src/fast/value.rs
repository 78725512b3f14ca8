//! One generic value for operations, options, answers and reports: a view of JSON text.
//!
//! All that is built from a text is a list of where its values begin and end, so that there is
//! little code and no memory to manage. Numbers stay text: formatting or parsing one `f64` in Rust
//! costs 20 KiB of WebAssembly, and no vendor's API needs fractions.

use alloc::{string::String, vec::Vec};

use alloc::borrow::Cow;

use crate::text::{part, same};

/// A JSON text that was read: where its values are, and the decoded text of strings that were written with escapes.
#[derive(Clone, Default)]
pub struct Document<'a> {
    text: Cow<'a, str>,
    marks: Marks,
}

/// What a reader finds out about a text.
#[derive(Clone, Default)]
pub struct Marks {
    pub(crate) tokens: Vec<Token>,
    /// The strings that were written with escapes, decoded, one after the other.
    pub(crate) decoded: String,
}

/// Where one value is. Children follow their parent; a field is its key and its value.
#[derive(Clone, Copy, Default)]
pub(crate) struct Token {
    pub(crate) start: usize,
    pub(crate) end: usize,
    /// The token after this one and all inside it.
    pub(crate) next: usize,
    /// Where in `decoded` the string is; empty for one without escapes.
    pub(crate) decoded: (usize, usize),
}

impl Token {
    const NONE: Token = Token { start: 0, end: 0, next: 0, decoded: (0, 0) };

    /// The string that this is, without quotes and escapes.
    #[inline]
    pub(crate) fn content<'d>(&self, text: &'d str, decoded: &'d str) -> &'d str {
        match self.decoded {
            (from, to) if from < to => part(decoded, from, to),
            _ => text.get(self.start + 1..self.end - 1).unwrap_or_default(),
        }
    }
}

/// Shows nothing, either.
impl core::fmt::Debug for Marks {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("Marks")
    }
}

/// Shows nothing: options hold secrets.
impl core::fmt::Debug for Document<'_> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(self.value().type_name())
    }
}

impl Document<'_> {
    /// A text and what was found out about it.
    #[inline]
    #[must_use]
    pub fn new(text: Cow<'_, str>, marks: Marks) -> Document<'_> {
        Document { text, marks }
    }

    /// The value that the text is; `null` where there is none.
    #[must_use]
    pub fn value(&self) -> Value<'_> {
        Value { document: self, at: 0 }
    }

    fn content(&self, token: &Token) -> &str {
        token.content(&self.text, &self.marks.decoded)
    }
}

/// The type of a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Type {
    /// `null`.
    Null,
    /// `true` or `false`.
    Bool,
    /// A number.
    Number,
    /// A string.
    String,
    /// A list.
    List,
    /// An object. Its keys keep their order and may repeat (XML elements do); the last one counts.
    Object,
}

/// A view of one value of a [`Document`]: two words, which travel in registers.
#[derive(Clone, Copy)]
pub struct Value<'d> {
    document: &'d Document<'d>,
    at: usize,
}

/// Shows the shape, never the content: options hold secrets.
impl core::fmt::Debug for Value<'_> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(self.type_name())
    }
}

impl<'d> Value<'d> {
    fn token(self) -> &'d Token {
        self.document.marks.tokens.get(self.at).unwrap_or(&Token::NONE)
    }

    /// The JSON text of this value.
    #[inline(never)]
    #[must_use]
    pub fn raw(self) -> &'d str {
        let token = self.token();
        part(&self.document.text, token.start, token.end)
    }

    /// The type.
    #[inline]
    #[must_use]
    pub fn kind(self) -> Type {
        match self.document.text.as_bytes().get(self.token().start) {
            Some(b'"') => Type::String,
            Some(b'{') => Type::Object,
            Some(b'[') => Type::List,
            Some(b't' | b'f') => Type::Bool,
            Some(b'-' | b'0'..=b'9') => Type::Number,
            _ => Type::Null,
        }
    }

    /// The type, and the text of a string, a number or a boolean; empty for anything else.
    #[inline(never)]
    #[must_use]
    pub fn read(self) -> (Type, &'d str) {
        let kind = self.kind();
        let text = match kind {
            Type::String => self.document.content(self.token()),
            Type::Number | Type::Bool => self.raw(),
            _ => "",
        };
        (kind, text)
    }

    /// The text of a string.
    #[inline(never)]
    #[must_use]
    pub fn as_str(self) -> Option<&'d str> {
        match self.read() {
            (Type::String, text) => Some(text),
            _ => None,
        }
    }

    /// The text of a string, a number or a boolean.
    #[must_use]
    pub fn as_text(self) -> Option<&'d str> {
        match self.read() {
            (Type::String | Type::Number | Type::Bool, text) => Some(text),
            _ => None,
        }
    }

    /// The last value under `key`, if this is an object that has one.
    #[inline(never)]
    #[must_use]
    pub fn get(self, key: &str) -> Option<Value<'d>> {
        // Called most of all: it finds every argument and every field of every backend server.
        let tokens = &self.document.marks.tokens;
        let Items { next, end } = self.inside(Type::Object);
        let (mut at, mut found) = (next.at, None);
        while at < end {
            let (Some(name), Some(value)) = (tokens.get(at), tokens.get(at + 1)) else { break };
            let fits = name.end - name.start == key.len() + 2 || name.decoded.1 > 0;
            if fits && same(self.document.content(name), key) {
                found = Some(Value { at: at + 1, ..self });
            }
            at = value.next;
        }
        found
    }

    /// The last values under `names`, each at the index of its name, in one pass.
    ///
    /// # Errors
    /// A key that is none of them.
    #[inline(never)]
    pub fn pick(self, names: &[&str], found: &mut [Option<Value<'d>>]) -> Result<(), &'d str> {
        let tokens = &self.document.marks.tokens;
        let Items { next, end } = self.inside(Type::Object);
        let mut at = next.at;
        while at < end {
            let (Some(key), Some(value)) = (tokens.get(at), tokens.get(at + 1)) else { break };
            let key = self.document.content(key);
            match names.iter().position(|name| same(name, key)).and_then(|index| found.get_mut(index)) {
                Some(found) => *found = Some(Value { at: at + 1, ..self }),
                None => return Err(key),
            }
            at = value.next;
        }
        Ok(())
    }

    /// The last string under `key`; empty where there is none.
    #[inline(never)]
    #[must_use]
    pub fn text(self, key: &str) -> &'d str {
        self.get(key).and_then(Value::as_str).unwrap_or_default()
    }

    /// Whether the last string under `key` is `text`.
    #[inline(never)]
    #[must_use]
    pub fn says(self, key: &str, text: &str) -> bool {
        self.text(key) == text
    }

    /// The keys and values of an object; nothing for anything else.
    #[must_use]
    pub fn fields(self) -> Fields<'d> {
        Fields(self.inside(Type::Object))
    }

    /// The items of a list; nothing for anything else.
    #[must_use]
    pub fn items(self) -> Items<'d> {
        self.inside(Type::List)
    }

    #[inline(never)]
    fn inside(self, kind: Type) -> Items<'d> {
        let end = if self.kind() == kind { self.token().next } else { 0 };
        Items { next: Value { at: self.at + 1, ..self }, end }
    }

    /// An integer: a JSON integer or decimal text, within `i64`.
    ///
    /// Vendors quote numbers (`"Weight":"100"`) and their answers do both, so both are read.
    #[must_use]
    pub fn as_integer(self) -> Option<i64> {
        integer(self.as_text()?)
    }

    /// Whether this is `true`.
    #[must_use]
    pub fn is_true(self) -> bool {
        self.raw() == "true"
    }

    /// Whether this is an object.
    #[must_use]
    pub fn is_object(self) -> bool {
        self.kind() == Type::Object
    }

    /// Whether this is `null`.
    #[must_use]
    pub fn is_null(self) -> bool {
        self.kind() == Type::Null
    }

    /// What this is called in an error message.
    #[must_use]
    pub fn type_name(self) -> &'static str {
        match self.kind() {
            Type::Null => "null",
            Type::Bool => "a boolean",
            Type::Number => "a number",
            Type::String => "a string",
            Type::List => "a list",
            Type::Object => "an object",
        }
    }
}

/// The items of a list.
#[derive(Clone, Copy, Debug)]
pub struct Items<'d> {
    next: Value<'d>,
    end: usize,
}

impl<'d> Iterator for Items<'d> {
    type Item = Value<'d>;

    #[inline(never)]
    fn next(&mut self) -> Option<Value<'d>> {
        let item = self.next;
        if item.at >= self.end {
            return None;
        }
        self.next.at = item.document.marks.tokens.get(item.at)?.next;
        Some(item)
    }
}

/// The fields of an object.
#[derive(Clone, Copy, Debug)]
pub struct Fields<'d>(Items<'d>);

impl<'d> Iterator for Fields<'d> {
    type Item = (&'d str, Value<'d>);

    fn next(&mut self) -> Option<(&'d str, Value<'d>)> {
        let key = self.0.next()?;
        let name = key.document.content(key.document.marks.tokens.get(key.at)?);
        Some((name, self.0.next()?))
    }
}

/// Reads plain decimal text (`-?[0-9]{1,18}`); no sign `+`, no blanks, no exponent.
#[inline(never)]
#[must_use]
pub fn integer(text: &str) -> Option<i64> {
    let (negative, digits) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text),
    };
    if digits.is_empty() || digits.len() > 18 {
        return None;
    }
    let mut number = 0i64;
    for byte in digits.bytes() {
        if !byte.is_ascii_digit() {
            return None;
        }
        number = number * 10 + i64::from(byte - b'0');
    }
    Some(if negative { -number } else { number })
}
