//! The boundary to JavaScript: translate in, call, translate out.
//!
//! Text and numbers only, in both directions. Operations and options come in as JSON text, with one
//! U+00A0 in front: a single snapshot of the caller's object, read by the crate's own reader, which
//! knows the path of what it refuses. (The mark makes the glue copy the text in one `encodeInto`
//! instead of character by character.) A signed request goes out as lines, everything else as JSON
//! text, and an error as its JSON text behind a `!`.
//!
//! Nothing is imported: time, nonces and random bits come in as arguments, and what is to be done
//! goes out as text. So nothing here can be entered twice, wait or throw, and no input may trap.

mod errors;
mod memory;
mod step;

use alloc::{borrow::ToOwned, string::String, vec::Vec};

use core::cell::{Cell, RefCell};

use wasm_bindgen::prelude::*;

use crate::core::encode::push_padded;
use crate::core::error::{Error, Result};
use crate::core::input::given;
use crate::core::json;
use crate::core::request::{Request, Stamp};
use crate::core::secret::scrub_stack;
use crate::core::text::words;
use crate::core::time::LATEST;
use crate::signers::SIGNERS;
use crate::transport::sending::Sending;
use crate::vendor::{self, Client};

/// A client, as the facade holds it.
#[wasm_bindgen]
#[derive(Debug, Default)]
pub struct Core {
    client: RefCell<Option<Client>>,
    /// The random part of every nonce, and how many there were.
    prefix: RefCell<String>,
    count: Cell<u32>,
    /// The calls under way, each at its number.
    calls: RefCell<Vec<Option<Sending>>>,
}

#[wasm_bindgen]
impl Core {
    /// An empty one: [`Core::open`] comes next.
    #[wasm_bindgen(constructor)]
    #[must_use]
    pub fn new() -> Core {
        Core::default()
    }

    /// Takes the options' JSON text. Nothing, or an error.
    pub fn open(&self, options: &str) -> String {
        let made = given(options, "options").and_then(|document| Client::new(document.value()));
        scrub_stack();
        match made {
            Ok(client) => {
                self.client.replace(Some(client));
                String::new()
            }
            Err(error) => errors::written(&error),
        }
    }

    /// Takes the random part of nonces: 96 bits in hexadecimal digits.
    pub fn seed(&self, prefix: &str) {
        self.prefix.replace(prefix.to_owned());
    }

    /// Signs an operation's JSON text at `now`; `timestamp` is NaN and `nonce` absent for new ones.
    ///
    /// Lines: vendor, operation, method, URL, then name and value of each header, an empty line, and
    /// the body as it is.
    pub fn sign(&self, operation: &str, now: f64, timestamp: f64, nonce: Option<String>) -> String {
        self.told(|client| {
            let document = given(operation, "operation")?;
            let call = client.check(document.value())?;
            let request = client.sign(&call, &self.stamp(client, now, timestamp, nonce)?)?;
            let body = request.body.as_deref().unwrap_or_default();
            let mut out = String::with_capacity(body.len() + 512);
            push_lines(&mut out, &[client.vendor(), call.operation.name]);
            push_request(&mut out, &request);
            Ok(out)
        })
    }

    /// What would be signed and sent, without secrets, as JSON text.
    pub fn explain(&self, operation: &str, now: f64, timestamp: f64, nonce: Option<String>) -> String {
        self.told(|client| {
            let document = given(operation, "operation")?;
            let call = client.check(document.value())?;
            Ok(client.explain(&call, &self.stamp(client, now, timestamp, nonce)?)?.into_text())
        })
    }

    /// Begins a call, of an operation's JSON text or, without one, for a token: its number, which
    /// [`Core::step`] takes. `timeout` is NaN for the default.
    pub fn send(&self, operation: Option<String>, timeout: f64) -> String {
        self.told(|client| {
            let limit = limit(timeout)?;
            let sending = match operation {
                Some(text) => Sending::new(client, text, limit)?,
                None => Sending::authentication(limit),
            };
            let calls = &mut *self.calls.borrow_mut();
            let free = calls.iter().position(Option::is_none).unwrap_or_else(|| {
                calls.push(None);
                calls.len() - 1
            });
            calls[free] = Some(sending);
            Ok(crate::core::encode::decimal(free as i64))
        })
    }

    /// Forgets the credentials. The facade calls this and never `free`, which would pull the memory
    /// away from under a call that is under way.
    pub fn close(&self) {
        if let Some(client) = &*self.client.borrow() {
            client.close();
        }
    }
}

impl Core {
    /// What `work` says, or its error.
    fn told(&self, work: impl FnOnce(&Client) -> Result<String>) -> String {
        let result = match &*self.client.borrow() {
            Some(client) => work(client),
            None => Ok(String::new()),
        };
        result.unwrap_or_else(|error| errors::written(&error))
    }

    fn nonce(&self) -> String {
        let count = self.count.get().wrapping_add(1);
        self.count.set(count);
        let mut nonce = String::with_capacity(32);
        nonce.push_str(&self.prefix.borrow());
        push_padded(&mut nonce, u64::from(count), 8);
        nonce
    }

    fn stamp(&self, client: &Client, now: f64, timestamp: f64, nonce: Option<String>) -> Result<Stamp> {
        let millis = if timestamp.is_nan() {
            client.corrected(now as i64)
        } else if (0.0..=LATEST as f64).contains(&timestamp) {
            timestamp as i64
        } else {
            return Err(Error::invalid(
                "timestamp",
                "timestamp must be a time from 1970 to 9999",
                "give a Date or milliseconds since 1970",
            ));
        };
        let nonce = match nonce {
            None => self.nonce(),
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
}

/// Method, URL, headers, an empty line, the body.
fn push_request(out: &mut String, request: &Request) {
    push_lines(out, &[request.method, &request.url]);
    push_lines(out, &[&request.lines]);
    out.push_str(request.body.as_deref().unwrap_or_default());
}

fn push_lines(out: &mut String, lines: &[&str]) {
    for line in lines {
        out.push_str(line);
        out.push_str("\n");
    }
}

/// One of the signers by its name, over its input's JSON text.
#[wasm_bindgen(js_name = signWith)]
#[must_use]
pub fn sign_with(name: &str, input: &str) -> String {
    let told = signed_with(name, input);
    scrub_stack();
    told
}

/// Not inlined: the stack that it used is scrubbed after it.
#[inline(never)]
fn signed_with(name: &str, input: &str) -> String {
    let sign = || match SIGNERS.iter().find(|(signer, _)| *signer == name) {
        Some((_, signer)) => Ok(signer(given(input, "input")?.value())?.into_text()),
        None => Err(Error::invalid("name", "there is no such signer", "use the functions of this package")),
    };
    sign().unwrap_or_else(|error| errors::written(&error))
}

/// The regions of a vendor, as JSON text.
#[wasm_bindgen]
#[must_use]
pub fn regions(vendor: &str) -> String {
    match vendor::find(vendor) {
        Err(error) => errors::written(&error),
        Ok((family, name)) => {
            let mut out = String::from("[");
            for region in words((family.regions)(name)) {
                json::push_comma(&mut out);
                json::push_string(&mut out, region);
            }
            out.push_str("]");
            out
        }
    }
}

fn limit(timeout: f64) -> Result<Option<u32>> {
    if timeout.is_nan() {
        return Ok(None);
    }
    if (1.0..=600_000.0).contains(&timeout) {
        return Ok(Some(timeout as u32));
    }
    Err(Error::invalid("timeoutMs", "timeoutMs must be from 1 to 600000", "give milliseconds"))
}
