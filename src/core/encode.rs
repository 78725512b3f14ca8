//! Text encodings: percent-encoding by RFC 3986, hexadecimal, base64, decimal.

use alloc::string::String;

use base64ct::{Base64, Encoding};

pub use unpool_fast::encode::*;

/// `text` percent-encoded.
#[must_use]
pub fn percent(text: &str) -> String {
    let mut out = String::new();
    push_percent(&mut out, text);
    out
}

/// Lower-case hexadecimal.
#[inline(never)]
#[must_use]
pub fn hex(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(bytes.len() * 2);
    push_hex(&mut out, bytes);
    out
}

/// Standard base64 with padding.
#[must_use]
pub fn base64(bytes: &[u8]) -> String {
    Base64::encode_string(bytes)
}

/// Appends a decimal number.
#[inline(never)]
pub fn push_decimal(out: &mut String, number: i64) {
    if number < 0 {
        out.push_str("-");
    }
    push_padded(out, number.unsigned_abs(), 1);
}

/// A decimal number.
#[must_use]
pub fn decimal(number: i64) -> String {
    let mut out = String::new();
    push_decimal(&mut out, number);
    out
}
