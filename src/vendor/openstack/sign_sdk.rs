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
    let (mut word, mut credential) = ("Access=", String::new());
    let mut lines = join(&[date, "\n"]);
    let mut last = None;
    if let Some((region, service)) = scope {
        for link in [before(date, "T"), region, service, "sdk_request"] {
            last = Some(HmacSha256::new(&last.as_ref().unwrap_or(key).mac(link)));
            credential.push_str("/");
            credential.push_str(link);
        }
        word = "Credential=";
        lines.push_str(&join(&[part(&credential, 1, credential.len()), "\n"]));
    }
    let key = last.as_ref().unwrap_or(key);
    SCHEME.sign(key, &lines, &join(&[word, access_key, &credential]), input, trace)
}
