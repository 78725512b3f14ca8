//! The boundary to JavaScript: translate in, call, translate out.
//!
//! Everything comes in as JSON text, with one U+00A0 in front: a single snapshot of the caller's
//! object, read by the crate's own reader, which knows the path of what it refuses. The mark makes
//! the glue copy the text in one `encodeInto` instead of character by character. A signed request
//! goes out as lines of text; answers go out as objects.
//!
//! Nothing here holds a borrow across an await or a call into JavaScript, and no input may trap.

mod errors;
mod stamp;
mod values;

use alloc::string::String;

use alloc::rc::Rc;

use js_sys::Promise;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::future_to_promise;

use crate::core::error::{Error, Result};
use crate::core::json::{self, Json};
use crate::core::request::Stamp;
use crate::core::secret::scrub_stack;
use crate::core::text::{join, words};
use crate::core::value::Document;
use crate::signers::SIGNERS;
use crate::transport::fetch::Fetch;
use crate::transport::{authenticate, send};
use crate::vendor::{self, Client, Vendor};
use errors::thrown;
use stamp::Nonces;

/// A small allocator that overwrites every block of memory as it is freed: the glue's copies of option texts and bodies
/// hold secrets, too.
#[global_allocator]
static MEMORY: zeroizing_alloc::ZeroAlloc<talc::wasm::WasmDynamicTalc> =
    zeroizing_alloc::ZeroAlloc(talc::wasm::new_wasm_dynamic_allocator());

type Js<T> = core::result::Result<T, JsValue>;

/// A client, as the facade holds it.
#[wasm_bindgen]
#[derive(Debug)]
pub struct Core {
    client: Rc<Client>,
    fetch: Option<js_sys::Function>,
    nonces: Rc<Nonces>,
}

#[wasm_bindgen]
impl Core {
    /// Makes a client out of the options' JSON text and the caller's `fetch`, if there is one.
    #[wasm_bindgen(constructor)]
    pub fn new(options: &str, fetch: JsValue) -> Js<Core> {
        let make = || {
            let fetch = match fetch.dyn_into::<js_sys::Function>() {
                Ok(function) => Some(function),
                Err(other) if other.is_undefined() => None,
                Err(_) => {
                    return Err(Error::invalid(
                        "fetch",
                        "fetch must be a function",
                        "give a function like the global fetch, or leave it out",
                    ));
                }
            };
            let client = Client::new(read(options, "options")?.value())?;
            Ok(Core { client: Rc::new(client), fetch, nonces: Rc::default() })
        };
        let made = make().map_err(thrown);
        scrub_stack();
        made
    }

    /// Signs an operation's JSON text. `millis` is NaN for now, `nonce` absent for a new one.
    ///
    /// Lines: vendor, operation, method, URL, then name and value of each header, an empty line, and
    /// the body as it is.
    pub fn sign(&self, operation: &str, millis: f64, nonce: Option<String>) -> Js<String> {
        let sign = || {
            let document = read(operation, "operation")?;
            let call = self.client.check(document.value())?;
            let request = self.client.sign(&call, &self.stamp(millis, nonce)?)?;
            let lines = [self.client.vendor(), call.operation.name, request.method, &request.url];
            let body = request.body.as_deref().unwrap_or_default();
            let mut out = String::with_capacity(body.len() + 512);
            for line in lines {
                out.push_str(line);
                out.push_str("\n");
            }
            out.push_str(&request.lines);
            out.push_str("\n");
            out.push_str(body);
            Ok(out)
        };
        sign().map_err(thrown)
    }

    /// What would be signed and sent, without secrets.
    pub fn explain(&self, operation: &str, millis: f64, nonce: Option<String>) -> Js<JsValue> {
        let explain = || {
            let document = read(operation, "operation")?;
            let call = self.client.check(document.value())?;
            self.client.explain(&call, &self.stamp(millis, nonce)?)
        };
        values::out(explain()).map_err(thrown)
    }

    /// Sends an operation's JSON text; without one, gets a token. `timeout` is NaN for the default.
    pub fn send(&self, operation: Option<String>, signal: JsValue, timeout: f64) -> Promise {
        let (limit, runtime) = (limit(timeout), self.runtime(signal));
        let client = self.client.clone();
        future_to_promise(async move {
            // A block of its own, so that every error goes out in one way.
            let answer = async {
                let Some(text) = &operation else {
                    let (limit, runtime) = (limit?, runtime?);
                    return authenticate(&client, &runtime, limit).await;
                };
                let document = read(text, "operation")?;
                let call = client.check(document.value())?;
                let (limit, runtime) = (limit?, runtime?);
                send(&client, &runtime, call, limit).await
            };
            values::out(answer.await).map_err(thrown)
        })
    }

    /// Forgets the credentials. The facade calls this and never `free`, which throws while a call
    /// is under way.
    pub fn close(&self) {
        self.client.close();
    }
}

impl Core {
    fn stamp(&self, millis: f64, nonce: Option<String>) -> Result<Stamp> {
        stamp::given(&self.nonces, millis, nonce)
    }

    fn runtime(&self, signal: JsValue) -> Result<Fetch<Nonces>> {
        if !(signal.is_undefined() || signal.is_null() || Fetch::<Nonces>::is_signal(&signal)) {
            return Err(Error::invalid(
                "signal",
                "signal must be an AbortSignal",
                "give controller.signal, or leave it out",
            ));
        }
        Ok(Fetch::new(self.fetch.clone(), signal, self.nonces.clone()))
    }
}

/// One of the signers by its name, over its input's JSON text.
#[wasm_bindgen(js_name = signWith)]
pub fn sign_with(name: &str, input: &str) -> Js<JsValue> {
    let sign = || match SIGNERS.iter().find(|(signer, _)| *signer == name) {
        Some((_, signer)) => signer(read(input, "input")?.value()),
        None => Err(Error::invalid("name", "there is no such signer", "use the functions of this package")),
    };
    values::out(sign()).map_err(thrown)
}

/// The regions of a vendor.
#[wasm_bindgen]
pub fn regions(vendor: &str) -> Js<JsValue> {
    let list = |(family, name): (&'static Vendor, _)| {
        let mut out = String::from("[");
        for region in words((family.regions)(name)) {
            json::push_comma(&mut out);
            json::push_string(&mut out, region);
        }
        out.push_str("]");
        Json::new(out)
    };
    values::out(vendor::find(vendor).map(list)).map_err(thrown)
}

/// Reads JSON text from the facade.
fn read<'a>(text: &'a str, what: &str) -> Result<Document<'a>> {
    json::parse(text.strip_prefix('\u{a0}').unwrap_or(text)).map_err(|error| {
        let field = if error.path.is_empty() { what } else { &error.path };
        Error::invalid(field, &join(&[field, " holds ", error.reason]), "give plain JSON data")
    })
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
