//! What each vendor's answers mean: its tables of codes, and answers that make no sense.

mod support;

use serde_json::{Value as Json, json};
use support::*;
use unpool::{Kind, Response, Sent};

/// Status, code and text of Alibaba's tables, and what they mean.
const ALIBABA_ERRORS: &[(u16, &str, &str, Kind)] = &[
    (409, "BackendServer.configuring", "pending", Kind::Busy),
    (400, "ServiceIsConfiguring", "", Kind::Busy),
    (400, "VServerGroupProcessing", "", Kind::Busy),
    (409, "ServiceIsStopping", "", Kind::Busy),
    (400, "OperationBusy", "", Kind::Busy),
    (400, "ProcessingSameRequest", "", Kind::Busy),
    (449, "SystemBusy", "", Kind::Busy),
    (400, "SystemBusy", "", Kind::Busy),
    (400, "Operation.Conflict", "", Kind::Busy),
    (400, "Throttling", "", Kind::Throttled),
    (400, "Throttling.User", "user flow control", Kind::Throttled),
    (429, "Throttling.Api", "", Kind::Throttled),
    (503, "Rejected.Throttling", "", Kind::Throttled),
    (500, "InternalError", "", Kind::Server),
    (200, "InternalError", "", Kind::Server),
    (503, "ServiceUnavailable", "", Kind::Server),
    (503, "InvalidParameter", "temporary failure", Kind::Server),
    (502, "AnyCode", "", Kind::Server),
    (504, "AnyCode", "", Kind::Server),
    (400, "ServiceUnavailable", "a permanent error of a VPC", Kind::InvalidInput),
    (400, "InvalidParameter", "bad value", Kind::InvalidInput),
    (404, "InvalidParameter", "The specified VServerGroupId does not exist.", Kind::NotFound),
    (400, "InvalidParameter", "The specified VServerGroupId does not exist.", Kind::NotFound),
    (404, "InvalidLoadBalancerId.NotFound", "", Kind::NotFound),
    (400, "InvalidServerId.NotFound", "", Kind::NotFound),
    (400, "ObtainIpFail", "", Kind::NotFound),
    (404, "InvalidServerId.NotFound", "", Kind::NotFound),
    (404, "ListenerNotFound", "", Kind::NotFound),
    (404, "CheckedListenerNotFound", "", Kind::NotFound),
    (400, "InvalidRegionId.NotFound", "", Kind::InvalidInput),
    (404, "InvalidAction.NotFound", "", Kind::Unsupported),
    (400, "BackendServersMalformed", "", Kind::InvalidInput),
    (400, "InvalidWeight.Malformed", "", Kind::InvalidInput),
    (400, "TooManyBackendServers", "", Kind::InvalidInput),
    (400, "MissingParameter", "", Kind::InvalidInput),
    (400, "MissingLoadBalancerId", "", Kind::InvalidInput),
    (400, "TooManyListeners", "", Kind::InvalidInput),
    (400, "NetworkConflict", "", Kind::InvalidInput),
    (400, "InvalidBackendServers.Inconsistent", "", Kind::InvalidInput),
    (400, "LbStatusNotSupport", "", Kind::InvalidInput),
    (400, "RspoolVipExist", "", Kind::InvalidInput),
    (400, "RspoolRuleExist", "", Kind::InvalidInput),
    (400, "InstanceBackendServerNumberOverLimit", "", Kind::InvalidInput),
    (403, "ActionNotAllowed", "", Kind::InvalidInput),
    (400, "ActionNotAllowed", "", Kind::InvalidInput),
    (400, "NobodyKnowsThis", "", Kind::InvalidInput),
    (400, "UnsupportedOperation", "", Kind::Unsupported),
    (400, "SignatureDoesNotMatch", "", Kind::Auth),
    (400, "IncompleteSignature", "", Kind::Auth),
    (404, "InvalidAccessKeyId.NotFound", "", Kind::Auth),
    (400, "InvalidAccessKeyId.Inactive", "", Kind::Auth),
    (400, "InvalidSecurityToken.Expired", "", Kind::Auth),
    (400, "InvalidAccessKeySecret", "", Kind::Auth),
    (400, "InvalidIdentity", "", Kind::Auth),
    (400, "InvalidAuthorization", "", Kind::Auth),
    // Something on the way sent it twice: what became of the first one nobody knows.
    (400, "SignatureNonceUsed", "", Kind::UnexpectedAnswer),
    (400, "InvalidTimeStamp.Expired", "", Kind::Auth),
    (403, "Forbidden", "", Kind::Forbidden),
    (403, "Forbidden.RAM", "", Kind::Forbidden),
    (403, "Forbbiden.SubUser", "", Kind::Forbidden),
    (403, "NoPermission", "", Kind::Forbidden),
    (403, "NobodyKnowsThis", "", Kind::Forbidden),
];

#[test]
fn alibabas_codes_in_json_and_xml() {
    let client = client(ALIBABA);
    for &(status, code, message, kind) in ALIBABA_ERRORS {
        let bodies = [
            json!({"RequestId": "r-1", "HostId": "h", "Code": code, "Message": message}).to_string(),
            json!({"requestId": "r-1", "code": code, "message": message}).to_string(),
            format!(
                "<?xml version='1.0'?><Error><RequestId>r-1</RequestId><HostId>h</HostId><Code>{code}</Code><Message>{message}</Message></Error>"
            ),
        ];
        for (body, operation) in bodies.iter().flat_map(|body| [(body, REMOVE), (body, DESCRIBE)]) {
            let error = read(&client, operation, &answer(status, body.as_str())).expect_err(body);
            // What failed inside may have been carried out before that.
            let inside = kind == Kind::Server && code != "ServiceUnavailable";
            let unknown = (kind == Kind::UnexpectedAnswer || inside) && operation == REMOVE;
            let kind = if unknown { Kind::OutcomeUnknown } else { kind };
            assert_eq!(error.kind(), kind, "{status} {body}");
            assert_eq!(error.0.code.as_deref(), Some(code));
            assert_eq!(error.0.request_id.as_deref(), Some("r-1"));
            assert_eq!((error.0.http_status, error.0.sent), (Some(status), Sent::Yes));
            assert_eq!(
                error.0.retryable,
                matches!(kind, Kind::Busy | Kind::Throttled | Kind::Server | Kind::UnexpectedAnswer),
                "{status} {body}"
            );
        }
    }
}

/// UCloud's codes, for a removal.
const UCLOUD_ERRORS: &[(i64, Kind)] = &[
    (1, Kind::Server),
    (4072, Kind::Server),
    (4075, Kind::Server),
    (4090, Kind::Server),
    (4091, Kind::Server),
    (4095, Kind::Server),
    (4096, Kind::Server),
    (4097, Kind::Server),
    (4098, Kind::Server),
    (4099, Kind::Server),
    (4104, Kind::Server),
    (4145, Kind::Server),
    (4146, Kind::Server),
    (4077, Kind::InvalidInput),
    (4112, Kind::InvalidInput),
    (4116, Kind::InvalidInput),
    (4117, Kind::InvalidInput),
    (4118, Kind::InvalidInput),
    (4207, Kind::InvalidInput),
    (4994, Kind::InvalidInput),
    (4995, Kind::InvalidInput),
    (4997, Kind::InvalidInput),
    (63_030, Kind::InvalidInput),
    (63_031, Kind::InvalidInput),
    (110, Kind::OutcomeUnknown),
    (130, Kind::Server),
    (150, Kind::Server),
    (153, Kind::Throttled),
    (160, Kind::InvalidInput),
    (161, Kind::InvalidInput),
    (170, Kind::Auth),
    (171, Kind::Auth),
    (172, Kind::Auth),
    (174, Kind::Auth),
    (220, Kind::InvalidInput),
    (230, Kind::InvalidInput),
    (240, Kind::InvalidInput),
    (292, Kind::NotFound),
    (293, Kind::Forbidden),
    (294, Kind::Forbidden),
    (295, Kind::Forbidden),
    (299, Kind::Forbidden),
    (4086, Kind::NotFound),
    (4088, Kind::NotFound),
    (4143, Kind::NotFound),
    (4093, Kind::NotFound),
    (4148, Kind::NotFound),
    (4103, Kind::NotFound),
    (4092, Kind::Server),
    (4147, Kind::Server),
    (4109, Kind::InvalidInput),
    (4110, Kind::InvalidInput),
    (4996, Kind::Unsupported),
    (4999, Kind::Server),
    (63_032, Kind::InvalidInput),
];

#[test]
fn uclouds_codes() {
    let client = client(UCLOUD);
    for &(code, kind) in UCLOUD_ERRORS {
        for body in [
            json!({"Action": "ReleaseBackendResponse", "RetCode": code, "Message": "m"}),
            json!({"RetCode": code.to_string()}),
        ] {
            let error = read(&client, RELEASE, &answer(200, body.to_string())).expect_err("an error");
            let kind = if code == 130 { Kind::OutcomeUnknown } else { kind };
            assert_eq!(error.kind(), kind, "{body}");
            assert_eq!(error.0.code.as_deref(), Some(code.to_string().as_str()));
            assert_eq!((error.0.http_status, error.0.sent), (Some(200), Sent::Yes));
            assert_eq!(error.0.retryable, matches!(code, 150 | 153), "a removal after {code}");
            let error = read(&client, DESCRIBE_VSERVER, &answer(200, body.to_string())).expect_err("an error");
            let passes = matches!(error.kind(), Kind::Server | Kind::Throttled) && code != 4999;
            assert_eq!(error.0.retryable, passes, "a reading after {code}");
        }
    }
    let timeout = read(&client, DESCRIBE_VSERVER, &answer(200, r#"{"RetCode": 110}"#)).expect_err("an error");
    assert_eq!(timeout.kind(), Kind::Server, "a read that timed out changed nothing");
}

/// Octavia, Keystone's middleware, the gateways and Neutron: status, body, kind, code.
fn openstack_errors() -> Vec<(u16, Json, Kind, &'static str)> {
    let elb = |code: &str| json!({"error_code": code, "error_msg": "m", "request_id": "r-1"});
    vec![
        (
            409,
            json!({"faultcode": "Client", "faultstring": "Load Balancer x is immutable and cannot be updated.", "debuginfo": null}),
            Kind::Busy,
            "",
        ),
        (
            409,
            json!({"faultcode": "Client", "faultstring": "Pool x is immutable and cannot be updated."}),
            Kind::Busy,
            "",
        ),
        (
            409,
            json!({"faultcode": "Client", "faultstring": "Another member on this pool is already using ip 10.0.0.1"}),
            Kind::InvalidInput,
            "",
        ),
        (
            409,
            json!({"NeutronError": {"type": "StateInvalid", "message": "Invalid state PENDING_UPDATE of loadbalancer", "detail": ""}}),
            Kind::Busy,
            "StateInvalid",
        ),
        (
            409,
            json!({"NeutronError": {"type": "MemberExists", "message": "Member with address 10.0.0.1 and protocol_port 80 already present in pool p", "detail": ""}}),
            Kind::InvalidInput,
            "MemberExists",
        ),
        (
            403,
            json!({"faultcode": "Client", "faultstring": "Quota has been met for resources: member"}),
            Kind::InvalidInput,
            "",
        ),
        (400, json!({"faultcode": "Client", "faultstring": "Unknown attribute"}), Kind::InvalidInput, ""),
        (406, json!({"code": 406, "title": "Not Acceptable", "description": "m"}), Kind::InvalidInput, ""),
        (429, json!({"message": "Too many requests, wait up to one minute"}), Kind::Throttled, ""),
        (503, json!({"faultcode": "Server", "faultstring": "m"}), Kind::Server, ""),
        (404, json!({"faultcode": "Client", "faultstring": "Member m not found."}), Kind::NotFound, ""),
        (404, json!({"code": 404, "title": "Bad Request", "description": "Pool p not found."}), Kind::NotFound, ""),
        (
            403,
            json!({"faultcode": "Client", "faultstring": "Policy does not allow this request to be performed."}),
            Kind::Forbidden,
            "",
        ),
        (401, json!({"error": {"code": 401, "title": "Unauthorized", "message": "m"}}), Kind::Auth, ""),
        (500, json!({"faultcode": "Server", "faultstring": "m"}), Kind::Server, ""),
        (404, elb("ELB.8904"), Kind::NotFound, "ELB.8904"),
        (409, elb("ELB.8907"), Kind::Busy, "ELB.8907"),
        (409, elb("ELB.8905"), Kind::InvalidInput, "ELB.8905"),
        (400, elb("ELB.8902"), Kind::InvalidInput, "ELB.8902"),
        (500, elb("ELB.8906"), Kind::Server, "ELB.8906"),
        (400, elb("ELB.2012"), Kind::NotFound, "ELB.2012"),
        (404, elb("ELB.1002"), Kind::NotFound, "ELB.1002"),
        (400, elb("ELB.9800"), Kind::NotFound, "ELB.9800"),
        (401, elb("ELB.1102"), Kind::Auth, "ELB.1102"),
        (400, elb("ELB.1103"), Kind::Auth, "ELB.1103"),
        (400, elb("ELB.1104"), Kind::Auth, "ELB.1104"),
        (400, elb("ELB.1105"), Kind::Auth, "ELB.1105"),
        (403, elb("ELB.9802"), Kind::Forbidden, "ELB.9802"),
        (403, elb("ELB.9803"), Kind::Forbidden, "ELB.9803"),
        (400, elb("ELB.9804"), Kind::Forbidden, "ELB.9804"),
        (403, elb("SYS.0403"), Kind::Forbidden, "SYS.0403"),
        (403, elb("APIGW.0302"), Kind::Forbidden, "APIGW.0302"),
        (403, elb("APIGW.0802"), Kind::Forbidden, "APIGW.0802"),
        (404, elb("APIGW.0101"), Kind::Unsupported, "APIGW.0101"),
        (401, elb("APIG.0301"), Kind::Auth, "APIG.0301"),
        (401, elb("APIGW.0301"), Kind::Auth, "APIGW.0301"),
        (401, elb("APIGW.0303"), Kind::Auth, "APIGW.0303"),
        (429, elb("APIGW.0308"), Kind::Throttled, "APIGW.0308"),
        (401, json!({"errorCode": "SYS.0401", "errorMsg": "m"}), Kind::Auth, "SYS.0401"),
        (400, json!({"error": {"code": "ELB.8902", "message": "m"}}), Kind::InvalidInput, "ELB.8902"),
    ]
}

#[test]
fn openstacks_envelopes() {
    let client = client(OTC);
    for (status, body, kind, code) in openstack_errors() {
        for operation in [DELETE, LIST] {
            let error = read(&client, operation, &answer(status, body.to_string())).expect_err("an error");
            // A failure of the server says nothing about the outcome of a removal.
            let unknown = kind == Kind::Server && operation == DELETE;
            let kind = if unknown { Kind::OutcomeUnknown } else { kind };
            assert_eq!(error.kind(), kind, "{status} {body}: {error}");
            assert_eq!(error.0.code.as_deref().unwrap_or_default(), code, "{status} {body}");
            assert_eq!((error.0.http_status, error.0.sent), (Some(status), Sent::Yes));
        }
    }
}

#[test]
fn answers_without_sense_are_unknown_for_a_removal_and_unexpected_for_a_read() {
    let deep = "[".repeat(100_000);
    let bodies: &[(u16, &str)] = &[
        (200, ""),
        (200, "<html></html>"),
        (200, "null"),
        (200, "[]"),
        (200, "{"),
        (200, "{}"),
        (200, &deep),
        (200, "<a><b></a></b>"),
        (200, "<!DOCTYPE a [<!ENTITY b \"c\">]><a>&b;</a>"),
        (301, ""),
        (0, ""),
        (502, "<html></html>"),
    ];
    for (options, removal, describe) in
        [(ALIBABA, REMOVE, DESCRIBE), (UCLOUD, RELEASE, DESCRIBE_VSERVER), (OTC, DELETE, LIST)]
    {
        let client = client(options);
        let responses = bodies.iter().map(|(status, body)| answer(*status, *body));
        for response in responses.chain([Response { status: 200, lines: String::new(), body: None }]) {
            let what = format!(
                "{options} {response:?} {:?}",
                response.body.as_deref().map(|body| body.get(..20).unwrap_or(body))
            );
            let error = read(&client, removal, &response).expect_err(&what);
            assert_eq!((error.kind(), error.0.sent), (Kind::OutcomeUnknown, Sent::Yes), "{what}");
            assert!(!error.0.retryable && error.0.hint.is_some(), "{what}");
            assert!(std::error::Error::source(&error).is_some(), "{what}");
            assert_eq!(read(&client, describe, &response).expect_err(&what).kind(), Kind::UnexpectedAnswer, "{what}");
        }
    }
}

/// After an attempt of unknown fate a not-found means success only if it is about the thing itself.
#[test]
fn only_the_backend_itself_can_be_gone() {
    let gone = |options, operation, status, body: Json| {
        let error = read(&client(options), operation, &answer(status, body.to_string())).expect_err("an error");
        assert_eq!(error.kind(), Kind::NotFound, "{body}");
        unpool::core::retry::is_gone(&error)
    };
    let ret = |code: i64| json!({"RetCode": code, "Message": "m"});
    assert!(gone(UCLOUD, RELEASE, 200, ret(4093)) && gone(UCLOUD, RELEASE, 200, ret(4148)));
    for code in [292, 4086, 4088, 4103, 4143] {
        assert!(!gone(UCLOUD, RELEASE, 200, ret(code)), "{code}");
    }
    assert!(gone(OTC, DELETE, 404, json!({"faultcode": "Client", "faultstring": "Member m not found."})));
    assert!(gone(OTC, DELETE, 400, json!({"error_code": "ELB.2012", "error_msg": "Member m could not be found."})));
    assert!(!gone(OTC, DELETE, 404, json!({"code": 404, "title": "Bad Request", "description": "Pool p not found."})));
    assert!(!gone(OTC, DELETE, 404, json!({"error_code": "ELB.8904", "error_msg": "Pool p could not be found."})));
    // Alibaba ignores an entry that is not there, so its not-found is always about something else.
    for &(status, code, message, kind) in ALIBABA_ERRORS.iter().filter(|(.., kind)| *kind == Kind::NotFound) {
        assert!(!gone(ALIBABA, REMOVE, status, json!({"Code": code, "Message": message})), "{code} {kind:?}");
    }
}

/// The codes that mean that the clock is wrong; no other does.
#[test]
fn clocks() {
    let says_clock = |options, operation, status, body: Json| {
        let error = read(&client(options), operation, &answer(status, body.to_string())).expect_err("an error");
        unpool::core::clock::is_wrong(&error)
    };
    for &(status, code, message, _) in ALIBABA_ERRORS {
        let body = json!({"Code": code, "Message": message});
        assert_eq!(says_clock(ALIBABA, REMOVE, status, body), code == "InvalidTimeStamp.Expired", "{code}");
    }
    for &(code, _) in UCLOUD_ERRORS {
        assert!(!says_clock(UCLOUD, RELEASE, 200, json!({"RetCode": code})), "{code}");
    }
    for (status, body, _, code) in openstack_errors() {
        assert_eq!(says_clock(OTC, DELETE, status, body), code == "APIGW.0303", "{code}");
    }
}

#[test]
fn the_right_that_is_missing_has_the_operations_name() {
    for (status, code) in [(403, "Forbidden.RAM"), (400, "NoPermission"), (403, "SomethingElse")] {
        let body = json!({"Code": code, "Message": "m", "RequestId": "r"}).to_string();
        let error = read(&client(ALIBABA), REMOVE, &answer(status, &body)).expect_err("an error");
        let hint = error.0.hint.as_deref().unwrap_or_default();
        assert_eq!(error.kind(), Kind::Forbidden, "{code}");
        assert!(hint.ends_with("the RAM action slb:RemoveBackendServers"), "{code}: {hint}");
    }
}
