//! What Alibaba's error codes mean.
//!
//! Sources: the SLB error code table, the retry lists of the vendor's Terraform provider and cloud
//! controller manager. The code alone is not enough: `InvalidParameter` is a bad value with 400, a
//! missing vServer group with 404 and a passing failure with 503.

use crate::core::answer::find;
use crate::core::error::{Error, Kind};
use crate::core::request::Response;
use crate::core::value::Value;

/// Another change of the same load balancer is under way, or the service is busy with it.
const BUSY: &[&str] = &[
    "BackendServer.configuring",
    "ServiceIsConfiguring",
    "VServerGroupProcessing",
    "ServiceIsStopping",
    "OperationBusy",
    "ProcessingSameRequest",
    "SystemBusy",
    "Operation.Conflict",
];

/// The credentials are not believed.
const AUTH: &[&str] = &[
    "SignatureDoesNotMatch",
    "IncompleteSignature",
    "InvalidAccessKeyId",
    "InvalidSecurityToken",
    "InvalidIdentity",
    "InvalidAuthorization",
    "MissingSecurityToken",
    "SignatureNonceUsed",
    "InvalidTimeStamp",
    "MissingAccessKeyId",
];

/// The credentials are believed and may not do this.
const FORBIDDEN: &[&str] = &["Forbidden", "Forbbiden", "NoPermission", "ActionNotAllowed"];

/// Where the vendor's text begins to repeat what was signed, token and all.
const ECHO: &str = "server string to sign is";

/// The error that a body with `Code`, or a status of 400 and more, means.
#[must_use]
pub fn classify(response: &Response, body: &Value<'_>) -> Error {
    let status = response.status;
    let text = |name| find(body, name).and_then(Value::as_str).unwrap_or_default();
    let (code, message, request_id) = (text("Code"), text("Message"), text("RequestId"));
    let kind = kind(status, code, message);
    let shown = message.split(ECHO).next().unwrap_or_default().trim_end();
    let mut words = String::from(if code.is_empty() { "the vendor answered with an error" } else { code });
    if !shown.is_empty() {
        words.push_str(": ");
        words.push_str(shown);
    }
    let mut error = Error::new(kind, words);
    if !code.is_empty() {
        error = error.code(code);
    }
    if !request_id.is_empty() {
        error.0.request_id = Some(request_id.to_owned());
    }
    error.0.retry_after_ms = response.header("x-acs-retry-after").and_then(|text| text.trim().parse().ok());
    match hint(code) {
        Some(hint) => error.hint(hint),
        None => error,
    }
}

fn begins(code: &str, list: &[&str]) -> bool {
    list.iter().any(|item| code.strip_prefix(item).is_some_and(|rest| rest.is_empty() || rest.starts_with('.')))
}

fn kind(status: u16, code: &str, message: &str) -> Kind {
    if code.contains("Throttling") || status == 429 {
        Kind::Throttled
    } else if begins(code, BUSY) {
        Kind::Busy
    } else if begins(code, AUTH) {
        Kind::Auth
    } else if begins(code, FORBIDDEN) || (status == 403 && code.is_empty()) {
        Kind::Forbidden
    } else if status >= 500 || code == "InternalError" || (code == "ServiceUnavailable" && status != 400) {
        Kind::Server
    } else if code.ends_with("NotFound") || (status == 404 && code == "InvalidParameter") || missing(code, message) {
        Kind::NotFound
    } else if code == "ObtainIpFail" {
        Kind::NotFound
    } else if code.starts_with("Unsupported") {
        Kind::Unsupported
    } else if code.is_empty() {
        Kind::UnexpectedAnswer
    } else {
        Kind::InvalidInput
    }
}

/// A missing vServer group has no code of its own.
fn missing(code: &str, message: &str) -> bool {
    code == "InvalidParameter" && message.contains("VServerGroupId") && message.contains("does not exist")
}

fn hint(code: &str) -> Option<&'static str> {
    Some(match code {
        "SignatureDoesNotMatch" => "check accessKeySecret: it does not belong to this accessKeyId",
        "SignatureNonceUsed" => "this very request was sent before: give no nonce of your own, and do not replay",
        "InvalidTimeStamp.Expired" => "set the clock of this machine: it may differ by 15 minutes at most",
        "ObtainIpFail" => "one of these servers no longer exists or is stopped; remove the others without it",
        "TooManyBackendServers" => "lower maxBackendsPerCall to what your quota allows",
        _ if code.starts_with("InvalidAccessKeyId") => "check accessKeyId: it does not exist or is disabled",
        _ if code.contains("SecurityToken") => "get new temporary credentials: this token is wrong or has expired",
        _ if begins(code, FORBIDDEN) => {
            "grant this user the RAM action slb:<operation> on the load balancer and its servers"
        }
        _ if begins(code, BUSY) => "wait some seconds: changes to one load balancer must follow each other",
        _ => return None,
    })
}
