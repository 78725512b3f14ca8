//! UCloud's signature: SHA-1 over parameters and the private key.
//!
//! 1. Every parameter except `Signature`, in ascending byte order of the keys: key, then value, with
//!    nothing between them; then the private key. Not an HMAC, and the string holds the key, so it
//!    is never returned.
//! 2. Flattened (form, and the JSON that this crate sends): `BackendId.0`, `BackendId.1`; values are
//!    text, `true`/`false`, or decimal numbers.
//! 3. Nested (JSON bodies that stay nested): a list signs as its items in order without indices, an
//!    object as its sorted keys and values, `null` as nothing.
//! 4. Numbers have neither exponent nor a zero fraction: `42.0` is `42`, `1e-7` is `0.0000001`.
//!
//! Nothing else is signed: no time, no nonce, no host. A signed request is a permanent capability.
//! Source: <https://docs.ucloud.cn/api/summary/signature> and its worked example.

use alloc::{string::String, vec::Vec};

use zeroize::Zeroizing;

use crate::core::encode::push_ascii;
use crate::core::hash::sha1_hex;
use crate::core::secret::Secret;
use crate::core::text::{cut, join, sort};
use crate::core::value::{Type, Value, integer};

/// What is signed of flat parameters, the private key at its end. Sorts them.
#[must_use]
pub fn string_to_sign(parameters: &mut [(&str, &str)], private_key: &Secret) -> Zeroizing<String> {
    sort(parameters);
    let mut text = String::with_capacity(512);
    for (name, value) in parameters.iter() {
        text.push_str(name);
        text.push_str(value);
    }
    with_key(text, private_key)
}

/// The signature of parameters that may nest. A `Signature` among them is left out.
#[must_use]
pub fn sign_nested(parameters: Value<'_>, private_key: &Secret) -> String {
    let mut text = String::new();
    push(&mut text, parameters, true);
    sha1_hex(&[&with_key(text, private_key)])
}

fn with_key(mut text: String, private_key: &Secret) -> Zeroizing<String> {
    // Growing with the key in it would leave a copy behind.
    text.reserve(private_key.expose().len());
    text.push_str(private_key.expose());
    Zeroizing::new(text)
}

fn push(out: &mut String, value: Value<'_>, top: bool) {
    match value.kind() {
        Type::Null => {}
        Type::Number => push_number(out, value.raw()),
        Type::Bool | Type::String => out.push_str(value.as_text().unwrap_or_default()),
        Type::List => {
            for item in value.items() {
                push(out, item, false);
            }
        }
        Type::Object => {
            // Keys may not repeat, so sorting the keys alone is enough.
            let mut sorted = Vec::new();
            for (key, _) in value.fields() {
                sorted.push((key, ""));
            }
            sort(&mut sorted);
            for (key, _) in sorted {
                if let Some(field) = value.get(key).filter(|_| !(top && key == "Signature")) {
                    out.push_str(key);
                    push(out, field, false);
                }
            }
        }
    }
}

/// Appends the JSON number `text` without exponent and without a zero fraction.
fn push_number(out: &mut String, text: &str) {
    let text = text.to_ascii_lowercase();
    let (mantissa, exponent) = cut(&text, "e");
    let (whole, fraction) = cut(mantissa, ".");
    let unsigned = whole.strip_prefix("-").unwrap_or(whole);
    let digits = join(&[unsigned, fraction]);
    let digits = digits.as_bytes();
    let exponent = integer(exponent.strip_prefix("+").unwrap_or(exponent)).unwrap_or(0);
    // No number of JavaScript has an exponent beyond 324; a longer one would be an attack on memory.
    let point = unsigned.len() as i32 + exponent.clamp(-400, 400) as i32;
    // From the first digit that counts, or the one in front of the point, to the last one.
    let (mut start, mut end, mut zero) = (point - 1, point, true);
    for (place, digit) in (0..).zip(digits) {
        if *digit != b'0' {
            start = start.min(place);
            end = end.max(place + 1);
            zero = false;
        }
    }
    if whole != unsigned && !zero {
        out.push_str("-");
    }
    for place in start..end {
        if place == point {
            out.push_str(".");
        }
        // Beyond the digits on either side there are zeros.
        push_ascii(out, digits.get(place as usize).copied().unwrap_or(b'0'));
    }
}
