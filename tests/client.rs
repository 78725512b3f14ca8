//! The core through the Rust API: options, checks, signing, and what each vendor's answers mean.
#![allow(clippy::panic)] // a test's way to fail

use std::collections::BTreeMap;

use serde_json::{Value as Json, json};
use unpool::signers::SIGNERS;
use unpool::{Client, Error, Kind, Request, Response, Sent, Stamp, Value};

const ALIBABA: &str = r#"{"vendor": "alibaba", "region": "cn-hangzhou",
    "credentials": {"accessKeyId": "testid", "accessKeySecret": "testsecret", "securityToken": "sts-token"}}"#;
const ACS3: &str = r#"{"vendor": "alibaba", "region": "cn-hangzhou", "signature": "acs3",
    "credentials": {"accessKeyId": "testid", "accessKeySecret": "testsecret", "securityToken": "sts-token"}}"#;
const UCLOUD: &str = r#"{"vendor": "ucloud", "region": "cn-bj2", "projectId": "org-1",
    "credentials": {"publicKey": "public+key", "privateKey": "private-key"}}"#;
const OTC: &str = r#"{"vendor": "otc", "region": "eu-de",
    "credentials": {"accessKey": "AK", "secretKey": "secret-key", "projectId": "p1"}}"#;
const SCOPED: &str = r#"{"vendor": "otc", "region": "eu-de", "signature": "scoped",
    "credentials": {"accessKey": "AK", "secretKey": "secret-key"}}"#;

const REMOVE: &str = r#"{"operation": "RemoveBackendServers", "loadBalancerId": "lb-1",
    "backendServers": [{"serverId": "i-1", "port": 80, "description": "a b/ü"}]}"#;
const DESCRIBE: &str = r#"{"operation": "DescribeLoadBalancerAttribute", "loadBalancerId": "lb-1"}"#;
const RELEASE: &str = r#"{"operation": "ReleaseBackend", "ulbId": "ulb-1", "backendId": "backend-1"}"#;
const DESCRIBE_VSERVER: &str = r#"{"operation": "DescribeVServer", "ulbId": "ulb-1", "limit": "5"}"#;
const DELETE: &str = r#"{"operation": "DeleteMember", "poolId": "p", "memberId": "m"}"#;
const LIST: &str = r#"{"operation": "ListMembers", "poolId": "p", "limit": 5}"#;

fn client(options: &str) -> Client {
    Client::new(&parse(options)).expect("good options")
}

fn parse(text: &str) -> Value<'_> {
    unpool::json::parse(text).expect("JSON")
}

fn stamp() -> Stamp {
    Stamp { millis: 1_710_428_966_000, nonce: "n-1".into() }
}

fn sign(client: &Client, operation: &str) -> Request {
    client.check(parse(operation)).and_then(|call| client.sign(&call, &stamp())).expect("a good call")
}

fn read(client: &Client, operation: &str, response: &Response) -> Result<Value<'static>, Error> {
    let call = client.check(parse(operation))?;
    let request = client.sign(&call, &stamp())?;
    client.read(&call, &request, response)
}

fn answer(status: u16, body: impl Into<String>) -> Response {
    Response { status, headers: Vec::new(), body: Some(body.into()) }
}

fn form(body: &str) -> BTreeMap<String, String> {
    let decode = |text: &str| {
        let mut out = Vec::new();
        let mut bytes = text.bytes();
        while let Some(byte) = bytes.next() {
            out.push(match byte {
                b'%' => {
                    let digits = [bytes.next().expect("a digit"), bytes.next().expect("a digit")];
                    u8::from_str_radix(std::str::from_utf8(&digits).expect("ASCII"), 16).expect("hex")
                }
                other => other,
            });
        }
        String::from_utf8(out).expect("UTF-8")
    };
    body.split('&').filter_map(|pair| pair.split_once('=')).map(|(name, value)| (decode(name), decode(value))).collect()
}

fn signer(name: &str, input: &Json) -> Json {
    let (_, signer) = SIGNERS.iter().find(|(other, _)| *other == name).expect("a signer of that name");
    let output = signer(&parse(&input.to_string())).expect("good input");
    serde_json::from_str(&unpool::json::write(&output)).expect("we write JSON")
}

#[test]
fn options_are_refused_by_name() {
    let rows = [
        (r"[]", Kind::InvalidInput, "options"),
        (r"{}", Kind::InvalidInput, "vendor"),
        (r#"{"vendor": "alibba"}"#, Kind::InvalidInput, "vendor"),
        (r#"{"vendor": "alibaba"}"#, Kind::InvalidInput, "credentials"),
        (r#"{"vendor": "alibaba", "credentials": {}}"#, Kind::InvalidInput, "region"),
        (
            r#"{"vendor": "alibaba", "region": "cn-hangzhou", "credentials": {}}"#,
            Kind::InvalidInput,
            "credentials.accessKeyId",
        ),
        (
            r#"{"vendor": "ucloud", "region": "cn-bj2", "credentials": {"publicKey": "a"}}"#,
            Kind::InvalidInput,
            "credentials.privateKey",
        ),
        (r#"{"vendor": "otc", "region": "eu-nl", "credentials": {"token": "t"}}"#, Kind::Unsupported, "region"),
        (r#"{"vendor": "openstack", "credentials": {"token": "t"}}"#, Kind::InvalidInput, "endpoint"),
    ];
    for (options, kind, field) in rows {
        let error = Client::new(&parse(options)).expect_err(options);
        assert_eq!((error.kind(), error.0.field.as_deref()), (kind, Some(field)), "{options}: {error}");
        assert!(error.0.hint.is_some(), "{options}: no hint");
        assert_eq!(error.0.sent, Sent::No);
    }
}

#[test]
fn a_signed_call_carries_the_signature_that_the_signer_alone_makes() {
    for (options, operations) in [(ALIBABA, [REMOVE, DESCRIBE]), (UCLOUD, [RELEASE, DESCRIBE_VSERVER])] {
        let client = client(options);
        for operation in operations {
            let request = sign(&client, operation);
            let body = request.body.as_deref().expect("a body");
            let (signature, again) = if options == ALIBABA {
                let mut parameters = form(body);
                let signature = parameters.remove("Signature").expect("a signature");
                let input = json!({"method": "POST", "parameters": parameters, "accessKeySecret": "testsecret"});
                (signature, signer("signAlibabaRpc", &input))
            } else {
                let mut parameters: Json = serde_json::from_str(body).expect("a JSON body");
                let signature = parameters.as_object_mut().and_then(|fields| fields.remove("Signature"));
                let signature = signature.as_ref().and_then(Json::as_str).expect("a signature").to_owned();
                (signature, signer("signUcloud", &json!({"parameters": parameters, "privateKey": "private-key"})))
            };
            assert_eq!(again["signature"], signature, "{operation}");
            assert_eq!(request.signature, signature, "{operation}");
        }
    }
    for (options, operations, name) in [
        (ACS3, [REMOVE, DESCRIBE], "signAlibabaAcs3"),
        (OTC, [DELETE, LIST], "signSdkHmacSha256"),
        (SCOPED, [DELETE, LIST], "signSdkHmacSha256"),
    ] {
        let client = client(options);
        for operation in operations {
            let request = sign(&client, operation);
            let (host, rest) = request.url.strip_prefix("https://").and_then(|url| url.split_once('/')).expect("https");
            let (path, query) = rest.split_once('?').unwrap_or((rest, ""));
            let mut headers: BTreeMap<&str, &str> =
                request.headers.iter().map(|(name, value)| (&**name, value.as_str())).collect();
            let authorization = headers.remove("authorization").expect("a signature").to_owned();
            headers.remove("accept");
            headers.insert("host", host);
            let path = format!("/{path}");
            let mut input = json!({"method": request.method, "path": path, "query": form(query), "headers": headers});
            let keys = match name {
                "signAlibabaAcs3" => [("accessKeyId", "testid"), ("accessKeySecret", "testsecret")],
                _ => [("accessKey", "AK"), ("secretKey", "secret-key")],
            };
            for (key, value) in keys {
                input[key] = value.into();
            }
            if options == SCOPED {
                input["scope"] = json!({"region": "", "service": ""});
            }
            assert_eq!(signer(name, &input)["authorization"], authorization, "{operation}");
        }
    }
}

#[test]
fn the_same_input_gives_the_same_bytes_and_explain_shows_them_without_secrets() {
    for (options, operation) in [(ALIBABA, REMOVE), (ACS3, REMOVE), (UCLOUD, RELEASE), (OTC, DELETE), (SCOPED, LIST)] {
        let client = client(options);
        let (one, other) = (sign(&client, operation), sign(&client, operation));
        assert_eq!((&one.url, &one.headers, &one.body), (&other.url, &other.headers, &other.body));
        let call = client.check(parse(operation)).expect("a good call");
        let explained = client.explain(&call, &stamp()).expect("a good call");
        assert_eq!(explained.request.method, one.method);
        assert_eq!(explained.request.url, one.url);
        let shown = unpool::json::write(&explained.into_value(client.vendor(), "X"));
        for secret in [&one.signature, "testsecret", "sts-token", "private-key", "secret-key"] {
            assert!(!shown.contains(secret), "{secret} in {shown}");
        }
        assert!(shown.contains("REDACTED"));
        assert!(!format!("{client:?} {one:?}").contains(&one.signature), "Debug shows a signature");
    }
}

#[test]
fn a_closed_client_does_nothing_more() {
    let client = client(ALIBABA);
    let call = client.check(parse(REMOVE)).expect("a good call");
    client.close();
    client.close();
    let error = client.sign(&call, &stamp()).expect_err("closed");
    assert_eq!((error.kind(), error.0.sent), (Kind::InvalidInput, Sent::No));
    assert_eq!(client.explain(&call, &stamp()).expect_err("closed").kind(), Kind::InvalidInput);
}

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
    (400, "ServiceUnavailable", "a permanent error of a VPC", Kind::InvalidInput),
    (400, "InvalidParameter", "bad value", Kind::InvalidInput),
    (404, "InvalidParameter", "The specified VServerGroupId does not exist.", Kind::NotFound),
    (400, "InvalidParameter", "The specified VServerGroupId does not exist.", Kind::NotFound),
    (404, "InvalidLoadBalancerId.NotFound", "", Kind::NotFound),
    (400, "InvalidServerId.NotFound", "", Kind::NotFound),
    (400, "ObtainIpFail", "", Kind::NotFound),
    (404, "ListenerNotFound", "", Kind::NotFound),
    (400, "BackendServersMalformed", "", Kind::InvalidInput),
    (400, "InvalidWeight.Malformed", "", Kind::InvalidInput),
    (400, "TooManyBackendServers", "", Kind::InvalidInput),
    (400, "MissingParameter", "", Kind::InvalidInput),
    (400, "LbStatusNotSupport", "", Kind::InvalidInput),
    (400, "RspoolVipExist", "", Kind::InvalidInput),
    (400, "UnsupportedOperation", "", Kind::Unsupported),
    (400, "SignatureDoesNotMatch", "", Kind::Auth),
    (400, "IncompleteSignature", "", Kind::Auth),
    (404, "InvalidAccessKeyId.NotFound", "", Kind::Auth),
    (400, "InvalidAccessKeyId.Inactive", "", Kind::Auth),
    (400, "InvalidSecurityToken.Expired", "", Kind::Auth),
    (400, "SignatureNonceUsed", "", Kind::Auth),
    (400, "InvalidTimeStamp.Expired", "", Kind::Auth),
    (403, "Forbidden", "", Kind::Forbidden),
    (403, "Forbidden.RAM", "", Kind::Forbidden),
    (403, "Forbbiden.SubUser", "", Kind::Forbidden),
    (403, "NoPermission", "", Kind::Forbidden),
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
            assert_eq!(error.kind(), kind, "{status} {body}");
            assert_eq!(error.0.code.as_deref(), Some(code));
            assert_eq!(error.0.request_id.as_deref(), Some("r-1"));
            assert_eq!((error.0.http_status, error.0.sent), (Some(status), Sent::Yes));
            assert_eq!(
                error.0.retryable,
                matches!(kind, Kind::Busy | Kind::Throttled | Kind::Server),
                "{status} {body}"
            );
        }
    }
}

/// UCloud's codes, for a removal.
const UCLOUD_ERRORS: &[(i64, Kind)] = &[
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
            assert_eq!(error.kind(), kind, "{body}");
            assert_eq!(error.0.code.as_deref(), Some(code.to_string().as_str()));
            assert_eq!((error.0.http_status, error.0.sent), (Some(200), Sent::Yes));
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
        (401, elb("ELB.1102"), Kind::Auth, "ELB.1102"),
        (403, elb("ELB.9802"), Kind::Forbidden, "ELB.9802"),
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
        for response in responses.chain([Response { status: 200, headers: Vec::new(), body: None }]) {
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
