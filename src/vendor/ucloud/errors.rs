//! What UCloud's return codes mean.
//!
//! Sources: the gateway's and the ULB's error code tables, the vendor's command-line client.

use crate::core::answer::{find_text, said};
use crate::core::encode::decimal;
use crate::core::error::{Error, Kind};
use crate::core::operation::Call;
use crate::core::text::join;
use crate::core::value::Value;

/// The error that a `RetCode` other than 0 means.
#[must_use]
pub fn classify(call: &Call<'_>, code: i64, body: Value<'_>) -> Error {
    let message = find_text(body, "Message");
    let number = decimal(code);
    let mut error = said(kind(call, code), "", &join(&["RetCode ", &number, sep(message), message]), hint(code));
    error.0.code = Some(number);
    error
}

fn sep(message: &str) -> &'static str {
    if message.is_empty() { "" } else { ": " }
}

fn kind(call: &Call<'_>, code: i64) -> Kind {
    match code {
        // The gateway stopped waiting; the change may still be made.
        110 if call.operation.mutates() => Kind::OutcomeUnknown,
        110 | 130 | 150 => Kind::Server,
        153 => Kind::Throttled,
        160 | 161 | 220 | 230 | 240 => Kind::InvalidInput,
        170..=174 => Kind::Auth,
        293..=295 | 299 => Kind::Forbidden,
        292 => Kind::NotFound,
        // The load balancer, VServer or node does not exist. 4103 and 4086 are what the vendor's own
        // Terraform provider takes for it: there is no dedicated code.
        4086 | 4088 | 4093 | 4103 | 4143 | 4148 => Kind::NotFound,
        // In the pool already; still in a rule; ports or VPCs that do not fit.
        4077 | 4109 | 4110 | 4112 | 4116 | 4118 | 4207 | 4994 | 4995 | 4997 | 63_030..=63_032 => Kind::InvalidInput,
        4996 => Kind::Unsupported,
        _ => Kind::Server,
    }
}

fn hint(code: i64) -> &'static str {
    match code {
        110 => "the gateway stopped waiting after 60 s: read the VServer before repeating",
        170 | 171 => "check privateKey, and that the keys belong to this gateway (each brand has its own)",
        172 => "check publicKey, and that it belongs to this gateway (each brand has its own)",
        174 => "the security token is wrong or has expired, or this brand wants the header channel-key",
        292 => "check projectId",
        294 => "add this machine's address to the account's API allow-list; Workers have no fixed address",
        299 => "grant this user the operation on this project",
        4093 | 4148 => {
            "check backendId: it is the node id from DescribeVServer, not the server's id; it may be released already"
        }
        4086 | 4088 | 4103 | 4143 => "check ulbId, region and projectId",
        4110 => "take the backend out of all forwarding rules of its VServer first (UpdatePolicy)",
        _ => "",
    }
}
