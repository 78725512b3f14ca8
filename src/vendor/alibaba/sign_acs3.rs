//! Alibaba's `ACS3-HMAC-SHA256` signature.
//!
//! 1. Canonical request: see [`crate::core::canonical`]; the path as it is (`/` for RPC).
//! 2. Signed are `host`, `content-type` and all `x-acs-*` headers, unless the caller lists others.
//! 3. String to sign: `ACS3-HMAC-SHA256`, newline, hex SHA-256 of the canonical request.
//! 4. Signature: hex HMAC-SHA256 with the access key secret as it is.
//!
//! Source: the vendor's "V3 request body and signature mechanism" page and its published example
//! (`RunInstances`).

use alloc::string::String;

use crate::core::canonical::{Canonical, Input, Rules, canonical};
use crate::core::encode::hex;
use crate::core::hash::{HmacSha256, sha256_hex};
use crate::core::text::join;

/// The algorithm's name.
pub const ALGORITHM: &str = "ACS3-HMAC-SHA256";

const RULES: Rules = Rules {
    closing_slash: false,
    signs: |name| name == "host" || name == "content-type" || name.starts_with("x-acs-"),
};

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

/// Signs `input`; `signed` lists the headers to sign, or none for the documented set.
#[must_use]
pub fn sign(key: &HmacSha256, input: Input<'_>, signed: Option<&[&str]>) -> Signed {
    let canonical = canonical(RULES, input, signed);
    let string_to_sign = join(&[ALGORITHM, "\n", &sha256_hex(&canonical.request)]);
    let signature = hex(&key.mac(&string_to_sign));
    Signed { canonical, string_to_sign, signature }
}

/// The `Authorization` header.
#[must_use]
pub fn authorization(access_key_id: &str, signed_headers: &str, signature: &str) -> String {
    join(&[ALGORITHM, " Credential=", access_key_id, ",SignedHeaders=", signed_headers, ",Signature=", signature])
}
