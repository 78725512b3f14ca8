//! How the effect of what must not be made twice is found; see [`crate::core::find_effect`].

use crate::core::find_effect::FindEffect;

/// The operations that add.
pub const FIND_EFFECT: &[FindEffect] = &[
    FindEffect {
        operation: "AddBackendServers",
        read: "DescribeLoadBalancerAttribute",
        entries: "backendServers",
        list: "backendServers",
        keys: "serverId serverIp",
        answer: ("", ""),
    },
    FindEffect {
        operation: "AddVServerGroupBackendServers",
        read: "DescribeVServerGroupAttribute",
        entries: "backendServers",
        list: "backendServers",
        keys: "serverId serverIp port",
        answer: ("", ""),
    },
];
