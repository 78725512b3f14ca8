//! Alibaba's `ACS3-HMAC-SHA256` signature.
//!
//! 1. Canonical request: see [`crate::core::canonical`]; the path as it is (`/` for RPC).
//! 2. Signed are `host`, `content-type` and all `x-acs-*` headers, unless the caller lists others.
//! 3. String to sign: `ACS3-HMAC-SHA256`, newline, hex SHA-256 of the canonical request.
//! 4. Signature: hex HMAC-SHA256 with the access key secret as it is.
//!
//! Source: the vendor's "V3 request body and signature mechanism" page and its published example
//! (`RunInstances`).

use crate::core::canonical::{Input, Scheme, Signed};
use crate::core::explain::Trace;
use crate::core::hash::HmacSha256;
use crate::core::text::join;

/// What is this scheme's own.
const SCHEME: Scheme = Scheme {
    algorithm: "ACS3-HMAC-SHA256",
    comma: ",",
    closing_slash: false,
    signs: |name| name == "host" || name == "content-type" || name.starts_with("x-acs-"),
};

/// Signs `input` with the access key secret `key`.
#[must_use]
pub fn sign(key: &HmacSha256, access_key_id: &str, input: &mut Input<'_>, trace: &mut Trace) -> Signed {
    SCHEME.sign(key, "", &join(&["Credential=", access_key_id]), input, trace)
}
