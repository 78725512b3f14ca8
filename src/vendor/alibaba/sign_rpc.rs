//! Alibaba's RPC signature (`HMAC-SHA1`, `SignatureVersion` 1.0).
//!
//! 1. Parameters are sorted by their raw names, byte by byte. Query and form-body parameters form
//!    one pool.
//! 2. Each is `percent(name)=percent(value)`, joined by `&`: the canonical query. An empty value
//!    keeps its `=`.
//! 3. String to sign: `METHOD&%2F&percent(canonical query)`, so that values are encoded twice.
//! 4. Signature: base64 of HMAC-SHA1 with the key `accessKeySecret + "&"`.
//!
//! Not signed: host, path (always `/`) and headers. Source: the vendor's "V2 request body and
//! signature mechanism" page and its published example (`DescribeRegions`, `testid`).

use alloc::{string::String, vec::Vec};

use crate::core::encode::{base64, form_twice};
use crate::core::hash::HmacSha1;
use crate::core::text::{join, sort};

/// A key that signs: the two padded blocks are hashed once, not per signature.
#[derive(Clone, Debug)]
pub struct Key(HmacSha1);

impl Key {
    /// The key of an access key secret.
    #[must_use]
    pub fn new(access_key_secret: &str) -> Self {
        let key = zeroize::Zeroizing::new(join(&[access_key_secret, "&"]));
        Key(HmacSha1::new(key.as_bytes()))
    }

    /// The signature of a string to sign.
    #[must_use]
    pub fn sign(&self, string_to_sign: &[u8]) -> String {
        base64(&self.0.mac(string_to_sign))
    }
}

/// The canonical query (which is also the form body) and the bytes of the string to sign. Sorts
/// `parameters`.
#[must_use]
pub fn string_to_sign(method: &str, parameters: &mut [(&str, &str)]) -> (String, Vec<u8>) {
    sort(parameters);
    form_twice(&[method, "&%2F&"], parameters)
}
