//! One generic value for operations, options, answers and reports.
//!
//! Numbers stay text: formatting or parsing one `f64` in Rust costs 20 KiB of WebAssembly, and no
//! vendor's API needs fractions. Strings are borrowed from the text they were read from wherever
//! they hold no escape.

use std::borrow::Cow;

/// Text that is borrowed where it can be.
pub type Text<'a> = Cow<'a, str>;

/// A JSON-like value.
#[derive(Clone, PartialEq, Eq)]
pub enum Value<'a> {
    /// `null`.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A number, as the text it was written in.
    Number(Text<'a>),
    /// A string.
    String(Text<'a>),
    /// A list.
    List(Vec<Value<'a>>),
    /// An object. Keys keep their order and may repeat (XML elements do); the last one counts.
    Object(Vec<(Text<'a>, Value<'a>)>),
}

/// Shows the shape, never the content: options hold secrets.
impl std::fmt::Debug for Value<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.type_name())
    }
}

impl<'a> Value<'a> {
    /// A string value.
    #[must_use]
    pub fn text(text: impl Into<Text<'a>>) -> Self {
        Value::String(text.into())
    }

    /// An integer value.
    #[must_use]
    pub fn integer(number: i64) -> Self {
        Value::Number(crate::core::encode::decimal(number).into())
    }

    /// The text of a string.
    #[must_use]
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Value::String(text) => Some(text),
            _ => None,
        }
    }

    /// The last value under `key`, if this is an object that has one.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Value<'a>> {
        match self {
            Value::Object(fields) => fields.iter().rev().find(|(k, _)| k == key).map(|(_, v)| v),
            _ => None,
        }
    }

    /// The items of a list.
    #[must_use]
    pub fn as_list(&self) -> Option<&[Value<'a>]> {
        match self {
            Value::List(items) => Some(items),
            _ => None,
        }
    }

    /// An integer: a JSON integer or decimal text, within `i64`.
    ///
    /// Vendors quote numbers (`"Weight":"100"`) and their answers do both, so both are read.
    #[must_use]
    pub fn as_integer(&self) -> Option<i64> {
        match self {
            Value::Number(text) | Value::String(text) => integer(text),
            _ => None,
        }
    }

    /// What this is called in an error message.
    #[must_use]
    pub fn type_name(&self) -> &'static str {
        match self {
            Value::Null => "null",
            Value::Bool(_) => "a boolean",
            Value::Number(_) => "a number",
            Value::String(_) => "a string",
            Value::List(_) => "a list",
            Value::Object(_) => "an object",
        }
    }

    /// The same value without a borrow.
    #[must_use]
    pub fn into_owned(self) -> Value<'static> {
        match self {
            Value::Null => Value::Null,
            Value::Bool(flag) => Value::Bool(flag),
            Value::Number(text) => Value::Number(text.into_owned().into()),
            Value::String(text) => Value::String(text.into_owned().into()),
            Value::List(items) => Value::List(items.into_iter().map(Value::into_owned).collect()),
            Value::Object(fields) => {
                Value::Object(fields.into_iter().map(|(k, v)| (k.into_owned().into(), v.into_owned())).collect())
            }
        }
    }
}

/// Reads plain decimal text (`-?[0-9]{1,18}`); no sign `+`, no blanks, no exponent.
fn integer(text: &str) -> Option<i64> {
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
