//! A client: checks a call, builds and signs it, reads its answer. It is pure, and leaves the sending to its caller.

use alloc::{borrow::ToOwned, boxed::Box, string::String, vec::Vec};

use core::cell::{Cell, RefCell};

use crate::core::check;
use crate::core::clock;
use crate::core::encode::decimal;
use crate::core::error::{Error, Kind, Result, Sent};
use crate::core::explain::{REDACTED, Trace};
use crate::core::find_effect::FindEffect;
use crate::core::json::Json;
use crate::core::nearest::suggestion;
use crate::core::operation::{Call, TIMEOUT_MS};
use crate::core::path::Path;
use crate::core::request::{Request, Response, Stamp, push_header};
use crate::core::secret::Secret;
use crate::core::text::{all, has_word, join, part, push_word, replace};
use crate::core::value::Value;
use crate::removal::Setting;
use crate::vendor::registry;
use crate::vendor::session::{Prepared, Session, Vendor};

/// A client of one vendor.
pub struct Client {
    vendor: &'static Vendor,
    name: &'static str,
    /// The caller's extra headers, as lines.
    headers: String,
    /// 0 for what the operation says.
    timeout_ms: u32,
    max_attempts: u32,
    /// How far the vendor's clock is ahead, in milliseconds, where that was found out.
    clock: Cell<i64>,
    batch: usize,
    /// Gone after [`Client::close`].
    session: RefCell<Option<Box<dyn Session>>>,
}

impl core::fmt::Debug for Client {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Client").field("vendor", &self.name).finish_non_exhaustive()
    }
}

impl Client {
    /// Makes a client out of `options`: an object with `vendor`, `credentials` and what the vendor
    /// needs besides.
    ///
    /// # Errors
    /// `invalid-input` naming the option; `unsupported` for a region that has no such API.
    pub fn new(options: Value<'_>) -> Result<Self> {
        if !options.is_object() {
            return Err(check::wrong(&Path::Root.field("options"), "an object", options));
        }
        let (vendor, name) = registry::find(options.text("vendor"))?;
        let make = || {
            check::object(vendor.options, options, &Path::Root)?;
            Ok(Client {
                vendor,
                name,
                headers: extra_headers(options)?,
                timeout_ms: integer(options, "timeoutMs", 0),
                max_attempts: integer(options, "maxAttempts", 3),
                clock: Cell::new(0),
                batch: integer(options, "maxBackendsPerCall", 20) as usize,
                session: RefCell::new(Some((vendor.open)(name, options)?)),
            })
        };
        make().map_err(|error: Error| mark(error, name, None))
    }

    /// The vendor's name, as given.
    #[must_use]
    pub fn vendor(&self) -> &'static str {
        self.name
    }

    /// Checks `operation` against its table.
    ///
    /// # Errors
    /// `invalid-input` naming the field and its index.
    pub fn check<'a>(&self, operation: Value<'a>) -> Result<Call<'a>> {
        let table = self.vendor.operations;
        let given = operation.text("operation");
        let Some(found) = table.iter().find(|candidate| candidate.name == given) else {
            return Err(mark(self.not_found(operation, given), self.name, None));
        };
        let mut batch = String::new();
        match check::fields(found.parameters, operation, &Path::Root, "operation", self.batch, &mut batch) {
            Ok(()) => Ok(Call { operation: found, arguments: operation, batch, page: None }),
            Err(error) => Err(mark(error, self.name, Some(found.name))),
        }
    }

    #[cold]
    fn not_found(&self, operation: Value<'_>, given: &str) -> Error {
        if !operation.is_object() {
            return check::wrong(&Path::Root.field("operation"), "an object", operation);
        }
        let mut names = String::new();
        for candidate in self.vendor.operations {
            push_word(&mut names, candidate.name);
        }
        let message = match given {
            "" => "operation must be the name of an operation".to_owned(),
            _ => join(&["operation is not one that ", self.name, " has here"]),
        };
        Error::invalid("operation", &message, &suggestion(given, &names))
    }

    /// Whose load balancers this client is for: what a safe removal has to know.
    ///
    /// # Errors
    /// `invalid-input` after [`Client::close`].
    pub fn setting(&self) -> Result<Setting> {
        registry::setting(&self.setting_text()?)
    }

    /// The same as text, for a removal in another module: see [`registry::setting`].
    ///
    /// # Errors
    /// As [`Client::setting`].
    pub fn setting_text(&self) -> Result<String> {
        match &*self.session.borrow() {
            Some(session) => {
                let (endpoint, region) = session.location();
                Ok(join(&[self.name, "\n", endpoint, "\n", region, "\n", &decimal(self.batch as i64)]))
            }
            None => Err(mark(freed(), self.name, None)),
        }
    }

    /// Builds and signs a call, or says which request gets the token that it needs.
    ///
    /// # Errors
    /// `invalid-input` after [`Client::close`], or where the call cannot be built.
    pub fn prepare(&self, call: &Call<'_>, stamp: &Stamp) -> Result<Prepared> {
        self.prepared(call, stamp, &mut Trace::off())
    }

    #[inline(never)]
    fn prepared(&self, call: &Call<'_>, stamp: &Stamp, trace: &mut Trace) -> Result<Prepared> {
        let mut result = match &mut *self.session.borrow_mut() {
            // Placeholders stand for the secrets meanwhile, so that everything that is built can be shown.
            Some(session) if trace.is_on() => {
                let mut secrets = Vec::new();
                exchange(session.as_mut(), &mut secrets);
                let prepared = session.prepare(call, stamp, trace);
                exchange(session.as_mut(), &mut secrets);
                prepared
            }
            Some(session) => session.prepare(call, stamp, trace),
            None => Err(freed()),
        };
        if let Ok(Prepared::Send(request)) = &mut result {
            request.lines.push_str(&self.headers);
        }
        result.map_err(|error| mark(error, self.name, Some(call.operation.name)))
    }

    /// Builds and signs a call without any I/O.
    ///
    /// # Errors
    /// As [`Client::prepare`]; `auth` where a token is needed first.
    pub fn sign(&self, call: &Call<'_>, stamp: &Stamp) -> Result<Request> {
        match self.prepare(call, stamp)? {
            Prepared::Send(request) => Ok(request),
            Prepared::Authenticate(_) => {
                let error = Error::new(Kind::Auth, "there is no live token to sign with")
                    .hint("call `await client.authenticate()` first; `send` gets a token by itself");
                Err(mark(error, self.name, Some(call.operation.name)))
            }
        }
    }

    /// What would be signed and sent, stage by stage, with secrets, tokens and signatures replaced:
    /// `{ vendor, operation, signature, method, url, headers, stages, curl, body? }`.
    ///
    /// # Errors
    /// As [`Client::prepare`].
    pub fn explain(&self, call: &Call<'_>, stamp: &Stamp) -> Result<Json> {
        let mut trace = Trace::on();
        let (Prepared::Send(request) | Prepared::Authenticate(request)) = self.prepared(call, stamp, &mut trace)?;
        let scheme = self.session.borrow().as_ref().map_or("", |session| session.scheme());
        let mut headers = Json::object(&[]);
        let mut curl = join(&["curl -X ", request.method]);
        push_quoted(&mut curl, " ", &request.url);
        for (name, value) in request.headers() {
            headers.add(name, value);
            push_quoted(&mut curl, " -H ", &join(&[name, ": ", value]));
        }
        let mut out = Json::object(&[
            ("vendor", self.name),
            ("operation", call.operation.name),
            ("signature", scheme),
            ("method", request.method),
            ("url", &request.url),
        ]);
        out.add_json("headers", headers.as_str());
        out.add_json("stages", &trace.stages());
        if let Some(body) = &request.body {
            push_quoted(&mut curl, " --data-raw ", body);
        }
        // The command line that sends the request, but with a placeholder for its signature.
        out.add("curl", &curl);
        if let Some(body) = &request.body {
            out.add("body", body);
        }
        Ok(out)
    }

    /// The request that gets a token.
    ///
    /// # Errors
    /// `unsupported` where these credentials need none.
    pub fn authentication(&self) -> Result<Request> {
        let result = match &*self.session.borrow() {
            Some(session) => session.authentication().ok_or_else(|| {
                Error::new(Kind::Unsupported, "these credentials need no authentication")
                    .hint("send and sign work at once with a key pair or a given token")
            }),
            None => Err(freed()),
        };
        result.map_err(|error| mark(error, self.name, None))
    }

    /// Takes the answer to an authentication request; returns what may be shown of the token, as JSON.
    ///
    /// # Errors
    /// `auth` and what else identity services answer.
    pub fn accept(&self, response: &Response, now: i64) -> Result<Json> {
        let result = match &mut *self.session.borrow_mut() {
            Some(session) => session.accept(response, now),
            None => Err(freed()),
        };
        result.map_err(|error| self.clean(answered(mark(error, self.name, None), response, None)))
    }

    /// Reads the answer to a call.
    ///
    /// # Errors
    /// What the vendor's answer says went wrong. An answer that makes no sense is
    /// `unexpected-answer` for a read and `outcome-unknown` for everything else.
    pub fn read(&self, call: &Call<'_>, request: &Request, response: &Response) -> Result<Json> {
        (self.vendor.read)(call, response).map_err(|error| {
            let error = (self.vendor.diagnose)(call, request, response, error);
            let error = answered(error, response, Some(call));
            let mut error = self.clean(mark(error, self.name, Some(call.operation.name)));
            hide(&mut error, &request.signature);
            error
        })
    }

    /// The error of an exchange that brought no complete answer.
    ///
    /// `error` is a `network`, `timeout` or `aborted` that says whether the request left.
    #[must_use]
    pub fn no_answer(&self, call: &Call<'_>, signature: &str, error: Error) -> Error {
        let operation = call.operation;
        let mut error = self.clean(mark(error, self.name, Some(operation.name)));
        // What a caller's fetch throws may repeat the request that it was given.
        hide(&mut error, signature);
        if !operation.mutates() || error.0.sent == Sent::No {
            return error;
        }
        let message = join(&[operation.name, " may have been carried out: ", &error.0.message]);
        let outer = unknown(&message).sent(error.0.sent).caused_by(error);
        mark(outer, self.name, Some(operation.name))
    }

    /// How to find out by reading whether a call has had its effect, and the JSON text of the operation that reads.
    #[must_use]
    pub fn find_effect(&self, call: &Call<'_>) -> Option<(&'static FindEffect, String)> {
        let entry = self.vendor.find_effect.iter().find(|entry| entry.operation == call.operation.name)?;
        Some((entry, entry.read_operation(call, self.vendor.operations)))
    }

    /// The error of a call whose last attempt failed while an earlier one may have been carried out.
    #[must_use]
    pub fn still_unknown(&self, error: Error) -> Error {
        let message = join(&["an earlier attempt may have been carried out: ", &error.0.message]);
        let operation = error.0.operation;
        let sent = if error.0.sent == Sent::Yes { Sent::Yes } else { Sent::Unknown };
        mark(unknown(&message).sent(sent).caused_by(error), self.name, operation)
    }

    /// Says that an error is this client's, and takes its secrets out of it.
    #[must_use]
    pub fn mark(&self, error: Error) -> Error {
        self.clean(mark(error, self.name, None))
    }

    /// A text without the secrets of this client.
    #[must_use]
    pub fn cleaned(&self, text: &str) -> String {
        self.clean(Error::new(Kind::InvalidInput, text)).0.message
    }

    /// How long one exchange of this call may take.
    #[must_use]
    pub fn timeout_ms(&self, call: Option<&Call<'_>>) -> u32 {
        match self.timeout_ms {
            0 => call.map_or(TIMEOUT_MS, |call| call.operation.timeout_ms),
            given => given,
        }
    }

    /// The headers of an answer that are worth reading, with blanks between them.
    #[must_use]
    pub fn response_headers(&self) -> &'static str {
        self.vendor.response_headers
    }

    /// How often a call is tried at most.
    #[must_use]
    pub fn max_attempts(&self) -> u32 {
        self.max_attempts
    }

    /// The time to sign with: `millis`, the time here, by the vendor's clock.
    #[must_use]
    pub fn corrected(&self, millis: i64) -> i64 {
        millis + self.clock.get()
    }

    /// Learns that the vendor's clock is `millis` ahead of ours.
    pub fn correct(&self, millis: i64) {
        self.clock.set(millis);
    }

    /// Forgets a token that was refused. Whether another one can be had.
    #[must_use]
    pub fn forget_token(&self) -> bool {
        self.session.borrow_mut().as_mut().is_some_and(|session| session.forget_token())
    }

    /// Drops the credentials; every later call is `invalid-input`. A call that is under way ends.
    pub fn close(&self) {
        self.session.take();
        crate::core::secret::scrub_stack();
    }

    /// Takes every secret and token of this client out of an error's texts: a vendor's message may
    /// echo what was sent.
    fn clean(&self, mut error: Error) -> Error {
        if let Some(session) = &mut *self.session.borrow_mut() {
            session.secrets(&mut |secret| hide(&mut error, secret.expose()));
        } else {
            // The secrets are gone, so they cannot be searched for in the vendor's words.
            error.each_text(&mut |text| *text = String::from("(left out: the client was freed meanwhile)"));
        }
        error
    }
}

/// A number that was checked; `default` where it is not given.
#[inline(never)]
fn integer(options: Value<'_>, name: &str, default: u32) -> u32 {
    options.get(name).and_then(Value::as_integer).map_or(default, |number| number as u32)
}

#[cold]
fn freed() -> Error {
    Error::new(Kind::InvalidInput, "this client was freed").hint("make a new Client; free() is final")
}

/// An error for a change whose outcome no answer tells.
#[cold]
fn unknown(message: &str) -> Error {
    Error::new(Kind::OutcomeUnknown, message)
        .hint("read the load balancer before doing anything else; do not repeat blindly")
}

/// Exchanges the secrets of a session for `others`; for placeholders where these are none yet.
fn exchange(session: &mut dyn Session, others: &mut Vec<Secret>) {
    let mut index = 0;
    session.secrets(&mut |secret| {
        // There is no secret where it is empty.
        if secret.expose().is_empty() {
            return;
        }
        if index == others.len() {
            others.push(Secret::new(REDACTED));
        }
        if let Some(other) = others.get_mut(index) {
            core::mem::swap(secret, other);
        }
        index += 1;
    });
}

/// Adds the vendor and the operation to an error that does not name them yet.
#[cold]
#[inline(never)]
fn mark(mut error: Error, vendor: &'static str, operation: Option<&'static str>) -> Error {
    error.0.vendor = error.0.vendor.or(Some(vendor));
    error.0.operation = error.0.operation.or(operation);
    error
}

/// Adds what every answer shows: its status, and how long to wait. Where the answer to a change makes no sense, the
/// outcome is unknown.
fn answered(mut error: Error, response: &Response, call: Option<&Call<'_>>) -> Error {
    let sent_before = core::mem::replace(&mut error.0.sent, Sent::Yes);
    error.0.retry_after_ms = error.0.retry_after_ms.or_else(|| clock::delay(response));
    if response.status > 0 {
        error.0.http_status = error.0.http_status.or(Some(response.status));
    }
    // A gateway's failure without a code of the vendor says as little as an answer that makes no sense.
    let senseless = match error.kind() {
        Kind::UnexpectedAnswer => true,
        Kind::Server => error.0.code.is_none() || sent_before == Sent::Unknown,
        _ => false,
    };
    if senseless && call.is_some_and(|call| call.operation.mutates()) {
        let mut outer = unknown(&join(&["the change may have been carried out: ", &error.0.message])).sent(Sent::Yes);
        outer.0.http_status = error.0.http_status;
        outer.0.retry_after_ms = error.0.retry_after_ms;
        if let Some(code) = &error.0.code {
            outer = outer.code(code);
        }
        outer.0.request_id = error.0.request_id.clone();
        return outer.caused_by(error);
    }
    error
}

/// Replaces `secret` in all texts of an error: as it is and as JSON writes it, either of them
/// percent-encoded up to twice, which is what strings to sign hold.
fn hide(error: &mut Error, secret: &str) {
    // Anything shorter is no secret, and replacing it would make messages unreadable.
    if secret.len() < 4 {
        return;
    }
    let mut json = String::new();
    crate::core::json::push_string(&mut json, secret);
    for plain in &[secret, part(&json, 1, json.len() - 1)] {
        let mut form = String::from(*plain);
        for _ in 0..3 {
            error.each_text(&mut |text| *text = replace(text, &form, REDACTED));
            form = crate::core::encode::percent(&form);
        }
    }
}

/// The headers that belong to the request itself.
const OURS: &str =
    "host authorization x-auth-token x-subject-token x-security-token x-project-id content-type content-length";

/// The extra headers as lines, refused where they would meddle with what is signed or who is
/// addressed.
fn extra_headers(options: Value<'_>) -> Result<String> {
    let mut out = String::new();
    let Some(given) = options.get("headers") else { return Ok(out) };
    for (name, value) in given.fields() {
        let lower = name.to_ascii_lowercase();
        let value = value.as_str().unwrap_or_default();
        let ours = has_word(OURS, &lower) || lower.starts_with("x-acs-") || lower.starts_with("x-sdk-");
        let plain = !lower.is_empty()
            && all(&lower, |byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.'))
            && !value.is_empty()
            && all(value, |byte| matches!(byte, b' '..=b'~'));
        if ours || !plain {
            return Err(bad_header(name, ours));
        }
        push_header(&mut out, &lower, value);
    }
    Ok(out)
}

#[cold]
#[inline(never)]
fn bad_header(name: &str, ours: bool) -> Error {
    let message = match ours {
        true => "this header belongs to the request itself",
        false => "headers must hold plain names and printable ASCII values",
    };
    let field = Path::Root.field("headers").field(name).text();
    Error::invalid(&field, message, "headers is for extras such as channel-key")
}

/// Appends an option of a command line and its value.
fn push_quoted(line: &mut String, option: &str, text: &str) {
    line.push_str(&join(&[option, "'", &replace(text, "'", "'\\''"), "'"]));
}
