//! How the effect of what must not be made twice is found; see [`crate::core::find_effect`].

use crate::core::find_effect::FindEffect;

/// The operations that add.
pub const FIND_EFFECT: &[FindEffect] = &[FindEffect {
    operation: "CreateMember",
    read: "ListMembers",
    entries: "",
    list: "members",
    keys: "address protocolPort",
    answer: ("member", ""),
}];
