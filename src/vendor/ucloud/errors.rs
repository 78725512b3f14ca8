//! What UCloud's return codes mean.
//!
//! Sources: the gateway's and the ULB's error code tables, the vendor's command-line client.

use alloc::borrow::ToOwned;

use crate::core::answer::{find_text, said};
use crate::core::encode::decimal;
use crate::core::error::{Error, Kind};
use crate::core::ids::Ids;
use crate::core::meaning::meaning;
use crate::core::operation::Call;
use crate::core::request::{Request, Response};
use crate::core::text::{join, split};
use crate::core::value::Value;

/// The codes: see [`crate::core::meaning`]. The load balancer's own ones are above 4000; for a
/// missing load balancer there is none, and 4086 and 4103 are what the vendor's own Terraform
/// provider takes for it.
pub const MEANINGS: &str = "\
server?|110||||the gateway stopped waiting after 60 s
server?|130||||
server|150||||
throttled|153||||space the calls out
invalid-input|160 161 220 230 240||||
auth|170 171||||check privateKey, and that the keys belong to this gateway: each brand has its own (api.ucloud.cn, api.scloudsg.com)
auth|172||||check publicKey, and that the keys belong to this gateway: each brand has its own (api.ucloud.cn, api.scloudsg.com)
auth|174||||the security token is wrong or has expired, or this brand wants the header channel-key
not-found|292|||projectId|check projectId
forbidden|293||||this account or project has no right to the zone
forbidden|294||||add this machine's address to the account's API allow-list; Workers have no fixed address
forbidden|295||||the account is locked for security: unlock it in the console
forbidden|299||||grant this user the operation on this project
not-found|4086 4088 4103 4143|||ulbId|check ulbId, vServerId, region and projectId
not-found|4093 4148||||check backendId: it is the node id from DescribeVServer, not the server's id; it may be released already
invalid-input|4077 63030 63031||||
invalid-input|4109||||this server and port is in the VServer already
invalid-input|4110||||take the backend out of all forwarding rules of its VServer first (UpdatePolicy)
invalid-input|4112 4116||||only HTTP and HTTPS VServers have forwarding rules
invalid-input|4117||||the VServer's default rule is missing: mend it in the console
invalid-input|4118|||port|give the VServer's own port: packets are passed on to no other
invalid-input|4207||||the load balancer's quota is used up
invalid-input|4994 4995 4997||||
invalid-input|63032||||the server must be in the load balancer's VPC
unsupported|4996||||
server-|4999||||ask the vendor's support
server|||||the VServer may be changing, or the backend be in a rule: read it before you try again
";

/// How ids begin. Older backends have UUIDs.
pub const IDS: Ids = Ids {
    arguments: &[
        ("ulbId", "ulb-"),
        ("vServerId", "vserver-"),
        ("backendId", "backend- uuid"),
        ("projectId", "org- project-"),
    ],
    known: "ulb- alb- nlb- vserver- backend- uhost- uni- org- project-",
};

/// The error that a `RetCode` other than 0 means.
#[must_use]
pub fn classify(call: &Call<'_>, code: i64, body: Value<'_>) -> Error {
    let message = match find_text(body, "Message") {
        "" => find_text(body, "SubMessage"),
        message => message,
    };
    let number = decimal(code);
    let sep = if message.is_empty() { "" } else { ": " };
    let text = join(&["RetCode ", &number, sep, message]);
    let mut error = meaning(MEANINGS, 0, &number, message, "").unwrap_or_else(|| said(Kind::Server, "", message, ""));
    error.0.message = text;
    error.0.code = Some(number);
    if error.kind() == Kind::InvalidInput && error.0.field.is_none() {
        error.0.field = parameter(call, message).map(str::to_owned);
    }
    // Codes other than the gateway's come from the load balancer. Some of these failures are permanent, which only a
    // read can show.
    if error.kind() == Kind::Server && call.operation.mutates() && !matches!(code, 130 | 150) {
        error.0.retryable = false;
    }
    error
}

/// Our name of the parameter that a message has in brackets: `Params [ULBId] not available`, with
/// nested bodies `Params [api.ReleaseBackend.Request.ULBId]`.
fn parameter(call: &Call<'_>, message: &str) -> Option<&'static str> {
    let (mut name, _) = split(split(message, "[")?.1, "]")?;
    while let Some((_, rest)) = split(name, ".") {
        name = rest;
    }
    call.operation.parameters.iter().find(|parameter| parameter.wire == name).map(|parameter| parameter.name)
}

/// Adds what the call shows: which id is of another kind than the argument takes.
#[cold]
#[must_use]
pub fn diagnose(call: &Call<'_>, _: &Request, _: &Response, error: Error) -> Error {
    // What a gateway forbids has nothing to do with the kinds of ids.
    match error.kind() {
        Kind::Forbidden => error,
        _ => IDS.diagnose(call, error),
    }
}
