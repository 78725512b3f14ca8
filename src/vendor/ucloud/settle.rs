//! How the effect of what must not be made twice is found; see [`crate::core::settle`].

use crate::core::settle::Settle;

/// The operations that add.
pub const SETTLE: &[Settle] = &[
    Settle {
        operation: "AllocateBackend",
        read: "DescribeVServer",
        entries: "",
        list: "dataSet backendSet",
        keys: "resourceId resourceIp=privateIp port:80",
        answer: ("backendId", "backendId"),
    },
    Settle {
        operation: "CreatePolicy",
        read: "DescribeVServer",
        entries: "",
        list: "dataSet policySet",
        keys: "match type:Domain",
        answer: ("policyId", "policyId"),
    },
];
