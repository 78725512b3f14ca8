//! Huawei's and OTC's `SDK-HMAC-SHA256` signature, both variants.
//!
//! 1. Canonical request: see [`crate::core::canonical`]; the canonical path ends with `/`, although
//!    the request itself goes out without it.
//! 2. Signed is every header given, except names with `_`, which the gateway drops.
//! 3. String to sign: `SDK-HMAC-SHA256`, the date (`X-Sdk-Date`), in the scoped variant the scope,
//!    and the hex SHA-256 of the canonical request; joined by newlines.
//! 4. Signature: hex HMAC-SHA256. The access variant's key is the secret key itself. The scoped
//!    variant's is a chain of HMACs from `"SDK" + secret key` over day, region, service and
//!    `sdk_request`; region and service may both be empty, as the OTC Terraform provider sends them.
//!
//! The same algorithm word stands before both; `Access=` or `Credential=` tells them apart.
//! Source: Huawei's "AK/SK signing" guide with its published example, and the vendors' own clients.

use alloc::{string::String, vec::Vec};

use crate::core::canonical::{Canonical, Input, Rules, canonical};
use crate::core::encode::hex;
use crate::core::hash::{HmacSha256, sha256_hex};
use crate::core::text::join;

/// The algorithm's name.
pub const ALGORITHM: &str = "SDK-HMAC-SHA256";

const RULES: Rules = Rules { closing_slash: true, signs: |name| !name.contains('_') };

/// A scope: the scoped variant is used where there is one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Scope {
    /// The region, or empty.
    pub region: String,
    /// The service, or empty.
    pub service: String,
}

impl Scope {
    fn text(&self, date: &str) -> String {
        join(&[day(date), "/", &self.region, "/", &self.service, "/sdk_request"])
    }
}

/// `yyyymmdd` of `yyyymmddThhmmssZ`.
fn day(date: &str) -> &str {
    date.get(..8).unwrap_or(date)
}

/// A secret key, ready for one of the variants.
#[derive(Clone, Debug)]
pub enum Key {
    /// For `Access=`.
    Access(HmacSha256),
    /// For `Credential=`: keyed with `"SDK" + secret key`, the first link of the chain.
    Scoped(HmacSha256, Scope),
}

impl Key {
    /// The key of a secret key; with a scope, for the scoped variant.
    #[must_use]
    pub fn new(secret_key: &str, scope: Option<Scope>) -> Self {
        match scope {
            None => Key::Access(HmacSha256::new(secret_key.as_bytes())),
            Some(scope) => {
                let mut first = zeroize::Zeroizing::new(Vec::with_capacity(secret_key.len() + 3));
                first.extend_from_slice(b"SDK");
                first.extend_from_slice(secret_key.as_bytes());
                Key::Scoped(HmacSha256::new(&first), scope)
            }
        }
    }

    fn signing(&self, date: &str) -> HmacSha256 {
        match self {
            Key::Access(key) => key.clone(),
            Key::Scoped(first, scope) => {
                let mut key = first.clone();
                for link in [day(date), &scope.region, &scope.service, "sdk_request"] {
                    key = HmacSha256::new(&key.mac(link));
                }
                key
            }
        }
    }
}

/// Every stage of a signature.
#[derive(Debug)]
pub struct Signed {
    /// The canonical request and the names it signs.
    pub canonical: Canonical,
    /// The string to sign.
    pub string_to_sign: String,
    /// The signature.
    pub signature: String,
}

/// Signs `input` at `date`; `signed` lists the headers to sign, or none for all.
#[must_use]
pub fn sign(key: &Key, date: &str, input: Input<'_>, signed: Option<&[&str]>) -> Signed {
    let canonical = canonical(RULES, input, signed);
    let mut string_to_sign = join(&[ALGORITHM, "\n", date, "\n"]);
    if let Key::Scoped(_, scope) = key {
        string_to_sign.push_str(&scope.text(date));
        string_to_sign.push_str("\n");
    }
    string_to_sign.push_str(&sha256_hex(&canonical.request));
    let signature = hex(&key.signing(date).mac(&string_to_sign));
    Signed { canonical, string_to_sign, signature }
}

/// The `Authorization` header.
#[must_use]
pub fn authorization(key: &Key, access_key: &str, date: &str, signed_headers: &str, signature: &str) -> String {
    let scope = match key {
        Key::Access(_) => String::new(),
        Key::Scoped(_, scope) => join(&["/", &scope.text(date)]),
    };
    let word = if scope.is_empty() { " Access=" } else { " Credential=" };
    join(&[ALGORITHM, word, access_key, &scope, ", SignedHeaders=", signed_headers, ", Signature=", signature])
}
