//! What Alibaba's error codes mean.
//!
//! Sources: the SLB error code table, the retry lists of the vendor's Terraform provider and cloud
//! controller manager. The code alone is not enough: `InvalidParameter` is a bad value with 400, a
//! missing vServer group with 404 and a passing failure with 503.

use alloc::borrow::ToOwned;

use crate::core::answer::{find_text, said};
use crate::core::error::{Error, Kind};
use crate::core::request::Response;
use crate::core::text::{before, contains, words};
use crate::core::value::Value;

/// Another change of the same load balancer is under way, or the service is busy with it.
const BUSY: &str = "BackendServer.configuring ServiceIsConfiguring VServerGroupProcessing ServiceIsStopping \
                    OperationBusy ProcessingSameRequest SystemBusy Operation.Conflict";

/// The credentials are not believed.
const AUTH: &str = "SignatureDoesNotMatch IncompleteSignature InvalidAccessKeyId InvalidSecurityToken InvalidIdentity \
                    InvalidAuthorization MissingSecurityToken SignatureNonceUsed InvalidTimeStamp MissingAccessKeyId";

/// The credentials are believed and may not do this.
const FORBIDDEN: &str = "Forbidden Forbbiden NoPermission ActionNotAllowed";

/// Where the vendor's text begins to repeat what was signed, token and all.
const ECHO: &str = "server string to sign is";

/// The error that a body with `Code`, or a status of 400 and more, means.
#[must_use]
pub fn classify(response: &Response, body: Value<'_>) -> Error {
    let (code, message) = (find_text(body, "Code"), find_text(body, "Message"));
    let kind = kind(response.status, code, message);
    let mut error = said(kind, code, before(message, ECHO).trim_ascii_end(), hint(kind, code));
    let id = find_text(body, "RequestId");
    if !id.is_empty() {
        error.0.request_id = Some(id.to_owned());
    }
    error.0.retry_after_ms = response.number("x-acs-retry-after");
    error
}

/// Whether `code` is one of `list`, or one of them with something behind a dot.
fn begins(code: &str, list: &str) -> bool {
    words(list).any(|item| code.strip_prefix(item).is_some_and(|rest| rest.is_empty() || rest.starts_with('.')))
}

fn kind(status: u16, code: &str, message: &str) -> Kind {
    let missing = match code {
        "ObtainIpFail" => true,
        // A missing vServer group has no code of its own.
        "InvalidParameter" => {
            status == 404 || (contains(message, "VServerGroupId") && contains(message, "does not exist"))
        }
        _ => code.ends_with("NotFound"),
    };
    if contains(code, "Throttling") || status == 429 {
        Kind::Throttled
    } else if begins(code, BUSY) {
        Kind::Busy
    } else if begins(code, AUTH) {
        Kind::Auth
    } else if begins(code, FORBIDDEN) || (status == 403 && code.is_empty()) {
        Kind::Forbidden
    } else if status >= 500 || code == "InternalError" || (code == "ServiceUnavailable" && status != 400) {
        Kind::Server
    } else if missing {
        Kind::NotFound
    } else if code.starts_with("Unsupported") {
        Kind::Unsupported
    } else if code.is_empty() {
        Kind::UnexpectedAnswer
    } else {
        Kind::InvalidInput
    }
}

fn hint(kind: Kind, code: &str) -> &'static str {
    match (code, kind) {
        ("SignatureDoesNotMatch", _) => "check accessKeySecret: it does not belong to this accessKeyId",
        ("SignatureNonceUsed", _) => "this very request was sent before: give no nonce of your own, and do not replay",
        ("InvalidTimeStamp.Expired", _) => "set the clock of this machine: it may differ by 15 minutes at most",
        ("ObtainIpFail", _) => "one of these servers no longer exists or is stopped; remove the others without it",
        ("TooManyBackendServers", _) => "lower maxBackendsPerCall to what your quota allows",
        (_, Kind::Auth) if contains(code, "SecurityToken") => {
            "get new temporary credentials: this token is wrong or has expired"
        }
        (_, Kind::Auth) => "check accessKeyId: it does not exist or is disabled",
        (_, Kind::Forbidden) => "grant this user the RAM action slb:<operation> on the load balancer and its servers",
        (_, Kind::Busy) => "wait some seconds: changes to one load balancer must follow each other",
        _ => "",
    }
}
