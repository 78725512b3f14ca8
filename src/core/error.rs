//! The one error type.

use alloc::{borrow::ToOwned, boxed::Box, string::String, vec::Vec};

use crate::core::encode::decimal;
use crate::core::json::{Json, push_comma};

/// What kind of thing went wrong, which is also what to do about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Kind {
    /// The input is wrong; nothing was signed. Fix the field named in `field`.
    InvalidInput,
    /// The vendor does not know or believe the credentials. Fix them; do not retry.
    Auth,
    /// The credentials are good but may not do this.
    Forbidden,
    /// The load balancer, group, pool or member does not exist.
    NotFound,
    /// The load balancer is locked by another change. Try again later.
    Busy,
    /// Too many requests. Try again after a pause.
    Throttled,
    /// The vendor failed. For a removal: read before repeating.
    Server,
    /// No connection. For a mutating call only when the request certainly did not leave.
    Network,
    /// No answer in time. For a mutating call only when the request certainly did not leave.
    Timeout,
    /// The caller aborted. For a mutating call only when the request certainly did not leave.
    Aborted,
    /// The request may have been carried out, and no answer tells. Read before doing anything else.
    OutcomeUnknown,
    /// A guard said no.
    Refused,
    /// The answer to a read makes no sense.
    UnexpectedAnswer,
    /// The vendor, region or runtime cannot do this.
    Unsupported,
}

impl Kind {
    /// The name used in JavaScript.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Kind::InvalidInput => "invalid-input",
            Kind::Auth => "auth",
            Kind::Forbidden => "forbidden",
            Kind::NotFound => "not-found",
            Kind::Busy => "busy",
            Kind::Throttled => "throttled",
            Kind::Server => "server",
            Kind::Network => "network",
            Kind::Timeout => "timeout",
            Kind::Aborted => "aborted",
            Kind::OutcomeUnknown => "outcome-unknown",
            Kind::Refused => "refused",
            Kind::UnexpectedAnswer => "unexpected-answer",
            Kind::Unsupported => "unsupported",
        }
    }

    /// Whether repeating the same call later can help without anybody changing anything.
    #[must_use]
    pub fn retryable(self) -> bool {
        matches!(self, Kind::Busy | Kind::Throttled | Kind::Server | Kind::Network | Kind::Timeout)
    }
}

/// Whether the request left.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Sent {
    /// Certainly not.
    #[default]
    No,
    /// Certainly: an answer came back.
    Yes,
    /// Nobody can tell.
    Unknown,
}

/// The fields of an [`Error`].
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Details {
    /// What kind of failure.
    pub kind: Kind,
    /// What happened, for the person who reads it.
    pub message: String,
    /// The vendor, as the client was configured.
    pub vendor: Option<&'static str>,
    /// The operation, in the vendor's words.
    pub operation: Option<&'static str>,
    /// The vendor's own code.
    pub code: Option<String>,
    /// The HTTP status of the answer.
    pub http_status: Option<u16>,
    /// The vendor's id of the request.
    pub request_id: Option<String>,
    /// Whether the same call may be repeated later as it is.
    pub retryable: bool,
    /// Whether the request left.
    pub sent: Sent,
    /// What to do.
    pub hint: Option<String>,
    /// The field of the input that is wrong, as a path.
    pub field: Option<String>,
    /// How long the vendor asked to wait, in milliseconds.
    pub retry_after_ms: Option<u32>,
    /// What is behind it: the timeout behind an unknown outcome.
    pub cause: Option<Error>,
    /// How the attempts before this one ended, where the call was repeated.
    pub attempts: Vec<Error>,
}

/// A text, unless it is empty.
#[inline(never)]
pub(crate) fn given(text: &str) -> Option<String> {
    if text.is_empty() { None } else { Some(text.to_owned()) }
}

/// An error: what happened, whether the request left, what to do. Never holds a secret.
#[derive(Clone, Debug)]
pub struct Error(pub Box<Details>);

/// A result of this crate.
pub type Result<T> = core::result::Result<T, Error>;

impl Error {
    /// A new error; `retryable` follows from `kind`.
    #[cold]
    #[inline(never)]
    #[must_use]
    pub fn new(kind: Kind, message: &str) -> Self {
        Error(Box::new(Details {
            kind,
            message: message.to_owned(),
            vendor: None,
            operation: None,
            code: None,
            http_status: None,
            request_id: None,
            retryable: kind.retryable(),
            sent: Sent::No,
            hint: None,
            field: None,
            retry_after_ms: None,
            cause: None,
            attempts: Vec::new(),
        }))
    }

    /// Bad input at `field`: `message` says what is wrong, `hint` what would be right.
    #[cold]
    #[inline(never)]
    #[must_use]
    pub fn invalid(field: &str, message: &str, hint: &str) -> Self {
        let mut error = Error::new(Kind::InvalidInput, message).hint(hint);
        // There even where it is empty: the path of the input itself.
        error.0.field = Some(field.to_owned());
        error
    }

    /// Adds what to do, if anything.
    #[must_use]
    #[cold]
    #[inline(never)]
    pub fn hint(mut self, hint: &str) -> Self {
        self.0.hint = given(hint);
        self
    }

    /// Adds the vendor's code, if there is one.
    #[must_use]
    #[cold]
    #[inline(never)]
    pub fn code(mut self, code: &str) -> Self {
        self.0.code = given(code);
        self
    }

    /// Says whether the request left.
    #[must_use]
    #[cold]
    #[inline(never)]
    pub fn sent(mut self, sent: Sent) -> Self {
        self.0.sent = sent;
        self
    }

    /// Adds what is behind it.
    #[must_use]
    #[cold]
    #[inline(never)]
    pub fn caused_by(mut self, cause: Error) -> Self {
        self.0.cause = Some(cause);
        self
    }

    /// The kind.
    #[must_use]
    pub fn kind(&self) -> Kind {
        self.0.kind
    }

    /// It as JSON, in the names that JavaScript has for it.
    #[cold]
    #[must_use]
    pub fn json(&self) -> Json {
        let details = &*self.0;
        let mut out = Json::object(&[("kind", details.kind.name()), ("message", &details.message)]);
        let sent = match details.sent {
            Sent::No => "false",
            Sent::Yes => "true",
            Sent::Unknown => "\"unknown\"",
        };
        out.add_json("retryable", if details.retryable { "true" } else { "false" });
        out.add_json("sent", sent);
        for (name, text) in [
            ("vendor", details.vendor),
            ("operation", details.operation),
            ("code", details.code.as_deref()),
            ("requestId", details.request_id.as_deref()),
            ("hint", details.hint.as_deref()),
            ("field", details.field.as_deref()),
        ] {
            if let Some(text) = text {
                out.add(name, text);
            }
        }
        for (name, number) in
            [("httpStatus", details.http_status.map(u32::from)), ("retryAfterMs", details.retry_after_ms)]
        {
            if let Some(number) = number {
                out.add_json(name, &decimal(number.into()));
            }
        }
        if !details.attempts.is_empty() {
            let mut list = String::from("[");
            for attempt in &details.attempts {
                push_comma(&mut list);
                list.push_str(attempt.json().as_str());
            }
            list.push_str("]");
            out.add_json("attempts", &list);
        }
        if let Some(cause) = &details.cause {
            out.add_json("cause", cause.json().as_str());
        }
        out
    }

    /// Every text of this error, its own cause's too: for cleaning and for searching.
    pub fn each_text(&mut self, visit: &mut dyn FnMut(&mut String)) {
        let Details { message, code, request_id, field, hint, cause, attempts, .. } = &mut *self.0;
        visit(message);
        for text in [code, request_id, field, hint].into_iter().flatten() {
            visit(text);
        }
        if let Some(error) = cause {
            error.each_text(visit);
        }
        for error in attempts {
            error.each_text(visit);
        }
    }
}

impl core::fmt::Display for Error {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(&self.0.message)
    }
}

impl core::error::Error for Error {
    fn source(&self) -> Option<&(dyn core::error::Error + 'static)> {
        self.0.cause.as_ref().map(|cause| cause as _)
    }
}
