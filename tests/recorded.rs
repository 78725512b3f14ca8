//! Calls recorded from the vendors' own clients, made once more by ours out of our names: the same
//! parameters on the wire, and the same signature wherever that client signs what ours does.

mod support;

use std::collections::BTreeMap;
use std::fs;

use serde_json::{Map, Value as Json, json};
use support::*;
use unpool::core::operation::{Effect, Kind, Operation, Parameter};
use unpool::core::time;
use unpool::vendor::{VENDORS, Vendor};
use unpool::{Client, Stamp};

fn vectors(name: &str) -> Vec<Json> {
    let path = format!("{}/tests/vectors/{name}.json", env!("CARGO_MANIFEST_DIR"));
    let text = fs::read_to_string(path).expect("vectors are in the repository");
    serde_json::from_str(&text).expect("vectors are JSON")
}

fn named<'a>(all: &'a [Json], name: &str) -> &'a Json {
    all.iter().find(|vector| vector["name"] == name).expect("a vector of that name")
}

fn vendor(namespace: &str) -> &'static Vendor {
    VENDORS.iter().find(|vendor| vendor.namespace == namespace).expect("a vendor of that name")
}

fn operation(vendor: &Vendor, name: &str) -> Option<&'static Operation> {
    vendor.operations.iter().find(|operation| operation.name == name)
}

/// Recorded parameters in our names; `None` where one is no parameter of ours.
fn ours(table: &[Parameter], wire: &Map<String, Json>) -> Option<Map<String, Json>> {
    wire.iter()
        .map(|(name, value)| {
            let parameter = table.iter().find(|parameter| parameter.wire == name)?;
            let value = match &parameter.kind {
                Kind::Batch(batch) => {
                    let list: Vec<Map<String, Json>> = serde_json::from_str(value.as_str()?).ok()?;
                    list.iter().map(|entry| ours(batch.fields, entry).map(Json::Object)).collect::<Option<Json>>()?
                }
                Kind::Flag => (value == "true").into(),
                _ => value.clone(),
            };
            Some((parameter.name.to_owned(), value))
        })
        .collect()
}

fn text(operation: &Operation, mut arguments: Map<String, Json>) -> String {
    arguments.insert("operation".into(), operation.name.into());
    Json::Object(arguments).to_string()
}

fn form(text: &str) -> BTreeMap<String, String> {
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
    text.split('&').filter_map(|pair| pair.split_once('=')).map(|(name, value)| (decode(name), decode(value))).collect()
}

#[test]
fn alibaba() {
    let table = vendor("alibaba");
    let (mut seen, mut signed) = (BTreeMap::new(), 0);
    for vector in vectors("alibaba") {
        let (input, expected) = (&vector["input"], &vector["expected"]);
        let Some(operation) = input["action"].as_str().and_then(|name| operation(table, name)) else { continue };
        // Bare ids, quirks of encoding and parameters that we do not offer are the signers' tests.
        let params = input["params"].as_object().expect("parameters");
        let Some(arguments) = ours(operation.parameters, params) else { continue };
        let acs3 = vector["signer"] == "acs3";
        let mut credentials = json!({
            "accessKeyId": input["access_key_id"], "accessKeySecret": input["access_key_secret"],
        });
        if let Some(token) = input["security_token"].as_str() {
            credentials["securityToken"] = token.into();
        }
        let host = input["host"].as_str().expect("a host");
        let options = json!({
            "vendor": "alibaba", "region": "cn-hangzhou", "endpoint": format!("https://{host}"),
            "signature": if acs3 { "acs3" } else { "rpc" }, "credentials": credentials,
        });
        let Ok(client) = Client::new(parse(&options.to_string())) else { continue };
        let stamp = Stamp {
            millis: time::parse(input["timestamp"].as_str().expect("a time")).expect("a time"),
            nonce: input["nonce"].as_str().expect("a nonce").to_owned(),
        };
        let text = text(operation, arguments);
        // What we refuse is tested by name elsewhere; of the new operations none is refused here.
        let call = match client.check(parse(&text)) {
            Ok(call) => call,
            Err(_) if operation.effect == Effect::Removal || operation.name == "DescribeVServerGroupAttribute" => {
                continue;
            }
            Err(error) => unreachable!("{text}: {error}"),
        };
        let request = client.sign(&call, &stamp).expect("a good call");
        let name = vector["name"].as_str().expect("a name");
        *seen.entry(operation.name).or_insert(0) += 1;
        let mut sent = match acs3 {
            true => form(request.url.split_once('?').expect("a query").1),
            false => form(request.body.as_deref().expect("a body")),
        };
        for (parameter, value) in params {
            let value = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            let ours = sent.get(parameter).unwrap_or_else(|| unreachable!("{name}: no {parameter}"));
            if parameter == "BackendServers" {
                // Numbers may be quoted, and fields may be in another order.
                let read = |text: &str| serde_json::from_str::<Vec<BTreeMap<String, Json>>>(text).expect("JSON");
                let plain = |value: &Json| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
                let plain = |text: &str| -> Vec<Vec<_>> {
                    read(text)
                        .iter()
                        .map(|entry| entry.iter().map(|(key, value)| (key.clone(), plain(value))).collect())
                        .collect()
                };
                assert_eq!(plain(ours), plain(&value), "{name}");
            } else {
                assert_eq!(*ours, value, "{name}: {parameter}");
            }
        }
        // The same signature, where the same text was signed.
        sent.remove("Signature");
        let same = if acs3 {
            let explained = client.explain(&call, &stamp).expect("a good call");
            let explained: Json = serde_json::from_str(explained.as_str()).expect("we write JSON");
            explained["stages"][0]["text"] == expected["canonical_request"]
        } else {
            input["method"] == "POST" && input["signed_params"] == json!(sent)
        };
        if same {
            assert_eq!(expected["signature"], request.signature, "{name}");
            signed += 1;
        }
    }
    println!("{seen:?}, {signed} signatures alike");
    for name in [
        "DescribeVServerGroups",
        "DescribeHealthStatus",
        "SetVServerGroupAttribute",
        "AddBackendServers",
        "AddVServerGroupBackendServers",
    ] {
        assert!(seen.contains_key(name), "{name} was not compared");
    }
    assert!(signed >= 10, "only {signed} signatures were compared");
}

/// The calls that our table takes, by the vectors' own names.
const UCLOUD_CALLS: &str = "DescribeULB-paged DescribeULB-by-id UpdateBackendAttribute-disable \
    UpdateBackendAttribute-enable UpdateBackendAttribute-weight0-disabled-port80 UpdateBackendAttribute-isbackup \
    UpdateBackendAttribute-string-number AllocateBackend-uhost AllocateBackend-ip CreatePolicy-domain-wildcard \
    CreatePolicy-path-regex UpdatePolicy-drop-one UpdatePolicy-twelve UpdatePolicy-empty-list \
    UpdatePolicy-unicode-match DeletePolicy-with-vserver DeletePolicy-without-vserver";

#[test]
fn ucloud() {
    let table = vendor("ucloud");
    let mut seen = BTreeMap::new();
    for vector in vectors("ucloud") {
        let (encoder, call) = vector["name"].as_str().and_then(|name| name.split_once('/')).unwrap_or_default();
        let input = &vector["input"];
        let nested = encoder.starts_with("go-json") && input["params"]["BackendId"].is_array();
        if !UCLOUD_CALLS.split_whitespace().any(|name| name == call) || nested || vector["imitate"] == false {
            continue;
        }
        let mut params = input["params"].as_object().expect("parameters").clone();
        let action = params.remove("Action").expect("an action");
        let operation = operation(table, action.as_str().expect("text")).expect("one of ours");
        let mut arguments = ours(operation.parameters, &params).expect("parameters of ours");
        if call == "UpdatePolicy-empty-list" {
            arguments.insert("allowEmpty".into(), true.into());
        }
        for encoding in ["json", "form"] {
            let mut credentials = json!({"publicKey": input["public_key"], "privateKey": input["private_key"]});
            if let Some(token) = input["security_token"].as_str() {
                credentials["securityToken"] = token.into();
            }
            let options = json!({
                "vendor": "ucloud", "region": "cn-bj2", "projectId": "org-abc123", "encoding": encoding,
                "credentials": credentials,
            });
            let client = Client::new(parse(&options.to_string())).expect("good options");
            let request = sign(&client, &text(operation, arguments.clone()));
            assert_eq!(vector["expected"]["signature"], request.signature, "{} {encoding}", vector["name"]);
        }
        *seen.entry(operation.name).or_insert(0) += 1;
    }
    println!("{seen:?}");
    assert_eq!(seen.len(), 6, "not all operations were compared: {seen:?}");
    assert!(seen.values().sum::<i32>() >= 40, "{seen:?}");
}

#[test]
fn openstack() {
    let all = vectors("openstack");
    for (name, operation, changes) in [
        ("node-otc-v2.0-put-drain", "UpdateMember", json!({"weight": "000"})),
        (
            "node-otc-v2.0-post-undo",
            "CreateMember",
            json!({"address": "192.168.44.11", "protocolPort": "88", "subnetId": "33d8b01a-bbe6-41f4-bc45-78a1d284d503"}),
        ),
    ] {
        let vector = named(&all, name);
        let (input, expected) = (&vector["input"], &vector["expected"]);
        let options = json!({
            "vendor": "otc", "region": "eu-de",
            "credentials": {"accessKey": input["ak"], "secretKey": input["sk"], "projectId": input["project_id"]},
        });
        let client = Client::new(parse(&options.to_string())).expect("good options");
        let date = input["date"].as_str().expect("a date");
        let spread = format!(
            "{}-{}-{}T{}:{}:{}Z",
            &date[..4],
            &date[4..6],
            &date[6..8],
            &date[9..11],
            &date[11..13],
            &date[13..15]
        );
        let stamp = Stamp { millis: time::parse(&spread).expect("a time"), nonce: "n".into() };
        let mut call = changes;
        call["operation"] = operation.into();
        let ids: Vec<&str> = input["path"].as_str().expect("a path").split('/').collect();
        call["poolId"] = ids[4].into();
        if let Some(member) = ids.get(6) {
            call["memberId"] = (*member).into();
        }
        let call = call.to_string();
        let checked = client.check(parse(&call)).expect("a good call");
        let request = client.sign(&checked, &stamp).expect("a good call");
        assert_eq!(input["body"], request.body.as_deref().unwrap_or_default(), "{name}");
        let headers: BTreeMap<&str, &str> = request.headers().collect();
        assert_eq!(expected["authorization"], headers["authorization"], "{name}");
        assert_eq!(
            (headers["content-type"], request.method),
            ("application/json", input["method"].as_str().expect("text"))
        );
    }
    // With a token nothing is signed; path and body are openstacksdk's, but for its alias of the version.
    let client = client(OCTAVIA);
    for (name, operation, changes) in [
        ("osdk-update-weight0", "UpdateMember", json!({"weight": 0})),
        (
            "osdk-create-member-0",
            "CreateMember",
            json!({
                "subnetId": "c3b1d8a0-7f0e-4b0e-9a34-5f1b0c8d7e21", "protocolPort": 8080, "weight": 5,
                "address": "192.0.2.11", "name": "m0 é漢&",
            }),
        ),
        ("osdk-lb-statuses", "GetLoadBalancerStatuses", json!({})),
    ] {
        let input = &named(&all, name)["input"];
        let path = input["path"].as_str().expect("a path");
        let ids: Vec<&str> = path.split('/').collect();
        let mut call = changes;
        call["operation"] = operation.into();
        for (name, index) in
            if path.contains("/pools/") { vec![("poolId", 4), ("memberId", 6)] } else { vec![("loadBalancerId", 4)] }
        {
            if let Some(id) = ids.get(index) {
                call[name] = (*id).into();
            }
        }
        let request = sign(&client, &call.to_string());
        assert_eq!(request.url, format!("https://octavia.example.com{}", path.replacen("/v2/", "/v2.0/", 1)));
        assert_eq!(request.method, input["method"], "{name}");
        let read = |text: &str| serde_json::from_str::<Json>(text).unwrap_or_default();
        assert_eq!(read(request.body.as_deref().unwrap_or_default()), read(input["body"].as_str().unwrap_or_default()));
    }
}
