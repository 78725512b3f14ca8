//! Time and nonces.

use alloc::string::String;

use core::cell::{Cell, RefCell};

use wasm_bindgen::prelude::*;

use crate::core::encode::{hex, push_padded};
use crate::core::error::{Error, Kind, Result};
use crate::core::request::Stamp;
use crate::core::time::LATEST;
use crate::transport::fetch::Stamps;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = crypto, js_name = getRandomValues, catch)]
    fn random(buffer: &mut [u8]) -> core::result::Result<JsValue, JsValue>;
}

/// 96 random bits, drawn at the first use (Workers have no randomness before a request), and a
/// counter: as unlikely to meet again as random numbers, at a tenth of their price.
#[derive(Default, Debug)]
pub(super) struct Nonces {
    prefix: RefCell<String>,
    counter: Cell<u32>,
}

impl Nonces {
    fn next(&self) -> Result<String> {
        if self.prefix.borrow().is_empty() {
            let mut bytes = [0; 12];
            random(&mut bytes).map_err(|_| {
                Error::new(Kind::Unsupported, "this runtime gives no random numbers here")
                    .hint("in a Worker, sign inside a request handler, not at the top level")
            })?;
            self.prefix.replace(hex(&bytes));
        }
        let count = self.counter.get().wrapping_add(1);
        self.counter.set(count);
        let mut nonce = String::with_capacity(32);
        nonce.push_str(&self.prefix.borrow());
        push_padded(&mut nonce, u64::from(count), 8);
        Ok(nonce)
    }
}

impl Stamps for Nonces {
    fn stamp(&self) -> Result<Stamp> {
        Ok(Stamp { millis: js_sys::Date::now() as i64, nonce: self.next()? })
    }
}

/// The caller's time and nonce, or now and a new one.
pub(super) fn given(nonces: &Nonces, millis: f64, nonce: Option<String>) -> Result<Stamp> {
    let millis = match millis {
        now if now.is_nan() => js_sys::Date::now() as i64,
        given if (0.0..=LATEST as f64).contains(&given) => given as i64,
        _ => {
            return Err(Error::invalid(
                "timestamp",
                "timestamp must be a time from 1970 to 9999",
                "give a Date or milliseconds since 1970",
            ));
        }
    };
    let nonce = match nonce {
        None => nonces.next()?,
        Some(text) if (1..=128).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic()) => text,
        Some(_) => {
            return Err(Error::invalid(
                "nonce",
                "nonce must be 1 to 128 visible ASCII characters",
                "give a text that was never used before, or leave it out",
            ));
        }
    };
    Ok(Stamp { millis, nonce })
}
