//! The encodings that a signature's time goes into.

use alloc::{string::String, vec, vec::Vec};

use crate::text::{SETS, length, set};

const HEX_UPPER: &[u8; 16] = b"0123456789ABCDEF";

/// Appends `text` percent-encoded, with upper-case digits.
#[inline(never)]
pub fn push_percent(out: &mut String, text: &str) {
    for &byte in text.as_bytes() {
        if SETS[usize::from(byte)] & set::UNRESERVED != 0 {
            // Written out here and not called as a function, since nearly all characters take this way.
            out.push(char::from(byte & 0x7f));
        } else {
            for byte in [b'%', HEX_UPPER[usize::from(byte >> 4)], HEX_UPPER[usize::from(byte & 15)]] {
                push_ascii(out, byte);
            }
        }
    }
}

/// Appends an ASCII character. `String::push` of any other would bring UTF-8 encoding along.
#[inline(never)]
pub fn push_ascii(out: &mut String, byte: u8) {
    out.push(char::from(byte & 0x7f));
}

/// A form body of `pairs`, percent-encoded, and the same text percent-encoded once more behind a
/// prefix of two parts, as bytes.
///
/// Alibaba's RPC string to sign holds the form body encoded again. Writing both in one pass into
/// buffers that never grow saves a fifth of a signature's time.
#[inline(never)]
#[must_use]
pub fn form_twice(prefix: &[&str; 2], pairs: &[(&str, &str)]) -> (String, Vec<u8>) {
    let mut bytes = 0;
    for (name, value) in pairs {
        bytes += name.len() + value.len() + 2;
    }
    let (mut body, mut again) = (vec![0; bytes * 3], vec![0; length(prefix) + bytes * 5]);
    // The compiler keeps a slice in registers, but reads a vector anew for each byte.
    let (once, twice) = (body.as_mut_slice(), again.as_mut_slice());
    let (mut at_once, mut at_twice) = (0, put(twice, 0, prefix));
    for &(name, value) in pairs {
        for (text, separator, escaped) in [(name, b'=', b"%3D"), (value, b'&', b"%26")] {
            for &byte in text.as_bytes() {
                if SETS[usize::from(byte)] & set::UNRESERVED != 0 {
                    once[at_once] = byte;
                    twice[at_twice] = byte;
                    at_once += 1;
                    at_twice += 1;
                } else {
                    let (high, low) = (HEX_UPPER[usize::from(byte >> 4)], HEX_UPPER[usize::from(byte & 15)]);
                    once[at_once..at_once + 3].copy_from_slice(&[b'%', high, low]);
                    twice[at_twice..at_twice + 5].copy_from_slice(&[b'%', b'2', b'5', high, low]);
                    at_once += 3;
                    at_twice += 5;
                }
            }
            once[at_once] = separator;
            twice[at_twice..at_twice + 3].copy_from_slice(escaped);
            at_once += 1;
            at_twice += 3;
        }
    }
    // The separator behind the last pair is cut off.
    body.truncate(at_once.saturating_sub(1));
    again.truncate(if pairs.is_empty() { at_twice } else { at_twice - 3 });
    (ascii(body), again)
}

/// Text of bytes that are some.
fn ascii(bytes: Vec<u8>) -> String {
    String::from_utf8(bytes).unwrap_or_default()
}

/// Appends a decimal number, at least `width` digits long.
#[inline(never)]
pub fn push_padded(out: &mut String, number: u64, width: usize) {
    if number > 9 || width > 1 {
        push_padded(out, number / 10, width.saturating_sub(1));
    }
    push_ascii(out, b'0' + (number % 10) as u8);
}

/// `form`, which is ASCII, with the digits of `numbers` in it: each `0` becomes a digit of the first
/// number, each `1` one of the second, and so on.
#[inline(never)]
#[must_use]
pub fn filled(form: &str, mut numbers: [u32; 6]) -> String {
    let mut bytes = form.as_bytes().to_vec();
    for byte in bytes.iter_mut().rev() {
        if let Some(number) = numbers.get_mut(usize::from(byte.wrapping_sub(b'0'))) {
            *byte = b'0' + (*number % 10) as u8;
            *number /= 10;
        }
    }
    ascii(bytes)
}

/// Standard base64 with padding (RFC 4648, 4).
#[inline(never)]
#[must_use]
pub fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = vec![b'='; bytes.len().div_ceil(3) * 4];
    for (three, four) in bytes.chunks(3).zip(out.chunks_mut(4)) {
        let mut word = 0u32;
        for index in 0..3 {
            word = word << 8 | three.get(index).copied().map_or(0, u32::from);
        }
        for digit in four.iter_mut().take(three.len() + 1) {
            *digit = DIGITS[(word >> 18) as usize & 63];
            word <<= 6;
        }
    }
    ascii(out)
}

/// Writes rows of texts as a JSON list of objects: each text under the name of its column, except where
/// it is empty. Without names it is a list of the texts.
#[inline(never)]
#[must_use]
pub fn rows(names: &[&str], texts: &[&str]) -> String {
    let width = names.len().max(1);
    let (open, colon, close) = if names.is_empty() { ("\"", "", "\"") } else { ("{\"", "\":\"", "\"}") };
    // Room enough even if every byte is escaped, and for the quotes and signs around names and texts.
    let room = length(texts) * 6 + (length(names) + width * 8) * (texts.len() / width) + 2;
    let mut buffer = vec![0; room];
    let (out, mut at) = (buffer.as_mut_slice(), 0);
    let mut mark = "[";
    for row in texts.chunks(width) {
        at = put(out, at, &[mark]);
        mark = open;
        for (index, text) in row.iter().enumerate() {
            if text.is_empty() {
                continue;
            }
            at = put(out, at, &[mark, names.get(index).unwrap_or(&""), colon]);
            mark = "\",\"";
            for &byte in text.as_bytes() {
                if SETS[usize::from(byte)] & set::ESCAPED != 0 {
                    at = put(out, at, &[&escaped(byte)]);
                } else {
                    out[at] = byte;
                    at += 1;
                }
            }
        }
        at = put(out, at, &[close]);
        mark = ",";
    }
    at = put(out, at, &["]"]);
    buffer.truncate(at);
    ascii(buffer)
}

/// Writes `texts` to `out` from `at` on; returns where they end.
#[inline(never)]
fn put(out: &mut [u8], mut at: usize, texts: &[&str]) -> usize {
    for text in texts {
        for &byte in text.as_bytes() {
            out[at] = byte;
            at += 1;
        }
    }
    at
}

/// What a JSON string holds in the place of a byte that cannot stand in it.
#[cold]
#[inline(never)]
#[must_use]
pub fn escaped(byte: u8) -> String {
    let mut out = String::new();
    let letter = match byte {
        b'\n' => b'n',
        b'\t' => b't',
        b'\r' => b'r',
        0..0x20 => b'u',
        other => other,
    };
    push_ascii(&mut out, b'\\');
    push_ascii(&mut out, letter);
    if letter == b'u' {
        push_hex(&mut out, &[0, byte]);
    }
    out
}

/// Appends lower-case hexadecimal.
#[inline(never)]
pub fn push_hex(out: &mut String, bytes: &[u8]) {
    for byte in bytes {
        for digit in [byte >> 4, byte & 15] {
            push_ascii(out, digit + if digit < 10 { b'0' } else { b'a' - 10 });
        }
    }
}
