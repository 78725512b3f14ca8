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

use crate::core::encode::push_ascii;
use crate::core::hash::sha1_hex;
use crate::core::secret::Secret;
use crate::core::text::{join, sort, split};
use crate::core::value::{Type, Value, integer};

/// The signature of flat parameters. Sorts them.
#[must_use]
pub fn sign_flat(parameters: &mut [(&str, &str)], private_key: &Secret) -> String {
    sort(parameters);
    let mut parts = Vec::with_capacity(parameters.len() * 2 + 1);
    for (name, value) in parameters.iter() {
        parts.push(*name);
        parts.push(*value);
    }
    parts.push(private_key.expose());
    sha1_hex(&parts)
}

/// The signature of parameters that may nest. A `Signature` among them is left out.
#[must_use]
pub fn sign_nested(parameters: Value<'_>, private_key: &Secret) -> String {
    let mut text = zeroize::Zeroizing::new(String::new());
    push(&mut text, parameters, true);
    sha1_hex(&[&text, private_key.expose()])
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
    let (mantissa, exponent) = split(text, "e").or_else(|| split(text, "E")).unwrap_or((text, "0"));
    let exponent = integer(exponent.strip_prefix("+").unwrap_or(exponent)).unwrap_or(0);
    let (whole, fraction) = split(mantissa, ".").unwrap_or((mantissa, ""));
    let unsigned = whole.strip_prefix("-").unwrap_or(whole);
    let digits = join(&[unsigned, fraction]);
    let digits = digits.as_bytes();
    // No number of JavaScript has an exponent beyond 324; a longer one would be an attack on memory.
    let point = unsigned.len() as i64 + exponent.clamp(-400, 400);
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
