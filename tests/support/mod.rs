//! Clients, calls and answers that the native tests share.
#![allow(dead_code, reason = "each test file uses a part of it")]
#![allow(unreachable_pub, reason = "a module of several test crates")]

use unpool::{Client, Error, Request, Response, Stamp, Value};

pub const ALIBABA: &str = r#"{"vendor": "alibaba", "region": "cn-hangzhou",
    "credentials": {"accessKeyId": "testid", "accessKeySecret": "testsecret", "securityToken": "sts-token"}}"#;
pub const ACS3: &str = r#"{"vendor": "alibaba", "region": "cn-hangzhou", "signature": "acs3",
    "credentials": {"accessKeyId": "testid", "accessKeySecret": "testsecret", "securityToken": "sts-token"}}"#;
pub const UCLOUD: &str = r#"{"vendor": "ucloud", "region": "cn-bj2", "projectId": "org-1",
    "credentials": {"publicKey": "public+key", "privateKey": "private-key"}}"#;
pub const OTC: &str = r#"{"vendor": "otc", "region": "eu-de",
    "credentials": {"accessKey": "AK", "secretKey": "secret-key", "projectId": "p1"}}"#;
pub const SCOPED: &str = r#"{"vendor": "otc", "region": "eu-de", "signature": "scoped",
    "credentials": {"accessKey": "AK", "secretKey": "secret-key"}}"#;

pub const OCTAVIA: &str = r#"{"vendor": "openstack", "endpoint": "https://octavia.example.com",
    "credentials": {"token": "keystone-token"}}"#;

pub const REMOVE: &str = r#"{"operation": "RemoveBackendServers", "loadBalancerId": "lb-1",
    "backendServers": [{"serverId": "i-1", "port": 80, "description": "a b/ü"}]}"#;
pub const DESCRIBE: &str = r#"{"operation": "DescribeLoadBalancerAttribute", "loadBalancerId": "lb-1"}"#;
pub const RELEASE: &str = r#"{"operation": "ReleaseBackend", "ulbId": "ulb-1", "backendId": "backend-1"}"#;
pub const DESCRIBE_VSERVER: &str = r#"{"operation": "DescribeVServer", "ulbId": "ulb-1", "limit": "5"}"#;
pub const DELETE: &str = r#"{"operation": "DeleteMember", "poolId": "p", "memberId": "m"}"#;
pub const LIST: &str = r#"{"operation": "ListMembers", "poolId": "p", "limit": 5}"#;

pub fn client(options: &str) -> Client {
    Client::new(parse(options)).expect("good options")
}

/// Never freed, so that a test can hold the view alone.
pub fn parse(text: &str) -> Value<'static> {
    keep(unpool::json::Json::new(text.to_owned()))
}

/// The view of an answer.
pub fn keep(json: unpool::json::Json) -> Value<'static> {
    Box::leak(Box::new(json.read())).value()
}

pub fn stamp() -> Stamp {
    Stamp { millis: 1_710_428_966_000, nonce: "n-1".into() }
}

pub fn sign(client: &Client, operation: &str) -> Request {
    client.check(parse(operation)).and_then(|call| client.sign(&call, &stamp())).expect("a good call")
}

pub fn read(client: &Client, operation: &str, response: &Response) -> Result<Value<'static>, Error> {
    let call = client.check(parse(operation))?;
    let request = client.sign(&call, &stamp())?;
    client.read(&call, &request, response).map(keep)
}

pub fn answer(status: u16, body: impl Into<String>) -> Response {
    Response { status, lines: String::new(), body: Some(body.into()) }
}

/// The signatures of these calls at [`stamp`], on every platform: as computed with node:crypto.
pub const SIGNATURES: &[(&str, &str, &str)] = &[
    (ALIBABA, REMOVE, "YL0dgEo0isu0PNP/Aob1zbVO+hE="),
    (ACS3, REMOVE, "8fc20dbbcec29a335e0e05a9fca25df89e9c5e47afd9b853e1ffd0ce94b7bf7f"),
    (UCLOUD, RELEASE, "39874241836260078dac971067b6c4ef89b9ac71"),
    (OTC, DELETE, "91a6acf41e4ef562fee50200de74e2186cf86b4177cca656444769f9fd17fec5"),
    (SCOPED, LIST, "2192037af22f8136bc6bc7f10a80f6194ae010312f55ead445f309a2c2372ebd"),
];

/// Fails where this platform signs other bytes than another one.
pub fn assert_signatures() {
    for (options, operation, signature) in SIGNATURES {
        let request = sign(&client(options), operation);
        assert_eq!(request.signature, *signature, "{operation}");
        let sent = request.headers().map(|(_, value)| value).chain(request.body.as_deref()).any(|text| {
            let encoded = unpool::core::encode::percent(signature);
            text.contains(signature) || text.contains(&encoded)
        });
        assert!(sent, "{operation}: the signature is not in the request");
    }
}
