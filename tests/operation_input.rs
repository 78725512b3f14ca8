//! The operations besides the removals: what is refused by name before anything is signed, what the
//! two dialects of OpenStack differ in, and how answers are read.

mod support;

use serde_json::{Value as Json, json};
use support::*;
use unpool::core::operation::{Effect, Kind as ParameterKind, camel};
use unpool::vendor::VENDORS;
use unpool::{Client, Error, Kind, Sent};

/// An operation with some of its arguments changed; `null` leaves one out.
fn with(base: &str, changes: &Json) -> String {
    let mut call: Json = serde_json::from_str(base).expect("JSON");
    let fields = call.as_object_mut().expect("an object");
    for (name, value) in changes.as_object().expect("an object") {
        if value.is_null() {
            fields.remove(name);
        } else {
            fields.insert(name.clone(), value.clone());
        }
    }
    call.to_string()
}

fn refusal(client: &Client, call: &str) -> Error {
    let error = client.check(parse(call)).and_then(|call| client.sign(&call, &stamp()));
    let error = error.err().unwrap_or_else(|| unreachable!("{call} was taken"));
    assert_eq!(error.0.sent, Sent::No);
    assert!(error.0.hint.is_some(), "{error}: no hint");
    assert!(error.0.operation.is_some() && error.0.vendor.is_some());
    error
}

const SET: &str = r#"{"operation": "SetBackendServers", "loadBalancerId": "lb-1",
    "backendServers": [{"serverId": "i-1", "weight": 0}]}"#;
const SET_GROUP: &str = r#"{"operation": "SetVServerGroupAttribute", "vServerGroupId": "rsp-1",
    "backendServers": [{"serverId": "i-1", "port": 80, "weight": 0}]}"#;
const ADD: &str =
    r#"{"operation": "AddBackendServers", "loadBalancerId": "lb-1", "backendServers": [{"serverId": "i-1"}]}"#;
const ADD_GROUP: &str = r#"{"operation": "AddVServerGroupBackendServers", "vServerGroupId": "rsp-1",
    "backendServers": [{"serverId": "i-1", "port": 80}]}"#;
const HEALTH: &str = r#"{"operation": "DescribeHealthStatus", "loadBalancerId": "lb-1"}"#;
const GROUPS: &str = r#"{"operation": "DescribeVServerGroups", "loadBalancerId": "lb-1",
    "includeListener": true, "includeRule": false}"#;

const UPDATE_BACKEND: &str =
    r#"{"operation": "UpdateBackendAttribute", "ulbId": "ulb-1", "backendId": "backend-1", "enabled": 0}"#;
const UPDATE_POLICY: &str = r#"{"operation": "UpdatePolicy", "ulbId": "ulb-1", "vServerId": "vserver-1",
    "policyId": "policy-1", "type": "Domain", "match": "www.example.com", "backendIds": ["backend-1", "backend-2"]}"#;
const CREATE_POLICY: &str = r#"{"operation": "CreatePolicy", "ulbId": "ulb-1", "vServerId": "vserver-1",
    "match": "www.example.com", "backendIds": ["backend-1"]}"#;
const ALLOCATE: &str = r#"{"operation": "AllocateBackend", "ulbId": "ulb-1", "vServerId": "vserver-1",
    "resourceType": "UHost", "resourceId": "uhost-1"}"#;

const UPDATE_MEMBER: &str = r#"{"operation": "UpdateMember", "poolId": "p", "memberId": "m", "weight": 0}"#;
const CREATE_MEMBER: &str = r#"{"operation": "CreateMember", "poolId": "p", "address": "10.0.0.1", "protocolPort": 80,
    "subnetId": "s"}"#;
const GET_MEMBER: &str = r#"{"operation": "GetMember", "poolId": "p", "memberId": "m"}"#;
const GET_POOL: &str = r#"{"operation": "GetPool", "poolId": "p"}"#;
const GET_LB: &str = r#"{"operation": "GetLoadBalancer", "loadBalancerId": "lb"}"#;
const STATUSES: &str = r#"{"operation": "GetLoadBalancerStatuses", "loadBalancerId": "lb"}"#;

#[test]
fn wrong_input_is_refused_by_name() {
    let servers = |server: Json| json!({ "backendServers": [{"serverId": "i-0", "port": 1, "weight": 1}, server] });
    let rows = [
        (ALIBABA, SET, servers(json!({"serverId": "i-1"})), "backendServers[1].weight"),
        (ALIBABA, SET, servers(json!({"serverId": "i-1", "weight": 101})), "backendServers[1].weight"),
        (ALIBABA, SET, servers(json!({"serverId": "eni-1", "weight": 1})), "backendServers[1].type"),
        (ALIBABA, SET, json!({"backendServers": []}), "backendServers"),
        (ALIBABA, SET, json!({"backendServers": ["i-1"]}), "backendServers[0]"),
        (ALIBABA, SET, json!({"loadBalancerId": "a/b"}), "loadBalancerId"),
        (ALIBABA, SET_GROUP, servers(json!({"serverId": "i-1", "weight": 0})), "backendServers[1].port"),
        (ALIBABA, SET_GROUP, servers(json!({"serverId": "i-0", "port": "01", "weight": 2})), "backendServers[1]"),
        (ALIBABA, SET_GROUP, json!({"backendServers": null}), "backendServers"),
        (ALIBABA, SET_GROUP, json!({"vServerGroupName": ""}), "vServerGroupName"),
        (ALIBABA, ADD, json!({"backendServers": ["i-1"]}), "backendServers[0]"),
        (ALIBABA, ADD, servers(json!({"serverId": "i-1", "weight": -1})), "backendServers[1].weight"),
        (ALIBABA, ADD_GROUP, servers(json!({"serverId": "i-1"})), "backendServers[1].port"),
        (ALIBABA, HEALTH, json!({"listenerPort": 0}), "listenerPort"),
        (ALIBABA, HEALTH, json!({"listenerProtocol": "HTTP"}), "listenerProtocol"),
        (ALIBABA, GROUPS, json!({"includeRule": "true"}), "includeRule"),
        (UCLOUD, UPDATE_BACKEND, json!({"enabled": null}), "enabled"),
        (UCLOUD, UPDATE_BACKEND, json!({"enabled": 2}), "enabled"),
        (UCLOUD, UPDATE_BACKEND, json!({"enabled": true}), "enabled"),
        (UCLOUD, UPDATE_BACKEND, json!({"weight": 101}), "weight"),
        (UCLOUD, UPDATE_BACKEND, json!({"port": 65_536}), "port"),
        (UCLOUD, UPDATE_POLICY, json!({"type": null}), "type"),
        (UCLOUD, UPDATE_POLICY, json!({"type": "Default"}), "type"),
        (UCLOUD, UPDATE_POLICY, json!({"backendIds": null}), "backendIds"),
        (UCLOUD, UPDATE_POLICY, json!({"backendIds": []}), "backendIds"),
        (UCLOUD, UPDATE_POLICY, json!({"backendIds": [], "allowEmpty": false}), "backendIds"),
        (UCLOUD, UPDATE_POLICY, json!({"backendIds": [], "allowEmpty": "true"}), "allowEmpty"),
        (UCLOUD, UPDATE_POLICY, json!({"backendIds": "backend-1"}), "backendIds"),
        (UCLOUD, UPDATE_POLICY, json!({"backendIds": ["backend-1", ""]}), "backendIds[1]"),
        (UCLOUD, UPDATE_POLICY, json!({"backendIds": ["backend-1", {"backendId": "b"}]}), "backendIds[1]"),
        (UCLOUD, UPDATE_POLICY, json!({"backendIds": ["backend-1", "backend-2", "backend-1"]}), "backendIds[2]"),
        (UCLOUD, UPDATE_POLICY, json!({"backendIds": vec!["b"; 1_001]}), "backendIds"),
        (UCLOUD, UPDATE_POLICY, json!({"policyId": null}), "policyId"),
        (UCLOUD, UPDATE_POLICY, json!({"match": "x".repeat(256)}), "match"),
        (UCLOUD, UPDATE_POLICY, json!({"policyPriority": 0}), "policyPriority"),
        (UCLOUD, UPDATE_POLICY, json!({"domainMatchMode": "regular"}), "domainMatchMode"),
        (UCLOUD, CREATE_POLICY, json!({"backendIds": []}), "backendIds"),
        (UCLOUD, CREATE_POLICY, json!({"allowEmpty": true}), "allowEmpty"),
        (UCLOUD, ALLOCATE, json!({"resourceId": null}), "resourceId"),
        (UCLOUD, ALLOCATE, json!({"resourceIp": "10.0.0.1", "vpcId": "v", "subnetId": "s"}), "resourceId"),
        (UCLOUD, ALLOCATE, json!({"resourceId": null, "resourceIp": "10.0.0.1", "subnetId": "s"}), "vpcId"),
        (UCLOUD, ALLOCATE, json!({"resourceId": null, "resourceIp": "10.0.0.1", "vpcId": "v"}), "subnetId"),
        (
            UCLOUD,
            ALLOCATE,
            json!({"resourceId": null, "resourceIp": "ten", "vpcId": "v", "subnetId": "s"}),
            "resourceIp",
        ),
        (UCLOUD, ALLOCATE, json!({"resourceType": "uhost"}), "resourceType"),
        (OCTAVIA, UPDATE_MEMBER, json!({"weight": null}), "weight"),
        (OCTAVIA, UPDATE_MEMBER, json!({"weight": 257}), "weight"),
        (OCTAVIA, UPDATE_MEMBER, json!({"address": "10.0.0.1"}), "address"),
        (OCTAVIA, UPDATE_MEMBER, json!({"tags": ["a", "b", "a"]}), "tags[2]"),
        (OCTAVIA, UPDATE_MEMBER, json!({"adminStateUp": 0}), "adminStateUp"),
        (OCTAVIA, UPDATE_MEMBER, json!({"memberId": ".."}), "memberId"),
        (OCTAVIA, CREATE_MEMBER, json!({"address": null}), "address"),
        (OCTAVIA, CREATE_MEMBER, json!({"protocolPort": 0}), "protocolPort"),
        (OCTAVIA, STATUSES, json!({"loadBalancerId": "a/b"}), "loadBalancerId"),
        (OTC, UPDATE_MEMBER, json!({"weight": 101}), "weight"),
        (OTC, UPDATE_MEMBER, json!({"weight": "101"}), "weight"),
        (OTC, CREATE_MEMBER, json!({"subnetId": null}), "subnetId"),
    ];
    for (options, call, changes, field) in rows {
        let error = refusal(&client(options), &with(call, &changes));
        assert_eq!((error.kind(), error.0.field.as_deref()), (Kind::InvalidInput, Some(field)), "{changes}: {error}");
    }
    let hint =
        |options, call, changes: &Json| refusal(&client(options), &with(call, changes)).0.hint.unwrap_or_default();
    assert!(hint(UCLOUD, UPDATE_POLICY, &json!({"backendIds": []})).contains("allowEmpty: true"));
    assert!(hint(UCLOUD, UPDATE_BACKEND, &json!({"enabled": null})).contains("weight or port or isBackup"));
    assert!(hint(OTC, UPDATE_MEMBER, &json!({"weight": 101})).contains("0 to 100"));
}

#[test]
fn what_octavia_alone_has_is_unsupported_elsewhere() {
    let changes = [
        json!({"adminStateUp": false}),
        json!({"backup": true}),
        json!({"monitorAddress": "10.0.0.9"}),
        json!({"monitorPort": 8080}),
        json!({"tags": []}),
    ];
    for change in &changes {
        let name = change.as_object().and_then(|fields| fields.keys().next()).expect("a field");
        for call in [UPDATE_MEMBER, CREATE_MEMBER] {
            let text = with(call, change);
            let body = sign(&client(OCTAVIA), &text).body.expect("a body");
            let member = serde_json::from_str::<Json>(&body).expect("JSON")["member"].take();
            assert!(member.as_object().is_some_and(|fields| fields.keys().any(|key| camel(key) == *name)), "{body}");
            for options in [OTC, SCOPED, &OTC.replace("eu-de", "cn-north-4").replace("\"otc\"", "\"huawei\"")] {
                let error = refusal(&client(options), &text);
                assert_eq!(
                    (error.kind(), error.0.field.as_deref()),
                    (Kind::Unsupported, Some(name.as_str())),
                    "{error}"
                );
                assert!(error.0.message.contains("Octavia"), "{error}");
            }
        }
    }
    assert!(sign(&client(OCTAVIA), &with(UPDATE_MEMBER, &json!({"weight": 256}))).body.is_some());
    assert!(sign(&client(OTC), &with(UPDATE_MEMBER, &json!({"weight": 100}))).body.is_some());
    assert!(sign(&client(OCTAVIA), &with(CREATE_MEMBER, &json!({"subnetId": null}))).body.is_some());
}

#[test]
fn an_empty_rule_is_made_only_on_purpose_and_lists_are_numbered() {
    let client = client(UCLOUD);
    let read = |call: &str| serde_json::from_str::<Json>(&sign(&client, call).body.expect("a body")).expect("JSON");
    let empty = read(&with(UPDATE_POLICY, &json!({"backendIds": [], "allowEmpty": true})));
    let names: Vec<&String> = empty.as_object().expect("an object").keys().collect();
    assert!(!names.iter().any(|name| name.starts_with("BackendId") || name.starts_with("allow")), "{names:?}");
    assert_eq!((&empty["Type"], &empty["PolicyId"]), (&json!("Domain"), &json!("policy-1")));
    let many: Vec<String> = (0..12).map(|number| format!("backend-{number}")).collect();
    let full = read(&with(UPDATE_POLICY, &json!({"backendIds": many, "policyPriority": "0007"})));
    assert_eq!((&full["BackendId.0"], &full["BackendId.11"]), (&json!("backend-0"), &json!("backend-11")));
    assert_eq!((full.get("BackendId"), &full["PolicyPriority"]), (None, &json!(7)));
}

#[test]
fn bodies_are_json_in_the_vendors_types() {
    let call = with(
        CREATE_MEMBER,
        &json!({"weight": "5", "name": "a \"b\"\n\u{1f600}", "adminStateUp": false, "tags": ["x", "y"], "monitorPort": 81}),
    );
    let request = sign(&client(OCTAVIA), &call);
    assert_eq!(
        (request.method, request.url.as_str()),
        ("POST", "https://octavia.example.com/v2.0/lbaas/pools/p/members")
    );
    assert_eq!(
        serde_json::from_str::<Json>(&request.body.expect("a body")).expect("JSON"),
        json!({"member": {"address": "10.0.0.1", "protocol_port": 80, "subnet_id": "s", "weight": 5,
            "name": "a \"b\"\n\u{1f600}", "admin_state_up": false, "tags": ["x", "y"], "monitor_port": 81}})
    );
    for (call, path) in [
        (GET_MEMBER, "pools/p/members/m"),
        (GET_POOL, "pools/p"),
        (GET_LB, "loadbalancers/lb"),
        (STATUSES, "loadbalancers/lb/statuses"),
    ] {
        for options in [OCTAVIA, OTC, SCOPED] {
            let request = sign(&client(options), call);
            assert!(request.url.ends_with(&format!("/v2.0/lbaas/{path}")), "{}", request.url);
            assert_eq!((request.method, request.body), ("GET", None));
            assert!(!request.lines.contains("content-type"));
        }
    }
}

#[test]
fn each_operation_says_what_it_does() {
    let effect = |name: &str| {
        let mut all = VENDORS.iter().flat_map(|vendor| vendor.operations);
        all.find(|operation| operation.name == name).expect("an operation of that name").effect
    };
    for (names, expected) in [
        (
            "DescribeULB DescribeVServerGroups DescribeMasterSlaveServerGroups DescribeMasterSlaveServerGroupAttribute \
             DescribeHealthStatus GetMember GetPool GetLoadBalancer GetLoadBalancerStatuses",
            Effect::Read,
        ),
        ("RemoveBackendServers ReleaseBackend DeleteMember DeletePolicy", Effect::Removal),
        ("SetBackendServers SetVServerGroupAttribute UpdateBackendAttribute UpdatePolicy UpdateMember", Effect::Write),
        ("AddBackendServers AddVServerGroupBackendServers AllocateBackend CreatePolicy CreateMember", Effect::Create),
    ] {
        for name in names.split_whitespace() {
            assert_eq!(effect(name), expected, "{name}");
        }
    }
    for operation in VENDORS.iter().flat_map(|vendor| vendor.operations) {
        assert!(operation.doc.0.len() > 20 && operation.source.0.len() > 10, "{}", operation.name);
        for parameter in operation.parameters {
            // Our names follow from the vendor's, but for lists, which have the vendor's in the singular.
            let derived = camel(parameter.wire);
            let plural = matches!(parameter.kind, unpool::core::operation::Kind::List(..));
            assert!(
                parameter.wire.is_empty()
                    || derived == parameter.name
                    || plural && parameter.name.starts_with(&derived),
                "{}: {} is not {derived}",
                operation.name,
                parameter.name
            );
        }
    }
}

#[test]
fn every_table_has_a_bit_for_each_of_its_parameters() {
    for vendor in VENDORS {
        assert!(vendor.options.len() <= 64);
        for operation in vendor.operations {
            assert!(operation.parameters.len() <= 64, "{}", operation.name);
        }
    }
}

#[test]
fn integers_are_sent_as_plain_digits() {
    for (text, digits) in [("0", "0"), ("-0", "0"), ("007", "7"), ("-00", "0"), ("100", "100")] {
        assert_eq!(unpool::core::text::plain(text), digits);
    }
    // Plain digits have no sign.
    for parameter in VENDORS.iter().flat_map(|vendor| vendor.operations).flat_map(|operation| operation.parameters) {
        if let ParameterKind::Integer(low, _) = parameter.kind {
            assert!(low >= 0, "{}: a sign would be left out", parameter.name);
        }
    }
}
