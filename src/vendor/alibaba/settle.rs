//! How the effect of what must not be made twice is found; see [`crate::core::settle`].

use crate::core::settle::Settle;

/// The operations that add.
pub const SETTLE: &[Settle] = &[
    Settle {
        operation: "AddBackendServers",
        read: "DescribeLoadBalancerAttribute",
        entries: "backendServers",
        list: "backendServers",
        keys: "serverId serverIp",
        answer: ("", ""),
    },
    Settle {
        operation: "AddVServerGroupBackendServers",
        read: "DescribeVServerGroupAttribute",
        entries: "backendServers",
        list: "backendServers",
        keys: "serverId serverIp port",
        answer: ("", ""),
    },
];
