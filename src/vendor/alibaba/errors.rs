//! What Alibaba's error codes mean.
//!
//! Sources: the SLB error code table, the retry lists of the vendor's Terraform provider and cloud
//! controller manager. The code alone is not enough: `InvalidParameter` is a bad value with 400, a
//! missing vServer group with 404 and a passing failure with 503.

use alloc::{borrow::ToOwned, string::String};

use crate::core::answer::{find_text, unreadable};
use crate::core::error::Error;
use crate::core::hash::sha256_hex;
use crate::core::ids::Ids;
use crate::core::meaning::meaning;
use crate::core::operation::Call;
use crate::core::request::{Request, Response};
use crate::core::text::{before, has_word, join, split, trim};
use crate::core::value::Value;
use crate::core::{clock, compare, encode};
use crate::vendor::alibaba::body::document;

/// The codes: see [`crate::core::meaning`]. The service ignores the removal of an entry that is not there, so each
/// not-found here is about something else, which its `field` names.
pub const MEANINGS: &str = "\
throttled|*Throttling||||space the calls out; the limits count for the whole account
throttled||429|||space the calls out; the limits count for the whole account
busy|BackendServer.configuring ServiceIsConfiguring VServerGroupProcessing ServiceIsStopping OperationBusy ProcessingSameRequest SystemBusy Operation.Conflict||||wait some seconds: changes to one load balancer must follow each other
auth|InvalidTimeStamp.Expired|||timestamp|set the clock of this machine: it may differ by 15 minutes at most; unpool corrects it where it may read the answer's Date
unexpected-answer+|SignatureNonceUsed||||this very request came before: something on the way sent it twice
auth|SignatureDoesNotMatch IncompleteSignature InvalidAccessKeySecret||||check accessKeySecret: it does not belong to this accessKeyId
auth|InvalidSecurityToken MissingSecurityToken||||get new temporary credentials: this token is wrong or has expired
auth|InvalidAccessKeyId MissingAccessKeyId InvalidIdentity InvalidAuthorization||||check accessKeyId: it does not exist or is disabled; temporary credentials need their securityToken
forbidden|Forbidden Forbbiden NoPermission||||grant this user, on the load balancer and its servers, the RAM action|slb:
invalid-input|ServiceUnavailable|400|||
server|ServiceUnavailable||||
server?||5|||
server?|InternalError||||
not-found|ObtainIpFail InvalidServerId.NotFound|||backendServers|one of these servers no longer exists or is stopped, and none was removed; remove the others without it
not-found|InvalidLoadBalancerId.NotFound|||loadBalancerId|check loadBalancerId, and that region is the one where it is
not-found|InvalidParameter||VServerGroupId does not exist|vServerGroupId|check vServerGroupId, and that region is the one where it is
not-found|InvalidParameter|404||vServerGroupId|check vServerGroupId, and that region is the one where it is
invalid-input|InvalidRegionId|||region|this endpoint does not serve the region
unsupported|InvalidAction InvalidVersion InvalidProduct||||check endpoint: it is not one of the classic load balancer's
not-found|*NotFound|||operation|check the ids, and that region is the one where they are
unsupported|*Unsupported||||
invalid-input|TooManyBackendServers|||backendServers|lower maxBackendsPerCall to what your quota allows
invalid-input|BackendServersMalformed InvalidBackendServers InvalidWeight NetworkConflict|||backendServers|
invalid-input|LbStatusNotSupport||||the load balancer is not active: start it, or pay for it, first
invalid-input|RspoolVipExist RspoolRuleExist||||a listener or rule uses this group: take it out there first
invalid-input|InstanceBackendServerNumberOverLimit||||the load balancer is full: remove servers first, or have the quota raised
invalid-input|TooManyListeners|||listenerProtocol|give listenerProtocol, too: several listeners have this port
invalid-input|ActionNotAllowed||||
forbidden||403|||grant this user, on the load balancer and its servers, the RAM action|slb:
invalid-input|*||||
";

/// How ids begin.
pub const IDS: Ids = Ids {
    arguments: &[("loadBalancerId", "lb-"), ("vServerGroupId", "rsp-")],
    known: "lb- alb- nlb- gwlb- rsp- sgp- i- eni- eci-",
};

/// Where the vendor's text begins to repeat what was signed, token and all: older and newer gateways.
const ECHOES: [&str; 3] = ["server string to sign is", "server StringToSign is", "server CanonicalRequest is"];

/// The error that a body with `Code`, or a status of 400 and more, means.
#[must_use]
pub fn classify(call: &Call<'_>, response: &Response, body: Value<'_>) -> Error {
    let (code, mut message) = (find_text(body, "Code"), find_text(body, "Message"));
    for echo in ECHOES {
        message = trim(before(message, echo));
    }
    let mut error = match meaning(MEANINGS, response.status, code, message, call.operation.name) {
        Some(error) => error,
        None => unreadable(response),
    };
    let id = find_text(body, "RequestId");
    if !id.is_empty() {
        error.0.request_id = Some(id.to_owned());
    }
    error.0.retry_after_ms = response.header("x-acs-retry-after").and_then(|millis| clock::wait(millis, 1));
    error
}

/// Adds what the call and the sent request show: whether a signature was refused for its secret or because the request
/// was changed on its way, and which id is of another kind than the argument takes.
#[cold]
#[must_use]
pub fn diagnose(call: &Call<'_>, request: &Request, response: &Response, error: Error) -> Error {
    let code = error.0.code.as_deref().unwrap_or_default();
    if has_word("SignatureDoesNotMatch IncompleteSignature InvalidAccessKeySecret", code) {
        let document = document(response.body.as_deref().unwrap_or_default());
        return match why(request, find_text(document.value(), "Message")) {
            Some(hint) => error.hint(&hint),
            None => error,
        };
    }
    IDS.diagnose(call, error)
}

/// Compares what the service signed, as its message says, with what we did.
fn why(request: &Request, message: &str) -> Option<String> {
    let (_, theirs) = split(message, "string to sign is:").or_else(|| split(message, "StringToSign is ["))?;
    let theirs = trim(before(theirs, "]"));
    let difference = if !theirs.starts_with("ACS3") {
        // The signature is the last parameter, and no other name ends with `Signature`.
        let signed = encode::percent(before(request.body.as_deref()?, "&Signature="));
        compare::parameters(&join(&[request.method, "&%2F&", &signed]), theirs)
    } else {
        let ours = compare::canonical(request, false);
        if theirs.ends_with(&sha256_hex(&ours)) {
            None
        } else {
            split(message, "CanonicalRequest is [")
                .and_then(|(_, theirs)| compare::lines(&ours, before(theirs, "]"), "\n"))
                .or_else(|| Some("a place that it does not tell".to_owned()))
        }
    };
    Some(compare::advice("accessKeySecret", difference.as_deref()))
}
