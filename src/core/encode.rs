//! Text encodings: percent-encoding by RFC 3986, hexadecimal, base64, decimal.

use alloc::string::String;

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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_as_in_its_rfc() {
        for (text, encoded) in [
            ("", ""),
            ("f", "Zg=="),
            ("fo", "Zm8="),
            ("foo", "Zm9v"),
            ("foob", "Zm9vYg=="),
            ("fooba", "Zm9vYmE="),
            ("foobar", "Zm9vYmFy"),
        ] {
            assert_eq!(base64(text.as_bytes()), encoded);
        }
        assert_eq!(base64(&[0xff, 0xef, 0xbe, 0xfb, 0, 0x10]), "/++++wAQ");
    }
}
