//! What the errors of Octavia, Keystone and the OTC and Huawei gateways mean.
//!
//! Six envelopes are in use, and one title lies (`"title": "Bad Request"` beside a 404), so the HTTP
//! status leads and codes and texts refine it. Source: answers recorded from Octavia 19 and Keystone
//! 30, the ELB error code table, the vendor's own clients.

use crate::core::answer::unreadable;
use crate::core::error::{Error, Kind};
use crate::core::ids::{Ids, UUID};
use crate::core::meaning::meaning;
use crate::core::operation::Call;
use crate::core::path::Path;
use crate::core::request::{Request, Response};
use crate::core::text::{before, contains, split, trim, words};
use crate::core::value::Value;
use crate::core::{compare, json};
use crate::vendor::options;

/// The codes: see [`crate::core::meaning`]. There are two conflicts (409): the lock passes, a
/// duplicate or a quota stays. The gateway's codes begin with `APIG` or `APIGW`; 0301 is everything
/// that can be wrong with a token or key, and only its text tells what. Its 0201 is a service
/// behind it that did not answer, so that nobody knows what became of a change.
pub const MEANINGS: &str = "\
throttled|APIGW.0308 APIG.0308||||wait up to a minute
throttled||429|||wait up to a minute
auth|APIGW.0303 APIG.0303|||timestamp|set the clock of this machine: it may differ by 15 minutes at most; unpool corrects it only where it may read the answer's Date, which a page often may not
auth|APIGW.0301 APIG.0301||signature expired|timestamp|set the clock of this machine: it may differ by 15 minutes at most; unpool corrects it only where it may read the answer's Date, which a page often may not
auth|APIGW.0301 APIG.0301||date expired|timestamp|set the clock of this machine: it may differ by 15 minutes at most; unpool corrects it only where it may read the answer's Date, which a page often may not
auth|APIGW.0301 APIG.0301||ak not exist||check accessKey: this cloud does not know it
auth|APIGW.0301 APIG.0301||reach the limit||the gateway locks a key for five minutes after five wrong signatures: check secretKey, then wait
auth|APIGW.0301 APIG.0301||token||the token or key is not accepted: it may have expired, or belong to another region or project
auth|APIGW.0301 APIG.0301||||check secretKey and the clock; a key may also want signature: \"scoped\"
auth|ELB.1102 ELB.1103 ELB.1104 ELB.1105 SYS.0401||||the token or key is not accepted: it may have expired, or belong to another region or project
forbidden|APIGW.0801 APIGW.0802|||region|this user or service is not admitted to the region
forbidden|ELB.9802 ELB.9803 ELB.9804 SYS.0403 APIGW.0302 APIG.0302||||this user may not do this: Octavia wants the role load-balancer_member, a newer one member, OTC and Huawei the ELB right, as elb:members:delete; an unscoped token or one of another project is refused like this, too, and at OTC an id that does not exist
unsupported|APIGW.0101 APIG.0101||||check endpoint and region: this host does not serve the load balancer API v2.0
unexpected-answer+|APIGW.0201 APIG.0201|5|||the service behind the gateway did not answer
not-found|ELB.2012 ELB.1002 ELB.9800 ELB.8904||Pool |poolId|check poolId and memberId: the member's id in its pool, not the server's; and that the endpoint is its region's
not-found|ELB.2012 ELB.1002 ELB.9800 ELB.8904||||check poolId and memberId: the member's id in its pool, not the server's; and that the endpoint is its region's
invalid-input|ELB.8905||||the quota is used up: remove something first, or have it raised
invalid-input|||uota has been met||the quota is used up: remove something first, or have it raised
invalid-input||409|already using||another member of the pool has this address and port
invalid-input||409|already present||another member of the pool has this address and port
busy|ELB.8907||||wait until the load balancer is ACTIVE again; one in ERROR never is by itself
busy||409|is immutable and cannot be updated||wait until the load balancer is ACTIVE again; one in ERROR never is by itself
busy||409|PENDING_||wait until the load balancer is ACTIVE again; one in ERROR never is by itself
auth||401|||the token or key is not accepted: it may have expired, or belong to another region or project
forbidden||403|||this user may not do this: Octavia wants the role load-balancer_member, a newer one member, OTC and Huawei the ELB right, as elb:members:delete; an unscoped token or one of another project is refused like this, too, and at OTC an id that does not exist
not-found||404|Pool |poolId|check poolId and memberId: the member's id in its pool, not the server's; and that the endpoint is its region's
not-found||404|||check poolId and memberId: the member's id in its pool, not the server's; and that the endpoint is its region's
invalid-input||4|||
server?||5|||
";

/// How ids begin: Octavia's, OTC's and Huawei's are UUIDs; the others come from other clouds.
pub const IDS: Ids = Ids {
    arguments: &[("poolId", UUID), ("memberId", UUID), ("loadBalancerId", UUID)],
    known: "lb- alb- rsp- i- ulb- vserver- backend-",
};

/// Where the gateway begins to repeat what was signed, a security token included.
const ECHO: &str = "canonicalRequest";

/// The error that a status of 400 and more means.
#[must_use]
pub fn classify(response: &Response, body: Value<'_>) -> Error {
    let (code, message) = envelope(body);
    // These three mean the same whoever sends them; any other status without code and text comes from a gateway.
    let silent = code.is_empty() && message.is_empty() && !matches!(response.status, 401 | 403 | 429);
    let shown = trim(before(message, ECHO));
    let shown = shown.strip_suffix(",").unwrap_or(shown);
    let mut error = match meaning(MEANINGS, response.status, code, shown, "") {
        Some(error) if !silent => error,
        _ => return unreadable(response),
    };
    error.0.request_id = options::given(body, "request_id");
    error
}

/// Adds what the call and the sent request show: whether a signature was refused for its secret or because the request
/// was changed on its way, and which id is of another kind than the argument takes.
#[cold]
#[must_use]
pub fn diagnose(call: &Call<'_>, request: &Request, response: &Response, error: Error) -> Error {
    let document = json::parse(response.body.as_deref().unwrap_or_default()).unwrap_or_default();
    let (_, message) = envelope(document.value());
    match split(message, "canonicalRequest:") {
        Some((_, theirs)) if error.kind() == Kind::Auth => {
            let ours = compare::canonical(request, true);
            let difference = compare::lines(&ours, trim(theirs), "|");
            error.hint(&compare::advice(SECRET, difference.as_deref()))
        }
        _ => IDS.diagnose(call, error),
    }
}

/// A key may also be one for the other variant of the signature.
const SECRET: &str = "secretKey and signature (\"access\" or \"scoped\")";

/// The error of an identity service that gave no token. Its text is not repeated where it may echo
/// what was sent.
#[must_use]
pub fn identity(response: &Response, body: Value<'_>) -> Error {
    let unknown = contains(envelope(body).1, "Could not find Application Credential");
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
        404 if unknown => (
            Kind::Auth,
            "Keystone does not know this application credential",
            "check applicationCredentialId; a removed one does not come back, so that a new one is needed",
        ),
        404 => (Kind::NotFound, "there is no Keystone v3 at this address", "check identityEndpoint"),
        _ => return classify(response, body),
    };
    Error::new(kind, message).hint(hint)
}

/// The error of an option that these settings need.
#[cold]
#[inline(never)]
#[must_use]
pub fn missing(field: &str, hint: &str) -> Error {
    Path::Root.field(field).refuse(&[" is missing"], &[hint])
}

/// The error of a value that this cloud has no use for.
#[cold]
#[inline(never)]
#[must_use]
pub fn unsupported(field: &str, message: &str, hint: &str) -> Error {
    let mut error = Error::invalid(field, message, hint);
    error.0.kind = Kind::Unsupported;
    error
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
