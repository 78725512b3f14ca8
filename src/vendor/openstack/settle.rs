//! How the effect of what must not be made twice is found; see [`crate::core::settle`].

use crate::core::settle::Settle;

/// The operations that add.
pub const SETTLE: &[Settle] = &[Settle {
    operation: "CreateMember",
    read: "ListMembers",
    entries: "",
    list: "members",
    keys: "address protocolPort",
    answer: ("member", ""),
}];
