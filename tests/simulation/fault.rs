//! Errors as the package writes them, and what can go wrong with a call.

use serde_json::{Value, json};

use crate::chance::Chance;

/// What happens to a call, apart from what it asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fault {
    None,
    /// Refused before anything was done.
    Busy,
    Throttled,
    Server,
    NotSent,
    Forbidden,
    /// The answer is lost or cannot be read.
    LostDone,
    LostUndone,
    LostLate,
    GarbageDone,
    GarbageUndone,
}

pub const ON_CHANGE: &[Fault] = &[
    Fault::Busy,
    Fault::Throttled,
    Fault::Server,
    Fault::NotSent,
    Fault::LostDone,
    Fault::LostUndone,
    Fault::LostLate,
    Fault::GarbageDone,
    Fault::GarbageUndone,
];
pub const ON_READ: &[Fault] =
    &[Fault::Throttled, Fault::Server, Fault::NotSent, Fault::LostUndone, Fault::GarbageUndone];

impl Fault {
    /// Whether the call takes effect, now or later.
    pub fn is_done(self) -> bool {
        matches!(self, Fault::None | Fault::LostDone | Fault::LostLate | Fault::GarbageDone)
    }

    /// The error that tells of it.
    pub fn error(self, mutates: bool, chance: &mut Chance) -> Value {
        let cause = match self {
            Fault::None => return Value::Null,
            Fault::Busy => return error("busy", true, json!(true), "BackendServer.configuring", 409),
            Fault::Throttled => {
                let mut out = error("throttled", true, json!(true), "Throttling.User", 400);
                if chance.permille(700) {
                    out["retryAfterMs"] = json!(chance.range(1, 20_000));
                }
                return out;
            }
            Fault::Forbidden => return error("forbidden", false, json!(true), "Forbidden.RAM", 403),
            Fault::NotSent => return error("network", true, json!(false), "", 0),
            Fault::Server if !mutates => return error("server", true, json!(true), "InternalError", 500),
            Fault::Server => error("server", true, json!(true), "InternalError", 500),
            Fault::GarbageDone | Fault::GarbageUndone => error("unexpected-answer", false, json!(true), "", 200),
            _ if chance.permille(500) => error("timeout", true, json!("unknown"), "", 0),
            _ => error("network", true, json!("unknown"), "", 0),
        };
        if !mutates {
            return cause;
        }
        let mut out = error("outcome-unknown", false, cause["sent"].clone(), "", 0);
        if self != Fault::Server && !matches!(self, Fault::GarbageDone | Fault::GarbageUndone) {
            out["sent"] = json!("unknown");
        }
        out["cause"] = cause;
        out
    }
}

pub fn error(kind: &str, retryable: bool, sent: Value, code: &str, status: u16) -> Value {
    let mut out = json!({"kind": kind, "message": format!("{kind} {code}"), "retryable": retryable, "sent": sent});
    if !code.is_empty() {
        out["code"] = json!(code);
    }
    if status != 0 {
        out["httpStatus"] = json!(status);
    }
    out
}

/// An abort by the caller; behind an unknown outcome where a change may have left.
pub fn aborted(unknown: bool) -> Value {
    let mut inner = error("aborted", false, json!(if unknown { json!("unknown") } else { json!(false) }), "", 0);
    if unknown {
        let cause = inner;
        inner = error("outcome-unknown", false, json!("unknown"), "", 0);
        inner["cause"] = cause;
    }
    inner
}
