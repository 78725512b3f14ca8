//! What the errors of Octavia, Keystone and the OTC and Huawei gateways mean.
//!
//! Six envelopes are in use, and one title lies (`"title": "Bad Request"` beside a 404), so the HTTP
//! status leads and codes and texts refine it. Source: answers recorded from Octavia 19 and Keystone
//! 30, the ELB error code table, the vendor's own clients.

use crate::core::answer::{said, unreadable};
use crate::core::error::{Error, Kind};
use crate::core::request::Response;
use crate::core::text::{before, contains, words};
use crate::core::value::Value;
use crate::vendor::options;

/// Where the gateway begins to repeat what was signed, a security token included.
const ECHO: &str = "canonicalRequest";

/// The error that a status of 400 and more means.
#[must_use]
pub fn classify(response: &Response, body: Value<'_>) -> Error {
    let (code, message) = envelope(body);
    let Some(kind) = kind(response.status, code, message) else {
        return unreadable(response);
    };
    let shown = before(message, ECHO).trim_ascii_end().trim_end_matches(',');
    let mut error = said(kind, code, shown, hint(kind, code));
    error.0.request_id = options::given(body, "request_id");
    // Seconds, as HTTP says; a date in this header is not read.
    error.0.retry_after_ms = response.number("retry-after").and_then(|seconds| seconds.checked_mul(1_000));
    error
}

/// The error of an identity service that gave no token. Its text is not repeated where it may echo
/// what was sent.
#[must_use]
pub fn identity(response: &Response, body: Value<'_>) -> Error {
    let (kind, message, hint) = match response.status {
        401 => (
            Kind::Auth,
            "Keystone refused the credentials",
            "check user, password, domain and project: Keystone says the same for each of them being wrong",
        ),
        400 => (
            Kind::InvalidInput,
            "Keystone did not understand the credentials",
            "check domain and project; their names and ids are not interchangeable",
        ),
        404 => (Kind::NotFound, "there is no Keystone v3 at this address", "check identityEndpoint"),
        _ => return classify(response, body),
    };
    Error::new(kind, message).hint(hint)
}

/// Code and message of any of the envelopes, on the top or one level down.
fn envelope(body: Value<'_>) -> (&str, &str) {
    let found = here(body);
    if found != ("", "") {
        return found;
    }
    for (_, value) in body.fields() {
        let found = here(value);
        if !found.1.is_empty() {
            return found;
        }
    }
    found
}

fn here(value: Value<'_>) -> (&str, &str) {
    (first(value, "error_code errorCode code type"), first(value, "faultstring error_msg errorMsg message description"))
}

/// The first text that one of `names` has.
fn first<'d>(value: Value<'d>, names: &str) -> &'d str {
    for name in words(names) {
        if let Some(text) = value.get(name).and_then(Value::as_str) {
            return text;
        }
    }
    ""
}

/// `None` where neither status nor text says anything.
fn kind(status: u16, code: &str, message: &str) -> Option<Kind> {
    Some(match code {
        "APIGW.0308" => Kind::Throttled,
        "APIGW.0301" | "APIGW.0303" | "ELB.1102" | "ELB.1103" | "ELB.1104" | "ELB.1105" | "SYS.0401" => Kind::Auth,
        "ELB.9802" | "ELB.9803" | "ELB.9804" | "SYS.0403" => Kind::Forbidden,
        "ELB.2012" | "ELB.1002" | "ELB.9800" | "ELB.8904" => Kind::NotFound,
        "ELB.8905" => Kind::InvalidInput,
        _ => match status {
            401 => Kind::Auth,
            403 => Kind::Forbidden,
            404 => Kind::NotFound,
            // Two conflicts: the lock passes, a duplicate or a quota stays.
            409 if is_lock(code, message) => Kind::Busy,
            429 => Kind::Throttled,
            400..=499 if message.is_empty() && code.is_empty() => return None,
            400..=499 => Kind::InvalidInput,
            500.. if message.is_empty() && code.is_empty() => return None,
            500.. => Kind::Server,
            _ => return None,
        },
    })
}

fn is_lock(code: &str, message: &str) -> bool {
    code == "ELB.8907" || contains(message, "is immutable and cannot be updated") || contains(message, "PENDING_")
}

fn hint(kind: Kind, code: &str) -> &'static str {
    match (kind, code) {
        (_, "APIGW.0303") => "set the clock of this machine: it may differ by 15 minutes at most",
        (_, "APIGW.0301") => "check secretKey and the clock; a key may also want signature: \"scoped\"",
        (Kind::Auth, _) => {
            "the token or key is not accepted: it may have expired, or belong to another region or project"
        }
        (Kind::Forbidden, _) => {
            "this user may not do this: Octavia wants the role load-balancer_member, OTC and Huawei elb:members:delete; an unscoped token is refused like this, too"
        }
        (Kind::NotFound, _) => "check poolId and memberId: the member's id in its pool, not the server's",
        (Kind::Busy, _) => "wait until the load balancer is ACTIVE again; one in ERROR never is by itself",
        (Kind::Throttled, _) => "wait up to a minute",
        _ => "",
    }
}
