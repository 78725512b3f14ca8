//! How the answers of the operations besides the removals are read.

mod support;

use serde_json::{Value as Json, json};
use support::*;
use unpool::Kind;

fn read_answer(options: &str, call: &str, status: u16, body: &str) -> Json {
    let value =
        read(&client(options), call, &answer(status, body)).unwrap_or_else(|error| unreachable!("{call}: {error}"));
    serde_json::from_str(value.raw()).expect("we write JSON")
}

const GROUPS: &str = r#"{"operation": "DescribeVServerGroups", "loadBalancerId": "lb-1"}"#;
const SET: &str = r#"{"operation": "SetBackendServers", "loadBalancerId": "lb-1", "backendServers": [{"serverId": "i-1", "weight": 0}]}"#;
const HEALTH: &str = r#"{"operation": "DescribeHealthStatus", "loadBalancerId": "lb-1"}"#;
const ULB: &str = r#"{"operation": "DescribeULB"}"#;
const ALLOCATE: &str =
    r#"{"operation": "AllocateBackend", "ulbId": "u", "vServerId": "v", "resourceType": "UHost", "resourceId": "h"}"#;
const UPDATE_MEMBER: &str = r#"{"operation": "UpdateMember", "poolId": "p", "memberId": "m", "weight": 0}"#;
const CREATE_MEMBER: &str =
    r#"{"operation": "CreateMember", "poolId": "p", "address": "10.0.0.1", "protocolPort": 80, "subnetId": "s"}"#;
const GET_POOL: &str = r#"{"operation": "GetPool", "poolId": "p"}"#;
const GET_LB: &str = r#"{"operation": "GetLoadBalancer", "loadBalancerId": "lb"}"#;
const STATUSES: &str = r#"{"operation": "GetLoadBalancerStatuses", "loadBalancerId": "lb"}"#;

#[test]
fn alibaba_in_json_and_xml() {
    let expected = json!({
        "vServerGroups": [
            {"vServerGroupId": "rsp-1", "vServerGroupName": "a & b", "serverCount": 2, "associatedObjects": {
                "listeners": [{"port": 80, "protocol": "http"}, {"port": 443, "protocol": "tcp"}],
                "rules": [{"ruleId": "rule-1", "ruleName": "r", "domain": "www.example.com", "url": "/x"}],
            }},
            {"vServerGroupId": "rsp-2", "associatedObjects": {"listeners": [], "rules": []}},
        ],
        "requestId": "r-1",
    });
    let body = json!({"RequestId": "r-1", "VServerGroups": {"VServerGroup": [
        {"VServerGroupId": "rsp-1", "VServerGroupName": "a & b", "ServerCount": "2", "CreateTime": "x", "AssociatedObjects": {
            "Listeners": {"Listener": [{"Port": 80, "Protocol": "http"}, {"Port": 443, "Protocol": "tcp"}]},
            "Rules": {"Rule": [{"RuleId": "rule-1", "RuleName": "r", "Domain": "www.example.com", "Url": "/x"}]},
        }},
        {"VServerGroupId": "rsp-2", "AssociatedObjects": {}},
    ]}});
    assert_eq!(read_answer(ALIBABA, GROUPS, 200, &body.to_string()), expected);
    let xml = "<?xml version='1.0'?><DescribeVServerGroupsResponse><RequestId>r-1</RequestId><VServerGroups>\
        <VServerGroup><VServerGroupId>rsp-1</VServerGroupId><VServerGroupName>a &amp; b</VServerGroupName>\
        <ServerCount>2</ServerCount><AssociatedObjects><Listeners><Listener><Port>80</Port><Protocol>http</Protocol></Listener>\
        <Listener><Port>443</Port><Protocol>tcp</Protocol></Listener></Listeners><Rules><Rule><RuleId>rule-1</RuleId>\
        <RuleName>r</RuleName><Domain>www.example.com</Domain><Url>/x</Url></Rule></Rules></AssociatedObjects></VServerGroup>\
        <VServerGroup><VServerGroupId>rsp-2</VServerGroupId><AssociatedObjects/></VServerGroup>\
        </VServerGroups></DescribeVServerGroupsResponse>";
    assert_eq!(read_answer(ALIBABA, GROUPS, 200, xml), expected);

    let weights = r#"{"RequestId": "r", "LoadBalancerId": "lb-1", "BackendServers": {"BackendServer":
        [{"ServerId": "i-1", "Type": "ecs", "Weight": "0", "Description": "d"}]}}"#;
    let server = json!({"serverId": "i-1", "type": "ecs", "weight": 0, "description": "d"});
    assert_eq!(read_answer(ALIBABA, SET, 200, weights)["backendServers"], json!([server]));
    let health = r#"{"RequestId": "r", "BackendServers": {"BackendServer": [{"ListenerPort": 80, "Protocol": "http",
        "Port": 8080, "ServerId": "eni-1", "ServerIp": "10.0.0.1", "ServerHealthStatus": "abnormal"}]}}"#;
    assert_eq!(
        read_answer(ALIBABA, HEALTH, 200, health)["backendServers"],
        json!([{"serverId": "eni-1", "serverIp": "10.0.0.1", "port": 8080, "listenerPort": 80, "protocol": "http",
            "serverHealthStatus": "abnormal"}])
    );
}

#[test]
fn ucloud() {
    let body = r#"{"Action": "DescribeULBResponse", "RetCode": 0, "TotalCount": 1, "DataSet": [{"ULBId": "ulb-1", "Name": "shop",
        "ULBType": "OuterMode", "PrivateIP": "", "VPCId": "uvnet-1", "IPSet": [{"EIP": "203.0.113.1", "OperatorName": "Bgp"}],
        "VServerSet": [{"VServerId": "v", "Method": "Backup", "PersistenceType": "None", "BackendSet": [{"BackendId": "b",
        "PrivateIP": "10.0.0.1", "Port": "80", "Enabled": 0, "IsBackup": 1}], "PolicySet": [{"PolicyId": "p", "Type": "Path",
        "Match": "/x", "PolicyPriority": 7, "BackendSet": [{"BackendId": "b"}]}]}]}]}"#;
    assert_eq!(
        read_answer(UCLOUD, ULB, 200, body)["dataSet"][0],
        json!({"ulbId": "ulb-1", "name": "shop", "ulbType": "OuterMode", "privateIp": "", "vpcId": "uvnet-1",
            "ipSet": [{"eip": "203.0.113.1"}], "vServerSet": [{"vServerId": "v", "method": "Backup", "persistenceType": "None",
            "backendSet": [{"backendId": "b", "privateIp": "10.0.0.1", "port": 80, "enabled": 0, "isBackup": 1}],
            "policySet": [{"policyId": "p", "type": "Path", "match": "/x", "policyPriority": 7, "backendSet": [{"backendId": "b"}]}]}]})
    );
    assert_eq!(
        read_answer(UCLOUD, ALLOCATE, 200, r#"{"RetCode": 0, "BackendId": "backend-9"}"#)["backendId"],
        "backend-9"
    );
    // Where the answer has no id, nobody knows whether the new backend is there.
    let error = read(&client(UCLOUD), ALLOCATE, &answer(200, r#"{"RetCode": 0}"#)).expect_err("no id");
    assert_eq!(error.kind(), Kind::OutcomeUnknown);
}

/// Recorded from Octavia 19.
const MEMBER: &str = r#"{"member": {"id": "5504d2bb", "name": "m0", "operating_status": "NO_MONITOR", "provisioning_status":
    "PENDING_UPDATE", "admin_state_up": true, "address": "192.0.2.11", "protocol_port": 8080, "weight": 0, "backup": false,
    "subnet_id": "c3b1d8a0", "project_id": "12236dc9", "created_at": "2026-11-22T05:42:34.083482", "updated_at": null,
    "monitor_address": null, "monitor_port": null, "tags": [], "vnic_type": "normal", "tenant_id": "12236dc9"}}"#;

#[test]
fn openstack_members() {
    for (call, status) in [
        (UPDATE_MEMBER, 200),
        (UPDATE_MEMBER, 202),
        (CREATE_MEMBER, 201),
        (r#"{"operation": "GetMember", "poolId": "p", "memberId": "m"}"#, 200),
    ] {
        assert_eq!(
            read_answer(OCTAVIA, call, status, MEMBER)["member"],
            json!({"id": "5504d2bb", "name": "m0", "operatingStatus": "NO_MONITOR", "provisioningStatus": "PENDING_UPDATE",
                "address": "192.0.2.11", "protocolPort": 8080, "weight": 0, "adminStateUp": true, "subnetId": "c3b1d8a0",
                "backup": false, "projectId": "12236dc9", "tags": []})
        );
    }
    // A change whose answer is somebody else's, or says nothing, is not known to be made.
    for (status, body) in [(200, ""), (204, ""), (200, "<html>login</html>"), (201, "{}"), (200, r#"{"member": null}"#)]
    {
        for call in [UPDATE_MEMBER, CREATE_MEMBER] {
            let error = read(&client(OCTAVIA), call, &answer(status, body)).expect_err(body);
            assert_eq!(error.kind(), Kind::OutcomeUnknown, "{status} {body}");
        }
    }
    let error = read(&client(OCTAVIA), DELETE, &answer(200, MEMBER)).expect_err("a page");
    assert_eq!(error.kind(), Kind::OutcomeUnknown, "a removal answers nothing");
}

#[test]
fn openstack_pools_and_load_balancers() {
    let pool = r#"{"pool": {"id": "p1", "name": "p", "description": "", "provisioning_status": "ACTIVE", "operating_status": "ONLINE",
        "admin_state_up": true, "protocol": "HTTP", "lb_algorithm": "SOURCE_IP", "session_persistence": {"type": "HTTP_COOKIE",
        "cookie_name": null}, "loadbalancers": [{"id": "lb1"}], "listeners": [], "members": [{"id": "m1"}, {"id": "m2"}],
        "healthmonitor_id": "h1", "tls_enabled": false}}"#;
    assert_eq!(
        read_answer(OCTAVIA, GET_POOL, 200, pool)["pool"],
        json!({"id": "p1", "name": "p", "operatingStatus": "ONLINE", "provisioningStatus": "ACTIVE", "protocol": "HTTP",
            "lbAlgorithm": "SOURCE_IP", "sessionPersistence": {"type": "HTTP_COOKIE"}, "adminStateUp": true,
            "healthmonitorId": "h1", "loadbalancers": [{"id": "lb1"}], "listeners": [], "members": [{"id": "m1"}, {"id": "m2"}]})
    );
    let lb = r#"{"loadbalancer": {"id": "lb1", "name": "shop", "provisioning_status": "ERROR", "operating_status": "OFFLINE",
        "vip_address": "198.51.100.1", "vip_subnet_id": "s", "listeners": [{"id": "l1"}], "pools": [{"id": "p1"}], "provider": "amphora"}}"#;
    assert_eq!(
        read_answer(OTC, GET_LB, 200, lb)["loadbalancer"],
        json!({"id": "lb1", "name": "shop", "operatingStatus": "OFFLINE", "provisioningStatus": "ERROR", "vipAddress": "198.51.100.1",
            "vipSubnetId": "s", "provider": "amphora", "listeners": [{"id": "l1"}], "pools": [{"id": "p1"}]})
    );
}

#[test]
fn openstack_status_trees_of_both_dialects() {
    let member = r#"{"id": "m1", "name": "m", "operating_status": "ONLINE", "provisioning_status": "PENDING_DELETE", "address": "192.0.2.11", "protocol_port": 8080}"#;
    let pool = |monitor: &str| {
        format!(
            r#"{{"id": "p1", "name": "p", "provisioning_status": "ACTIVE", "operating_status": "OFFLINE", "{monitor}": {{"id": "h1",
            "type": "HTTP", "operating_status": "ONLINE"}}, "members": [{member}]}}"#
        )
    };
    for (options, monitor, again) in [(OCTAVIA, "health_monitor", false), (OTC, "healthmonitor", true)] {
        let more = if again { format!(r#", "pools": [{}]"#, pool(monitor)) } else { String::new() };
        let tree = format!(
            r#"{{"statuses": {{"loadbalancer": {{"id": "lb1", "name": "lb", "operating_status": "OFFLINE", "provisioning_status":
            "PENDING_UPDATE", "listeners": [{{"id": "l1", "name": "l", "operating_status": "OFFLINE", "provisioning_status":
            "PENDING_UPDATE", "pools": [{}]}}]{more}}}}}}}"#,
            pool(monitor)
        );
        let answer = read_answer(options, STATUSES, 200, &tree);
        let read = &answer["statuses"]["loadbalancer"];
        let pool = json!({"id": "p1", "name": "p", "operatingStatus": "OFFLINE", "provisioningStatus": "ACTIVE",
            "healthMonitor": {"id": "h1", "type": "HTTP", "operatingStatus": "ONLINE"}, "members": [{"id": "m1", "name": "m",
            "operatingStatus": "ONLINE", "provisioningStatus": "PENDING_DELETE", "address": "192.0.2.11", "protocolPort": 8080}]});
        assert_eq!(read["listeners"][0]["pools"], json!([pool]));
        assert_eq!(read["provisioningStatus"], "PENDING_UPDATE");
        assert_eq!(read["pools"], if again { json!([pool]) } else { json!([]) });
    }
}
