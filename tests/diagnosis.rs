//! What is found out about an error beyond its code: refused signatures and ids of the wrong kind.

mod support;

use serde_json::json;
use support::*;
use unpool::core::compare;
use unpool::core::encode::percent;
use unpool::core::hash::{HmacSha256, sha256_hex};
use unpool::vendor::{alibaba, openstack, ucloud};
use unpool::{Error, Kind, Request, Response};

const POOL: &str = "5a9a3e9e-d1aa-448e-af37-a70171f2a332";
const STS: &str = r#"{"vendor": "otc", "region": "eu-de",
    "credentials": {"accessKey": "AK", "secretKey": "secret-key", "securityToken": "sts-token", "projectId": "p1"}}"#;

type Diagnose = fn(&unpool::core::operation::Call<'_>, &Request, &Response, Error) -> Error;

/// The error of an answer, diagnosed as a sender would.
fn diagnosed(options: &str, operation: &str, status: u16, body: &str) -> Error {
    let client = client(options);
    let call = client.check(parse(operation)).expect("a good call");
    let request = client.sign(&call, &stamp()).expect("a good call");
    let response = answer(status, body);
    let diagnose: Diagnose = match client.vendor() {
        "alibaba" => alibaba::errors::diagnose,
        "ucloud" => ucloud::errors::diagnose,
        _ => openstack::errors::diagnose,
    };
    let error = client.read(&call, &request, &response).expect_err("an error");
    let error = diagnose(&call, &request, &response, error);
    let shown = format!("{error:?}");
    for secret in ["testsecret", "sts-token", "secret-key", "private-key", &request.signature] {
        assert!(!shown.contains(secret), "{secret} in {shown}");
    }
    error
}

fn hint(error: &Error) -> &str {
    error.0.hint.as_deref().unwrap_or_default()
}

/// The canonical request and the string to sign that a client computed, as its `explain` shows them
/// with placeholders for secrets.
fn stage(options: &str, operation: &str, name: &str) -> String {
    let client = client(options);
    let call = client.check(parse(operation)).expect("a good call");
    let explained: serde_json::Value =
        serde_json::from_str(client.explain(&call, &stamp()).expect("a good call").as_str()).expect("we write JSON");
    let stages = explained["stages"].as_array().expect("stages");
    let found = stages.iter().find(|stage| stage["name"] == name).expect("a stage of that name");
    found["text"].as_str().expect("text").replace("REDACTED", "sts-token")
}

fn refused(string: &str) -> Vec<String> {
    let message = format!("Specified signature is not matched with our calculation. server string to sign is:{string}");
    let xml = message.replace('&', "&amp;");
    vec![
        json!({"RequestId": "r", "Code": "SignatureDoesNotMatch", "Message": message}).to_string(),
        format!(
            "<?xml version='1.0'?><Error><RequestId>r</RequestId><Code>SignatureDoesNotMatch</Code><Message>{xml}</Message></Error>"
        ),
    ]
}

#[test]
fn an_rpc_signature_is_refused_for_its_secret_or_for_a_changed_request() {
    let ours = stage(ALIBABA, REMOVE, "string to sign");
    assert!(ours.contains("sts-token"), "a token is among what the service repeats");
    let changed = |from: &str, to: &str| {
        assert!(ours.contains(from), "{from}");
        ours.replacen(from, to, 1)
    };
    let rows = [
        (ours.clone(), "check accessKeySecret"),
        (changed("POST", "GET"), "the method"),
        (changed("lb-1", "lb-2"), "the parameter LoadBalancerId"),
        (changed("a%2520b", "a%2Bb"), "the parameter BackendServers"),
        (changed("sts-token", "sts-other"), "the parameter SecurityToken"),
        (changed("n-1", "n-2"), "the parameter SignatureNonce"),
        (changed("%26Version%3D2014-05-15", ""), "the parameter Version"),
    ];
    for (theirs, says) in rows {
        for body in refused(&theirs) {
            let error = diagnosed(ALIBABA, REMOVE, 400, &body);
            assert_eq!(error.kind(), Kind::Auth);
            assert!(hint(&error).contains(says), "{says}: {}", hint(&error));
            assert_eq!(hint(&error).contains("accessKeySecret"), theirs == ours);
            assert!(!error.0.message.contains("string to sign"), "{}", error.0.message);
        }
    }
}

#[test]
fn an_acs3_signature_is_compared_by_hash_and_by_canonical_request() {
    let (ours, canonical) = (stage(ACS3, REMOVE, "string to sign"), stage(ACS3, REMOVE, "canonical request"));
    // `explain` signed a placeholder, so its hash is another one.
    let ours = ours.replace(&ours[ours.len() - 64..], &sha256_hex(&canonical));
    for body in refused(&ours) {
        assert!(hint(&diagnosed(ACS3, REMOVE, 400, &body)).contains("check accessKeySecret"), "{body}");
    }
    let other = ours.replace(&ours[ours.len() - 2..], "zz");
    for body in refused(&other) {
        assert!(hint(&diagnosed(ACS3, REMOVE, 400, &body)).contains("does not tell"), "{body}");
    }
    // The newer gateway's words.
    let says = |string: &str, canonical: &str| {
        let message = format!(
            "Specified signature does not match our calculation. server StringToSign is [{string}] server CanonicalRequest is [{canonical}]"
        );
        let body = json!({"RequestId": "r", "Code": "SignatureDoesNotMatch", "Message": message}).to_string();
        let error = diagnosed(ACS3, REMOVE, 400, &body);
        assert_eq!(error.0.message, "SignatureDoesNotMatch: Specified signature does not match our calculation.");
        hint(&error).to_owned()
    };
    assert!(says(&ours, &canonical).contains("check accessKeySecret"));
    let host = canonical.replace("host:slb.aliyuncs.com", "host:internal");
    assert!(says(&other, &host).contains("the header host"));
    assert!(says(&other, &canonical.replace("sts-token", "x")).contains("the header x-acs-security-token"));
    assert!(says(&other, &canonical.replace("lb-1", "lb-2")).contains("the query"));
}

#[test]
fn a_refused_signature_without_the_services_text_keeps_its_hint() {
    for code in ["SignatureDoesNotMatch", "IncompleteSignature", "InvalidAccessKeySecret"] {
        for message in ["", "m", "server string to sign is:", "server StringToSign is ["] {
            let body = json!({"Code": code, "Message": message}).to_string();
            assert!(!hint(&diagnosed(ALIBABA, REMOVE, 400, &body)).is_empty());
            assert!(!hint(&diagnosed(ACS3, REMOVE, 400, &body)).is_empty());
        }
    }
}

#[test]
fn the_canonical_request_is_built_again_from_what_is_sent() {
    let list = format!(r#"{{"operation": "ListMembers", "poolId": "{POOL}", "limit": 5, "marker": "m-1"}}"#);
    for (options, operation) in [(OTC, DELETE), (OTC, LIST), (OTC, &list), (SCOPED, LIST), (STS, DELETE)] {
        let request = sign(&client(options), operation);
        let again = compare::canonical(&request, true);
        assert_eq!(again, stage(options, operation, "canonical request"), "{operation}");
    }
    let request = Request::new("GET", "https://h:8443/a/b?b=2&a=%20&c=&b=1".into());
    let hash = sha256_hex("");
    assert_eq!(compare::canonical(&request, true), format!("GET\n/a/b/\na=%20&b=1&b=2&c=\n\n\n{hash}"));
    for operation in [REMOVE, DESCRIBE] {
        let request = sign(&client(ACS3), operation);
        let string = format!("ACS3-HMAC-SHA256\n{}", sha256_hex(&compare::canonical(&request, false)));
        let signature = unpool::core::encode::hex(&HmacSha256::new(b"testsecret").mac(&string));
        assert_eq!(signature, request.signature);
    }
}

#[test]
fn the_gateways_canonical_request_is_compared_line_by_line() {
    let list = format!(r#"{{"operation": "ListMembers", "poolId": "{POOL}", "limit": 5}}"#);
    for (options, operation) in [(OTC, DELETE), (OTC, &*list), (SCOPED, DELETE), (STS, &*list)] {
        let ours = compare::canonical(&sign(&client(options), operation), true).replace('\n', "|");
        let says = |theirs: &str| {
            let message = format!(
                "Incorrect IAM authentication information: verify aksk signature fail, canonicalRequest:{theirs}"
            );
            let body = json!({"error_code": "APIGW.0301", "error_msg": message, "request_id": "r"}).to_string();
            let error = diagnosed(options, operation, 401, &body);
            assert_eq!((error.kind(), error.0.code.as_deref()), (Kind::Auth, Some("APIGW.0301")));
            assert!(error.0.message.ends_with("verify aksk signature fail"), "{}", error.0.message);
            hint(&error).to_owned()
        };
        assert!(says(&ours).contains("secretKey"));
        let parts: Vec<&str> = ours.split('|').collect();
        for (from, to, difference) in [
            (parts[0], "PATCH", "the method"),
            (parts[1], "/v2.0/other/", "the path"),
            (parts[parts.len() - 1], &sha256_hex("{}"), "the body"),
            ("host:elb", "host:other", "the header host"),
            ("x-sdk-date:2024", "x-sdk-date:2023", "the header x-sdk-date"),
            ("|host;", "|accept;host;", "the signed headers"),
        ] {
            assert!(ours.contains(from), "{from} in {ours}");
            let hint = says(&ours.replacen(from, to, 1));
            assert!(hint.contains(difference), "{difference}: {hint}");
            assert!(!hint.contains("check secretKey"), "{hint}");
        }
        if operation == list {
            assert!(says(&ours.replace("limit=5", "limit=5&x=1")).contains("the query"));
        }
        if options == STS {
            assert!(says(&ours.replace("sts-token", "***")).contains("the header x-security-token"));
        }
        for odd in ["", "|", "||||||||", "x"] {
            assert!(says(odd).contains("different at"), "{odd}");
        }
    }
}

#[test]
fn ids_of_the_wrong_kind_are_told_where_nothing_was_found() {
    let remove = |id: &str| REMOVE.replace("lb-1", id);
    let group = |id: &str| format!(r#"{{"operation": "DescribeVServerGroupAttribute", "vServerGroupId": "{id}"}}"#);
    let release = |ulb: &str, backend: &str| {
        format!(r#"{{"operation": "ReleaseBackend", "ulbId": "{ulb}", "backendId": "{backend}"}}"#)
    };
    let delete = |pool: &str, member: &str| {
        format!(r#"{{"operation": "DeleteMember", "poolId": "{pool}", "memberId": "{member}"}}"#)
    };
    let lb = r#"{"Code": "InvalidLoadBalancerId.NotFound", "Message": "m"}"#;
    let vgroup = r#"{"Code": "InvalidParameter", "Message": "The specified VServerGroupId does not exist."}"#;
    let node = r#"{"RetCode": 4093, "Message": "m"}"#;
    let ulb = r#"{"RetCode": 4103, "Message": "m"}"#;
    let odd = r#"{"RetCode": 230, "Message": "Params [ULBId] not available"}"#;
    let pool = r#"{"faultcode": "Client", "faultstring": "Pool p not found."}"#;
    for (options, operation, status, body, field, says) in [
        (ALIBABA, remove("alb-1"), 404, lb, "loadBalancerId", "another product"),
        (ALIBABA, remove("nlb-1"), 404, lb, "loadBalancerId", "another product"),
        (ALIBABA, remove("gwlb-1"), 404, lb, "loadBalancerId", "another product"),
        (ALIBABA, remove("rsp-1"), 404, lb, "loadBalancerId", "lb-…"),
        (ALIBABA, remove("lb-1"), 404, lb, "loadBalancerId", "region"),
        (ALIBABA, group("lb-1"), 404, vgroup, "vServerGroupId", "rsp-…"),
        (ALIBABA, group("rsp-1"), 404, vgroup, "vServerGroupId", "region"),
        (UCLOUD, release("vserver-1", "backend-1"), 200, ulb, "ulbId", "ulb-…"),
        (UCLOUD, release("alb-1", "backend-1"), 200, ulb, "ulbId", "another product"),
        (UCLOUD, release(POOL, "backend-1"), 200, odd, "ulbId", "UUID"),
        (UCLOUD, release("ulb-1", "uhost-1"), 200, node, "backendId", "backend-…"),
        (UCLOUD, release("ulb-1", "backend-1"), 200, ulb, "ulbId", "region"),
        (OTC, delete("lb-1", POOL), 404, pool, "poolId", "UUID"),
        (OTC, delete(POOL, "i-1"), 404, pool, "memberId", "UUID"),
        (OTC, delete(POOL, POOL), 404, pool, "poolId", "region"),
    ] {
        let error = diagnosed(options, &operation, status, body);
        assert_eq!(error.0.field.as_deref(), Some(field), "{operation}");
        assert!(hint(&error).contains(says), "{operation}: {}", hint(&error));
    }
    // An id that only looks odd is named in the hint, but the backend may be gone all the same.
    let member = r#"{"faultcode": "Client", "faultstring": "Member m not found."}"#;
    let error = diagnosed(OTC, &delete(POOL, "web-1"), 404, member);
    assert_eq!((hint(&error), unpool::core::retry::is_gone(&error)), ("memberId takes a UUID; this is none", true));
    // An old backend has a UUID, and is just not there.
    let error = diagnosed(UCLOUD, &release("ulb-1", POOL), 200, node);
    assert!(unpool::core::retry::is_gone(&error), "{error:?}");
}

/// However an answer repeats the request, no error shows a secret of it.
#[test]
fn echoes_are_never_shown() {
    for (options, operation, status) in
        [(ALIBABA, REMOVE, 400), (ACS3, REMOVE, 400), (OTC, DELETE, 401), (STS, DELETE, 401), (UCLOUD, RELEASE, 200)]
    {
        let request = sign(&client(options), operation);
        let lines = request.lines.clone();
        let body = request.body.clone().unwrap_or_default();
        for echo in [&lines, &body, &percent(&body), &percent(&percent(&body)), &request.signature] {
            for mark in
                ["server string to sign is:", "StringToSign is [", "canonicalRequest:", "CanonicalRequest is [", ""]
            {
                for code in ["SignatureDoesNotMatch", "APIGW.0301", "171", "InvalidParameter"] {
                    let message = format!("no: {mark}{echo}");
                    let body = json!({"Code": code, "RetCode": 171, "Message": message, "error_code": code, "error_msg": message});
                    diagnosed(options, operation, status, &body.to_string());
                }
            }
        }
    }
}
