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

use alloc::string::String;

use zeroize::Zeroizing;

use crate::core::canonical::{Input, Scheme, Signed};
use crate::core::explain::Trace;
use crate::core::hash::HmacSha256;
use crate::core::text::{before, join, part};

/// What is this scheme's own.
const SCHEME: Scheme =
    Scheme { algorithm: "SDK-HMAC-SHA256", comma: ", ", closing_slash: true, signs: |name| !name.contains('_') };

/// Region and service, either of which may be empty.
pub type Scope<'a> = (&'a str, &'a str);

/// A secret key ready for the access variant; for the scoped one it is the first link of the chain.
#[must_use]
pub fn key(secret_key: &str, scoped: bool) -> HmacSha256 {
    let key = Zeroizing::new(join(&[if scoped { "SDK" } else { "" }, secret_key]));
    HmacSha256::new(key.as_bytes())
}

/// Signs `input` at `date` (`yyyymmddThhmmssZ`); with a scope by the scoped variant, as its [`key`]
/// must be.
#[must_use]
pub fn sign(
    key: &HmacSha256,
    scope: Option<Scope<'_>>,
    access_key: &str,
    date: &str,
    input: &mut Input<'_>,
    trace: &mut Trace,
) -> Signed {
    let mut word = "Access=";
    let (mut lines, mut credential) = (join(&[date, "\n"]), String::new());
    let mut key = key.clone();
    if let Some((region, service)) = scope {
        let day = before(date, "T");
        for link in [day, region, service, "sdk_request"] {
            key = HmacSha256::new(&key.mac(link));
        }
        word = "Credential=";
        credential = join(&["/", day, "/", region, "/", service, "/sdk_request"]);
        lines.push_str(part(&credential, 1, credential.len()));
        lines.push_str("\n");
    }
    SCHEME.sign(&key, &lines, &join(&[word, access_key, &credential]), input, trace)
}
