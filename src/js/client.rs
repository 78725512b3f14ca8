//! The module that signs and sends: a client, as the facade holds it.

use alloc::{borrow::ToOwned, string::String};

use core::cell::{Cell, RefCell};

use wasm_bindgen::prelude::*;

use crate::core::encode::{decimal, push_hex};
use crate::core::error::{Error, Result};
use crate::core::input::given;
use crate::core::json;
use crate::core::request::Stamp;
use crate::core::secret::scrub_stack;
use crate::core::text::{is, set, words};
use crate::core::time::LATEST;
use crate::js::request::request_text;
use crate::js::slots::{Slots, insert};
use crate::js::{errors, step};
use crate::numbers::client as what;
use crate::transport::sending::Sending;
use crate::vendor::Client;
use crate::vendor::registry;
use crate::vendor::signers::SIGNERS;

/// A client, as the facade holds it.
#[wasm_bindgen]
#[derive(Debug, Default)]
pub struct Core {
    client: RefCell<Option<Client>>,
    /// The random part of every nonce, and how many nonces there were.
    prefix: RefCell<String>,
    count: Cell<u32>,
    /// The calls under way.
    calls: Slots<Sending>,
}

#[wasm_bindgen]
impl Core {
    /// An empty one: `OPEN` comes first.
    #[wasm_bindgen(constructor)]
    #[must_use]
    pub fn new() -> Core {
        Core::default()
    }

    /// The one way in, since each further one is glue on both sides: a text, a text that may be
    /// absent, and numbers.
    ///
    /// - `OPEN`: the options' JSON text. Out: nothing.
    /// - `CLOSE`: forgets the credentials. The facade never calls `free`, which would pull the memory
    ///   away from under a call that is under way.
    /// - `SEED`: the random part of nonces, 96 bits in hexadecimal digits.
    /// - `SIGN`, `EXPLAIN`: an operation's JSON text, a nonce or none, the time, and the caller's
    ///   timestamp or NaN. Out: lines (vendor, operation, method, URL, then name and value of each
    ///   header, an empty line, and the body as it is); or JSON.
    /// - `SEND`: an operation's JSON text, or an empty one for a token; the timeout or NaN; 1 for a
    ///   single attempt. Out: the call's number.
    /// - `STEP`: see [`step`].
    /// - `SIGN_WITH`: a signer's input as JSON text, and its name. Out: JSON.
    /// - `REGIONS`: a vendor's name. Out: JSON.
    /// - `SETTING`: out: what the removal's module has to know of this client.
    /// - `CLEAN`: a text of that module. Out: it without the client's secrets.
    pub fn call(&self, what: u32, text: &str, more: Option<String>, a: f64, b: f64, c: f64, d: f64) -> String {
        let out = match what {
            what::OPEN => self.open(text),
            what::SEED => {
                self.prefix.replace(text.to_owned());
                Ok(String::new())
            }
            what::SIGN_WITH => sign_with(text, more.as_deref().unwrap_or_default()),
            what::REGIONS => regions(text),
            _ => match &*self.client.borrow() {
                None => Ok(String::new()),
                Some(client) => match what {
                    what::SIGN => self.sign(client, text, more, a, b),
                    what::EXPLAIN => self.explain(client, text, more, a, b),
                    what::SEND => self.send(client, text, a, b == 1.0),
                    what::SETTING => client.setting_text(),
                    what::CLEAN => Ok(client.cleaned(text)),
                    what::STEP => step::step(&self.calls, client, self.nonce(), text, more, [a, b, c, d]),
                    what::CLOSE => {
                        client.close();
                        Ok(String::new())
                    }
                    _ => Ok(String::new()),
                },
            },
        };
        // Reading and hashing keys leaves copies of them on the stack.
        if matches!(what, what::OPEN | what::SIGN_WITH) {
            scrub_stack();
        }
        out.unwrap_or_else(|error| errors::written(&error))
    }
}

impl Core {
    #[inline(never)]
    fn open(&self, options: &str) -> Result<String> {
        self.client.replace(Some(Client::new(given(options, "options")?.value())?));
        Ok(String::new())
    }

    fn sign(
        &self,
        client: &Client,
        operation: &str,
        nonce: Option<String>,
        now: f64,
        timestamp: f64,
    ) -> Result<String> {
        let document = given(operation, "operation")?;
        let call = client.check(document.value())?;
        let request = client.sign(&call, &self.stamp(client, now, timestamp, nonce)?)?;
        Ok(request_text(&[client.vendor(), call.operation.name], &request))
    }

    fn explain(
        &self,
        client: &Client,
        operation: &str,
        nonce: Option<String>,
        now: f64,
        timestamp: f64,
    ) -> Result<String> {
        let document = given(operation, "operation")?;
        let call = client.check(document.value())?;
        Ok(client.explain(&call, &self.stamp(client, now, timestamp, nonce)?)?.into_text())
    }

    fn send(&self, client: &Client, operation: &str, timeout: f64, once: bool) -> Result<String> {
        let timeout_ms = checked_timeout(timeout)?;
        let mut sending = match operation {
            "" => Sending::authentication(timeout_ms),
            text => Sending::new(client, text.to_owned(), timeout_ms)?,
        };
        if once {
            sending.once();
        }
        Ok(decimal(insert(&self.calls, sending)))
    }

    fn nonce(&self) -> String {
        let count = self.count.get().wrapping_add(1);
        self.count.set(count);
        let mut nonce = String::with_capacity(32);
        nonce.push_str(&self.prefix.borrow());
        push_hex(&mut nonce, &count.to_be_bytes());
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
            Some(text) if is(&text, set::VISIBLE, 128) => text,
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

/// One of the signers by its name, over its input's JSON text.
#[inline(never)]
fn sign_with(input: &str, name: &str) -> Result<String> {
    match SIGNERS.iter().find(|(signer, _)| *signer == name) {
        Some((_, signer)) => Ok(signer(given(input, "input")?.value())?.into_text()),
        None => Err(Error::invalid("name", "there is no such signer", "use the functions of this package")),
    }
}

/// The regions of a vendor, as JSON text.
fn regions(vendor: &str) -> Result<String> {
    let (family, name) = registry::find(vendor)?;
    let mut out = String::from("[");
    for region in words((family.regions)(name)) {
        json::push_comma(&mut out);
        json::push_string(&mut out, region);
    }
    out.push_str("]");
    Ok(out)
}

fn checked_timeout(timeout: f64) -> Result<Option<u32>> {
    if timeout.is_nan() {
        return Ok(None);
    }
    if (1.0..=600_000.0).contains(&timeout) {
        return Ok(Some(timeout as u32));
    }
    Err(Error::invalid("timeoutMs", "timeoutMs must be from 1 to 600000", "give milliseconds"))
}
