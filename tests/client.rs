//! The core through the Rust API: options, checks and signing.

mod support;

use std::collections::BTreeMap;

use serde_json::{Value as Json, json};
use support::*;
use unpool::signers::SIGNERS;
use unpool::{Client, Kind, Sent};

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
    let output = signer(parse(&input.to_string())).expect("good input");
    serde_json::from_str(output.as_str()).expect("we write JSON")
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
        let error = Client::new(parse(options)).expect_err(options);
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
            let mut headers: BTreeMap<&str, &str> = request.headers().collect();
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
        assert_eq!((&one.url, &one.lines, &one.body), (&other.url, &other.lines, &other.body));
        let call = client.check(parse(operation)).expect("a good call");
        let explained = client.explain(&call, &stamp()).expect("a good call");
        let shown = explained.as_str();
        let read: Json = serde_json::from_str(shown).expect("we write JSON");
        assert_eq!(read["method"], one.method);
        assert_eq!(read["url"], one.url);
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

#[test]
fn signatures_are_the_same_as_in_webassembly() {
    assert_signatures();
}
