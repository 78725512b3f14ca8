//! Text encodings: percent-encoding by RFC 3986, hexadecimal, base64, decimal.

use alloc::{string::String, vec, vec::Vec};

use base64ct::{Base64, Encoding};

use crate::text::part;

const HEX_UPPER: &[u8; 16] = b"0123456789ABCDEF";
const HEX_LOWER: &[u8; 16] = b"0123456789abcdef";

/// Whether a byte stays as it is in percent-encoding: `A-Z a-z 0-9 - _ . ~` (RFC 3986, 2.3).
/// Alibaba and Huawei both use exactly this set, with upper-case digits.
const UNRESERVED: [bool; 256] = {
    let mut table = [false; 256];
    let mut byte = 0;
    while byte < 256 {
        table[byte] = matches!(byte as u8, b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~');
        byte += 1;
    }
    table
};

/// Appends `text` percent-encoded.
#[inline(never)]
pub fn push_percent(out: &mut String, text: &str) {
    out.reserve(text.len());
    let mut clean = 0;
    for (index, &byte) in text.as_bytes().iter().enumerate() {
        if !UNRESERVED[usize::from(byte)] {
            // Nothing, where an empty run lies inside a character.
            out.push_str(part(text, clean, index));
            push_escape(out, byte);
            clean = index + 1;
        }
    }
    out.push_str(part(text, clean, text.len()));
}

fn push_escape(out: &mut String, byte: u8) {
    out.push_str("%");
    push_ascii(out, HEX_UPPER[usize::from(byte >> 4)]);
    push_ascii(out, HEX_UPPER[usize::from(byte & 15)]);
}

/// Appends an ASCII character. `String::push` of any other would bring UTF-8 encoding along.
#[inline]
pub fn push_ascii(out: &mut String, byte: u8) {
    out.push(char::from(byte & 0x7f));
}

/// `text` percent-encoded.
#[must_use]
pub fn percent(text: &str) -> String {
    let mut out = String::new();
    push_percent(&mut out, text);
    out
}

/// A text and the same text percent-encoded once more, written side by side.
///
/// Alibaba's RPC string to sign holds the encoded form body encoded again. Writing both in one pass
/// into buffers that never grow saves a fifth of a signature's time.
#[derive(Debug)]
pub struct Twice {
    once: Vec<u8>,
    twice: Vec<u8>,
    lengths: (usize, usize),
}

impl Twice {
    /// Room for values of `bytes` bytes in all after a prefix of `prefix`.
    #[must_use]
    pub fn with_capacity(prefix: &str, bytes: usize) -> Self {
        let mut twice = vec![0; prefix.len() + bytes * 5];
        twice[..prefix.len()].copy_from_slice(prefix.as_bytes());
        Twice { once: vec![0; bytes * 3], twice, lengths: (0, prefix.len()) }
    }

    /// Appends `text` encoded once and twice.
    pub fn push_value(&mut self, text: &str) {
        let (mut once, mut twice) = self.lengths;
        for &byte in text.as_bytes() {
            if UNRESERVED[usize::from(byte)] {
                self.once[once] = byte;
                self.twice[twice] = byte;
                once += 1;
                twice += 1;
            } else {
                let (high, low) = (HEX_UPPER[usize::from(byte >> 4)], HEX_UPPER[usize::from(byte & 15)]);
                self.once[once..once + 3].copy_from_slice(&[b'%', high, low]);
                self.twice[twice..twice + 5].copy_from_slice(&[b'%', b'2', b'5', high, low]);
                once += 3;
                twice += 5;
            }
        }
        self.lengths = (once, twice);
    }

    /// Appends a separator (`=` or `&`): as it is in the body, `escaped` in the string to sign.
    pub fn push_separator(&mut self, separator: u8, escaped: &[u8; 3]) {
        let (once, twice) = self.lengths;
        self.once[once] = separator;
        self.twice[twice..twice + 3].copy_from_slice(escaped);
        self.lengths = (once + 1, twice + 3);
    }

    /// The text encoded once, and encoded twice behind the prefix.
    #[must_use]
    pub fn finish(mut self) -> (String, String) {
        self.once.truncate(self.lengths.0);
        self.twice.truncate(self.lengths.1);
        // Both hold ASCII and the prefix only, so this never replaces anything.
        (ascii(self.once), ascii(self.twice))
    }
}

fn ascii(bytes: Vec<u8>) -> String {
    String::from_utf8(bytes).unwrap_or_default()
}

/// Lower-case hexadecimal.
#[inline(never)]
#[must_use]
pub fn hex(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(bytes.len() * 2);
    push_hex(&mut out, bytes);
    out
}

/// Appends lower-case hexadecimal.
#[inline(never)]
pub fn push_hex(out: &mut String, bytes: &[u8]) {
    for byte in bytes {
        push_ascii(out, HEX_LOWER[usize::from(byte >> 4)]);
        push_ascii(out, HEX_LOWER[usize::from(byte & 15)]);
    }
}

/// Standard base64 with padding.
#[must_use]
pub fn base64(bytes: &[u8]) -> String {
    Base64::encode_string(bytes)
}

/// Appends a decimal number, at least `width` digits long.
#[inline(never)]
pub fn push_padded(out: &mut String, number: u64, width: usize) {
    if number > 9 || width > 1 {
        push_padded(out, number / 10, width.saturating_sub(1));
    }
    push_ascii(out, b'0' + (number % 10) as u8);
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
