//! How the effect of what must not be made twice is found; see [`crate::core::find_effect`].

use crate::core::find_effect::FindEffect;

/// The operations that add.
pub const FIND_EFFECT: &[FindEffect] = &[
    FindEffect {
        operation: "AllocateBackend",
        read: "DescribeVServer",
        entries: "",
        list: "dataSet backendSet",
        keys: "resourceId resourceIp=privateIp port:80",
        answer: ("backendId", "backendId"),
    },
    FindEffect {
        operation: "CreatePolicy",
        read: "DescribeVServer",
        entries: "",
        list: "dataSet policySet",
        keys: "match type:Domain",
        answer: ("policyId", "policyId"),
    },
];
