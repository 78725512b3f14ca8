//! The real [`Runtime`] of programs in Rust and WebAssembly: `fetch`, timers and abort signals of
//! whatever runtime this is. The npm package has its own in JavaScript, which is a tenth of the size.
//!
//! Values of the runtime are opaque here: everything that a caller's `fetch` returns, throws or
//! rejects with is touched by structural access that can fail, never cast, so that mocks, values of
//! other realms and thrown strings are errors and no traps.

use std::future::Future;
use std::pin::pin;
use std::rc::Rc;
use std::task::Poll;

use gloo_timers::future::TimeoutFuture;
use js_sys::{Function, JsString, Object, Promise, Reflect};
use serde::ser::{Serialize, Serializer};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::AbortController;

use crate::core::error::{Error, Kind, Result, Sent};
use crate::core::json::Json;
use crate::core::request::{MAX_BODY, Request, Response, Stamp};
use crate::core::text::{has_word, join, words};
use crate::core::value::{Type, Value, integer};
use crate::transport::Runtime;

#[wasm_bindgen]
extern "C" {
    /// Looked up at each call, so that a page's tests can replace it.
    #[wasm_bindgen(js_name = fetch, catch)]
    fn global_fetch(url: &str, init: &JsValue) -> Js<JsValue>;

    /// Anything that has the parts of a `Response` that we use.
    type Answer;
    #[wasm_bindgen(method, getter, structural, catch)]
    fn status(this: &Answer) -> Js<JsValue>;
    #[wasm_bindgen(method, getter, structural, catch)]
    fn headers(this: &Answer) -> Js<Headers>;
    #[wasm_bindgen(method, structural, catch)]
    fn text(this: &Answer) -> Js<JsValue>;

    type Headers;
    #[wasm_bindgen(method, structural, catch)]
    fn get(this: &Headers, name: &str) -> Js<JsValue>;

    /// Anything that has the parts of an `AbortSignal` that we use.
    type Signal;
    #[wasm_bindgen(method, getter, structural, catch)]
    fn aborted(this: &Signal) -> Js<JsValue>;
    #[wasm_bindgen(method, structural, catch, js_name = addEventListener)]
    fn add(this: &Signal, name: &str, listener: &Function) -> Js<JsValue>;
    #[wasm_bindgen(method, structural, catch, js_name = removeEventListener)]
    fn remove(this: &Signal, name: &str, listener: &Function) -> Js<JsValue>;
}

type Js<T> = std::result::Result<T, JsValue>;

/// Where time and nonces come from.
pub trait Stamps {
    /// The time, and a nonce that was not used before.
    ///
    /// # Errors
    /// `unsupported` where the runtime has no randomness.
    fn stamp(&self) -> Result<Stamp>;
}

/// One call's access to the network.
pub struct Fetch<S> {
    own: Option<Function>,
    signal: JsValue,
    stamps: Rc<S>,
}

impl<S> std::fmt::Debug for Fetch<S> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Fetch")
    }
}

impl<S: Stamps> Fetch<S> {
    /// With the caller's `fetch` or the global one, and the caller's signal or `undefined`.
    #[must_use]
    pub fn new(own: Option<Function>, signal: JsValue, stamps: Rc<S>) -> Self {
        Fetch { own, signal, stamps }
    }

    /// Whether a value has the parts of an `AbortSignal`.
    #[must_use]
    pub fn is_signal(value: &JsValue) -> bool {
        let part = |name| get(value, name).is_some_and(|part| part.is_function());
        part("addEventListener") && part("removeEventListener")
    }

    fn signal(&self) -> Option<&Signal> {
        self.signal.is_object().then(|| self.signal.unchecked_ref())
    }

    fn is_aborted(&self) -> bool {
        self.signal().is_some_and(|signal| signal.aborted().is_ok_and(|aborted| aborted.is_truthy()))
    }

    /// Calls fetch. `this` is undefined, so that a bare `window.fetch` works.
    fn call(&self, request: &Request, abort: &AbortController) -> Js<JsValue> {
        let init = Object::new();
        let headers = Object::new();
        for (name, value) in request.headers() {
            set(&headers, name, &value.into())?;
        }
        // Signed headers and bodies follow nobody, and no cookie goes along.
        for (name, value) in [("method", request.method), ("redirect", "manual"), ("credentials", "omit")] {
            set(&init, name, &value.into())?;
        }
        set(&init, "headers", &headers)?;
        set(&init, "signal", &abort.signal())?;
        if let Some(body) = &request.body {
            set(&init, "body", &body.into())?;
        }
        match &self.own {
            Some(own) => own.call2(&JsValue::UNDEFINED, &JsValue::from_str(&request.url), &init),
            None => global_fetch(&request.url, &init),
        }
    }
}

#[inline(never)]
fn set(object: &Object, name: &str, value: &JsValue) -> Js<()> {
    Reflect::set(object, &JsValue::from_str(name), value).map(drop)
}

/// A property, where `value` is an object and reading it does not throw.
#[inline(never)]
fn get(value: &JsValue, name: &str) -> Option<JsValue> {
    if value.is_object() { Reflect::get(value, &JsValue::from_str(name)).ok() } else { None }
}

impl<S: Stamps> Runtime for Fetch<S> {
    fn stamp(&self) -> Result<Stamp> {
        self.stamps.stamp()
    }

    fn random(&self) -> u32 {
        (js_sys::Math::random() * f64::from(u32::MAX)) as u32
    }

    async fn sleep(&self, millis: u32) {
        if self.is_aborted() {
            return;
        }
        // An abort ends the pause; what comes next finds that out.
        let listening = Listening::new(self.signal());
        let mut user = pin!(listening.heard());
        let mut timer = pin!(TimeoutFuture::new(millis));
        std::future::poll_fn(|context| match user.as_mut().poll(context) {
            Poll::Ready(()) => Poll::Ready(()),
            Poll::Pending => timer.as_mut().poll(context),
        })
        .await;
    }

    async fn exchange(&self, request: &Request, names: &'static str, timeout_ms: u32) -> Result<Response> {
        if self.is_aborted() {
            return Err(aborted(Sent::No));
        }
        let abort = AbortController::new().map_err(|thrown| failed(&thrown, Sent::No))?;
        let listening = Listening::new(self.signal());
        let mut user = pin!(listening.heard());
        let mut timer = pin!(TimeoutFuture::new(timeout_ms));
        let mut work = pin!(async {
            let promised = self.call(request, &abort).map_err(|thrown| failed(&thrown, Sent::Unknown))?;
            let answer = JsFuture::from(Promise::resolve(&promised)).await.map_err(|thrown| {
                let sent = if never_left(&thrown) { Sent::No } else { Sent::Unknown };
                failed(&thrown, sent)
            })?;
            read(&answer, names).await
        });
        // Whoever is first decides the kind. Fetch is aborted without a reason, since some runtimes
        // cannot carry one, and it does not matter whether it listens.
        let outcome = std::future::poll_fn(|context| {
            if let Poll::Ready(done) = work.as_mut().poll(context) {
                return Poll::Ready(done);
            }
            if user.as_mut().poll(context).is_ready() && self.signal().is_some() {
                return Poll::Ready(Err(aborted(Sent::Unknown)));
            }
            timer.as_mut().poll(context).map(|()| {
                let words =
                    join(&["no complete answer within ", &crate::core::encode::decimal(i64::from(timeout_ms)), " ms"]);
                Err(Error::new(Kind::Timeout, &words).sent(Sent::Unknown))
            })
        })
        .await;
        if outcome.is_err() {
            abort.abort();
        }
        outcome
    }
}

/// Reads an answer to its end.
async fn read(answer: &JsValue, names: &'static str) -> Result<Response> {
    if !answer.is_object() {
        return Err(
            Error::new(Kind::UnexpectedAnswer, "fetch returned something that is no Response").sent(Sent::Unknown)
        );
    }
    let answer: &Answer = answer.unchecked_ref();
    let status = answer.status().map_err(bad)?;
    // An integer from 0 to 599 or nothing: a mock may hold anything here.
    let status = match status.as_f64() {
        Some(number) if (0.0..600.0).contains(&number) => number as u16,
        _ => {
            return Err(
                Error::new(Kind::UnexpectedAnswer, "fetch returned something without a status").sent(Sent::Unknown)
            );
        }
    };
    let source = answer.headers().map_err(bad)?;
    let get = |name: &str| match source.is_object() {
        true => source.get(name).map(|value| value.as_string()).map_err(bad),
        false => Ok(None),
    };
    let mut response = Response { status, lines: String::new(), body: None };
    for name in words(names) {
        if let Some(value) = get(name)? {
            for line in [name, &value.replace(['\r', '\n'], " ")] {
                response.lines.push_str(line);
                response.lines.push_str("\n");
            }
        }
    }
    if get("content-length")?.and_then(|length| integer(&length)).is_some_and(|length| length > i64::from(MAX_BODY)) {
        return Ok(response);
    }
    let promised = answer.text().map_err(bad)?;
    let text = JsFuture::from(Promise::resolve(&promised)).await.map_err(|thrown| {
        let mut error = bad(thrown);
        // The connection broke within the answer: the next one may come whole.
        error.0.retryable = true;
        error
    })?;
    let Some(text) = text.dyn_ref::<JsString>() else {
        return Err(Error::new(Kind::UnexpectedAnswer, "the answer's text is no text").sent(Sent::Yes));
    };
    if text.length() <= MAX_BODY {
        response.body = Some(String::from(text));
    }
    Ok(response)
}

#[cold]
#[inline(never)]
fn bad(thrown: JsValue) -> Error {
    let words = join(&["the answer could not be read: ", &describe(&thrown)]);
    Error::new(Kind::UnexpectedAnswer, &words).sent(Sent::Yes)
}

/// The caller's signal, listened to until this is dropped.
struct Listening<'s> {
    signal: Option<&'s Signal>,
    promise: Promise,
    listener: Function,
}

impl<'s> Listening<'s> {
    fn new(signal: Option<&'s Signal>) -> Self {
        let mut listener = None;
        let promise = Promise::new(&mut |resolve, _| listener = Some(resolve));
        let listener = listener.unwrap_or_else(|| Function::new_no_args(""));
        if let Some(signal) = signal {
            // A signal that cannot be listened to just never fires.
            let _ = signal.add("abort", &listener);
        }
        Listening { signal, promise, listener }
    }

    async fn heard(&self) {
        let _ = JsFuture::from(self.promise.clone()).await;
    }
}

impl Drop for Listening<'_> {
    fn drop(&mut self) {
        if let Some(signal) = self.signal {
            let _ = signal.remove("abort", &self.listener);
        }
    }
}

#[cold]
#[inline(never)]
fn aborted(sent: Sent) -> Error {
    Error::new(Kind::Aborted, "the caller aborted").sent(sent)
}

#[cold]
#[inline(never)]
fn failed(thrown: &JsValue, sent: Sent) -> Error {
    let words = join(&["no answer: ", &describe(thrown)]);
    let hint = match sent {
        Sent::No => "the connection could not be made: check the endpoint and the network",
        _ => "check the endpoint and the network; a page sees the same when the cloud answers without CORS headers",
    };
    Error::new(Kind::Network, &words).sent(sent).hint(hint)
}

/// What was thrown, in words. Whatever it is, reading it may throw again.
fn describe(thrown: &JsValue) -> String {
    if let Some(text) = thrown.as_string() {
        return text;
    }
    let part = |name| get(thrown, name)?.as_string().filter(|text| !text.is_empty());
    match (part("name"), part("message")) {
        (Some(name), Some(message)) => join(&[&name, ": ", &message]),
        (None, Some(text)) | (Some(text), None) => text,
        (None, None) => "something was thrown that is no Error".to_owned(),
    }
}

/// Whether a rejection proves that no connection was made. Only Node says so; a page's TypeError
/// never tells.
fn never_left(thrown: &JsValue) -> bool {
    const CODES: &str = "ECONNREFUSED ENOTFOUND EAI_AGAIN UND_ERR_CONNECT_TIMEOUT CERT_HAS_EXPIRED \
                         DEPTH_ZERO_SELF_SIGNED_CERT SELF_SIGNED_CERT_IN_CHAIN UNABLE_TO_VERIFY_LEAF_SIGNATURE \
                         ERR_TLS_CERT_ALTNAME_INVALID";
    let Some(cause) = get(thrown, "cause") else { return false };
    get(&cause, "code").and_then(|code| code.as_string()).is_some_and(|code| has_word(CODES, &code))
}

/// An answer as a plain JavaScript object.
///
/// # Errors
/// What JavaScript throws where there is no memory.
pub fn object(answer: Json) -> Js<JsValue> {
    let document = answer.read();
    Ok(Out(document.value()).serialize(&serde_wasm_bindgen::Serializer::json_compatible())?)
}

struct Out<'d>(Value<'d>);

impl Serialize for Out<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        let value = self.0;
        match value.kind() {
            Type::Null => serializer.serialize_unit(),
            Type::Bool => serializer.serialize_bool(value.is_true()),
            // Integers that a JavaScript number holds; anything else stays the text that it came as.
            Type::Number => match value.as_integer().filter(|number| number.unsigned_abs() < 1 << 53) {
                Some(number) => serializer.serialize_i64(number),
                None => serializer.serialize_str(value.raw()),
            },
            Type::String => serializer.serialize_str(value.as_str().unwrap_or_default()),
            Type::List => serializer.collect_seq(value.items().map(Out)),
            Type::Object => serializer.collect_map(value.fields().map(|(name, value)| (name, Out(value)))),
        }
    }
}
