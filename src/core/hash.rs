//! The hash functions of the signatures.

use alloc::string::String;

use hmac::{Hmac, KeyInit, Mac};
use sha1::Sha1;
use sha2::{Digest, Sha256};

use crate::core::encode::hex;

/// A key whose padded blocks are hashed already.
#[derive(Clone)]
pub struct HmacSha256(Hmac<Sha256>);

impl core::fmt::Debug for HmacSha256 {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("***")
    }
}

impl HmacSha256 {
    /// Keys an HMAC.
    #[must_use]
    pub fn new(key: &[u8]) -> Self {
        match Hmac::new_from_slice(key) {
            Ok(mac) => HmacSha256(mac),
            // HMAC takes keys of every length; the type just cannot say so.
            Err(_) => unreachable!(),
        }
    }

    /// The code of `message`.
    #[must_use]
    pub fn mac(&self, message: &str) -> [u8; 32] {
        let mut mac = self.0.clone();
        mac.update(message.as_bytes());
        mac.finalize().into_bytes().into()
    }
}

/// The same with SHA-1.
#[derive(Clone)]
pub struct HmacSha1(Hmac<Sha1>);

impl core::fmt::Debug for HmacSha1 {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("***")
    }
}

impl HmacSha1 {
    /// Keys an HMAC.
    #[must_use]
    pub fn new(key: &[u8]) -> Self {
        match Hmac::new_from_slice(key) {
            Ok(mac) => HmacSha1(mac),
            // HMAC takes keys of every length; the type just cannot say so.
            Err(_) => unreachable!(),
        }
    }

    /// The code of `message`.
    #[must_use]
    pub fn mac(&self, message: &[u8]) -> [u8; 20] {
        let mut mac = self.0.clone();
        mac.update(message);
        mac.finalize().into_bytes().into()
    }
}

/// The lower-case hexadecimal SHA-256 of a text.
#[must_use]
pub fn sha256_hex(text: &str) -> String {
    hex(&Sha256::digest(text.as_bytes()))
}

/// The lower-case hexadecimal SHA-1 of texts, one after the other.
#[must_use]
pub fn sha1_hex(parts: &[&str]) -> String {
    let mut sha = Sha1::new();
    for part in parts {
        sha.update(part.as_bytes());
    }
    hex(&sha.finalize())
}
